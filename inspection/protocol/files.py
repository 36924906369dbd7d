"""The files that a plan freezes: both pools, the rows left out of them, strata, rules, recusals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

from double_random.core.errors import BadFile
from double_random.core.translation import N_, _
from double_random.inspection.protocol import canonical_csv
from double_random.inspection.protocol.canonical_csv import CsvTable
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.plan import FILES, FrozenFile, Plan
from double_random.inspection.protocol.strata import ItemStrata, Strata
from double_random.inspection.protocol.text import is_hex, is_institution_id, is_short_id
from double_random.store.log.merkle import tree_head

FRAME = CsvTable("frame.csv", ("id", "stratum", "kind", "district", "name", "salt"))
POOL = CsvTable("pool.csv", ("id", "name"))
LEFT_OUT = CsvTable("left_out.csv", ("id", "reason", "name"))
# A closed list: it is published, so no reason mentions a complaint.
LEFT_OUT_REASONS = (N_("district not known"), N_("inspected within 12 months"))
# As closed; no reason mentions an illness.
INSPECTOR_REASONS = (
    N_("on leave"),
    N_("certificate expired"),
    N_("another unit"),
    N_("no kind of this draw"),
)
# Why a drawn institution is replaced.
REPLACE_REASONS = (
    N_("ceased"),
    N_("moved out of the area"),
    N_("under criminal investigation"),
    N_("force majeure"),
)
INSPECTORS = CsvTable("inspectors.csv", ("id", "lead", "kinds", "district", "name"))
INSPECTORS_LEFT_OUT = CsvTable("inspectors_left_out.csv", ("id", "reason", "name", "salt"))
RECUSALS = CsvTable("recusals.csv", ("target", "inspector", "salt"), key=2)
TABLES: Mapping[str, CsvTable] = {
    table.file: table
    for table in (FRAME, POOL, LEFT_OUT, INSPECTORS, INSPECTORS_LEFT_OUT, RECUSALS)
}


class FreezingPlan(Protocol):
    """A plan of either version, as far as it freezes files: their hashes, and the hash function."""

    @property
    def files(self) -> Mapping[str, FrozenFile]:
        """File → its hash, rows and tree head."""

    @property
    def digest(self) -> Digest:
        """H of the plan."""


class Target(NamedTuple):
    """A row of the frame (参与抽取名单): an institution that can be drawn."""

    id: str
    stratum: str
    kind: str
    district: str
    name: str
    salt: str


class Inspector(NamedTuple):
    """A row of inspectors.csv: an inspector who can be drawn for a team."""

    id: str
    lead: bool
    kinds: frozenset[str]
    district: str
    name: str


@dataclass(frozen=True)
class Files:
    """The files of a plan: checked against the plan's hashes and against each other."""

    strata: Strata
    rules: ItemStrata
    frame: tuple[Target, ...]
    inspectors: tuple[Inspector, ...]
    recusals: frozenset[tuple[str, str]]

    @classmethod
    def read(cls, plan: Plan, files: Mapping[str, bytes]) -> Files:
        """Read all eight files (name → bytes); BadFile names the file that does not match."""
        for name in FILES:
            if name not in files:
                raise BadFile(name, _("this file of the plan is missing"))
            check_frozen(plan, name, files[name])
        parsed = cls(
            Strata.read(files["strata.json"]),
            ItemStrata.read(files["rules.json"]),
            read_frame(files["frame.csv"]),
            read_inspectors(files["inspectors.csv"]),
            frozenset((row[0], row[1]) for row in RECUSALS.load(files["recusals.csv"])),
        )
        parsed._check_agreement(plan, files)
        return parsed

    def target(self, id: str) -> Target:
        """The frame's row with this id; KeyError if there is none."""
        return self._by_id[id]

    @cached_property
    def _by_id(self) -> dict[str, Target]:
        return {target.id: target for target in self.frame}

    def _check_agreement(self, plan: Plan, files: Mapping[str, bytes]) -> None:
        """Refuse files that contradict each other, and unknown ids."""
        rows = Counter(target.stratum for target in self.frame)
        known_strata = {stratum.stratum: stratum for stratum in self.strata.strata}
        for target in self.frame:
            if target.stratum not in known_strata:
                raise BadFile("frame.csv", _("{id}: unknown stratum").format(id=target.id))
            if target.kind not in plan.kinds or target.district not in plan.districts:
                raise BadFile("frame.csv", _("{id}: outside the scope").format(id=target.id))
        for stratum in self.strata.strata:
            if stratum.population != rows[stratum.stratum]:
                raise BadFile(
                    "strata.json",
                    _("{stratum}: the frame has another number of rows").format(
                        stratum=stratum.stratum
                    ),
                )
        ruled = {stratum.rule for stratum in self.rules.strata}
        for stratum in self.strata.strata:
            if stratum.rule not in ruled:
                raise BadFile(
                    "strata.json",
                    _("{stratum}: share, minimum or rounding is not that of the rule").format(
                        stratum=stratum.stratum
                    ),
                )
        if [id for id, strata in self.rules.items] != [item.id for item in plan.items]:
            raise BadFile("rules.json", _("these are not the items of the plan"))
        if POOL.load(files["pool.csv"]) != [(row.id, row.name) for row in self.frame]:
            raise BadFile("pool.csv", _("these are not the ids and names of the frame"))
        target_ids = {target.id for target in self.frame}
        inspector_ids = {inspector.id for inspector in self.inspectors}
        refuse_ids_in_pool("left_out.csv", LEFT_OUT.load(files["left_out.csv"]), target_ids)
        left_out_inspectors = INSPECTORS_LEFT_OUT.load(files["inspectors_left_out.csv"])
        refuse_ids_in_pool("inspectors_left_out.csv", left_out_inspectors, inspector_ids)
        for id, _reason, _name in LEFT_OUT.load(files["left_out.csv"]):
            if not is_institution_id(id):
                raise BadFile("left_out.csv", _("{id} is no institution's id").format(id=id))
        for id, _reason, _name, salt in left_out_inspectors:
            if not is_short_id(id) or not is_hex(salt, 32):
                raise BadFile("inspectors_left_out.csv", _("{id}: id or salt").format(id=id))
        for target_id, person, salt in RECUSALS.load(files["recusals.csv"]):
            if target_id not in target_ids or person not in inspector_ids or not is_hex(salt, 32):
                raise BadFile(
                    "recusals.csv",
                    _("{target}, {inspector}: unknown id, or no salt").format(
                        target=target_id, inspector=person
                    ),
                )


