"""plan.json of version 2: it also seals the sources, where strata come from, and the head of the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol import plan as first_version
from double_random.inspection.protocol.digest import NAMES, Digest
from double_random.inspection.protocol.fields import StrictObject
from double_random.inspection.protocol.plan import (
    NAME,
    FrozenFile,
    PlanItem,
    TeamRule,
    read_plan_items,
    short_form,
)
from double_random.inspection.protocol.v2 import PROTOCOL, find_protocol

# file → field of the plan with its hash, and whether the plan also has its number of rows
FILES: Mapping[str, tuple[str, bool]] = {
    "sources.json": ("sources", False),
    **first_version.FILES,
}
INTERNAL = "internal"
STRATA_BY = (INTERNAL, "all", "kind", "district", "kind/district")
_FIELDS = (
    *("protocol", "hash", "draw", "title", "number", "authority", "items", "scope", "as_of"),
    *("release", "log", *(field for field, _rows in FILES.values()), "strata_by", "team"),
    *("not_before", "publish_by", "secret", "inner", "replaces"),
)


@dataclass(frozen=True)
class LogHead:
    """The head of the log when the plan was frozen: the plan's code binds everything that the log held."""

    origin: str
    size: int
    root: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A plan, valid by construction, with the exact bytes that its commitment hashes.

    `release` is "" for lists that come from no register; `log` is None for a draw without a log; an empty
    list of districts or kinds sets no bound.
    """

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
    log: LogHead | None
    files: Mapping[str, FrozenFile]
    strata_by: str
    team: TeamRule
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
            release=fields.hex("release") if fields.text("release", empty=True) else "",
            log=_read_log_head(fields),
            files={file: _read_frozen(fields, file) for file in FILES},
            strata_by=fields.one_of("strata_by", STRATA_BY),
            team=_read_team(fields),
            not_before=fields.time("not_before"),
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

    @property
    def has_public_strata(self) -> bool:
        """Do strata come from public columns, so that everybody can draw the targets again?"""
        return self.strata_by != INTERNAL

    def find_stratum(self, kind: str, district: str) -> str | None:
        """The stratum that a row of this kind and district must have; None if strata are internal."""
        return {
            "all": "all",
            "kind": kind,
            "district": district,
            "kind/district": f"{kind}/{district}",
        }.get(self.strata_by)


def freeze_files(files: Mapping[str, bytes], digest: Digest) -> dict[str, Any]:
    """The fields of a plan that freeze its nine files (name → bytes)."""
    return first_version.freeze_files(files, digest, FILES)


def names_this_version(data: bytes) -> bool:
    """Does this plan.json name version 2?"""
    return find_protocol(data) == PROTOCOL


def _read_kinds(scope: StrictObject) -> tuple[str, ...]:
    kinds = scope.texts("kinds")
    if any(letter.isspace() for kind in kinds for letter in kind):
        raise scope.refuse("kinds", _("a kind's code holds no blank"))
    return kinds


def _read_log_head(fields: StrictObject) -> LogHead | None:
    if fields.is_null("log"):
        return None
    head = fields.object("log", ("origin", "size", "root"))
    return LogHead(head.text("origin"), head.number("size"), head.hex("root"))


def _read_frozen(fields: StrictObject, file: str) -> FrozenFile:
    name, has_rows = FILES[file]
    names = ("sha256", *(("rows",) if has_rows else ()), *(("root",) if name == "frame" else ()))
    part = fields.object(name, names)
    return FrozenFile(
        part.hex("sha256"),
        part.number("rows") if has_rows else None,
        part.hex("root") if name == "frame" else None,
    )


def _read_team(fields: StrictObject) -> TeamRule:
    team = fields.object("team", ("size", "leads", "groups", "match_kind", "other_district"))
    size, leads = team.number("size"), team.number("leads")
    if leads > size:
        raise team.refuse("leads", _("a team has not more leads than members"))
    groups = None if team.is_null("groups") else team.number("groups", least=1)
    if groups is not None and not size:
        raise team.refuse("groups", _("where nobody visits, there are no groups"))
    return TeamRule(size, leads, groups, team.flag("match_kind"), team.flag("other_district"))
