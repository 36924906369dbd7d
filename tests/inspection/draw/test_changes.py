"""递补 and 更换检查人员 follow the tickets, are logged without betraying anybody, and are recomputed by who checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.draw import changes, lifecycle
from double_random.inspection.draw.change_records import ChangeRecord, changed_notice_hash
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.draw.draw_state import find_state
from double_random.inspection.planning.plan_builder import FrozenPlan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.verification import bundle
from double_random.inspection.verification.verify import verify_files
from double_random.store.home import Home

Bureau = Callable[..., Home]
Asking = Callable[..., DrawRequest]
Running = Callable[..., FrozenPlan]

DAY, AT = "2026-11-04", "2026-11-04T02:00:00Z"


@pytest.fixture
def ready(bureau: Bureau, wish: Asking, run: Running) -> Home:
    """Drawn, not yet published: two institutions, one reserve."""
    home = bureau(firms=12, inspectors=8)
    run(home, wish(), until="draw")
    return home


def standing(home: Home) -> dict[str, tuple[str, ...]]:
    return dict(changes.rebuild_assignment(home, "d1", find_state(home.log.entries(), "d1")).teams)


def test_the_next_reserve_comes_and_the_former_one_goes(ready: Home) -> None:
    before = standing(ready)
    gone = next(iter(before))
    record = changes.replace_target(ready, "d1", gone, "ceased", DAY, AT)
    after = standing(ready)
    assert gone not in after
    assert record.change.new in after and record.change.new not in before
    assert len(after) == len(before)


def test_without_a_reserve_the_place_stays_empty(ready: Home) -> None:
    for number, gone in enumerate(list(standing(ready)), start=1):
        last = changes.replace_target(ready, "d1", gone, "ceased", DAY, AT)
        assert last.seq == number
    assert last.change.new == ""
    assert len(standing(ready)) == 1


def test_a_substitute_is_found_by_lot_and_not_named_by_hand(ready: Home) -> None:
    target, team = next(iter(standing(ready).items()))
    record = changes.substitute_inspector(ready, "d1", target, team[0], "illness", DAY, AT)
    assert team[0] not in record.change.inspectors
    assert team[1] in record.change.inspectors
    assert standing(ready)[target] == record.change.inspectors


def test_reasons_are_a_closed_list(ready: Home) -> None:
    target, team = next(iter(standing(ready).items()))
    with pytest.raises(Misuse, match="no reason"):
        changes.replace_target(ready, "d1", target, "they asked nicely", DAY, AT)
    with pytest.raises(Misuse, match="no reason"):
        changes.substitute_inspector(ready, "d1", target, team[0], "he is strict", DAY, AT)
    assert [entry["kind"] for entry in ready.log.entries()] == ["plan", "entropy", "draw"]


def test_the_log_betrays_no_name_of_a_change(ready: Home) -> None:
    target, team = next(iter(standing(ready).items()))
    changes.substitute_inspector(ready, "d1", target, team[0], "illness", DAY, AT)
    entry = ready.log.entries()[-1]
    assert set(entry) == {"kind", "time", "draw", "record", "notice"}
    line = ready.log.lines()[-1].decode()
    for word in (target, *team, "illness"):
        assert word not in line


def test_a_bundle_with_changes_is_recounted(ready: Home) -> None:
    teams = standing(ready)
    first, second = list(teams)
    changes.substitute_inspector(ready, "d1", first, teams[first][0], "recusal asked for", DAY, AT)
    changes.replace_target(ready, "d1", second, "moved out of the area", DAY, AT)
    lifecycle.publish_draw(ready, "d1", "2026-11-06T08:00:00Z")
    for auditor in (False, True):
        files = bundle.gather_bundle(ready, "d1", auditor)
        assert files["records.jsonl"].count(b"\n") == 2
        assert verify_files(files, ready.log.public).intact
        changed = {**files, "records.jsonl": files["records.jsonl"].replace(b"recusal", b"refusal")}
        verdict = verify_files(changed, ready.log.public)
        assert verdict.fault is not None and verdict.fault[0] == "records.jsonl"
        shorter = {**files, "records.jsonl": files["records.jsonl"].split(b"\n")[0] + b"\n"}
        assert not verify_files(shorter, ready.log.public).intact


def test_a_replacement_chosen_by_hand_is_seen_even_when_it_is_logged(ready: Home) -> None:
    """The operator writes record and log himself, and signs: the tickets still say who comes next."""
    gone = next(iter(standing(ready)))
    now = changes.rebuild_assignment(ready, "d1", find_state(ready.log.entries(), "d1"))
    after, right = now.replace(gone, "ceased")
    friend = next(row.id for row in now.selection.files.frame if row.id not in {*after.teams, gone})
    change = replace(right, new=friend, target=friend)
    record = ChangeRecord("d1", 1, change, DAY)
    folder = DrawFolder.find(ready, "d1")
    folder.keep_record(1, record.dump())
    plan = folder.read_plan()
    ready.log.append(
        {
            "kind": "replace",
            "time": AT,
            "draw": "d1",
            "record": plan.digest(f"{record.dump().decode()}:{folder.secret}"),
            "notice": changed_notice_hash(after, change),
        }
    )
    lifecycle.publish_draw(ready, "d1", "2026-11-06T08:00:00Z")
    verdict = verify_files(bundle.gather_bundle(ready, "d1", auditor=True), ready.log.public)
    assert verdict.fault is not None and verdict.fault[0] == "records.jsonl"


def test_a_record_of_a_killed_run_is_written_over(ready: Home) -> None:
    folder = DrawFolder.find(ready, "d1")
    folder.keep_record(1, b"{}")  # written, then killed before the log
    gone = next(iter(standing(ready)))
    record = changes.replace_target(ready, "d1", gone, "ceased", DAY, AT)
    assert folder.read_record(1) == record.dump()
