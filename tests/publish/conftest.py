"""A home with the district's dirty files and draws in every stage, and the site that is built of it."""

from __future__ import annotations

import shutil
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from double_random.credit.records.load import load_records
from double_random.inspection.draw import lifecycle
from double_random.inspection.planning import plan_builder
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.protocol.plan import TeamRule
from double_random.publish.site import build
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from tests.templates import make_once

DAY = date(2017, 1, 21)
SOURCE = "lottery:快乐8:2017003"
NUMBERS = ".".join(f"{number:02d}" for number in range(1, 80, 4))


@pytest.fixture(scope="session")
def district_home(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Registers and records of ../shared/inputs/district; one draw published, one waiting, one void."""
    made = make_once(tmp_path_factory, "draws-of-a-district", partial(_draw_in_district, shared))
    path = tmp_path_factory.mktemp("district") / "home"
    shutil.copytree(made / "home", path, symlinks=True)
    return Home.open(path)


def _draw_in_district(shared: Path, folder: Path) -> None:
    """The home of the district, with its three draws."""
    home = Home.create(folder / "home", "示例市司法局", "11310000XXXX00078P")
    drop = [shared / "inputs" / "district"]
    sync_registers(home, drop, date(2016, 12, 31))
    load_records(home, drop, date(2016, 12, 31))
    for name, item in (
        ("published", "law-firm-practice"),
        ("waiting", "notary-office-practice"),
        ("void", "law-firm-archives"),
    ):
        wish = DrawRequest(
            protocol=1,
            draw=name,
            items=(item,),
            as_of=date(2016, 12, 31),
            sources=(SOURCE,),
            not_before="2017-01-03T14:00:00Z",
            publish_by=date(2017, 1, 20),
            team=TeamRule(2, 1, None, False, False),
            title=f"{name}（示例）",
        )
        plan_builder.freeze_plan(home, wish)
        lifecycle.commit_plan(home, name, "2017-01-02T01:00:00Z")
    lifecycle.void_draw(home, "void", lifecycle.VOID_REASONS[1], "2017-01-02T02:00:00Z")
    lifecycle.log_entropy(home, "published", f"{SOURCE}={NUMBERS}", "2017-01-03T15:00:00Z")
    lifecycle.run_draw(home, "published", "2017-01-03T15:10:00Z")
    lifecycle.publish_draw(home, "published", "2017-01-04T01:00:00Z")


@pytest.fixture(scope="session")
def district_site(district_home: Home) -> Path:
    """The site of that home."""
    return build.build_site(district_home, DAY)
