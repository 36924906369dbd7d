"""Every next step that is printed is typed as it stands, from the plan of a draw to its verified bundle."""

from __future__ import annotations

import io
import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from double_random.core import clock
from double_random.inspection.protocol.sources import round_seconds
from tests.commands.views import Bureau, typed
from tests.inspection.conftest import make

ROUND = 12040883  # a real round of drand, whose signature stands in the shared reference
VALUES = {
    "lottery:快乐8:2026300": "01.02.03.04.05.06.07.08.09.10.11.12.13.14.15.16.17.18.19.20",
    "balls:示例室:6": "123456",
    "dice:示例室:8": "12345612",
    f"drand:quicknet:{ROUND}": "",
    "local": "",
}


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The clock of this process shows a moment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "utc_now", lambda: moment)
        yield


def steps(said: str) -> list[list[str]]:
    """The commands that the last line of stderr and those before it print, each as words behind the program's name."""
    lines = [line.partition("double-random ")[2] for line in said.splitlines()]
    return [shlex.split(line) for line in lines if line]


def type_next(said: str, answers: dict[str, str], place: int = 0) -> tuple[list[str], str, str]:
    """Type a printed command with the answers for its capitals; the words, what came on stdout and on stderr."""
    words = steps(said)[place]
    for capital, answer in answers.items():
        words = [word.replace(capital, answer) for word in words]
    code, shown, told = typed(words)
    assert code == 0, (words, told)
    return words, shown, told


@pytest.mark.parametrize("source", VALUES, ids=lambda source: source.partition(":")[0])
def test_a_draw_is_led_from_step_to_step(
    source: str, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D-079: with the home as it was given, by flag; also what each source needs, and no value for `local`."""
    drawn = datetime(2026, 11, 3, 12, tzinfo=UTC)
    answers = {"VALUE": VALUES[source]}
    if source.startswith("drand"):
        drawn = datetime.fromtimestamp(round_seconds(ROUND), UTC)
        rounds = json.loads((shared / "reference" / "drand_vectors.json").read_text("utf-8"))
        one = next(row for row in rounds["quicknet"]["valid"] if row["round"] == ROUND)
        answers = {"VALUE": one["randomness_computed_here"], "SIGNATURE": one["signature"]}
    monkeypatch.chdir(tmp_path)
    with at(drawn - timedelta(days=1)):
        home = make(tmp_path, 8, 6, [(1, 2)])
        day = f"{drawn - timedelta(days=1):%Y-%m-%d}"
        line = (
            f"inspection plan law-firm-archives --as-of {min(day, '2026-10-31')} --draw q --source {source} "
            "--protocol 1 "
            f"--not-before {drawn:%Y-%m-%dT%H:%M:%SZ} --publish-by {drawn + timedelta(days=20):%Y-%m-%d}"
        )
        code, _shown, said = typed(["--home", str(home.path), *shlex.split(line)])
        assert code == 0, said
        words, _shown, said = type_next(said, {})
        assert words[2:] == ["inspection", "commit", "q"]
    with at(drawn + timedelta(minutes=5)):
        if source != "local":
            words, _shown, said = type_next(said, answers)
            assert words[2:4] == ["inspection", "entropy"]
        words, _shown, said = type_next(said, {})
        assert words[2:] == ["inspection", "draw", "q"]
        words, _shown, said = type_next(said, {})
        assert words[2:] == ["inspection", "publish", "q"]
        words, _shown, said = type_next(said, {})
        assert words[2:] == ["inspection", "bundle", "q"]
        words, _shown, _said = type_next(said, {})
        assert words[0] == "verify"


def test_a_case_file_is_led_from_paper_to_paper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D-079: attest, task, papers, sheet, results and the hand-over to credit, each typed as it was printed."""
    monkeypatch.chdir(tmp_path)
    drawn = datetime(2026, 11, 3, 12, tzinfo=UTC)
    with at(drawn - timedelta(days=1)):
        home = make(tmp_path, 8, 6, [(1, 2)])
        there = Bureau(home.path, tmp_path / "kept")
        plan = "inspection plan law-firm-archives --as-of 2026-10-31 --draw q --source balls:示例室:6 --protocol 1"
        assert (
            there.type(f"{plan} --not-before {drawn:%Y-%m-%dT%H:%M:%SZ} --publish-by 2026-11-30")[0]
            == 0
        )
        assert there.type("inspection commit q")[0] == 0
    with at(drawn + timedelta(hours=1)):
        for line in ("entropy q balls:示例室:6=123456", "draw q"):
            assert (
                there.type(f"inspection {line} --yes" if "=" in line else f"inspection {line}")[0]
                == 0
            )
        witnessed = there.type(
            f"inspection attest q --scan {there.kept}/scan.pdf --witness 示例证人，示例办公室"
        )
        words, _shown, said = type_next(witnessed[2], {})
        assert words[2:] == ["inspection", "publish", "q"]
    with at(drawn + timedelta(days=10)):
        line = "inspection task q --first-day 2026-11-04 --last-day 2026-11-20"
        said = there.type(line)[2]
        told = []
        while len(told) < 20:
            words, shown, said = type_next(
                said, {"NUMBER": "示1", "DATE": f"2026-11-0{4 + len(told)}"}
            )
            told.append(" ".join(words[2:4] + words[5:6] * (words[3] == "paper")))
            if words[3] == "results":
                fill(Path(shown.strip()))
            if words[2] == "credit":
                break
    assert told == [
        "inspection paper approved",
        "inspection paper notified",
        "inspection results",
        "inspection record",
        "inspection paper told",
        "inspection paper published",
        "inspection to-credit",
        "credit score",
    ]


def fill(sheet: Path) -> None:
    """Fill a record sheet in: everybody was visited, and nothing was found."""
    book = openpyxl.load_workbook(io.BytesIO(sheet.read_bytes()))
    for row in range(3, book.active.max_row + 1):
        if book.active[f"A{row}"].value:
            book.active[f"H{row}"], book.active[f"I{row}"] = "2026-11-06", "未发现问题"
    book.save(sheet)
