"""Coverage is the approvals placed divided by the approvals in force, whatever the register holds (D-019)."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from double_random.intake.credit_codes import check_character
from double_random.registry.quality.coverage import compute_coverage
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from tests.registry.conftest import FOUNDED, HEADER
from tests.thorough import examples

DAY = date(2016, 12, 31)
ENDED = "关于准予律师事务所注销的决定"
# What each of a firm's states means: is its approval in force on the day, and can it be placed?
MEANT = {
    "accepted": (True, True),
    "bad code": (True, False),
    "bad date": (True, False),
    "bad code, invalid": (False, False),
    "ended": (False, False),
    "invalid": (False, False),
    "later": (False, False),
}


@dataclass(frozen=True)
class Firm:
    number: int
    state: str

    def rows(self) -> list[list[str]]:
        body = f"31310000XXXX5{self.number:04}"
        right = check_character(body)
        wrong = next(one for one in "0123456789" if one != right)
        code = body + (wrong if "code" in self.state else right)
        day = {"bad date": "2001-13-01", "later": "2016-12-31"}.get(self.state, "2001-02-03")
        found = [self._row(code, FOUNDED, 1, day, "2" if "invalid" in self.state else "1")]
        if self.state == "ended":
            found.append(self._row(code, ENDED, 2, "2010-04-05", "1"))
        return found

    def _row(self, code: str, title: str, document: int, day: str, state: str) -> list[str]:
        return [
            f"上海示例{self.number}号律师事务所", code, title, f"示司许〔{self.number}〕第{document}号",
            "律师事务所执业许可证", f"2310000200910{self.number:04}",
            "住所:上海市闵行区示例路1号", day, "示例市司法局", state,
        ]  # fmt: skip


states = st.lists(st.sampled_from(sorted(MEANT)), min_size=1, max_size=9)


@settings(
    max_examples=examples(5, 60),
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(states, st.integers(0, 2))
def test_coverage_is_approvals_placed_of_approvals_in_force(drawn: list[str], again: int) -> None:
    firms = [Firm(number, state) for number, state in enumerate(drawn, 1)]
    rows = [row for firm in firms for row in firm.rows()]
    with tempfile.TemporaryDirectory() as folder:
        home = Home.create(Path(folder, "bureau"), "示例市司法局", "11310000XXXX00071R")
        drop = Path(folder, "drop")
        drop.mkdir()
        for copy in range(again + 1):  # the same file under other names changes nothing
            with (drop / f"许可{copy}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([HEADER.split(","), *rows])
        sync_registers(home, [drop], DAY, accept=True)
        before = date(2016, 12, 30)  # the day before the last approvals
        with home.releases.read() as release:
            found = compute_coverage(release, before).json()
    in_force = sum(MEANT[state][0] for state in drawn)
    placed = sum(MEANT[state][1] for state in drawn)
    assert (found["approvals"], found["covered"]) == (in_force, placed)
    assert len(found["differences"]) == in_force - placed
    tenths = placed * 1000 // in_force if in_force else 0
    share = f"{tenths // 10}.{tenths % 10}" if in_force else None  # of nothing there is no share
    assert found["percent"] == share
