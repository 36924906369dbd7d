"""What a supervisor sees before sealing: numbers, load, tight and blind spots, who left; nothing is written."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from double_random.inspection.casework.preview import preview_plan
from double_random.inspection.protocol.plan import TeamRule
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home


def test_numbers_and_load(bureau: Callable[..., Home], wish: Callable[..., Any]) -> None:
    home = bureau(firms=40, inspectors=6)
    found = preview_plan(home, wish())
    assert (found.population, found.in_pool, found.drawn) == (40, 40, (4, 4))
    assert [(one.stratum, one.least) for one in found.groups] == [("law_firm", 4)]
    assert (found.inspectors, dict(found.inspectors_left_out)) == (5, {"on leave": 1})
    assert found.load == (2, 2)  # 4 visits of 2 among 5 persons
    assert not list(home.draws.iterdir())
    four = preview_plan(home, wish(team=TeamRule(2, 1, 1, False, False)))
    assert four.load == (4, 4)  # one group goes everywhere


def test_tight_and_blind_spots(bureau: Callable[..., Home], wish: Callable[..., Any]) -> None:
    home = bureau(firms=8, inspectors=4, recusals=((1, 1),))  # on duty: 1 and 3 lead, 2 follows
    found = preview_plan(home, wish())
    assert any("only one team is possible" in told for told in found.tight)
    assert any("more than doubles" in told for told in found.tight)  # 2 of 8 at 1/10
    assert any("no past inspections" in told for told in found.blind)
    assert any("confirmed" in told for told in found.blind)
    assert not any("no recusals" in told for told in found.blind)


def test_who_left_or_moved_lately_is_named(
    bureau: Callable[..., Home],
    wish: Callable[..., Any],
    registers: Callable[..., Path],
    tmp_path: Path,
) -> None:
    home = bureau(firms=12, inspectors=6)
    permits = registers(12, 6, ((1, 2),)).parent / "drop" / "许可.csv"
    with permits.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    gone, moved, long_gone = rows[0][:], rows[1][:], rows[2][:]
    for row, title, day in (
        (gone, "关于准予律师事务所注销的决定", "2026-10-20"),
        (moved, "关于准予律师事务所变更住所的决定", "2026-10-20"),
        (long_gone, "关于准予律师事务所注销的决定", "2026-01-20"),
    ):
        row[2], row[3], row[7], row[8] = title, f"沪司许决字〔2026〕{row[0]}", day, day
    moved[6] = "住所:上海市徐汇区示例路2号" if "黄浦" in moved[6] else "住所:上海市黄浦区示例路2号"
    drop = tmp_path / "later"
    drop.mkdir()
    with (drop / "许可.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, gone, moved, long_gone])
    assert not sync_registers(home, [drop], date(2026, 10, 31), accept=True).refused
    found = preview_plan(home, wish())
    told = dict(found.changed)
    assert set(told) == {gone[0], moved[0]}
    assert told[gone[0]] == "is deregistered now"
    assert "310101" in told[moved[0]] and "310104" in told[moved[0]]


def test_whoever_waits_for_another_visit_is_proposed_one(
    bureau: Callable[..., Home], wish: Callable[..., Any], run: Callable[..., Any]
) -> None:
    home = bureau(firms=20, inspectors=6)
    run(home, wish("d1"))
    found = preview_plan(home, wish("d2"))
    assert set(found.together.values()) == {("d1",)}
    assert len(found.together) == 2
