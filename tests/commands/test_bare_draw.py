"""`double-random draw` as a user types it: seal, then draw; a fault names file, row and column."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from double_random.cli import build_application
from double_random.commands.bare_draw import draw_from_tables
from double_random.commands.render.format_writers import Format
from double_random.core.errors import BadFile, Misuse
from double_random.inspection.verification.verify import verify_bundle
from tests.inspection.bare.bare import LATER, NOW, NUMBERS, SOURCE, at, people, targets
from tests.inspection.bare.test_table_draws import RULE_TOML, write_rows

ROOT = Path(__file__).parent.parent.parent
VALUE = f"{SOURCE}={NUMBERS}"


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rule.toml").write_text(RULE_TOML, "utf-8")
    with at(NOW):
        yield {
            "targets": write_rows(tmp_path / "a.csv", targets()),
            "inspectors": write_rows(tmp_path / "b.csv", people()),
            "rule": tmp_path / "rule.toml",
        }


def run(
    capsys: pytest.CaptureFixture[str], form: Format = Format.json, **named: Any
) -> tuple[Any, str]:
    draw_from_tables(form=form, **named)
    said = capsys.readouterr()
    return json.loads(said.out) if form is Format.json else said.out, said.err


def test_a_plan_is_sealed_and_then_drawn(
    tables: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    sealed, told = run(capsys, **tables, entropy=["lottery:双色球"])
    assert sealed["folder"] == "files-2026" and sealed["sources"][0]["source"] == SOURCE
    assert sealed["code"] in told and f"'{SOURCE}=…'" in told
    assert not Path("files-2026/public").exists()
    with at(LATER):
        drawn, told = run(capsys, plan=Path("files-2026"), entropy=[VALUE], confirm=[VALUE])
    assert drawn["code"] == sealed["code"] and drawn["drawn_rows"] == 4
    assert {len(row["team"]) for row in drawn["drawn_list"]} == {2}
    assert verify_bundle(Path(drawn["public_bundle"]), code=sealed["code"]).intact
    assert "double-random verify files-2026/public --code" in told


def test_local_seals_and_draws_at_once(
    tables: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    out, told = run(
        capsys, Format.table, **tables, entropy=["local"], folder=Path("here"), pack=True
    )
    assert "示例案卷" in out and "示例人员" in out and "must be trusted" in told
    assert verify_bundle(Path("here/auditor.zip")).intact


def test_people_are_told_the_time_and_the_place(
    tables: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    out, _told = run(capsys, Format.table, **tables, entropy=["lottery:双色球"])
    assert "known from 2026-12-01 21:15:00 +08:00" in " ".join(out.split())


def test_numbers_are_checked_before_they_are_asked_for_again(
    tables: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, **tables, entropy=[SOURCE])
    plan = Path("files-2026")
    with at(LATER):
        for named, words in (
            ({"entropy": [f"{SOURCE}=1.2"]}, "numbers were expected"),
            ({"entropy": [VALUE]}, "entered once"),
            ({"entropy": [VALUE], "confirm": [f"{SOURCE}=01.02.03.04.05.06.07"]}, "differ"),
        ):
            with pytest.raises(Misuse, match=words):
                draw_from_tables(plan=plan, **named)
    with pytest.raises(Misuse, match="cannot be known before"):
        draw_from_tables(plan=plan, entropy=[VALUE], confirm=[VALUE])


def test_the_guide_works_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its tables, its rule, its two commands and its Python are taken from the page and run."""
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "guides" / "bare-draws.md").read_text("utf-8")
    blocks: dict[str, list[str]] = {}
    for kind, text in re.findall(r"```(\w+)\n(.*?)```", page, re.DOTALL):
        blocks.setdefault(kind, []).append(text)
    for name, text in zip(("files.csv", "people.csv"), blocks["csv"], strict=True):
        Path(name).write_text(text, "utf-8")
    Path("rule.toml").write_text(blocks["toml"][0], "utf-8")
    commands = [shlex.split(text.replace("\\\n", " ")) for text in blocks["sh"]]
    for words, moment in zip(commands, (NOW, LATER), strict=True):
        with at(moment):
            build_application("draw")(words[1:], prog_name=words[0], standalone_mode=False)
    assert verify_bundle(Path("files-2026/public")).intact
    assert verify_bundle(Path("files-2026/auditor")).intact
    with at(NOW):
        exec(blocks["python"][0], {})  # a page of this repository


def test_wrong_calls_are_refused(tables: dict[str, Any]) -> None:
    for named, words in (
        ({}, "needs targets and a rule"),
        ({**tables, "entropy": [VALUE]}, "sealed before"),
        ({**tables, "plan": Path("x")}, "already"),
        (tables, "no source"),
    ):
        with pytest.raises(Misuse, match=words):
            draw_from_tables(**named)
    assert not Path("files-2026").exists()


def test_a_fault_of_a_table_names_file_row_and_column(tables: dict[str, Any]) -> None:
    rows = targets()
    rows[3]["id"] = rows[1]["id"]
    file = write_rows(tables["targets"], rows)
    with pytest.raises(BadFile, match="row 5, column id: N:CASE-1 stands in row 3") as refused:
        draw_from_tables(**tables, entropy=["local"])
    assert refused.value.file == str(file) and refused.value.hint
    assert not Path("files-2026").exists()
