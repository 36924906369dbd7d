"""result.json: the result that a draw claims, read strictly field by field, not yet verified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from double_random.core.translation import _
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.draw import Draw
from double_random.inspection.protocol.fields import StrictObject, read_text_map, read_texts
from double_random.inspection.protocol.plan import PROTOCOL
from double_random.inspection.protocol.text import is_hex

NAME = "result.json"
FIELDS = (
    "protocol",
    "draw",
    "commitment",
    "entropy",
    "proofs",
    "secret",
    "seed",
    "cutoffs",
    "groups",
    "files",
)
HIDDEN = "cutoffs_hidden"  # true or absent: older results contain the plain cut-offs


@dataclass(frozen=True, kw_only=True)
class DrawResult:
    """A draw's result: its seed, its cut-offs and groups, and the hash of every file that it covers."""

    draw: str
    commitment: str
    entropy: str
    proofs: Mapping[str, str]
    secret: str
    seed: str
    cutoffs: tuple[str, ...]  # hashed with a salt if they are hidden
    groups: tuple[tuple[str, ...], ...] | None
    files: Mapping[str, str]
    cutoffs_hidden: bool = True

    @classmethod
    def from_draw(
        cls,
        draw: Draw,
        secret: str,
        inner: str,
        proofs: Mapping[str, str],
        files: Mapping[str, bytes],
    ) -> DrawResult:
        """The result of a draw; `files`: all files that it covers, by name."""
        plan = draw.selection.plan
        return cls(
            draw=plan.draw,
            commitment=plan.commitment,
            entropy=draw.selection.entropy,
            proofs=proofs,
            secret=secret,
            seed=draw.selection.seed,
            cutoffs=draw.selection.hidden_cutoffs(inner),
            groups=draw.groups,
            files={name: plan.digest.hash_bytes(content) for name, content in files.items()},
        )

    @classmethod
    def read(cls, data: bytes) -> DrawResult:
        """The result of canonical bytes; BadFile names the invalid field."""
        value = canonical_json.load_canonical(data, NAME)
        hidden = type(value) is dict and HIDDEN in value
        fields = StrictObject(NAME, value, (*FIELDS, HIDDEN) if hidden else FIELDS)
        fields.one_of("protocol", (PROTOCOL,))
        groups = None
        if not fields.is_null("groups"):
            groups = tuple(read_texts(fields, "groups", group) for group in fields.list("groups"))
        cutoffs = read_texts(fields, "cutoffs", fields.list("cutoffs"))
        if hidden and not fields.flag(HIDDEN):
            raise fields.refuse(HIDDEN, _("true was expected, or no such field"))
        if hidden and not all(is_hex(cutoff, 64) for cutoff in cutoffs):
            raise fields.refuse("cutoffs", _("hashes of 64 lower-case hex digits were expected"))
        return cls(
            draw=fields.id("draw"),
            commitment=fields.hex("commitment"),
            entropy=fields.text("entropy"),
            proofs=read_text_map(fields, "proofs", value["proofs"]),
            secret=fields.hex("secret"),
            seed=fields.hex("seed"),
            cutoffs=cutoffs,
            groups=groups,
            files=read_text_map(fields, "files", value["files"]),
            cutoffs_hidden=hidden,
        )

    def dump(self) -> bytes:
        """The canonical bytes."""
        return canonical_json.dump_canonical(
            {
                "protocol": PROTOCOL,
                "draw": self.draw,
                "commitment": self.commitment,
                "entropy": self.entropy,
                "proofs": dict(self.proofs),
                "secret": self.secret,
                "seed": self.seed,
                "cutoffs": list(self.cutoffs),
                "groups": None if self.groups is None else [list(group) for group in self.groups],
                "files": dict(self.files),
                **({HIDDEN: True} if self.cutoffs_hidden else {}),
            }
        )
