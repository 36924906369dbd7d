"""Proofs of single rows: a firm checks offline that it stands in a register, in the frame, or what its notice says.

A register's root is the tree head (SHA-256) over one canonical leaf a row, sorted by id. The salt of a row stays with
the bureau and its subject, so that a root tells nobody who is in the register.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.fields import StrictObject
from double_random.inspection.protocol.text import is_hex
from double_random.inspection.protocol.v2 import REGISTERS
from double_random.store.log.merkle import hash_leaf, inclusion_path, tree_head, verify_inclusion

FILE = "proof.json"
TREES = ("frame", "notices", *REGISTERS)
Hash = Callable[[bytes], bytes]


@dataclass(frozen=True)
class RegisterRoot:
    """The root of a register as a log entry has it: its number of rows and its tree head."""

    rows: int
    root: str


@dataclass(frozen=True, kw_only=True)
class RowProof:
    """A leaf of a tree with its path: `leaf` is the CSV line of the frame, else canonical JSON, as text."""

    tree: str
    leaf: str
    index: int
    size: int
    path: tuple[str, ...]

    @classmethod
    def read(cls, data: bytes) -> RowProof:
        """The proof of canonical bytes; BadFile names the field that breaks a rule."""
        names = ("tree", "leaf", "index", "size", "path")
        fields = StrictObject(FILE, canonical_json.load_canonical(data, FILE), names)
        path = tuple(fields.list("path"))
        if not all(type(step) is str and is_hex(step, 64) for step in path):
            raise fields.refuse("path", _("hashes of 64 lower-case hex digits were expected"))
        return cls(
            tree=fields.one_of("tree", TREES),
            leaf=fields.text("leaf"),
            index=fields.number("index"),
            size=fields.number("size", 1),
            path=path,
        )

    def dump(self) -> bytes:
        """The canonical bytes."""
        return canonical_json.dump_canonical(
            {
                "tree": self.tree,
                "leaf": self.leaf,
                "index": self.index,
                "size": self.size,
                "path": list(self.path),
            }
        )

    def is_under(self, root: RegisterRoot, hash: Hash) -> bool:
        """Does the path lead from the leaf to this root of as many rows? (RFC 9162, 2.1.3.2)

        `hash`: that of the plan for the frame and notices; SHA-256 for a register.
        """
        if self.size != root.rows or self.index >= self.size:
            return False
        return verify_inclusion(
            bytes.fromhex(root.root),
            self.size,
            self.index,
            hash_leaf(self.leaf.encode(), hash),
            [bytes.fromhex(step) for step in self.path],
            hash,
        )


def hash_register(data: bytes) -> bytes:
    """The hash of registers: always SHA-256."""
    return hashlib.sha256(data).digest()


def build_register_leaves(rows: Mapping[str, Mapping[str, str]]) -> list[bytes]:
    """The canonical leaves of a register, sorted by id; `rows`: id → its columns as texts, the salt among them.

    BadFile if a row has no salt of 32 hex digits or a column that is not text.
    """
    leaves = []
    for id in sorted(rows):
        row = rows[id]
        if not is_hex(row.get("salt", ""), 32):
            raise BadFile("registers", _("{id}: no salt of 32 hex digits").format(id=id))
        leaves.append(canonical_json.dump_canonical({**row, "id": id}))
    return leaves


def compute_register_root(leaves: Sequence[bytes]) -> RegisterRoot:
    """The root over the leaves of a register."""
    return RegisterRoot(len(leaves), tree_head(leaves, hash_register).hex())


def prove_row(tree: str, leaves: Sequence[bytes], index: int, hash: Hash) -> RowProof:
    """The proof of one leaf; `leaves` in the order of their tree."""
    hashes = [hash_leaf(leaf, hash) for leaf in leaves]
    return RowProof(
        tree=tree,
        leaf=leaves[index].decode(),
        index=index,
        size=len(leaves),
        path=tuple(step.hex() for step in inclusion_path(hashes, index, hash)),
    )
