"""A drand chain, described in the plan: its hash binds period and genesis, so a round's time cannot be invented."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from double_random.core.translation import _
from double_random.inspection.protocol.fields import StrictObject
from double_random.inspection.protocol.text import is_hex

CHAINED = "pedersen-bls-chained"
_FIELDS = ("period", "genesis", "public_key", "group_hash", "beacon", "scheme")
_BYTES = re.compile(r"([0-9a-f]{2})+", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class DrandChain:
    """A drand chain's public information, as its operators publish it."""

    period: int
    genesis: int
    public_key: str
    group_hash: str
    beacon: str
    scheme: str

    @classmethod
    def read(cls, parent: StrictObject, name: str) -> DrandChain:
        """The chain in one field of a source; BadFile names the part that is wrong."""
        fields = parent.object(name, _FIELDS)
        if fields.number("period", 1) >= 2**32:
            raise fields.refuse("period", _("a whole number below 2^32 was expected"))
        for part in ("public_key", "group_hash"):
            if not _BYTES.fullmatch(fields.text(part)):
                raise fields.refuse(part, _("lower-case hex digits of whole bytes were expected"))
        return cls(
            period=fields.number("period", 1),
            genesis=fields.number("genesis"),
            public_key=fields.text("public_key"),
            group_hash=fields.text("group_hash"),
            beacon=fields.text("beacon"),
            scheme=fields.text("scheme"),
        )

    @property
    def hash(self) -> str:
        """The chain hash: SHA-256 over period, genesis, key, group hash and the beacon's name unless `default`."""
        return hashlib.sha256(
            self.period.to_bytes(4, "big")
            + self.genesis.to_bytes(8, "big")
            + bytes.fromhex(self.public_key)
            + bytes.fromhex(self.group_hash)
            + (b"" if self.beacon == "default" else self.beacon.encode())
        ).hexdigest()

    def round_seconds(self, number: int) -> int:
        """When round `number` (from 1) is made, in seconds since 1970 (UTC)."""
        return self.genesis + self.period * (number - 1)

    def is_proof(self, value: str, proof: str) -> bool:
        """Is this the signature whose SHA-256 is the value, in the proof's form? The signature is not verified."""
        parts = proof.split(":")
        if len(parts) != (2 if self.scheme == CHAINED else 1):
            return False
        if not all(_BYTES.fullmatch(part) for part in parts) or not is_hex(value, 64):
            return False
        return hashlib.sha256(bytes.fromhex(parts[0])).hexdigest() == value
