"""Verifies a bundle of the second protocol with its log, from the log's head down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

from double_random.core.china_time import localize_times
from double_random.core.clock import utc_now
from double_random.core.errors import BadFile, DoubleRandomError, Misuse
from double_random.core.translation import _, join_clauses
from double_random.inspection.draw.change_records import FILE as RECORDS
from double_random.inspection.draw.change_records import ChangeRecord
from double_random.inspection.draw.draw_state import share_scope
from double_random.inspection.protocol import notices
from double_random.inspection.protocol import v2 as second
from double_random.inspection.protocol.digest import NAMES as HASHES
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.files import POOL, Inspector, check_frozen, read_inspectors
from double_random.inspection.protocol.plan import NAME as PLAN
from double_random.inspection.protocol.plan import is_short_form_of
from double_random.inspection.protocol.succession import (
    SUBSTITUTE_REASONS,
    fill_team,
    next_reserve,
)
from double_random.inspection.protocol.text import epoch_seconds
from double_random.inspection.protocol.tickets import Tickets
from double_random.inspection.protocol.v2.draw import Draw, Selection
from double_random.inspection.protocol.v2.files import (
    Files,
    TargetFiles,
    check_left_out,
    check_rules,
)
from double_random.inspection.protocol.v2.plan import FILES, Plan
from double_random.inspection.protocol.v2.public_sources import (
    LEAST_BITS,
    PublicSource,
    check_known_times,
    parse_entropy,
    read_public_sources,
)
from double_random.inspection.protocol.v2.result import FILE as RESULT
from double_random.inspection.protocol.v2.result import ResultFile
from double_random.inspection.protocol.v2.rules import Rules
from double_random.inspection.verification import bare_bundle
from double_random.inspection.verification.bundle_reader import demand_published_copy
from double_random.inspection.verification.log_entries import check_plan_entry
from double_random.inspection.verification.second_log import (
    HEAD,
    LOG,
    LoggedDraw,
    SecondLog,
)
from double_random.inspection.verification.time_evidence import Trust
from double_random.inspection.verification.verdict import CannotJudge, Verdict
from double_random.store.log import external_evidence
from double_random.store.log.checkpoint import BadNote, PublicKey, SignedNote
from double_random.store.log.signed_log import RELEASES

DAY, GRACE = 86_400, 300
DRAWN = frozenset((RESULT, "targets.csv", "teams.csv", "list.csv", "certificate.json"))
VOID_REASONS = (
    *("source not drawn", "wrong plan", "institutions changed", "inspectors unavailable"),
    *("ordered by a higher authority", "number entered wrongly", "records lost"),
)


@dataclass(kw_only=True)
class _Checked:
    """What the check of a bundle has found so far."""

    files: Mapping[str, bytes]
    trust: Trust
    log: SecondLog
    draw: LoggedDraw
    plan: Plan
    sources: tuple[PublicSource, ...] = ()
    sightings: list[tuple[int, str, str]] = field(default_factory=list)  # head's size, time, who
    releases: list[tuple[int, str]] = field(default_factory=list)
    last_entry: dict[str, int] = field(default_factory=dict)  # source → where its last entry stands
    is_entered_again: bool = False
    is_key_followed: bool = False
    remarks: bare_bundle.Remarks = field(default_factory=bare_bundle.Remarks)

    @property
    def sealed_at(self) -> str:
        """The effective time of the plan's entry."""
        return self.log.times[self.draw.place]

    def is_before_others(self, source: PublicSource) -> bool:
        """Is it a ceremony beside other kinds?"""
        return source.is_ceremony and not all(one.is_ceremony for one in self.sources)


