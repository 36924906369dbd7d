"""Rows of a draw are looked up by id: the frame is walked once, not once for each institution."""

from __future__ import annotations

from typing import Any

import pytest

from double_random.inspection.protocol.files import Files
from double_random.store.log import merkle
from tests.inspection.protocol.conftest import make_case


class Counted(tuple[Any, ...]):
    """A frame that counts how often somebody walks it."""

    walks = 0

    def __iter__(self) -> Any:
        Counted.walks += 1
        return super().__iter__()


def test_rows_of_the_frame_are_found_by_id_with_one_walk() -> None:
    """D-080."""
    case = make_case(strata=(("law_firm/A", 60, [1, 3], 0, "up"),))
    read = Files.read(case.plan, case.files)
    files = Files(read.strata, read.rules, Counted(read.frame), read.inspectors, read.recusals)
    Counted.walks = 0
    assert [files.target(row.id) for row in read.frame] == list(read.frame)
    assert Counted.walks == 1
    with pytest.raises(KeyError):
        files.target("nobody")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13])
def test_a_tree_has_the_path_of_every_leaf(size: int) -> None:
    leaves = [merkle.leaf(bytes([number])) for number in range(size)]
    tree, root = merkle.Tree(leaves), merkle.head_of(leaves)
    for index, entry in enumerate(leaves):
        assert merkle.includes(root, size, index, entry, tree.path(index))
    with pytest.raises(IndexError):
        tree.path(size)
