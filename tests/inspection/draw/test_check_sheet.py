"""CHECK.md of a bare draw: its commands run as they stand and print the expected values."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from double_random.core import translation
from double_random.inspection.bare.drawn_bundle import DrawnBundle, draw_plan
from double_random.inspection.draw.check_sheet import render_check_sheet
from tests.inspection.bare.bare import LATER, NUMBERS, SOURCE, at, seal

BLOCKS = re.compile(r"```sh\n([^`]*)\n```\n\n```text\n([^`]*)\n```")


@pytest.fixture(scope="module")
def drawn() -> DrawnBundle:
    sealed = seal()
    with at(LATER):
        return draw_plan(sealed, {SOURCE: NUMBERS})


@pytest.mark.parametrize("language", translation.LANGUAGES)
def test_its_commands_print_the_expected_values(
    drawn: DrawnBundle, tmp_path: Path, language: str
) -> None:
    translation.choose_language(language)
    try:
        sheet = render_check_sheet(drawn.draw, drawn.sealed.secret, {}).decode()
    finally:
        translation.choose_language("en")
    for name, content in drawn.public_files.items():
        (tmp_path / name).write_bytes(content)
    blocks = BLOCKS.findall(sheet)
    assert len(blocks) == 3
    for command, expected in blocks:
        said = subprocess.run(
            command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert said.stdout.split()[0] == expected
    assert f"`{SOURCE}={NUMBERS}`" in sheet and drawn.code in sheet and "$" not in sheet


def test_a_ticket_by_hand_is_that_of_the_list(drawn: DrawnBundle, tmp_path: Path) -> None:
    sheet = drawn.auditor_files["CHECK.md"].decode()
    (line,) = re.findall(r"printf %s '[0-9a-f]{64}:target:ID:SALT' \| sha256sum", sheet)
    row = drawn.draw.selection.places[0]
    salt = drawn.draw.files.target(row.id).salt
    command = line.replace("ID", row.id).replace("SALT", salt)
    said = subprocess.run(
        command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert said.stdout.split()[0] == row.ticket