def verify_logged_bundle(
    files: Mapping[str, bytes],
    key: PublicKey | None = None,
    code: str | None = None,
    trust: Trust | None = None,
) -> Verdict:
    """Check the files of a bundle with a log (name → bytes). `code`: the 方案校验码 as written down outside."""
    kind = "auditor" if bare_bundle.AUDITOR & set(files) else "public"
    draw, remarks = "", bare_bundle.Remarks()
    try:
        _check_names(files, kind)
        log = SecondLog.read(files)
        followed = key is not None and log.follow_key(key)
        logged, plan = _find_plan(files, log)
        draw = plan.draw
        checked = _Checked(
            files=files, trust=trust or Trust(), log=log, draw=logged, plan=plan, remarks=remarks
        )
        checked.is_key_followed = followed
        _check_target_names(checked, kind)
        _check_binding(checked, code)
        checked.sightings = _read_sightings(checked)
        if RESULT in files:
            _check_drawn(checked, kind, code, key)
        else:
            _check_undrawn(checked, kind, code, key)
        bare_bundle.note_choice(plan, files, remarks)
        if max(map(epoch_seconds, log.times)) > utc_now().timestamp() + DAY:
            raise CannotJudge(
                _("the log holds an act of the future"),
                _("set the clock, or ask for a corrected log"),
            )
    except BadFile as error:
        return Verdict(draw=draw, kind=kind, fault=(error.file, error.reason))
    except CannotJudge as error:
        return Verdict(draw=draw, kind=kind, undecided=(error.message, error.hint))
    return Verdict(
        draw=draw,
        kind=kind,
        unchecked=tuple(remarks.unchecked),
        notes=tuple(remarks.notes),
        code=plan.code,
    )


def _check_names(files: Mapping[str, bytes], kind: str) -> None:
    names = {name for name in files if external_evidence.parse_evidence_name(name) is None}
    for name in sorted(names - bare_bundle.NAMES - bare_bundle.LOG):
        raise BadFile(name, _("no file of this name belongs into a bundle"))
    if HEAD not in names:
        raise demand_published_copy(_("the bundle has no {file}").format(file=HEAD))
    wanted = bare_bundle.ALWAYS | bare_bundle.LOG
    if kind == "auditor":
        wanted |= bare_bundle.NAMES
    if RESULT not in names:
        wanted -= DRAWN
    for name in sorted(wanted - names):
        raise BadFile(name, _("this file is missing"))
    if RESULT not in names:
        for name in sorted(names & DRAWN):
            raise BadFile(name, _("nothing was drawn, so this file does not belong here"))


def _find_plan(files: Mapping[str, bytes], log: SecondLog) -> tuple[LoggedDraw, Plan]:
    """The draw that the log knows by its result, or the plan that was made void; and its plan."""
    for name in HASHES:
        digest = Digest(name)
        commitment = digest.hash_bytes(files[PLAN])
        for draw in log.draws.values():
            if RESULT in files:
                if draw.drawn is None or draw.drawn["result"] != digest.hash_bytes(files[RESULT]):
                    continue
                if draw.plan["plan"] != commitment:
                    raise BadFile(PLAN, _("this is not the plan that was committed"))
            elif draw.plan["plan"] != commitment:
                continue
            elif draw.drawn is not None or draw.end is None:
                raise BadFile(RESULT, _("this file is missing"))
            plan = Plan.read(files[PLAN])
            if plan.hash != name:
                raise BadFile(PLAN, _("it names another hash than the one in the log"))
            return draw, plan
    if RESULT in files:
        raise BadFile(RESULT, _("the log knows no draw with this result"))
    raise BadFile(PLAN, _("this is not the plan that was committed"))


def _check_target_names(checked: _Checked, kind: str) -> None:
    files, wanted = checked.files, bare_bundle.TARGETS
    if RESULT not in files:
        wanted = wanted - DRAWN
    for name in sorted(wanted):
        if checked.plan.has_public_strata and name not in files:
            raise BadFile(name, _("this file is missing"))
        if not checked.plan.has_public_strata and kind == "public" and name in files:
            raise BadFile(
                name, _("strata are internal, so the public bundle does not hold this file")
            )


