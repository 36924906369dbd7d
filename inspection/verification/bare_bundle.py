"""Verifies a bundle of a bare draw: the second protocol without register and log.

Nothing in such a bundle shows when the plan was sealed. Everything else is checked as in a bundle with a log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import comb
from pathlib import Path

from double_random.core.china_time import localize_times
from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import _, join_words
from double_random.inspection.draw import drand, verifier_files
from double_random.inspection.protocol import feasibility
from double_random.inspection.protocol.canonical_csv import CsvTable
from double_random.inspection.protocol.files import (
    LEFT_OUT,
    POOL,
    Inspector,
    check_frozen,
    read_inspectors,
)
from double_random.inspection.protocol.groups import DEALINGS, deal_groups
from double_random.inspection.protocol.plan import NAME as PLAN
from double_random.inspection.protocol.plan import is_short_form_of
from double_random.inspection.protocol.selection import LIST
from double_random.inspection.protocol.teams import TEAMS
from double_random.inspection.protocol.text import is_hex
from double_random.inspection.protocol.tickets import Tickets
from double_random.inspection.protocol.v2.draw import (
    Draw,
    Selection,
    check_teams,
    make_tickets,
    select_targets,
)
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
    count_bits,
    parse_entropy,
    read_public_sources,
)
from double_random.inspection.protocol.v2.result import FILE as RESULT
from double_random.inspection.protocol.v2.result import ResultFile
from double_random.inspection.protocol.v2.rules import Rules
from double_random.inspection.protocol.v2.target_ids import is_target_id
from double_random.inspection.verification.bundle_reader import demand_published_copy
from double_random.inspection.verification.verdict import CannotJudge, Verdict
from double_random.store.log.external_evidence import parse_evidence_name

ALWAYS = frozenset(
    (
        *(PLAN, "rules.json", "sources.json", "pool.csv", "left_out.csv", "inspectors.csv"),
        *(RESULT, "teams.csv", "list.csv", *verifier_files.NAMES),
    )
)
TARGETS = frozenset(("strata.json", "frame.csv", "targets.csv"))
AUDITOR = frozenset(("inner", "recusals.csv", "inspectors_left_out.csv", "certificate.json"))
LOG = frozenset(("log.jsonl", "checkpoint", "records.jsonl"))
NAMES = ALWAYS | TARGETS | AUDITOR
FEW_TEAMS = 20


@dataclass
class Remarks:
    """What could not be checked, and what a reader compares by eye."""

    unchecked: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify_bare_bundle(
    files: Mapping[str, bytes], code: str | None = None, register: Path | None = None
) -> Verdict:
    """Check the files of a bare draw's bundle (name → bytes).

    `code`: the 方案校验码 as written down outside before the randomness was known. `register`: an outside list of
    targets, compared with the pool and those left out.
    """
    remarks, draw, kind = Remarks(), "", "auditor" if AUDITOR & set(files) else "public"
    try:
        plan = _read_plan(files)
        draw = plan.draw
        _check_names(plan, files, kind)
        if code is not None and not is_short_form_of(code, plan.commitment):
            raise BadFile(PLAN, _("its 方案校验码 is not the one that was written down"))
        result = check_hashes(plan, files, kind)
        sources = read_public_sources(files["sources.json"])
        check_known_times(sources, plan.not_before)
        tickets = check_result(plan, sources, result)
        _note_trust(sources, code, remarks)
        note_sources(plan, sources, result, remarks)
        if kind == "auditor":
            recompute(plan, files, result, remarks)
        else:
            check_public_part(plan, files, result, tickets, remarks)
        note_choice(plan, files, remarks)
        if register is not None:
            from double_random.inspection.verification.reference_list import (
                check_against_pools,  # reads any list that a bureau may have: slow to load
            )

            remarks.notes += check_against_pools(register, files)
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


def _read_plan(files: Mapping[str, bytes]) -> Plan:
    """The plan; CannotJudge for a folder without a result, and for a plan that names a log."""
    if "reveal.json" in files and RESULT not in files:
        raise CannotJudge(
            _("this is a plan with revealed values, not a bundle"),
            _("recompute it with `double-random replay FOLDER`"),
        )
    plan = Plan.read(files[PLAN])
    if plan.log is not None:
        raise demand_published_copy(_("the plan names a log, and the bundle has no checkpoint"))
    return plan


def _check_names(plan: Plan, files: Mapping[str, bytes], kind: str) -> None:
    for name in sorted(set(files) - NAMES):
        raise BadFile(name, _("no file of this name belongs into a bundle"))
    needed = ALWAYS
    if kind == "auditor":
        needed = NAMES
    elif plan.has_public_strata:
        needed = ALWAYS | TARGETS
    for name in sorted(needed - set(files)):
        raise BadFile(name, _("this file is missing"))
    for name in sorted(set(files) - needed):
        raise BadFile(name, _("strata are internal, so the public bundle does not hold this file"))


def check_hashes(plan: Plan, files: Mapping[str, bytes], kind: str) -> ResultFile:
    """The result, after every file was compared with its hash in it, and the frozen ones with the plan."""
    result = ResultFile.read(files[RESULT])
    for name in sorted(set(files) - {RESULT} - LOG):
        if parse_evidence_name(name) is not None:
            continue  # an outside time of a log head, which the log covers
        if plan.digest.hash_bytes(files[name]) != result.files.get(name):
            raise BadFile(name, _("result.json has another hash for this file"))
    hidden = set() if kind == "auditor" else AUDITOR | TARGETS
    for name in sorted(set(result.files) - set(files) - hidden):
        raise BadFile(name, _("this file is missing"))
    for name in sorted(NAMES - {RESULT} - set(result.files)):
        raise BadFile(RESULT, _("it does not cover {name}").format(name=name))
    for name in sorted(set(FILES) & set(files)):
        check_frozen(plan, name, files[name])
    return result


def check_result(plan: Plan, sources: Sequence[PublicSource], result: ResultFile) -> Tickets:
    """The tickets of the draw; BadFile names result.json if one of its values is not that of the plan."""
    if (result.draw, result.commitment) != (plan.draw, plan.commitment):
        raise BadFile(RESULT, _("it belongs to another plan"))
    try:
        values = parse_entropy(sources, result.entropy)
        tickets = make_tickets(plan, result.entropy, result.secret)
    except (Misuse, BadFile) as error:
        raise BadFile(RESULT, getattr(error, "reason", error.message)) from error
    by_name = {source.source: source for source in sources}
    for name, proof in result.proofs.items():
        if name not in by_name or not by_name[name].is_proof(values[name], proof):
            raise BadFile(
                RESULT, _("{source}: the proof does not hash to the value").format(source=name)
            )
    if tickets.seed != result.seed:
        raise BadFile(RESULT, _("the seed does not follow from plan, numbers and secret"))
    return tickets


def read_inner(plan: Plan, files: Mapping[str, bytes]) -> str:
    """The inner value; BadFile if it is not the one that the plan was sealed with."""
    try:
        inner = files["inner"].decode("ascii")
    except UnicodeDecodeError:
        inner = ""
    if not is_hex(inner, 64) or plan.digest(inner) != plan.inner:
        raise BadFile("inner", _("this is not the inner value that the plan was sealed with"))
    return inner


def recompute(plan: Plan, files: Mapping[str, bytes], result: ResultFile, remarks: Remarks) -> Draw:
    """Compute everything again: targets, list, cut-offs, groups, and the teams with their certificate."""
    inner = read_inner(plan, files)
    frozen = Files.read(plan, files)
    selection = select_targets(plan, frozen, result.entropy, result.secret)
    _compare_targets(files, result, selection, selection.written_cutoffs(inner))
    draw = check_teams(selection, frozen, inner, files["teams.csv"], files["certificate.json"])
    if draw.groups != result.groups:
        raise BadFile(RESULT, _("groups: the tickets say otherwise"))
    _note_dealings(draw, remarks)
    if plan.team.size:
        forced = [
            reach.target
            for reach in feasibility.measure_reach(
                frozen.frame, frozen.inspectors, frozen.recusals, plan.team
            )
            if reach.count_teams(plan.team) == 1 and reach.target in selection.drawn
        ]
        if forced:
            remarks.unchecked.append(
                _("only one team was possible: {ids}").format(ids=join_words(forced))
            )
    return draw


def _compare_targets(
    files: Mapping[str, bytes],
    result: ResultFile,
    selection: Selection,
    cutoffs: tuple[str, ...],
) -> None:
    for name, right in (("targets.csv", selection.targets_csv), ("list.csv", selection.list_csv)):
        if files[name] != right:
            raise BadFile(name, _("the tickets say otherwise"))
    if result.cutoffs != cutoffs:
        raise BadFile(RESULT, _("cutoffs: the tickets say otherwise"))


def _note_dealings(draw: Draw, remarks: Remarks) -> None:
    if draw.dealing > 1 and draw.groups is not None:
        remarks.notes.append(_("groups were dealt {times} times").format(times=draw.dealing))
    elif draw.groups is None and draw.selection.plan.team.groups is not None:
        remarks.notes.append(_("no dealing of groups worked: teams are free"))


def check_public_part(
    plan: Plan,
    files: Mapping[str, bytes],
    result: ResultFile,
    tickets: Tickets,
    remarks: Remarks,
) -> tuple[dict[str, tuple[str, ...]], Selection | None]:
    """Check that pool, list, teams and groups fit one another; with public strata, draw the targets again."""
    rules = Rules.read(files["rules.json"])
    check_rules(plan, rules)
    pool = dict(_load_pairs(POOL, files["pool.csv"]))
    for id in pool:
        if not is_target_id(id):
            raise BadFile(POOL.file, _("{id} is no target's id").format(id=id))
    check_left_out(files["left_out.csv"], rules, set(pool))
    listed = _load_pairs(LIST, files["list.csv"])
    for id, name in listed:
        if pool.get(id) != name:
            raise BadFile(LIST.file, _("{id} does not stand so in pool.csv").format(id=id))
    people = read_inspectors(files["inspectors.csv"])
    members = _read_teams(plan, files["teams.csv"], people, [id for id, _name in listed])
    _check_groups(plan, people, result, members, tickets)
    _check_cutoff_form(plan, rules, result)
    selection = None
    if plan.has_public_strata:
        targets = TargetFiles.read(plan, files)
        selection = select_targets(plan, targets, result.entropy, result.secret)
        _compare_targets(files, result, selection, selection.cutoffs)
        remarks.unchecked.append(_("who had to visit them (the auditor's bundle shows it)"))
    else:
        remarks.unchecked.append(
            _(
                "which targets had to be drawn, and who had to visit them (the auditor's bundle shows it)"
            )
        )
    return members, selection


def _load_pairs(table: CsvTable, data: bytes) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in table.load(data)]


def _read_teams(
    plan: Plan, data: bytes, people: Sequence[Inspector], listed: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """The team of each drawn target, after checking the rules that are public."""
    known = {person.id: person for person in people}
    members: dict[str, list[str]] = {id: [] for id in listed}
    for target, inspector, role in TEAMS.load(data):
        if target not in members or inspector not in known:
            raise BadFile(
                TEAMS.file,
                _("{target}, {taker}: not drawn, or unknown").format(
                    target=target, taker=inspector
                ),
            )
        if role != ("lead" if known[inspector].lead else "member"):
            raise BadFile(TEAMS.file, _("a role is not the inspector's own"))
        members[target].append(inspector)
    for target, team in members.items():
        if len(team) != plan.team.size or sum(known[id].lead for id in team) < plan.team.leads:
            raise BadFile(
                TEAMS.file,
                _("{target}: a team of {size} with at least {leads} leads was expected").format(
                    target=target, size=plan.team.size, leads=plan.team.leads
                ),
            )
    return {target: tuple(sorted(team)) for target, team in members.items()}


def _check_groups(
    plan: Plan,
    people: Sequence[Inspector],
    result: ResultFile,
    members: Mapping[str, tuple[str, ...]],
    tickets: Tickets,
) -> None:
    """Groups are one of the nine dealings, and every team is one of them."""
    if result.groups is None:
        return
    if plan.team.groups is None:
        raise BadFile(RESULT, _("groups: the plan has none"))
    dealings = [deal_groups(people, plan.team, tickets, at) for at in range(1, DEALINGS + 1)]
    if result.groups not in dealings:
        raise BadFile(RESULT, _("groups: the tickets say otherwise"))
    for target, team in members.items():
        if team not in result.groups:
            raise BadFile(
                TEAMS.file, _("{target}: this is none of the groups").format(target=target)
            )


def _check_cutoff_form(plan: Plan, rules: Rules, result: ResultFile) -> None:
    """One cut-off a stratum of the rules; where strata are internal, every one of them is hidden."""
    hidden = not plan.has_public_strata
    if len(result.cutoffs) != len(rules.strata) or (hidden and not all(result.cutoffs)):
        raise BadFile(RESULT, _("cutoffs: the tickets say otherwise"))


def _note_trust(sources: Sequence[PublicSource], code: str | None, remarks: Remarks) -> None:
    """First what rests on trust: a bare draw has no log that could show when anything was fixed."""
    kinds, bits = {source.kind for source in sources}, count_bits(sources)
    if "local" in kinds:
        remarks.unchecked.append(
            _("the operator is trusted: no public randomness was used (local)")
        )
    elif "ceremony" in kinds:
        bits = 0
        remarks.unchecked.append(
            _("the operator is trusted: nobody attested the ceremony, so it may be chosen (0 bits)")
        )
    elif bits < LEAST_BITS:
        remarks.unchecked.append(_("few outcomes: the operator is trusted"))
    if code is None:
        remarks.unchecked.append(
            _(
                "nothing shows when the plan was sealed or that it was the only one (no log, no code)"
            )
        )
    else:
        remarks.notes.append(
            _(
                "that the plan was sealed in time and was the only one rests on the code from outside"
            )
        )
    if kinds - {"local", "drand"}:
        remarks.unchecked.append(_("the numbers themselves: compare them with the notice"))
    remarks.notes.append(_("public entropy {bits} bits").format(bits=bits))


def note_sources(
    plan: Plan, sources: Sequence[PublicSource], result: ResultFile, remarks: Remarks
) -> None:
    """Per source its value, when it can be known and where it is read; drand's signature, if it can be checked."""
    values = parse_entropy(sources, result.entropy)
    remarks.notes.append(_("方案校验码 {code}").format(code=plan.code))
    for source in sources:
        if source.is_local:
            continue
        remarks.notes.append(
            _("{source} = {value}, known from {time} ({zone}), published: {published}").format(
                source=source.source,
                value=values[source.source],
                time=source.known_from,
                zone=localize_times(source.known_from),
                published=source.published,
            )
        )
        if source.chain is not None:
            _check_signature(source, result.proofs.get(source.source), remarks)


