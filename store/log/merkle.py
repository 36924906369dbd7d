"""Merkle trees as in RFC 6962: head, inclusion and consistency proofs, and their checks. Pure.

The hash is a parameter, bytes → 32 bytes. Leaves are prefixed with 0x00 and nodes with 0x01, so that
no node can be passed off as a leaf (RFC 6962, 2.1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

Hash = Callable[[bytes], bytes]


def sha256(data: bytes) -> bytes:
    """SHA-256 as 32 bytes: the hash of the log."""
    return hashlib.sha256(data).digest()


def hash_leaf(data: bytes, hash: Hash = sha256) -> bytes:
    """The leaf hash of one entry."""
    return hash(b"\x00" + data)


def tree_head(entries: Sequence[bytes], hash: Hash = sha256) -> bytes:
    """The tree head over entries in their order; that of no entries is the hash of nothing."""
    return head_of_leaves([hash_leaf(entry, hash) for entry in entries], hash)


def head_of_leaves(leaves: Sequence[bytes], hash: Hash = sha256) -> bytes:
    """The tree head over leaf hashes, level by level: a last odd node goes up as it is."""
    if not leaves:
        return hash(b"")
    level = list(leaves)
    while len(level) > 1:
        pairs = [hash(b"\x01" + level[at] + level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


class Tree:
    """A tree that keeps its levels, for the paths of many leaves: each costs its length, not the whole tree again."""

    def __init__(self, leaves: Sequence[bytes], hash: Hash = sha256) -> None:
        self.levels = [list(leaves)]
        while len(level := self.levels[-1]) > 1:
            pairs = [hash(b"\x01" + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
            self.levels.append(pairs + level[len(pairs) * 2 :])

    def path(self, index: int) -> list[bytes]:
        """The path that shows a leaf to be in the tree (RFC 6962, 2.1.1), from the leaf upwards."""
        leaves = self.levels[0]
        if not 0 <= index < len(leaves):
            raise IndexError(f"leaf {index} of {len(leaves)}")
        siblings = [(level, (index >> depth) ^ 1) for depth, level in enumerate(self.levels[:-1])]
        return [level[beside] for level, beside in siblings if beside < len(level)]


def inclusion_path(leaves: Sequence[bytes], index: int, hash: Hash = sha256) -> list[bytes]:
    """The path that shows a leaf to be in the tree (RFC 6962, 2.1.1), from the leaf upwards."""
    return Tree(leaves, hash).path(index)


def verify_inclusion(
    root: bytes, size: int, index: int, entry: bytes, path: Sequence[bytes], hash: Hash = sha256
) -> bool:
    """Whether this path proves that the leaf hash `entry` is at `index` of a tree of `size` leaves with this head.

    RFC 9162, 2.1.3.2 (the check that RFC 6962 leaves to the reader).
    """
    if not 0 <= index < size:
        return False
    at, last, node = index, size - 1, entry
    for beside in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = hash(b"\x01" + beside + node)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            node = hash(b"\x01" + node + beside)
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


def consistency_path(leaves: Sequence[bytes], earlier: int, hash: Hash = sha256) -> list[bytes]:
    """The proof that a tree's first `earlier` leaves are unchanged (RFC 6962, 2.1.2)."""
    if not 0 < earlier <= len(leaves):
        raise IndexError(f"{earlier} of {len(leaves)} leaves")
    return _consistency_subproof(list(leaves), earlier, True, hash)


def _consistency_subproof(
    leaves: list[bytes], earlier: int, is_whole_tree: bool, hash: Hash
) -> list[bytes]:
    size = len(leaves)
    if earlier == size:
        return [] if is_whole_tree else [head_of_leaves(leaves, hash)]
    split = 1 << (size - 1).bit_length() - 1
    if earlier <= split:
        beside = head_of_leaves(leaves[split:], hash)
        return [*_consistency_subproof(leaves[:split], earlier, is_whole_tree, hash), beside]
    beside = head_of_leaves(leaves[:split], hash)
    return [*_consistency_subproof(leaves[split:], earlier - split, False, hash), beside]


def verify_consistency(
    earlier_root: bytes,
    earlier: int,
    root: bytes,
    size: int,
    proof: Sequence[bytes],
    hash: Hash = sha256,
) -> bool:
    """Whether this proof shows that the tree of `size` leaves only appends to that of `earlier`.

    RFC 9162, 2.1.4.2. A proof from an empty tree shows nothing, so 0 < earlier <= size.
    """
    if not 0 < earlier <= size:
        return False
    if earlier == size:
        return not proof and earlier_root == root
    path = list(proof)
    if earlier & (earlier - 1) == 0:
        path.insert(0, earlier_root)
    if not path:
        return False
    at, last = earlier - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = hash(b"\x01" + beside + old), hash(b"\x01" + beside + new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = hash(b"\x01" + new + beside)
        at, last = at >> 1, last >> 1
    return last == 0 and old == earlier_root and new == root