def _check_binding(checked: _Checked, code: str | None) -> None:
    """The plan's entry says the same as the plan; the head and the release in it are those of this log."""
    plan, log, draw = checked.plan, checked.log, checked.draw
    check_plan_entry(plan, draw.plan, protocol=second.PROTOCOL)
    if code is not None and not is_short_form_of(code, plan.commitment):
        raise BadFile(PLAN, _("its 方案校验码 is not the one that was written down"))
    if _day_seconds(plan.as_of) > _day_seconds(checked.sealed_at) + DAY:
        raise BadFile(PLAN, _("the lists are of a later day than the plan's entry"))
    checked.releases = [
        (place, entry["release"])
        for place, entry in enumerate(log.entries[: draw.place])
        if entry["kind"] in RELEASES
    ]
    if plan.log is None:
        return
    origin, size, root = plan.log.origin, plan.log.size, plan.log.root
    if origin != log.note.head.origin or size > draw.place or log.head_at(size).root.hex() != root:
        raise BadFile(PLAN, _("the log's head in it is not this log's"))
    known = [release for place, release in checked.releases if place < size]
    if plan.release and plan.release not in known[-1:]:
        raise BadFile(PLAN, _("its release is not the newest one of the log"))


def _read_sightings(checked: _Checked) -> list[tuple[int, str, str]]:
    """The outside times of whom the reader trusts. Every outside time, and a kept head, are of this log."""
    log, trust = checked.log, checked.trust
    origin, lines = log.note.head.origin, list(log.lines)
    seen = []
    for name in sorted(checked.files):
        if external_evidence.parse_evidence_name(name) is None:
            continue
        content = checked.files[name]
        if wrong := external_evidence.check_evidence(name, content, origin, lines):
            raise BadFile(name, wrong)
        try:
            seen += external_evidence.trusted_times(
                {name: content}, origin, lines, trust.authorities, trust.witnesses
            )
        except DoubleRandomError as error:
            raise BadFile(name, error.message) from None
    if trust.checkpoint is not None:
        _check_kept_head(checked, trust.checkpoint)
    return sorted(seen)


def _check_kept_head(checked: _Checked, kept: bytes) -> None:
    try:
        head = SignedNote.parse(kept).head
    except BadNote as error:
        raise BadFile(HEAD, error.message) from None
    log = checked.log
    if head.origin != log.note.head.origin or head.size > len(log.lines):
        raise CannotJudge(
            _("the head that was kept is of another log, or newer than this bundle"),
            _("ask for a bundle of today"),
        )
    if log.head_at(head.size).root != head.root:
        raise BadFile(LOG, _("it does not continue the head that was kept"))


def _check_drawn(checked: _Checked, kind: str, code: str | None, key: PublicKey | None) -> None:
    """A draw with its result: hashes, records, order, numbers, then everything that follows from them."""
    plan, files, draw = checked.plan, checked.files, checked.draw
    result = bare_bundle.check_hashes(plan, files, kind)
    records = _read_records(checked, result.secret)
    _check_acts(checked)
    _check_numbers(checked, result)
    _check_end(checked, result.secret)
    tickets = bare_bundle.check_result(plan, checked.sources, result)
    _note_trust(checked, code, key)
    bare_bundle.note_sources(plan, checked.sources, result, checked.remarks)
    _note_log(checked)
    if kind == "auditor":
        drawn = bare_bundle.recompute(plan, files, result, checked.remarks)
        assert draw.drawn is not None
        if drawn.notices != draw.drawn["notices"]:
            raise BadFile(LOG, _("the notices of the draw are not those of its teams"))
        _replay_changes(checked, drawn, files["inner"].decode(), records)
    else:
        teams, selection = bare_bundle.check_public_part(
            plan, files, result, tickets, checked.remarks
        )
        _check_public_changes(checked, teams, selection, tickets, records)
    _check_dates(checked, records)


def _read_records(checked: _Checked, secret: str) -> list[bytes]:
    *lines, rest = checked.files[RECORDS].split(b"\n")
    changes = checked.draw.changes
    if rest or len(lines) != len(changes):
        raise BadFile(
            RECORDS,
            _("{records} records, but the log has {entries} changes").format(
                records=len(lines), entries=len(changes)
            ),
        )
    for number, (line, entry) in enumerate(zip(lines, changes, strict=True), start=1):
        if checked.plan.digest.hash_bytes(line + f":{secret}".encode()) != entry["record"]:
            raise BadFile(
                RECORDS, _("line {number} is not the one that was logged").format(number=number)
            )
    return lines


