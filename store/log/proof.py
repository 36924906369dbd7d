"""Inclusion and consistency proofs of the log: an entry is in it, an earlier head is a prefix of it.

A proof is a small JSON file; it can be checked with the log's key alone (RFC 6962).
"""

from __future__ import annotations

import json
from typing import Any

from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import _
from double_random.store.log import merkle
from double_random.store.log.checkpoint import BadNote, PublicKey, SignedNote
from double_random.store.log.signed_log import Log

INCLUSION, CONSISTENCY = "double-random/inclusion-1", "double-random/consistency-1"


def prove_inclusion(log: Log, index: int) -> dict[str, Any]:
    """The proof that an entry is at its index under the newest head. Misuse if there is no such index."""
    checkpoint, lines = log.signed_lines()
    if not 0 <= index < len(lines):
        raise Misuse(
            _("the log has no entry {number}").format(number=index),
            _("its {count} entries are numbered from 0").format(count=len(lines)),
        )
    leaves = [merkle.hash_leaf(line) for line in lines]
    return {
        "format": INCLUSION,
        "entry": lines[index].decode("utf-8"),
        "index": index,
        "path": [step.hex() for step in merkle.inclusion_path(leaves, index)],
        "checkpoint": checkpoint.decode("utf-8"),
    }


def prove_consistency(log: Log, earlier: bytes) -> dict[str, Any]:
    """The proof that the newest head only adds to an earlier one. BadLog if it does not."""
    checkpoint, lines = log.signed_lines()
    size = log.check(lines, earlier).head.size
    if size == 0:
        raise Misuse(_("an empty log proves nothing"), _("take a later checkpoint"))
    leaves = [merkle.hash_leaf(line) for line in lines]
    return {
        "format": CONSISTENCY,
        "earlier": earlier.decode("utf-8"),
        "path": [step.hex() for step in merkle.consistency_path(leaves, size)],
        "checkpoint": checkpoint.decode("utf-8"),
    }


def check_proof(content: bytes, file: str, key: PublicKey, held: bytes | None = None) -> str:
    """What a proof shows, in words; BadFile if it proves nothing.

    `key`: the log's key, from outside. `held`: for a proof of consistency the earlier head that the reader has kept.
    """
    try:
        proof = json.loads(content)
        path = [bytes.fromhex(step) for step in proof["path"]]
        note = SignedNote.parse(proof["checkpoint"].encode())
        signed = note.is_signed_by(key)
        if proof["format"] == INCLUSION:
            entry = proof["entry"].encode()
            head, index = note.head, proof["index"]
            holds = merkle.verify_inclusion(
                head.root, head.size, index, merkle.hash_leaf(entry), path
            )
            statement = _("entry {number} of {size} stands in the log: {entry}").format(
                number=index, size=head.size, entry=proof["entry"]
            )
        elif proof["format"] == CONSISTENCY:
            former = SignedNote.parse(proof["earlier"].encode() if held is None else held).head
            head = note.head
            holds = merkle.verify_consistency(former.root, former.size, head.root, head.size, path)
            holds = holds and former.origin == head.origin
            statement = _("the log of {size} entries only adds to that of {earlier}").format(
                size=head.size, earlier=former.size
            )
        else:
            raise ValueError(proof["format"])
    except (ValueError, KeyError, TypeError, AttributeError, BadNote):
        raise BadFile(file, _("this is no proof of a log")) from None
    if not signed:
        raise BadFile(file, _("the key that was given did not sign its checkpoint"))
    if not holds:
        raise BadFile(file, _("the path does not lead to the signed head"))
    return statement
