"""A score's lines in words, with a bar of the running sum."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars
import pytest

from double_random.commands.render.explanation_view import (
    branch_words,
    describe_line,
    record_words,
    render_waterfall,
    repair_sentences,
    scale_in_words,
    score_heading,
)
from double_random.commands.render.output_target import print_or_write
from double_random.credit.policy.model import InForce, Policy, Repair, Scale
from double_random.credit.reports.credit_file import CreditFile
from double_random.credit.scoring.explanation import Explanation, Line

BASE = Line(
    line=0,
    part="base",
    rule="",
    title="示例计分",
    points=10000,
    running=10000,
    reference="示例办法第1条",
    confirmed=True,
    record=None,
    record_class=None,
    kinds=(),
    document=None,
    decided=None,
    ends=None,
    branch=None,
)
FINE = replace(
    BASE,
    line=1,
    part="record",
    title="罚款",
    points=-2500,
    running=7500,
    reference="示例办法第2条",
    confirmed=False,
    record="a" * 64,
    record_class="penalty",
    kinds=("fine",),
    document="示例罚〔2026〕1号",
    decided=date(2026, 3, 1),
)
SCORE = Explanation(
    institution="31990000XXXX000012",
    name="示例律师事务所",
    kind="law_firm",
    policy="risk-100",
    edition="e",
    title="示例计分",
    purpose="风险分类",
    as_of=date(2026, 10, 31),
    points=7500,
    grade="B",
    grades=(("A", 9000), ("B", 7000), ("C", None)),
    lines=(BASE, FINE),
)


def test_the_heading_names_institution_day_points_and_grade() -> None:
    assert score_heading(SCORE) == (
        "示例律师事务所 (31990000XXXX000012) as of 2026-10-31: 75.00 points, grade B; "
        "示例计分 (风险分类)"
    )


def test_a_line_names_its_rule_document_and_day() -> None:
    assert describe_line(FINE) == "罚款 · 示例罚〔2026〕1号 · 2026-03-01"
    assert describe_line(FINE, document=False) == "罚款"
    assert describe_line(BASE) == "everybody starts with"
    veto = replace(FINE, part="veto", grade="D", branch="示例分所")
    assert describe_line(veto, document=False) == (
        "罚款 · veto: the grade, whatever the points · → D · branch 示例分所"
    )


def test_only_a_branch_is_named() -> None:
    assert branch_words("示例分所") == "branch 示例分所"
    assert branch_words(None) == branch_words("") == ""


def test_a_decided_state_is_not_named_and_every_other_is() -> None:
    plain = record_words("penalty", ["fine"], "decided")
    assert plain.count(" · ") == 1
    assert record_words("penalty", ["fine"], "示例状态") == f"{plain} · 示例状态"


def test_a_scale_begins_with_the_best_grade() -> None:
    assert (
        scale_in_words(SCORE.grades) == "A: from 90.00 points, B: from 70.00 points, C: below that"
    )


def test_the_waterfall_shows_each_line_and_marks_unconfirmed_references(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    print_or_write(render_waterfall(SCORE), tmp_path / "score.txt", width=100)
    shown = (tmp_path / "score.txt").read_text("utf-8")
    assert shown.startswith("示例律师事务所 (31990000XXXX000012)")
    assert "-25.00" in shown and "75.00" in shown
    assert "█" * 24 in shown and "█" * 18 + "░" * 6 in shown
    assert "示例办法第1条\n" in shown and "示例办法第2条 (unconfirmed)" in shown
    assert "written: " in capsys.readouterr().err


def test_a_score_of_nothing_has_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    print_or_write(
        render_waterfall(replace(SCORE, lines=(replace(BASE, points=0, running=0),))), None
    )
    assert "█" not in capsys.readouterr().out


RECORDS = polars.DataFrame(
    {
        "standing": ["repaired", "counts"],
        "document": [None, "示例罚〔2026〕2号"],
        "record": ["b" * 64, "c" * 64],
        "ruled": [date(2026, 5, 1), None],
    }
)


def rules(repair: Repair | None) -> InForce:
    """A policy on a day, with this effect of a repair."""
    frame = Scale(
        start=date(2020, 1, 1),
        until=None,
        base=10000,
        floor=None,
        ceiling=None,
        bounds=(),
        reference="",
        confirmed=True,
    )
    return InForce(
        policy=Policy.__new__(Policy),
        day=date(2026, 10, 31),
        scale=frame,
        rules=(),
        groups=(),
        vetoes=(),
        repair=repair,
        objection=None,
        publication=None,
    )


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        (None, "this policy does not say what a repair does, so the record still counts"),
        ("dropped", "it costs no points any more, by 示例办法第9条"),
        ("counts", "it still counts, by 示例办法第9条"),
    ],
)
def test_each_repaired_record_has_a_sentence(effect: str | None, said: str) -> None:
    clause = effect and Repair(date(2020, 1, 1), None, effect, "示例办法第9条", True)
    found = repair_sentences(CreditFile(SCORE, RECORDS), rules(clause or None))
    assert found == [f"{'b' * 12} was repaired on 2026-05-01: {said}"]
