"""A notice is proved by its path in the tree of notices, without any other notice."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from double_random.inspection.protocol import notices
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.tickets import Tickets
from double_random.store.log import merkle

Make = Callable[..., Any]


def test_a_notice_proves_itself_alone(case: Make) -> None:
    draw = case().draw()
    tickets, leaves = draw.selection.tickets, list(draw.notice_leaves)
    root = bytes.fromhex(draw.notices)
    for index, (target, team) in enumerate(draw.members.items()):
        leaf = notices.build_notice(target, reversed(team), tickets)
        assert json.loads(leaf) == {
            "target": target, "inspectors": list(team), "salt": tickets.ticket("notice", target),
        }  # fmt: skip
        path = [bytes.fromhex(step) for step in notices.notice_path(leaves, index, tickets)]
        hash = bytes.fromhex(notices.notice_leaf_hash(leaf, tickets))
        assert merkle.verify_inclusion(root, len(leaves), index, hash, path)
        assert not merkle.verify_inclusion(
            root, len(leaves), index, merkle.hash_leaf(leaf + b" "), path
        )


TICKETS = Tickets(Digest("sha256"), "5e" * 32)


def test_notices_are_sorted_by_target_and_their_inspectors_by_id() -> None:
    leaves = notices.build_leaves({"T2": ["J03"], "T1": ["J02", "J01"]}, TICKETS)
    assert [json.loads(leaf)["target"] for leaf in leaves] == ["T1", "T2"]
    assert json.loads(leaves[0])["inspectors"] == ["J01", "J02"]


def test_the_tree_head_of_one_notice_is_its_leaf_hash() -> None:
    leaf = notices.build_notice("T1", ["J01"], TICKETS)
    assert notices.notice_tree_head([leaf], TICKETS) == notices.notice_leaf_hash(leaf, TICKETS)
    assert notices.notice_path([leaf], 0, TICKETS) == []


def test_another_team_or_another_seed_is_another_notice() -> None:
    leaf = notices.build_notice("T1", ["J01", "J02"], TICKETS)
    assert leaf != notices.build_notice("T1", ["J01", "J03"], TICKETS)
    assert leaf != notices.build_notice("T1", ["J01", "J02"], Tickets(Digest("sha256"), "6f" * 32))
