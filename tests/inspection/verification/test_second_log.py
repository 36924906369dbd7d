"""A log of the second protocol is read strictly: form and place of every entry, its times, and who signed its head."""

from __future__ import annotations

import pytest
import rfc8785

from double_random.core.errors import BadFile
from double_random.inspection.draw.draw_state import share_item, share_scope
from double_random.inspection.verification.second_log import SecondLog
from double_random.inspection.verification.verdict import CannotJudge
from tests.verifiers.corpus import KEY
from tests.verifiers.logged import OTHER_KEY, SYNC, carry_out, change_key, make_changes

BUREAU = make_changes(carry_out())


def test_a_draw_is_told_from_its_entries() -> None:
    log = SecondLog.read(BUREAU.bundle())
    (draw,) = log.draws.values()
    assert (draw.place, draw.ended, len(draw.changes)) == (1, 7, 3)
    assert draw.how_it_ended == "publish" and not draw.is_void and not draw.is_lost
    assert not log.is_misdated(draw)


@pytest.mark.parametrize("number", range(len(BUREAU.entries)))
def test_a_field_more_or_less_is_refused(number: int) -> None:
    for name in BUREAU.entries[number]:
        for fields in ({name: None}, {name: [7]}, {"more": "1"}):
            bureau = make_changes(carry_out())
            bureau.entries[number].update(fields)
            if name in ("known_from", "replaces") and fields == {name: None}:
                continue
            with pytest.raises(BadFile, match=r"log\.jsonl"):
                SecondLog.read(bureau.bundle())


def test_an_entry_stands_where_it_can() -> None:
    for move in (lambda all_: all_.reverse(), lambda all_: all_.append(dict(all_[1]))):
        bureau = make_changes(carry_out())
        move(bureau.entries)
        with pytest.raises(BadFile, match="cannot stand there"):
            SecondLog.read(bureau.bundle())
    with pytest.raises(BadFile, match="under the checkpoint"):
        SecondLog.read({**BUREAU.bundle(), "log.jsonl": rfc8785.dumps(SYNC) + b"\n"})


def test_a_proven_change_leads_from_one_key_to_the_next() -> None:
    log = SecondLog.read(change_key(carry_out()))
    assert log.follow_key(KEY) and not log.follow_key(OTHER_KEY)
    with pytest.raises(CannotJudge):
        SecondLog.read(change_key(carry_out(), proven=False)).follow_key(KEY)


def test_an_empty_list_has_all_districts_in_common() -> None:
    plan = BUREAU.entry("plan")
    nowhere = {**plan, "scope": {"districts": [], "kinds": ["notary_office"]}}
    everywhere = {**plan, "scope": {"districts": [], "kinds": []}}
    assert share_scope(plan, everywhere) and not share_scope(plan, nowhere)
    first = {name: part for name, part in everywhere.items() if name not in ("protocol", "sources")}
    assert not share_scope(first, first)
    renamed = {**plan, "items": [{**plan["items"][0], "id": "other"}]}
    assert share_item(plan, renamed)
