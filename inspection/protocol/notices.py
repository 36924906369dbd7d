"""The Merkle tree over notices: a notice can be proved before publication without disclosing any other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.tickets import Tickets
from double_random.store.log.merkle import Tree, leaf
from double_random.store.log.merkle import head as tree_head


def notice(target: str, inspectors: Iterable[str], tickets: Tickets) -> bytes:
    """The canonical leaf of one notice: the target, its inspectors in code-point order, a salt from the seed."""
    return canonical_json.dump(
        {"target": target, "inspectors": sorted(inspectors), "salt": tickets.notice(target)}
    )


def leaves(teams: Mapping[str, Iterable[str]], tickets: Tickets) -> list[bytes]:
    """The notices of all drawn targets, sorted by id."""
    return [notice(target, teams[target], tickets) for target in sorted(teams)]


def head(notices: list[bytes], tickets: Tickets) -> str:
    """Field `notices` of the log entry: the tree head over the notices, 64 hex digits."""
    return tree_head(notices, tickets.digest.raw).hex()


def leaf_hash(notice: bytes, tickets: Tickets) -> str:
    """Field `notice` of the log entry: the leaf hash of a notice that replaces a former one."""
    return leaf(notice, tickets.digest.raw).hex()


def tree(notices: list[bytes], tickets: Tickets) -> Tree:
    """The tree over the notices, for computing many paths."""
    return Tree([leaf(notice, tickets.digest.raw) for notice in notices], tickets.digest.raw)


def path(notices: list[bytes], index: int, tickets: Tickets) -> list[str]:
    """The tree path of one notice, from the leaf upwards, as hex digits."""
    return [step.hex() for step in tree(notices, tickets).path(index)]