def _check_acts(checked: _Checked) -> None:
    """Plan, numbers, draw, end: in this order, at times that fit the plan and every source."""
    plan, draw, log = checked.plan, checked.draw, checked.log
    checked.sources = read_public_sources(checked.files["sources.json"])
    check_known_times(checked.sources, plan.not_before)
    if checked.sealed_at >= plan.not_before:
        raise BadFile(LOG, _("the plan was committed at or after its own not_before"))
    said = [{"source": one.source, "known_from": one.known_from or None} for one in checked.sources]
    if draw.plan["sources"] != said:
        raise BadFile(LOG, _("its plan entry says otherwise: {field}").format(field="sources"))
    for place in draw.places:
        entry, time = log.entries[place], log.times[place]
        if entry["kind"] == "draw" and time < plan.not_before:
            raise BadFile(LOG, _("{kind}: before the plan's not_before").format(kind=entry["kind"]))
        if entry["kind"] == "entropy":
            _check_number_entry(checked, place)
    for source in checked.sources:
        if source.is_ceremony and source.known_from <= checked.sealed_at:
            raise BadFile(
                LOG,
                _("{source} can be known before the plan was sealed").format(source=source.source),
            )
        if (
            RESULT in checked.files
            and not source.is_local
            and source.source not in checked.last_entry
        ):
            raise BadFile(
                LOG, _("{source} was not logged before the draw").format(source=source.source)
            )
    ends = {log.entries[place]["kind"]: log.times[place] for place in draw.places}
    ended = ends.get("publish") or ends.get("void")
    if ended and "draw" in ends and ended < ends["draw"]:
        raise BadFile(LOG, _("the draw ended before it was made"))
    for other in draw.open_beside:
        raise BadFile(
            LOG,
            _(
                "{other} was open for the same item, districts and kinds when {draw} was committed"
            ).format(other=other, draw=plan.draw),
        )
    _check_sightings(checked)


def _check_number_entry(checked: _Checked, place: int) -> None:
    entry, time = checked.log.entries[place], checked.log.times[place]
    source = next((one for one in checked.sources if one.source == entry["source"]), None)
    if source is None:
        raise BadFile(
            LOG, _("the plan does not name the source {source}").format(source=entry["source"])
        )
    checked.is_entered_again |= source.source in checked.last_entry
    checked.last_entry[source.source] = place
    if source.known_from and time < source.known_from:
        raise BadFile(
            LOG, _("{source} was logged before it can be known").format(source=source.source)
        )
    if checked.is_before_others(source) and time >= checked.plan.not_before:
        raise BadFile(
            LOG,
            _("{source}: a ceremony beside other sources comes before not_before").format(
                source=source.source
            ),
        )


def _check_sightings(checked: _Checked) -> None:
    """Nobody outside saw a number before it could be known, or the draw before not_before."""
    known = {one.source: one.known_from for one in checked.sources if one.known_from}
    for size, time, _by in checked.sightings:
        for place in checked.draw.places:
            entry = checked.log.entries[place]
            earliest = {
                "draw": checked.plan.not_before,
                "entropy": known.get(entry.get("source", "")),
            }
            bound = earliest.get(entry["kind"])
            if place < size and bound and epoch_seconds(time) + GRACE < epoch_seconds(bound):
                raise BadFile(LOG, _("a witness saw what could not be known yet"))


