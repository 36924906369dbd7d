"""`double_random.seal` and `double_random.draw`: one call each, from files or from memory."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

import double_random
from double_random.core.errors import Misuse
from double_random.inspection.bare.table_draws import (
    draw_tables,
    parse_values,
    seal_tables,
    write_bundles,
)
from double_random.inspection.verification.replay import replay_numbers
from double_random.inspection.verification.verify import verify_bundle
from tests.inspection.bare.bare import (
    GRANTS,
    LATER,
    NOW,
    NUMBERS,
    RULE,
    SOURCE,
    at,
    people,
    seal,
    targets,
)

RULE_TOML = """
draw = "files-2026"
title = "示例评查"
authority = "示例单位"
ratio = "1/3"

[team]
size = 2
leads = 1
"""


def write_rows(file: Path, rows: list[dict[str, str]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


def test_the_package_has_both_functions() -> None:
    assert getattr(double_random, "draw") is draw_tables  # noqa: B009
    assert getattr(double_random, "seal") is seal_tables  # noqa: B009
    assert not hasattr(double_random, "drawn")


def test_from_files_to_a_bundle_on_disk(tmp_path: Path) -> None:
    (tmp_path / "rule.toml").write_text(RULE_TOML, "utf-8")
    files = [write_rows(tmp_path / "a.csv", targets()), write_rows(tmp_path / "b.csv", people())]
    with at(NOW):
        made = draw_tables(*files, rule=tmp_path / "rule.toml", folder=tmp_path / "d")
    for name in ("public", "auditor"):
        assert verify_bundle(tmp_path / "d" / name, code=made.code).intact
    numbers = replay_numbers(tmp_path / "d" / "plan")
    assert numbers["visits"] == list(made.targets)


def test_a_plan_is_sealed_first_and_drawn_later(tmp_path: Path) -> None:
    from double_random.inspection.bare.plan_folder import write_plan

    sealed = seal()
    write_plan(tmp_path / "d", sealed)
    with at(LATER):
        made = draw_tables(plan=tmp_path / "d", entropy={SOURCE: NUMBERS})
        same = draw_tables(plan=sealed, entropy=[f"{SOURCE}={NUMBERS}"])
        assert made.auditor_files == same.auditor_files
        with pytest.raises(Misuse, match="drawn once"):
            draw_tables(plan=tmp_path / "d", entropy={SOURCE: NUMBERS})
    assert verify_bundle(tmp_path / "d" / "public", code=sealed.code).intact


def test_a_second_draw_with_other_numbers_is_refused_even_without_bundles(tmp_path: Path) -> None:
    import shutil

    from double_random.inspection.bare.plan_folder import write_plan

    folder = tmp_path / "d"
    write_plan(folder, seal())
    with at(LATER):
        draw_tables(plan=folder, entropy={SOURCE: NUMBERS})
        for name in ("public", "auditor"):
            shutil.rmtree(folder / name)
        with pytest.raises(Misuse, match="drawn once"):
            draw_tables(plan=folder, entropy={SOURCE: "01.02.03.04.05.06.07"})
        again = draw_tables(plan=folder, entropy={SOURCE: NUMBERS})
    assert verify_bundle(folder / "auditor", code=again.code).intact


def test_bundles_can_be_packed(tmp_path: Path) -> None:
    with at(NOW):
        made = draw_tables(targets(), rule=GRANTS)
    from double_random.inspection.bare.plan_folder import write_plan

    write_plan(tmp_path / "d", made.sealed)
    public, auditor = write_bundles(tmp_path / "d", made, pack=True)
    assert public.suffix == auditor.suffix == ".zip"
    assert auditor.stat().st_mode & 0o077 == 0
    assert verify_bundle(public).intact and verify_bundle(auditor).intact


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"targets": targets(), "rule": RULE, "entropy": SOURCE}, "sealed before"),
        ({"targets": targets(), "rule": RULE, "entropy": {SOURCE: NUMBERS}}, "sealed before"),
        ({"entropy": "local"}, "needs targets and a rule"),
        ({"targets": targets(), "plan": "d", "entropy": "local"}, "already"),
        ({"plan": "nowhere", "entropy": {}}, "no sealed plan"),
    ],
)
def test_what_cannot_be_drawn_is_refused(named: dict[str, Any], words: str) -> None:
    with pytest.raises(Misuse, match=words):
        draw_tables(**named)


def test_values_are_texts_or_a_mapping() -> None:
    assert parse_values({"a": "1"}) == parse_values(["a=1"]) == parse_values("a=1")
    assert parse_values("local") == {"local": ""}
    with pytest.raises(Misuse, match="has no value"):
        parse_values(["lottery:快乐8"])
