"""The nine files that a plan of version 2 freezes, checked against the plan and against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.protocol.files import (
    FRAME,
    INSPECTORS_LEFT_OUT,
    LEFT_OUT,
    POOL,
    RECUSALS,
    Inspector,
    Target,
    check_frozen,
    read_inspectors,
    refuse_ids_in_pool,
)
from double_random.inspection.protocol.strata import Strata
from double_random.inspection.protocol.text import is_hex, is_short_id
from double_random.inspection.protocol.v2.plan import FILES, Plan
from double_random.inspection.protocol.v2.public_sources import (
    PublicSource,
    read_public_sources,
)
from double_random.inspection.protocol.v2.rules import Rules
from double_random.inspection.protocol.v2.target_ids import is_target_id

# What recomputing the targets takes; with public strata all of it is public.
TARGET_FILES = (
    "rules.json",
    "sources.json",
    "strata.json",
    "frame.csv",
    "pool.csv",
    "left_out.csv",
)


@dataclass(frozen=True, kw_only=True)
class TargetFiles:
    """The files that decide which targets are drawn."""

    sources: tuple[PublicSource, ...]
    rules: Rules
    strata: Strata
    frame: tuple[Target, ...]

    @classmethod
    def read(cls, plan: Plan, files: Mapping[str, bytes]) -> TargetFiles:
        """Read the files of TARGET_FILES (name → bytes); BadFile names the file that does not match."""
        check_all_frozen(plan, files, TARGET_FILES)
        parsed = cls(
            sources=read_public_sources(files["sources.json"]),
            rules=Rules.read(files["rules.json"]),
            strata=Strata.read(files["strata.json"]),
            frame=read_frame(files["frame.csv"]),
        )
        parsed.check_frame(plan)
        parsed.check_strata()
        check_rules(plan, parsed.rules)
        if POOL.load(files["pool.csv"]) != [(row.id, row.name) for row in parsed.frame]:
            raise BadFile("pool.csv", _("these are not the ids and names of the frame"))
        check_left_out(files["left_out.csv"], parsed.rules, {row.id for row in parsed.frame})
        return parsed

    def target(self, id: str) -> Target:
        """The frame's row with this id; KeyError if there is none."""
        return self._by_id[id]

    @cached_property
    def _by_id(self) -> dict[str, Target]:
        return {target.id: target for target in self.frame}

    def check_frame(self, plan: Plan) -> None:
        """BadFile if a row lies outside the scope or in another stratum than its columns say."""
        known = {stratum.stratum for stratum in self.strata.strata}
        for target in self.frame:
            if target.stratum not in known:
                raise BadFile("frame.csv", _("{id}: unknown stratum").format(id=target.id))
            outside = plan.kinds and target.kind not in plan.kinds
            if outside or (plan.districts and target.district not in plan.districts):
                raise BadFile("frame.csv", _("{id}: outside the scope").format(id=target.id))
            bound = plan.find_stratum(target.kind, target.district)
            if bound is not None and target.stratum != bound:
                raise BadFile(
                    "frame.csv",
                    _("{id}: the plan binds it to the stratum {stratum}").format(
                        id=target.id, stratum=bound
                    ),
                )

    def check_strata(self) -> None:
        """BadFile if strata.json has other populations than the frame, or other shares than the rules."""
        rows = Counter(target.stratum for target in self.frame)
        for stratum in self.strata.strata:
            name = stratum.stratum
            if not stratum.population or stratum.population != rows[name]:
                raise BadFile(
                    "strata.json",
                    _("{stratum}: the frame has another number of rows").format(stratum=name),
                )
            if not self.rules.agree_on(stratum):
                raise BadFile(
                    "strata.json",
                    _("{stratum}: share, minimum or rounding is not that of the rule").format(
                        stratum=name
                    ),
                )