def _check_numbers(checked: _Checked, result: ResultFile) -> None:
    """The numbers of the result are those of the draw's entry, and the last ones that were logged."""
    drawn = checked.draw.drawn
    assert drawn is not None
    if (result.entropy, dict(result.proofs)) != (drawn["entropy"], drawn["proofs"]):
        raise BadFile(RESULT, _("its randomness is not the one in the log"))
    try:
        values = parse_entropy(checked.sources, result.entropy)
    except DoubleRandomError as error:
        raise BadFile(RESULT, error.message) from None
    logged = {name: value for name, value in values.items() if name != "local"}
    if logged != checked.draw.values:
        raise BadFile(LOG, _("the numbers of the draw are not those that were logged"))


def _check_end(checked: _Checked, secret: str) -> None:
    """The end of the draw: its secret, a reason of the list, and the numbers as far as they were known."""
    draw, end = checked.draw, checked.draw.end
    if end is None:
        return
    if end["secret"] != secret and not (draw.is_lost and not end["secret"]):
        raise BadFile(LOG, _("the secret that was published is not the plan's"))
    if not draw.is_void:
        return
    if end["reason"] not in VOID_REASONS:
        raise BadFile(LOG, _("{reason} is no reason for that").format(reason=end["reason"]))
    values = {"local": "", **draw.values}
    complete = all(one.source in values for one in checked.sources)
    lines = [f"{one.source}={values.get(one.source, '')}" for one in checked.sources]
    if end["entropy"] != ("\n".join(lines) if complete else "") and not (
        draw.is_lost and not end["entropy"]
    ):
        raise BadFile(LOG, _("the numbers of the void are not those that were logged"))


def _check_undrawn(checked: _Checked, kind: str, code: str | None, key: PublicKey | None) -> None:
    """A plan that was made void before anything was drawn: its files, its secret, its numbers."""
    plan, files, end = checked.plan, checked.files, checked.draw.end
    assert end is not None
    for name in sorted(set(FILES) & set(files)):
        check_frozen(plan, name, files[name])
    _check_acts(checked)
    if files[RECORDS]:
        raise BadFile(RECORDS, _("nothing was drawn, so nothing can have changed"))
    if end["secret"] and plan.digest(end["secret"]) != plan.secret:
        raise BadFile(LOG, _("the secret that was published is not the plan's"))
    _check_end(checked, end["secret"])
    for source in checked.sources:
        value = checked.draw.values.get(source.source)
        try:
            if value is not None:
                source.check_value(value)
        except Misuse as error:
            raise BadFile(LOG, error.message) from None
    rules = Rules.read(files["rules.json"])
    check_rules(plan, rules)
    check_left_out(files["left_out.csv"], rules, {row[0] for row in POOL.load(files[POOL.file])})
    if kind == "auditor":
        bare_bundle.read_inner(plan, files)
        Files.read(plan, files)
    elif plan.has_public_strata:
        TargetFiles.read(plan, files)
    _note_trust(checked, code, key)
    _note_log(checked)
    if checked.draw.values:
        checked.remarks.unchecked.append(
            _(
                "what these numbers would have drawn (an auditor computes it from plan, numbers and secret)"
            )
        )
    checked.remarks.notes.append(_("nothing was drawn"))


def _replay_changes(checked: _Checked, drawn: Draw, inner: str, records: Sequence[bytes]) -> None:
    """Make every change again, and compare it with its record and its notice."""
    standing = Standing(
        selection=drawn.selection, files=drawn.files, inner=inner, teams=dict(drawn.members)
    )
    for number, (line, entry) in enumerate(
        zip(records, checked.draw.changes, strict=True), start=1
    ):
        record = ChangeRecord.read(line)
        change = record.change
        valid = (record.draw, record.seq, change.kind) == (checked.plan.draw, number, entry["kind"])
        made: tuple[str, str, tuple[str, ...]] | None = None
        if valid and change.kind == "replace":
            made = standing.replace_target(change.old, change.reason)
        elif valid:
            made = standing.substitute_inspector(change.target, change.old, change.reason)
        leaf = _leaf(made[1], made[2], drawn.selection.tickets) if made else ""
        told = (change.new, change.target, tuple(change.inspectors))
        if made != told or leaf != entry["notice"]:
            raise BadFile(
                RECORDS, _("line {number}: the tickets say otherwise").format(number=number)
            )