def check_frozen(plan: FreezingPlan, name: str, data: bytes) -> None:
    """BadFile if this is not the file that the plan froze, by hash, number of rows and tree head."""
    frozen, digest = plan.files[name], plan.digest
    if digest.hash_bytes(data) != frozen.sha256:
        raise BadFile(name, _("this is not the file that the plan names: its hash differs"))
    rows = canonical_csv.data_lines(data)
    if frozen.rows is not None and len(rows) != frozen.rows:
        raise BadFile(name, _("the plan names another number of rows"))
    if frozen.root is not None and tree_head(rows, digest.hash_raw).hex() != frozen.root:
        raise BadFile(name, _("the plan names another tree head"))


def read_frame(data: bytes) -> tuple[Target, ...]:
    """The rows of frame.csv, sorted by id; BadFile if the bytes are invalid."""
    targets = tuple(Target(*row) for row in FRAME.load(data))
    for target in targets:
        if not is_institution_id(target.id):
            raise BadFile("frame.csv", _("{id} is no institution's id").format(id=target.id))
        if not is_hex(target.salt, 32):
            raise BadFile("frame.csv", _("{id}: no salt of 32 hex digits").format(id=target.id))
    return targets


def read_inspectors(data: bytes) -> tuple[Inspector, ...]:
    """The rows of inspectors.csv, sorted by id; BadFile if the bytes are invalid."""
    inspectors = []
    for id, lead, kinds, district, name in INSPECTORS.load(data):
        codes = kinds.split(" ") if kinds else []
        if not is_short_id(id) or lead not in ("0", "1"):
            raise BadFile("inspectors.csv", _("{id}: id, or lead is not 0 or 1").format(id=id))
        if "" in codes or len(set(codes)) != len(codes):
            raise BadFile("inspectors.csv", _("{id}: kinds joined by one blank").format(id=id))
        inspectors.append(Inspector(id, lead == "1", frozenset(codes), district, name))
    return tuple(inspectors)


def refuse_ids_in_pool(file: str, rows: Sequence[tuple[str, ...]], pool_ids: set[str]) -> None:
    """BadFile if an id stands both in a list and in its left-out list."""
    for row in rows:
        if row[0] in pool_ids:
            raise BadFile(file, _("{id} stands in the pool too").format(id=row[0]))
