"""CHECK.md names commands and expected values of its own draw, and the hashes of the programs beside it."""

from __future__ import annotations

import hashlib
import shlex

import pytest

from double_random import data
from double_random.inspection.draw.verifier_files import (
    NAMES,
    PROGRAMS,
    SHEET,
    build_verifier_files,
)
from tests.inspection.protocol.conftest import Case, make_case


@pytest.fixture(scope="module")
def made() -> Case:
    return make_case(seed=6)


@pytest.fixture(scope="module")
def files(made: Case) -> dict[str, bytes]:
    return build_verifier_files(made.draw(), made.reveal.secret)


def test_the_files_are_the_sheet_and_both_programs(files: dict[str, bytes]) -> None:
    assert set(files) == set(NAMES)
    for name in PROGRAMS:
        assert files[name] == data.path("verifiers", name).read_bytes()


def test_the_sheet_has_the_values_of_the_draw(made: Case, files: dict[str, bytes]) -> None:
    sheet = files[SHEET].decode()
    for value in (made.plan.code, made.plan.commitment, made.draw().seed, made.plan.secret):
        assert value in sheet
    for name in PROGRAMS:
        assert f"{hashlib.sha256(files[name]).hexdigest()}  {name}" in sheet


def test_the_command_for_the_seed_hashes_to_the_seed(made: Case, files: dict[str, bytes]) -> None:
    lines = [line for line in files[SHEET].decode().splitlines() if "double-random/1:seed:" in line]
    (command,) = [line for line in lines if line.startswith("printf ")]
    text = shlex.split(command)[2]
    assert hashlib.sha256(text.encode()).hexdigest() == made.draw().seed


def test_a_plan_with_sm3_names_the_tool_for_sm3() -> None:
    made = make_case(seed=6, hash="sm3")
    sheet = build_verifier_files(made.draw(), made.reveal.secret)[SHEET].decode()
    assert "openssl dgst -sm3 -r plan.json" in sheet and "sha256sum plan.json" not in sheet
