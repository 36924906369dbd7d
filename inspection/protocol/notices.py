"""The Merkle tree over notices: a notice can be proved before publication without disclosing any other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.tickets import Tickets
from double_random.store.log.merkle import Tree, hash_leaf, tree_head


def build_notice(target: str, inspectors: Iterable[str], tickets: Tickets) -> bytes:
    """The canonical leaf of one notice: the target, its inspectors in code-point order, a salt from the seed."""
    return canonical_json.dump_canonical(
        {"target": target, "inspectors": sorted(inspectors), "salt": tickets.notice_salt(target)}
    )


def build_leaves(teams: Mapping[str, Iterable[str]], tickets: Tickets) -> list[bytes]:
    """The notices of all drawn targets, sorted by id."""
    return [build_notice(target, teams[target], tickets) for target in sorted(teams)]


def notice_tree_head(notices: list[bytes], tickets: Tickets) -> str:
    """Field `notices` of the log entry: the tree head over the notices, 64 hex digits."""
    return tree_head(notices, tickets.digest.hash_raw).hex()


def notice_leaf_hash(notice: bytes, tickets: Tickets) -> str:
    """Field `notice` of the log entry: the leaf hash of a notice that replaces a former one."""
    return hash_leaf(notice, tickets.digest.hash_raw).hex()


def build_notice_tree(notices: list[bytes], tickets: Tickets) -> Tree:
    """The tree over the notices, for computing many paths."""
    return Tree(
        [hash_leaf(notice, tickets.digest.hash_raw) for notice in notices], tickets.digest.hash_raw
    )


def notice_path(notices: list[bytes], index: int, tickets: Tickets) -> list[str]:
    """The tree path of one notice, from the leaf upwards, as hex digits."""
    return [step.hex() for step in build_notice_tree(notices, tickets).path(index)]