@dataclass(frozen=True, kw_only=True)
class Files(TargetFiles):
    """All nine files: those of the targets, and the people with their recusals."""

    inspectors: tuple[Inspector, ...]
    recusals: frozenset[tuple[str, str]]

    @classmethod
    def read(cls, plan: Plan, files: Mapping[str, bytes]) -> Files:
        """Read all nine files (name → bytes); BadFile names the file that does not match."""
        check_all_frozen(plan, files, FILES)
        targets = TargetFiles.read(plan, files)
        inspectors = read_inspectors(files["inspectors.csv"])
        people = {inspector.id for inspector in inspectors}
        check_inspectors_left_out(files["inspectors_left_out.csv"], targets.rules, people)
        ids = {target.id for target in targets.frame}
        recusals = RECUSALS.load(files["recusals.csv"])
        for target, person, salt in recusals:
            if target not in ids or person not in people or not is_hex(salt, 32):
                raise BadFile(
                    "recusals.csv",
                    _("{target}, {inspector}: unknown id, or no salt").format(
                        target=target, inspector=person
                    ),
                )
        return cls(
            sources=targets.sources,
            rules=targets.rules,
            strata=targets.strata,
            frame=targets.frame,
            inspectors=inspectors,
            recusals=frozenset((target, person) for target, person, _salt in recusals),
        )


def check_all_frozen(
    plan: Plan, files: Mapping[str, bytes], names: Sequence[str] | Mapping[str, object]
) -> None:
    """BadFile names the first of these files that is missing or is not the one that the plan froze."""
    for name in names:
        if name not in files:
            raise BadFile(name, _("this file of the plan is missing"))
        check_frozen(plan, name, files[name])


def check_rules(plan: Plan, rules: Rules) -> None:
    """BadFile unless the rules have the plan's items, in its order."""
    if [id for id, _strata in rules.items] != [item.id for item in plan.items]:
        raise BadFile("rules.json", _("these are not the items of the plan"))


def check_left_out(data: bytes, rules: Rules, pool: set[str]) -> list[tuple[str, ...]]:
    """The rows of left_out.csv; BadFile for a bad id, a reason outside the rules, or a row of the pool."""
    rows = LEFT_OUT.load(data)
    refuse_ids_in_pool(LEFT_OUT.file, rows, pool)
    for id, reason, _name in rows:
        if not is_target_id(id):
            raise BadFile(LEFT_OUT.file, _("{id} is no target's id").format(id=id))
        _refuse_other_reason(LEFT_OUT.file, id, reason, rules.left_out)
    return rows


def check_inspectors_left_out(data: bytes, rules: Rules, pool: set[str]) -> None:
    """BadFile for a bad id or salt, a reason outside the rules, or a person of the pool."""
    file = INSPECTORS_LEFT_OUT.file
    rows = INSPECTORS_LEFT_OUT.load(data)
    refuse_ids_in_pool(file, rows, pool)
    for id, reason, _name, salt in rows:
        if not is_short_id(id) or not is_hex(salt, 32):
            raise BadFile(file, _("{id}: id or salt").format(id=id))
        _refuse_other_reason(file, id, reason, rules.inspectors_left_out)


def read_frame(data: bytes) -> tuple[Target, ...]:
    """The rows of frame.csv, sorted by id; BadFile if the bytes are invalid."""
    targets = tuple(Target(*row) for row in FRAME.load(data))
    for target in targets:
        if not is_target_id(target.id):
            raise BadFile("frame.csv", _("{id} is no target's id").format(id=target.id))
        if not is_hex(target.salt, 32):
            raise BadFile("frame.csv", _("{id}: no salt of 32 hex digits").format(id=target.id))
    return targets


def _refuse_other_reason(file: str, id: str, reason: str, allowed: Sequence[str]) -> None:
    if reason not in allowed:
        raise BadFile(
            file,
            _("{id}: {reason} is no reason of rules.json").format(id=id, reason=reason),
        )
