"""An institution's draws in a sentence and in a letter: exact fractions, rounded once for people."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from double_random.commands.current_home import use_home
from double_random.commands.probabilities import (
    show_draw_history,
    show_odds,
    show_sources,
    summarize_history,
    write_history_letter,
)
from double_random.commands.render.format_writers import Format
from double_random.core.errors import BadFile, Misuse
from double_random.inspection.draw.draw_history import InstitutionDraw, InstitutionHistory
from double_random.inspection.draw.draw_state import DrawStage
from double_random.store.home import Home

DRAWN = InstitutionDraw(
    draw="d1",
    title="示例抽查一",
    day="2026-10-31",
    stage=DrawStage.published,
    stratum="law_firm",
    rows=41,
    chance=Fraction(3, 41),
    ticket="00ab",
    cutoff="00ff",
    place=2,
    drawn=True,
)
NOT_DRAWN = InstitutionDraw(
    draw="d2",
    title="示例抽查二",
    day="2026-11-30",
    stage=DrawStage.published,
    stratum="law_firm",
    rows=40,
    chance=Fraction(0),
    ticket="ffab",
    place=40,
)
VOID = InstitutionDraw(draw="d3", title="示例抽查三", day="2026-12-31", stage=DrawStage.void)
LEFT_OUT = InstitutionDraw(
    draw="d4",
    title="示例抽查四",
    day="2027-01-31",
    stage=DrawStage.published,
    rows=40,
    left_out="suspended",
)
HISTORY = InstitutionHistory(
    id="31990000XXXX000012",
    name="示例律师事务所",
    turns=(DRAWN, NOT_DRAWN, VOID, LEFT_OUT),
    waiting=(),
    joint=Fraction(3, 41),
    expected=Fraction(123, 41),
    others=41,
)


def test_the_summary_counts_the_draws_that_could_have_hit() -> None:
    assert summarize_history(HISTORY) == (
        "drawn 1 times of 3; the chance of at least so many is 7.32 %, so among 41 institutions "
        "about 3 are expected to be drawn so often"
    )


def test_the_letter_has_a_paragraph_for_each_draw_and_how_to_check() -> None:
    paragraphs = write_history_letter(HISTORY, 3, "示例市司法局").split("\n\n")
    assert paragraphs[0] == "To 示例律师事务所" and paragraphs[-1] == "示例市司法局\n"
    first, second, third, fourth = paragraphs[2:6]
    assert "each of the 41 institutions" in first and "7.32 %" in first
    assert "Your ticket 00ab took place 2; the last ticket drawn was 00ff" in first
    assert first.endswith("So you were drawn.")
    assert "was —" in second and second.endswith("So you were not drawn.")
    assert "made void" in third
    assert "you could not be drawn" in fourth
    assert any("proof 31990000XXXX000012 --draw DRAW" in text for text in paragraphs)
    assert any(summarize_history(HISTORY) in text for text in paragraphs)


def test_a_draw_or_an_institution_that_is_not_there_is_refused(home: Home) -> None:
    use_home(home.path)
    with pytest.raises(Misuse, match="there is no draw d1"):
        show_odds("d1")
    with pytest.raises(Misuse):
        show_draw_history("示例律师事务所")


def test_sources_are_those_of_the_home_and_need_none(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (home.path, tmp_path / "nowhere"):
        use_home(path)
        show_sources("2026-11-03T06:00:00Z", Format.json)
        rows = json.loads(capsys.readouterr().out)
        assert rows[0]["source"] == "lottery:快乐8:2026293" and rows[0]["drawing"] == "2026-11-03"
        assert rows[0]["known_from"] == "2026-11-03T13:30:00Z" and rows[0]["published"]
    (home.path / "facts" / "entropy_sources.toml").write_text("[[lottery]]\n", "utf-8")
    use_home(home.path)
    with pytest.raises(BadFile, match="line 1"):
        show_sources("2026-11-03T06:00:00Z", Format.json)