@dataclass(kw_only=True)
class Standing:
    """Who stands after the changes so far."""

    selection: Selection
    files: Files
    inner: str
    teams: dict[str, tuple[str, ...]]
    replaced: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    recused: set[tuple[str, str]] = field(default_factory=set)

    def replace_target(self, old: str, reason: str) -> tuple[str, str, tuple[str, ...]] | None:
        """The next reserve and its team; nobody if none is left; None if this change cannot be."""
        if reason not in self.files.rules.replace or old not in self.teams:
            return None
        team = self.teams.pop(old)
        self.replaced.add(old)
        new = next_reserve(self.selection.places, old, {*self.teams, *self.replaced})
        if new is None:
            return "", "", ()
        members = self._fill(new, team)
        if members is None:
            return None
        self.teams[new] = members
        return new, new, members

    def substitute_inspector(
        self, target: str, old: str, reason: str
    ) -> tuple[str, str, tuple[str, ...]] | None:
        """Who comes, where, and the whole team; None if this change cannot be."""
        if reason not in SUBSTITUTE_REASONS or old not in self.teams.get(target, ()):
            return None
        if reason != SUBSTITUTE_REASONS[0]:
            self.gone.add(old)
        self.recused.add((target, old))
        former = self.teams[target]
        members = self._fill(target, former)
        if members is None:
            return None
        self.teams[target] = members
        return ", ".join(sorted(set(members) - set(former))), target, members

    def _fill(self, target: str, former: Iterable[str]) -> tuple[str, ...] | None:
        try:
            return fill_team(
                self.files.target(target),
                former,
                [one for one in self.files.inspectors if one.id not in self.gone],
                recusals={*self.files.recusals, *self.recused},
                team=self.selection.plan.team,
                loads=Counter(one for team in self.teams.values() for one in team),
                tickets=self.selection.tickets,
                inner=self.inner,
            )
        except DoubleRandomError:
            return None


def _leaf(target: str, members: Iterable[str], tickets: Tickets) -> str:
    if not target:
        return ""
    return notices.notice_leaf_hash(notices.build_notice(target, members, tickets), tickets)


def _check_public_changes(
    checked: _Checked,
    teams: Mapping[str, Sequence[str]],
    selection: Selection | None,
    tickets: Tickets,
    records: Sequence[bytes],
) -> None:
    """Notices and changes as everybody can check them: form, reason, a team that may stand, who comes."""
    plan, files, drawn = checked.plan, checked.files, checked.draw.drawn
    assert drawn is not None
    if notices.notice_tree_head(notices.build_leaves(teams, tickets), tickets) != drawn["notices"]:
        raise BadFile("teams.csv", _("the notices in the log name other teams"))
    pool = {row[0] for row in POOL.load(files[POOL.file])}
    people = {one.id: one for one in read_inspectors(files["inspectors.csv"])}
    reasons = Rules.read(files["rules.json"]).replace
    standing, gone = {target: tuple(team) for target, team in teams.items()}, set[str]()
    for number, (line, entry) in enumerate(
        zip(records, checked.draw.changes, strict=True), start=1
    ):
        record = ChangeRecord.read(line)
        change, team = record.change, tuple(record.change.inspectors)
        valid = (record.draw, record.seq, change.kind) == (plan.draw, number, entry["kind"])
        if change.kind == "replace":
            valid = valid and change.reason in reasons and change.old in standing
            valid = valid and change.new == change.target
            standing.pop(change.old, None)
            gone.add(change.old)
            free = change.new in pool - gone - set(standing)
            valid = valid and (free if change.new else not team)
            if valid and selection is not None:
                spare = next_reserve(selection.places, change.old, {*standing, *gone})
                valid = change.new == (spare or "")
        else:
            former = standing.get(change.target, ())
            valid = valid and change.reason in SUBSTITUTE_REASONS and change.old in former
            valid = valid and change.old not in team
            valid = valid and change.new == ", ".join(sorted(set(team) - set(former)))
        if change.target:
            valid = valid and _may_stand(plan, team, people)
            standing[change.target] = team
        if not valid or entry["notice"] != _leaf(change.target, team, tickets):
            raise BadFile(
                RECORDS, _("line {number}: this change cannot stand").format(number=number)
            )


