"""A plan freezes everybody: who is not in a pool is left out with a reason, and what cannot work is refused."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import date

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.draw import lifecycle
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.planning.plan_builder import FrozenPlan, freeze_plan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.planning.pools import PlanNotFeasible
from double_random.inspection.protocol import canonical_csv
from double_random.inspection.protocol.files import INSPECTORS_LEFT_OUT, LEFT_OUT, POOL, Files
from double_random.inspection.protocol.plan import TeamRule
from double_random.registry.inspectors.roster import load_roster
from double_random.registry.institutions.queries import institutions_as_of
from double_random.store.home import Home

Bureau = Callable[..., Home]
Asking = Callable[..., DrawRequest]


def planned(home: Home, asked: DrawRequest) -> tuple[FrozenPlan, dict[str, bytes], Files]:
    done = freeze_plan(home, asked)
    files = DrawFolder.find(home, asked.draw).read_files()
    return done, files, Files.read(done.plan, files)


def test_every_active_institution_of_the_scope_is_in_the_pool_or_left_out(
    bureau: Bureau, wish: Asking
) -> None:
    home = bureau(firms=9)
    _done, files, _read = planned(home, wish())
    with home.releases.read() as release:
        table = institutions_as_of(release, date(2026, 10, 31))
    active = set(table.filter(table["status"] == "active")["id"])
    pool = {row[0] for row in POOL.load(files["pool.csv"])}
    aside = {row[0] for row in LEFT_OUT.load(files["left_out.csv"])}
    assert pool | aside == active
    assert not pool & aside


def test_the_whole_roster_is_in_the_pool_or_stands_aside_with_a_reason(
    bureau: Bureau, wish: Asking
) -> None:
    home = bureau(inspectors=6)
    _done, files, read = planned(home, wish(units=("示例市黄浦区司法局",)))
    badges = DrawFolder.find(home, "d1").read_badges()
    with home.releases.read() as release:
        assert set(load_roster(release)["id"]) == set(badges)
    everybody = set(badges.values())
    aside = {row[0]: row[1] for row in INSPECTORS_LEFT_OUT.load(files["inspectors_left_out.csv"])}
    assert {one.id for one in read.inspectors} | set(aside) == everybody
    assert aside == {"J05": "another unit", "J06": "on leave"}


def test_a_district_can_be_chosen_and_the_others_stay_outside(bureau: Bureau, wish: Asking) -> None:
    home = bureau(firms=8)
    done, _files, read = planned(home, wish(districts=("310104",)))
    assert done.plan.districts == ("310104",)
    assert len(read.frame) == 4
    assert {row.district for row in read.frame} == {"310104"}


def test_recusals_are_frozen_as_they_are_known(
    bureau: Bureau, wish: Asking, firm: Callable[[int], str]
) -> None:
    home = bureau(recusals=[(1, 2), (3, 1)])
    _done, _files, read = planned(home, wish())
    assert read.recusals == {(firm(1), "J02"), (firm(3), "J01")}


def test_two_plans_of_the_same_wish_share_no_secret_and_no_salt(
    bureau: Bureau, wish: Asking
) -> None:
    home = bureau()
    first, files_1, read_1 = planned(home, wish("d1"))
    second, files_2, read_2 = planned(home, wish("d2"))
    assert first.plan.commitment != second.plan.commitment
    assert first.plan.secret != second.plan.secret
    assert first.plan.inner != second.plan.inner
    salts = [row.salt for row in (*read_1.frame, *read_2.frame)]
    assert len(set(salts)) == len(salts)
    assert files_1["strata.json"] != files_2["strata.json"]
    assert files_1["recusals.csv"] != files_2["recusals.csv"]


def test_the_sealed_numbers_are_their_owners_alone(bureau: Bureau, wish: Asking) -> None:
    home = bureau()
    freeze_plan(home, wish())
    sealed = home.draws / "d1" / "sealed"
    assert stat.S_IMODE(sealed.stat().st_mode) == 0o700
    for name in ("secret", "inner"):
        assert stat.S_IMODE((sealed / name).stat().st_mode) == 0o600


def test_no_secret_stands_in_the_plan_or_its_files(bureau: Bureau, wish: Asking) -> None:
    home = bureau()
    done, files, _read = planned(home, wish())
    folder = DrawFolder.find(home, "d1")
    for content in (done.plan.data, *files.values()):
        assert folder.secret.encode() not in content
        assert folder.inner.encode() not in content


def test_a_row_without_a_possible_team_is_refused_by_name(
    bureau: Bureau, wish: Asking, firm: Callable[[int], str]
) -> None:
    home = bureau(recusals=[(1, 1), (1, 3), (1, 5)])  # every lead
    with pytest.raises(PlanNotFeasible) as caught:
        freeze_plan(home, wish())
    assert firm(1) in caught.value.message
    assert firm(2) not in caught.value.message
    assert not (home.draws / "d1").exists(), "nothing is written"


def test_a_forced_team_is_named(bureau: Bureau, wish: Asking, firm: Callable[[int], str]) -> None:
    home = bureau(recusals=[(2, 1), (2, 2), (2, 3)])  # 4 and 5 are left, one of them a lead
    done = freeze_plan(home, wish())
    assert done.forced == (firm(2),)


def test_too_few_inspectors_for_the_groups_are_refused(bureau: Bureau, wish: Asking) -> None:
    home = bureau()
    with pytest.raises(PlanNotFeasible, match="3 groups of 2"):
        freeze_plan(home, wish(team=TeamRule(2, 1, 3, False, False)))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sources": ("balls:示例:5",)}, "16 bits"),
        ({"sources": ("dice:示例:7",)}, "18 bits"),
        ({"sources": ("local", "balls:示例:7")}, "local"),
        ({"sources": ("drand:quicknet:1000",)}, "first round"),
        ({"sources": ("lottery:示例彩:2026300",)}, "示例彩"),
        ({"not_before": "2026-11-03 06:00"}, "not-before"),
        ({"publish_by": date(2026, 11, 2)}, "publish-by"),
        ({"team": TeamRule(0, 0, None, False, False)}, "at least one inspector"),
        ({"draw": "../d"}, "name"),
        ({"items": ("no-such-item",)}, "no inspection item"),
        ({"districts": ("110101",)}, "110101"),
        ({"units": ("示例局",)}, "示例局"),
        ({"items": ("law-firm-archives", "notary-office-practice")}, "different groups"),
    ],
)
def test_a_wish_that_cannot_be_is_misuse(
    bureau: Bureau, wish: Asking, change: dict[str, object], says: str
) -> None:
    home = bureau()
    with pytest.raises(Misuse, match=says):
        freeze_plan(home, wish(**change))
    assert list(home.draws.iterdir()) == []


def test_local_randomness_is_allowed_with_no_bits(bureau: Bureau, wish: Asking) -> None:
    assert freeze_plan(bureau(), wish(sources=("local",))).bits == 0


def test_a_draws_name_is_used_once(bureau: Bureau, wish: Asking) -> None:
    home = bureau()
    freeze_plan(home, wish())
    lifecycle.commit_plan(
        home, "d1", "2026-11-02T01:00:00Z"
    )  # before it is sealed, it can be planned again
    before = (home.draws / "d1" / "plan.json").read_bytes()
    with pytest.raises(Misuse, match="d1"):
        freeze_plan(home, wish())
    assert (home.draws / "d1" / "plan.json").read_bytes() == before


def test_the_plan_names_the_release_that_it_was_made_from(bureau: Bureau, wish: Asking) -> None:
    home = bureau()
    done = freeze_plan(home, wish())
    with home.releases.read() as release:
        assert done.plan.release == release.hash
    assert done.plan.files["frame.csv"].rows == len(
        canonical_csv.data_lines((done.folder / "frame.csv").read_bytes())
    )


def test_an_authority_without_a_name_cannot_plan(home: Home, wish: Asking) -> None:
    with pytest.raises(Misuse, match="authority"):
        freeze_plan(home, wish())


def test_an_item_by_grade_needs_credit_records(bureau: Bureau, wish: Asking) -> None:
    with pytest.raises(Misuse, match="by grade"):
        freeze_plan(bureau(), wish(items=("law-firm-practice",)))


def test_a_name_is_a_folder_on_every_system(bureau: Bureau, wish: Asking) -> None:
    home = bureau()
    freeze_plan(home, wish("d1"))
    lifecycle.commit_plan(home, "d1", "2026-11-02T01:00:00Z")
    for name in ("D1", "d1", "x" * 65, "d\u202e1", "d\x071", "", "../d2"):
        with pytest.raises(Misuse) as refused:
            freeze_plan(home, wish(name))
        assert "\u202e" not in refused.value.message and refused.value.hint
    assert sorted(folder.name for folder in home.draws.iterdir()) == ["d1"]


def test_a_title_shows_all_that_it_holds(bureau: Bureau, wish: Asking) -> None:
    home = bureau()
    for hidden in ("\u202e", "\u200b", "\ufeff"):
        with pytest.raises(Misuse, match="invisible"):
            freeze_plan(home, wish(title=f"示例{hidden}抽查"))


def test_the_registers_day_is_no_day_to_come_after_the_draw(bureau: Bureau, wish: Asking) -> None:
    """D-030: a mistyped year of --as-of would be sealed; recusals and leaves would be those of that year."""
    home = bureau()
    with pytest.raises(Misuse, match="2062-10-31"):
        freeze_plan(home, wish(as_of=date(2062, 10, 31)))
    assert freeze_plan(home, wish(as_of=date(2026, 11, 3)))
