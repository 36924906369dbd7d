"""The Merkle tree over notices: a notice proves itself alone, before publication, and discloses no other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.tickets import Tickets
from double_random.store.log.merkle import Tree, leaf
from double_random.store.log.merkle import head as tree_head


def notice(target: str, inspectors: Iterable[str], tickets: Tickets) -> bytes:
    """The canonical leaf of one notice: target, its inspectors in code-point order, and a salt from the seed."""
    return canonical_json.dump(
        {"target": target, "inspectors": sorted(inspectors), "salt": tickets.notice(target)}
    )


def leaves(teams: Mapping[str, Iterable[str]], tickets: Tickets) -> list[bytes]:
    """The notices of all drawn targets, by id."""
    return [notice(target, teams[target], tickets) for target in sorted(teams)]


def head(notices: list[bytes], tickets: Tickets) -> str:
    """`notices` of the log's entry: the tree head over them, 64 hex digits."""
    return tree_head(notices, tickets.digest.raw).hex()


def leaf_hash(notice: bytes, tickets: Tickets) -> str:
    """`notice` of the log's entry: the leaf hash of one that takes a former one's place."""
    return leaf(notice, tickets.digest.raw).hex()


def tree(notices: list[bytes], tickets: Tickets) -> Tree:
    """The tree over notices, for the paths of many of them."""
    return Tree([leaf(notice, tickets.digest.raw) for notice in notices], tickets.digest.raw)


def path(notices: list[bytes], index: int, tickets: Tickets) -> list[str]:
    """The tree path of one notice, from the leaf upwards, as hex digits."""
    return [step.hex() for step in tree(notices, tickets).path(index)]