def _may_stand(plan: Plan, team: Sequence[str], people: Mapping[str, Inspector]) -> bool:
    known = list(team) == sorted(set(team) & set(people)) and len(team) == plan.team.size
    return known and sum(people[id].lead for id in team) >= plan.team.leads


def _check_dates(checked: _Checked, records: Sequence[bytes]) -> None:
    """The day of a change is at most one day after its entry; what was entered much later is said."""
    changes = [
        place
        for place in checked.draw.places
        if checked.log.entries[place]["kind"] in ("replace", "substitute")
    ]
    late = False
    for number, (line, place) in enumerate(zip(records, changes, strict=True), start=1):
        act = _day_seconds(ChangeRecord.read(line).date)
        entered = _day_seconds(checked.log.times[place])
        if act > entered + DAY:
            raise BadFile(
                RECORDS, _("line {number}: this change cannot stand").format(number=number)
            )
        late = late or entered > act + 2 * DAY
    if late:
        checked.remarks.unchecked.append(_("changes were entered later (补录)"))


def _count_bits(checked: _Checked) -> tuple[int, bool]:
    """The bits of public randomness, and whether a ceremony rests on the operator alone: then they are 0."""
    draw, log = checked.draw, checked.log
    drawn = next(
        (place for place in draw.places if log.entries[place]["kind"] == "draw"), len(log.lines)
    )
    attested_at = [
        place
        for place in draw.places
        if log.entries[place]["kind"] == "attest" and log.entries[place]["witnesses"]
    ]
    fixed_before = [size for size, time, _by in checked.sightings if time < checked.plan.not_before]
    outcomes, alone = [], False
    for source in checked.sources:
        if not source.is_ceremony:
            outcomes.append(source.outcomes)
            continue
        last = checked.last_entry.get(source.source, len(log.lines))
        if any(last < place < drawn for place in attested_at):
            outcomes.append(source.outcomes)
        elif not any(size > last for size in fixed_before):
            alone = True
    return (0 if alone else prod(outcomes).bit_length() - 1), alone


def _note_trust(checked: _Checked, code: str | None, key: PublicKey | None) -> None:
    """First what rests on trust, in the order of the protocol's page."""
    plan, draw, log, seen = checked.plan, checked.draw, checked.log, checked.sightings
    kinds = {source.kind for source in checked.sources}
    bits, alone = _count_bits(checked)
    needed = [draw.place]
    for source in checked.sources:
        if checked.is_before_others(source):
            needed.append(checked.last_entry.get(source.source, len(log.lines)))
    before = [size for size, time, _by in seen if time < plan.not_before]
    kept = checked.trust.checkpoint
    held = kept is not None and SignedNote.parse(kept).head.size > draw.place
    unique = code is not None or held or any(size > draw.place for size, _time, _by in seen)
    said = (
        ("local" in kinds, _("the operator is trusted: no public randomness was used (local)")),
        (
            alone,
            _(
                "the operator is trusted: nobody attested the ceremony, so it may be chosen (0 bits)"
            ),
        ),
        (
            "local" not in kinds and not alone and bits < LEAST_BITS,
            _("few outcomes: the operator is trusted"),
        ),
        (
            log.is_misdated(draw),
            _(
                "时间次序有误 (order broken: an act is dated before what stands above it in the log)"
            ),
        ),
        (
            code is None and not any(size > max(needed) for size in before),
            _("顺序未证明 (order not proven: no code and no outside time before the numbers)"),
        ),
        (not unique, _("唯一性未证明 (uniqueness not proven: no witness and no code)")),
        (key is None, _("the log's signature (no key was given)")),
        (checked.is_key_followed, _("the log's own entries lead from the given key to its own")),
        (checked.is_entered_again, _("numbers were entered more than once")),
        *_judge_plan_beside_log(checked),
        (draw.end is None, _("the draw has not been published yet")),
        (
            bool(kinds - {"local", "drand"}),
            _("the numbers themselves: compare them with the notice"),
        ),
    )
    checked.remarks.unchecked += [text for holds, text in said if holds]
    checked.remarks.notes.append(_("public entropy {bits} bits").format(bits=bits))


