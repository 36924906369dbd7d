"""`inspection lint` as it is typed: answer on stdout, counts and meaning on stderr, exit code by what was found."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

from double_random.cli import build_application
from double_random.commands.bias_tests import format_chance
from double_random.core import translation
from tests.inspection.bias_tests import histories


def typed(tmp_path: Path, *words: str, **how: object) -> tuple[int, str, str]:
    path = tmp_path / "历史.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["round", "name", "office", "drawn", "inspectors"])
        for row in histories.rows(1, listed=60, drawn=12, inspectors=6, offices=3, **how):  # type: ignore[arg-type]
            drawn = "Y" if row.drawn else ""
            out.writerow([row.round, row.institution, row.office, drawn, "、".join(row.team)])
    translation.choose_language("en")
    home = ["--home", str(tmp_path / "no home"), "inspection", "lint", str(path)]
    done = CliRunner().invoke(build_application(*words[:2]), [*home, *words])
    return done.exit_code, done.stdout, done.stderr


def test_a_fair_history_ends_with_nothing(tmp_path: Path) -> None:
    code, out, err = typed(tmp_path)
    found = json.loads(out)
    assert code == 0 and {one["verdict"] for one in found} == {"silent"} and len(found) == 8
    assert "1200 rows = 1200 accepted + 0 duplicates + 0 quarantined" in err


def test_a_bad_one_ends_with_1_and_says_what_may_be_behind_it(tmp_path: Path) -> None:
    code, out, err = typed(tmp_path, "--format", "csv", sent=histories.one_offset)
    assert code == 1 and "SUSPICIOUS" in out
    assert "who knows one can tell the other" in err and "no proof of guilt" in err


@pytest.mark.parametrize(
    ("chance", "text"),
    [
        (None, ""),
        (Fraction(1), "1.0000"),
        (Fraction(1, 4000), "0.0003"),
        (Fraction(1, 10_000), "0.0001"),
        (Fraction(1, 20_000), "<1e-4"),
        (Fraction(1, 10**30 + 1), "<1e-30"),
        (Fraction(3, 10**30), "<1e-29"),
    ],
)
def test_a_chance_is_never_rounded_down(chance: Fraction | None, text: str) -> None:
    assert format_chance(chance) == text