def _check_signature(source: PublicSource, proof: str | None, remarks: Remarks) -> None:
    if proof is None:
        why = _("it is not in the bundle")
    elif source.name != drand.quicknet_chain():
        why = _("this program does not know the chain, so its operators are trusted")
    elif not drand.is_available():
        why = _("the extra `beacon` is not here")
    elif drand.is_round_signature(int(source.issue), proof):
        remarks.notes.append(_("drand signed round {round} itself").format(round=source.issue))
        return
    else:
        raise BadFile(RESULT, _("{source}: drand did not sign this").format(source=source.source))
    remarks.unchecked.append(_("drand's own signature: {why}").format(why=why))


def note_choice(plan: Plan, files: Mapping[str, bytes], remarks: Remarks) -> None:
    """How many were left out for which reason, and whether lots had any choice of teams."""
    counted = Counter(row[1] for row in LEFT_OUT.load(files["left_out.csv"]))
    for reason, number in sorted(counted.items()):
        remarks.notes.append(
            _("left out: {number} ({reason})").format(number=number, reason=_(reason))
        )
    teams = comb(len(read_inspectors(files["inspectors.csv"])), plan.team.size)
    if plan.team.size and teams < FEW_TEAMS:
        remarks.unchecked.append(_("few teams are possible at all: {number}").format(number=teams))
