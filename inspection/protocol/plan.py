"""plan.json: what a bureau commits to before the randomness exists. The fields and their spelling are fixed."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import _
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.canonical_csv import data_lines
from double_random.inspection.protocol.digest import NAMES, Digest
from double_random.inspection.protocol.fields import StrictObject
from double_random.inspection.protocol.sources import Source, read_sources
from double_random.inspection.protocol.text import is_clean
from double_random.store.log.merkle import tree_head

PROTOCOL = "double-random/1"
NAME = "plan.json"
# file → field of the plan with its hash, and whether the plan also has its number of rows
FILES: Mapping[str, tuple[str, bool]] = {
    "rules.json": ("rules", False),
    "strata.json": ("strata", False),
    "frame.csv": ("frame", True),
    "pool.csv": ("pool", True),
    "left_out.csv": ("left_out", True),
    "inspectors.csv": ("inspectors", True),
    "inspectors_left_out.csv": ("inspectors_left_out", True),
    "recusals.csv": ("recusals", True),
}
_FIELDS = (
    "protocol",
    "hash",
    "draw",
    "title",
    "authority",
    "number",
    "items",
    "scope",
    "as_of",
    "release",
    "rules",
    "strata",
    "frame",
    "pool",
    "left_out",
    "inspectors",
    "inspectors_left_out",
    "recusals",
    "team",
    "entropy",
    "publish_by",
    "secret",
    "inner",
    "replaces",
)
# 32 characters that are easy to tell apart on paper: no 0, O, 1, I.
_PAPER = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class PlanItem:
    """抽查事项: an inspection item, with its legal basis."""

    id: str
    title: str
    basis: str


@dataclass(frozen=True)
class TeamRule:
    """How teams are formed: `size` inspectors, at least `leads` leads; in `groups` fixed groups, or freely."""

    size: int
    leads: int
    groups: int | None
    match_kind: bool
    other_district: bool


@dataclass(frozen=True)
class FrozenFile:
    """The plan's record of a file: its hash, for CSV its number of rows, for the frame also its tree head."""

    sha256: str
    rows: int | None = None
    root: str | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A plan, valid by construction, with the exact bytes that its commitment hashes."""

    data: bytes
    hash: str
    draw: str
    title: str
    authority_name: str
    authority_code: str
    number: str
    items: tuple[PlanItem, ...]
    districts: tuple[str, ...]
    kinds: tuple[str, ...]
    as_of: str
    release: str
    files: Mapping[str, FrozenFile]
    team: TeamRule
    sources: tuple[Source, ...]
    not_before: str
    publish_by: str
    secret: str
    inner: str
    replaces: tuple[str, str] | None

    @classmethod
    def read(cls, data: bytes) -> Plan:
        """The plan of canonical bytes; BadFile names the invalid field."""
        fields = StrictObject(NAME, canonical_json.load_canonical(data, NAME), _FIELDS)
        fields.one_of("protocol", (PROTOCOL,))
        authority = fields.object("authority", ("name", "code"))
        scope = fields.object("scope", ("districts", "kinds"))
        randomness = fields.object("entropy", ("sources", "not_before"))
        replaces = None
        if not fields.is_null("replaces"):
            former = fields.object("replaces", ("draw", "reason"))
            replaces = former.id("draw"), former.text("reason")
        return cls(
            data=data,
            hash=fields.one_of("hash", NAMES),
            draw=fields.id("draw"),
            title=fields.text("title"),
            authority_name=authority.text("name"),
            authority_code=authority.text("code", empty=True),
            number=fields.text("number", empty=True),
            items=read_plan_items(fields),
            districts=scope.texts("districts"),
            kinds=_read_kinds(scope),
            as_of=fields.day("as_of"),
            release=fields.hex("release"),
            files={file: _read_frozen(fields, file) for file in FILES},
            team=_read_team(fields),
            sources=_read_plan_sources(randomness),
            not_before=randomness.time("not_before"),
            publish_by=fields.day("publish_by"),
            secret=fields.hex("secret"),
            inner=fields.hex("inner"),
            replaces=replaces,
        )

    @classmethod
    def make(cls, fields: Mapping[str, Any]) -> Plan:
        """The plan with these fields of plan.json; the protocol's name is added here."""
        try:
            return cls.read(canonical_json.dump_canonical({"protocol": PROTOCOL, **fields}))
        except ValueError as error:
            raise BadFile(NAME, str(error)) from error

    @property
    def digest(self) -> Digest:
        """H, the hash that this plan names."""
        return Digest(self.hash)

    @property
    def commitment(self) -> str:
        """H(plan.json), 64 hex digits."""
        return self.digest.hash_bytes(self.data)

    @property
    def code(self) -> str:
        """方案校验码: the commitment's short form for paper."""
        return short_form(self.commitment)


