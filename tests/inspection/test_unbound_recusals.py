"""A recusal that names nobody known stops a plan until a person goes on; a name that one alone bears is that one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from double_random.inspection.draw.bundle_files import UNBOUND
from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.inspection.planning.pools import PlanNotFeasible
from double_random.registry.inspectors import recusals
from double_random.registry.quality.issues import list_issues
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home

HEADER = "执法证号,统一社会信用代码,检查对象名称,事由\n"
DAY = date(2026, 10, 31)


@pytest.fixture
def told(bureau: Callable[..., Home], tmp_path: Path) -> Callable[..., Home]:
    """A bureau whose recusals came in a sheet of these rows."""

    def of(*rows: str) -> Home:
        home = bureau(firms=20, inspectors=6)
        drop = tmp_path / "drop"
        drop.mkdir()
        (drop / "回避.csv").write_text(HEADER + "\n".join(rows) + "\n", "utf-8")
        sync_registers(home, [drop], DAY)
        return home

    return of


def people(home: Home) -> list[tuple[str, str]]:
    with home.releases.read() as release:
        return release.connection.execute(
            "SELECT id, name FROM inspectors WHERE known_to IS NULL ORDER BY id"
        ).fetchall()


def firms(home: Home) -> list[tuple[str, str]]:
    with home.releases.read() as release:
        return release.connection.execute(
            "SELECT DISTINCT id, name FROM institutions WHERE known_to IS NULL ORDER BY id"
        ).fetchall()


def test_a_name_that_one_person_bears_is_that_person(
    bureau: Callable[..., Home], tmp_path: Path
) -> None:  # D-014
    home = bureau(firms=20, inspectors=6)
    (id, name), (firm, _name) = people(home)[3], firms(home)[2]
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "回避.csv").write_text(f"{HEADER}{name[:2]} {name[2:]},{firm},,近亲属\n", "utf-8")
    for _night in range(2):
        sync_registers(home, [drop], DAY)
        with home.releases.read() as release:
            known = recusals.known_recusals(release, day=DAY).select("inspector", "target").rows()
            assert known.count((id, firm)) == 1
            assert not recusals.find_unmatched(release)


def test_a_plan_names_who_is_unknown_and_stops(
    told: Callable[..., Home], wish: Callable[..., Any]
) -> None:  # D-014
    home = told(
        "ZF99XXXX99,,示例查无律师事务所,近亲属",
        "查无此人,,示例查无律师事务所,近亲属",
    )
    with home.releases.read() as release:
        found = list_issues(release).filter(severity="noted").select("file", "row", "reason").rows()
    assert ("回避.csv", 2, "a recusal names an inspector who is not on the roster") in found
    assert ("回避.csv", 3, "a recusal names an institution that is not known") in found
    with pytest.raises(PlanNotFeasible) as refused:
        freeze_plan(home, wish())
    said = refused.value.message
    assert "回避.csv 2: ZF99XXXX99 示例查无律师事务所" in said and "查无此人" in said
    assert not (home.draws / "d1").exists()
    planned = freeze_plan(home, wish(accept_unbound=True))
    assert len(planned.unbound) == 4
    kept = json.loads((planned.folder / UNBOUND).read_text("utf-8"))
    assert tuple(kept) == planned.unbound


def test_a_recusal_that_is_over_stops_nothing(
    bureau: Callable[..., Home], wish: Callable[..., Any], tmp_path: Path
) -> None:
    home = bureau(firms=20, inspectors=6)
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "回避.csv").write_text(
        HEADER.replace("事由", "事由,开始日期,结束日期")
        + "ZF99XXXX99,,示例查无律师事务所,近亲属,2020-01-01,2020-12-31\n",
        "utf-8",
    )
    sync_registers(home, [drop], DAY)
    assert freeze_plan(home, wish()).unbound == ()