def _judge_plan_beside_log(checked: _Checked) -> list[tuple[bool, str]]:
    """What the log shows of other plans, of the lists' age, and of the plan's own days; each with its words."""
    plan, draw, log = checked.plan, checked.draw, checked.log
    others = _find_neighbours(checked)
    beside = [one for one in others if one.place < draw.ended and draw.place < one.ended]
    newest = checked.releases[-1][1] if checked.releases else ""
    sealed = _day_seconds(checked.sealed_at)
    return [
        (
            bool(log.corrected & {draw.place, *draw.places}),
            _("the time of an act was corrected"),
        ),
        (bool(beside), _("other plans of the same area and kinds were open at the same time")),
        (
            any(one.is_lost for one in (draw, *others)),
            _("WARNING: a plan of the same item and area was lost; nobody can check what it drew"),
        ),
        (RESULT in checked.files and draw.is_void, _("this draw was made void")),
        (plan.log is None, _("the plan names no head of the log")),
        (not plan.release and bool(checked.releases), _("the lists come from no register")),
        (
            sealed - _day_seconds(plan.as_of) > 31 * DAY,
            _("the lists are older than 31 days"),
        ),
        (
            plan.release not in ("", newest),
            _("the register had a newer release when the plan was sealed"),
        ),
        (
            _day_seconds(plan.publish_by) - sealed > 366 * DAY,
            _("it need not be published for more than a year"),
        ),
    ]


def _find_neighbours(checked: _Checked) -> list[LoggedDraw]:
    """Every other plan of a common district and kind, whatever its item."""
    draw = checked.draw
    return [
        other
        for other in checked.log.draws.values()
        if other is not draw and share_scope(other.plan, draw.plan)
    ]


def _note_log(checked: _Checked) -> None:
    """What the log tells beside the draw itself."""
    notes, draw, log = checked.remarks.notes, checked.draw, checked.log
    if draw.is_void and draw.end is not None:
        notes.append(_("this draw is void: {reason}").format(reason=_(draw.end["reason"])))
    for size, time, by in checked.sightings:
        if size > draw.place:
            notes.append(
                _("{by} saw the sealed plan at {time}; its numbers come from {start} on").format(
                    by=by,
                    time=localize_times(time),
                    start=localize_times(checked.plan.not_before),
                )
            )
    for place in draw.places:
        entry, time = log.entries[place], localize_times(log.times[place])
        if entry["kind"] in ("replace", "substitute"):
            notes.append(
                _("changed after the draw: {kind}, {time}").format(kind=_(entry["kind"]), time=time)
            )
        elif entry["kind"] == "attest":
            notes.append(
                _("attested {time}: {witnesses} · record with SHA-256 {hash}").format(
                    time=time, witnesses=join_clauses(entry["witnesses"]), hash=entry["sha256"]
                )
            )
        elif entry["kind"] == "entropy" and checked.is_entered_again:
            notes.append(
                _("entered {time}: {source} = {value}").format(
                    time=time, source=entry["source"], value=entry["value"]
                )
            )
    for place in sorted(log.corrected):
        notes.append(
            _("entry {number} happened at {time}, not when it is dated").format(
                number=place, time=localize_times(log.times[place])
            )
        )
    for other in _find_neighbours(checked):
        notes.append(
            _("another plan of the same area and kinds: {draw} ({how})").format(
                draw=other.draw, how=_(other.how_it_ended)
            )
        )


def _day_seconds(time: str) -> int:
    """The beginning of a day, or of the day of a time, in seconds since 1970."""
    return epoch_seconds(f"{time[:10]}T00:00:00Z")