def short_form(commitment: str) -> str:
    """The first 160 bits in base 32 without 0, O, 1, I, in 8 groups of 4: the code that a witness writes down."""
    number = int(commitment[:40], 16)
    letters = "".join(_PAPER[number >> shift & 31] for shift in range(155, -1, -5))
    return "-".join(letters[start : start + 4] for start in range(0, 32, 4))


def is_short_form_of(code: str, commitment: str) -> bool:
    """Does a handwritten code (any case, width, blanks, dashes) match this commitment?

    Raises Misuse if the text cannot be such a code.
    """
    wide = unicodedata.normalize("NFKC", code).upper()
    letters = "".join(letter for letter in wide if not letter.isspace() and letter not in "-‐–—_.")
    if len(letters) != 32 or not set(letters) <= set(_PAPER):
        raise Misuse(
            _("{code} is no plan code.").format(code=code),
            _("It has 8 groups of 4 from the letters {letters}.").format(letters=_PAPER),
        )
    return letters == short_form(commitment).replace("-", "")


def freeze_files(
    files: Mapping[str, bytes], digest: Digest, table: Mapping[str, tuple[str, bool]] = FILES
) -> dict[str, Any]:
    """The fields of a plan that freeze its files (name → bytes); `table`: those of its version."""
    fields: dict[str, Any] = {}
    for file, (name, has_rows) in table.items():
        fields[name] = {"sha256": digest.hash_bytes(files[file])}
        if has_rows:
            fields[name]["rows"] = len(data_lines(files[file]))
    leaves = data_lines(files["frame.csv"])
    fields["frame"]["root"] = tree_head(leaves, digest.hash_raw).hex()
    return fields


def read_plan_items(fields: StrictObject) -> tuple[PlanItem, ...]:
    """The items of a plan, at least one; BadFile if an id stands twice."""
    items = tuple(
        PlanItem(item.text("id"), item.text("title"), item.text("basis"))
        for item in fields.objects("items", ("id", "title", "basis"))
    )
    if not items or len({item.id for item in items}) != len(items):
        raise fields.refuse("items", _("at least one item was expected, each once"))
    return items


def _read_kinds(scope: StrictObject) -> tuple[str, ...]:
    kinds = scope.texts("kinds")
    if any(" " in kind for kind in kinds):
        raise scope.refuse("kinds", _("a kind's code holds no blank"))
    return kinds


def _read_frozen(fields: StrictObject, file: str) -> FrozenFile:
    name, has_rows = FILES[file]
    if file == "frame.csv":
        part = fields.object(name, ("sha256", "rows", "root"))
        return FrozenFile(part.hex("sha256"), part.number("rows"), part.hex("root"))
    part = fields.object(name, ("sha256", "rows") if has_rows else ("sha256",))
    return FrozenFile(part.hex("sha256"), part.number("rows") if has_rows else None)


def _read_team(fields: StrictObject) -> TeamRule:
    team = fields.object("team", ("size", "leads", "groups", "match_kind", "other_district"))
    size, leads = team.number("size", least=1), team.number("leads")
    if leads > size:
        raise team.refuse("leads", _("a team has not more leads than members"))
    groups = None if team.is_null("groups") else team.number("groups", least=1)
    return TeamRule(size, leads, groups, team.flag("match_kind"), team.flag("other_district"))


def _read_plan_sources(randomness: StrictObject) -> tuple[Source, ...]:
    texts = randomness.texts("sources")
    if not all(is_clean(text) for text in texts):
        raise randomness.refuse("sources", _("text was expected"))
    try:
        return read_sources(texts)
    except Misuse as error:
        raise randomness.refuse("sources", error.message) from error
