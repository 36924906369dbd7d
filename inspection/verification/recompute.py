"""Recomputes a draw from a bundle's files: completely from the auditor's, as far as possible from the public one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import _, join_words
from double_random.inspection.draw import bundle_files
from double_random.inspection.draw.change_records import replay_changes
from double_random.inspection.draw.draw_result import NAME, DrawResult
from double_random.inspection.draw.draw_state import DrawState
from double_random.inspection.draw.sql_tickets import SetTickets
from double_random.inspection.planning.wording import format_group
from double_random.inspection.protocol import canonical_json, feasibility, notices, sources
from double_random.inspection.protocol import selection as targets
from double_random.inspection.protocol.allocation import allocate_counts
from double_random.inspection.protocol.draw import Draw, Selection, check_teams, select_targets
from double_random.inspection.protocol.fields import StrictObject
from double_random.inspection.protocol.files import LEFT_OUT as ASIDE
from double_random.inspection.protocol.files import (
    LEFT_OUT_REASONS,
    POOL,
    Files,
    check_frozen,
    read_frame,
    read_inspectors,
)
from double_random.inspection.protocol.groups import DEALINGS, deal_groups
from double_random.inspection.protocol.pairs import admissible_groups
from double_random.inspection.protocol.plan import Plan
from double_random.inspection.protocol.selection import LIST
from double_random.inspection.protocol.strata import ItemStrata, Strata
from double_random.inspection.protocol.succession import CurrentAssignment
from double_random.inspection.protocol.teams import TEAMS
from double_random.inspection.protocol.tickets import Tickets, compute_seed
from double_random.inspection.verification import public_changes
from double_random.store.log import external_evidence


@dataclass
class DrawRemarks:
    """Remarks on a draw without faults: what could not be checked, and what a reader should look at.

    `kinds`: names of kinds for the names of groups; without them groups keep their codes.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    unchecked: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check_covered_files(plan: Plan, files: Mapping[str, bytes]) -> DrawResult:
    """Check that the bundle has exactly the files that result.json names, each with its hash; else BadFile.

    A named file may be absent only if the public bundle leaves it out.
    """
    result = DrawResult.read(files[NAME])
    for name in sorted(set(files) - {NAME, *bundle_files.LOG}):
        if external_evidence.parse_evidence_name(name) is not None:
            continue  # an outside time of a log head, which the log covers
        if name not in result.files:
            raise BadFile(name, _("result.json does not name it"))
        if plan.digest.hash_bytes(files[name]) != result.files[name]:
            raise BadFile(name, _("this is not the file that result.json names: its hash differs"))
    for name in sorted(set(result.files) - set(files)):
        if name not in (*bundle_files.GRADED, *bundle_files.INTERNAL) or "inner" in files:
            raise BadFile(name, _("this file is missing"))
    return result


def check_result(plan: Plan, result: DrawResult, state: DrawState) -> Tickets:
    """Check that result.json agrees with the plan and the log's entries; return the draw's tickets."""
    drawn, end = state.drawn, state.end
    assert drawn is not None
    if (result.draw, result.commitment) != (plan.draw, plan.commitment):
        raise BadFile(NAME, _("it belongs to another plan"))
    if plan.digest(result.secret) != plan.secret:
        raise BadFile(NAME, _("its secret is not the one that the plan was sealed with"))
    if end is not None and end["secret"] not in ("", result.secret):
        raise BadFile("log.jsonl", _("the secret that was published is not the plan's"))
    if result.entropy != drawn["entropy"] or dict(result.proofs) != drawn["proofs"]:
        raise BadFile(NAME, _("its randomness is not the one in the log"))
    try:
        values = sources.parse_entropy(plan.sources, result.entropy)
    except Misuse as error:
        raise BadFile(NAME, error.message) from None
    if values != state.entropy:
        raise BadFile("log.jsonl", _("the numbers of the draw are not those that were logged"))
    for source in plan.sources:
        proof = result.proofs.get(source.text)
        if proof is not None and not source.is_proof(values[source.text], proof):
            raise BadFile(
                NAME,
                _("{source}: the proof does not belong to the value").format(source=source.text),
            )
    if set(result.proofs) - {source.text for source in plan.sources}:
        raise BadFile(NAME, _("a proof without a source"))
    right = compute_seed(plan.digest, plan.commitment, result.entropy, result.secret)
    if result.seed != right:
        raise BadFile(NAME, _("its seed is not what plan, numbers and secret give"))
    return SetTickets.for_seed(plan.digest, right)


def recompute_draw(
    plan: Plan,
    files: Mapping[str, bytes],
    result: DrawResult,
    state: DrawState,
    findings: DrawRemarks,
) -> None:
    """Recompute the whole draw, teams by their certificate; BadFile names the file that differs."""
    assert state.drawn is not None
    inner = read_hex_digits("inner", files["inner"])
    plan_files = Files.read(plan, files)
    check_reasons(files)
    selection = select_targets(plan, plan_files, result.entropy, result.secret, SetTickets)
    for name, right in (("targets.csv", selection.targets_csv), ("list.csv", selection.list_csv)):
        if files[name] != right:
            raise BadFile(name, _("the tickets say otherwise"))
    if plan.digest(inner) != plan.inner:
        raise BadFile("inner", _("this is not the inner value that the plan was sealed with"))
    expected = selection.hidden_cutoffs(inner) if result.cutoffs_hidden else selection.cutoffs
    if result.cutoffs != expected:
        raise BadFile(NAME, _("cutoffs: the tickets say otherwise"))
    drawn = check_teams(selection, inner, files["teams.csv"], files["certificate.json"])
    if result.groups != drawn.groups:
        raise BadFile(NAME, _("groups: the tickets say otherwise"))
    if state.drawn["notices"] != drawn.notices:
        raise BadFile("log.jsonl", _("the notices of the draw are not those of its teams"))
    _check_unbound_recusals(files, selection.tickets, inner, findings)
    records = files["records.jsonl"].split(b"\n")[:-1]
    replay_changes(CurrentAssignment.after_draw(drawn, inner), plan, state, records)
    for stratum, number in zip(plan_files.strata.strata, selection.counts, strict=True):
        note = _("{stratum}: {number} of {rows} drawn, by the rule {a}/{b}").format(
            stratum=format_group(stratum.stratum, findings.kinds),
            number=number,
            rows=stratum.population,
            a=stratum.ratio[0],
            b=stratum.ratio[1],
        )
        if feasibility.is_more_than_doubled(stratum, number):
            note += " · " + _("rounding or the minimum more than doubles it")
        findings.notes.append(note)
    forced = set(feasibility.rows_with_forced_team(plan_files, plan.team)) & set(selection.drawn)
    if forced:
        findings.notes.append(
            _("only one team was possible for: {ids}").format(ids=join_words(sorted(forced)))
        )
    _note_failed_dealings(plan, plan_files, selection, drawn, findings)


def _check_unbound_recusals(
    files: Mapping[str, bytes], tickets: Tickets, inner: str, findings: DrawRemarks
) -> None:
    """Note each recusal that was accepted although it matches no pair; checking their salt needs `inner`."""
    name = bundle_files.UNBOUND
    if name not in files:
        return
    fields = StrictObject(
        name, canonical_json.load_canonical(files[name], name), ("recusals", "salt")
    )
    if fields.hex("salt") != tickets.unbound_salt(inner):
        raise BadFile(name, _("the tickets say otherwise"))
    for recusal in fields.texts("recusals"):
        findings.notes.append(
            _("a recusal that binds nobody was accepted: {one}").format(one=recusal)
        )


def _note_failed_dealings(
    plan: Plan, files: Files, selection: Selection, drawn: Draw, findings: DrawRemarks
) -> None:
    """Note each failed dealing of groups and the institutions that caused it: recusals could steer here."""
    chosen = [files.target(id) for id in selection.drawn]
    failed = DEALINGS if drawn.groups is None else drawn.dealing - 1
    for number in range(1, failed + 1 if plan.team.groups is not None else 0):
        dealt = deal_groups(files.inspectors, plan.team, selection.tickets, number)
        if dealt is None:
            break
        may = admissible_groups(chosen, files.inspectors, dealt, files.recusals, plan.team)
        stuck = [row.id for row, able in zip(chosen, may, strict=True) if not able]
        findings.notes.append(
            _("dealing {number} of the groups failed: none of them could go to {ids}").format(
                number=number, ids=join_words(stuck)
            )
        )


def recompute_public_part(
    plan: Plan,
    files: Mapping[str, bytes],
    result: DrawResult,
    state: DrawState,
    tickets: Tickets,
    findings: DrawRemarks,
) -> None:
    """Check that pools, list, teams, groups and notices of a public bundle fit one another and the log."""
    assert state.drawn is not None
    for name in sorted(set(files) & set(plan.files)):
        check_frozen(plan, name, files[name])
    check_reasons(files)
    if [id for id, _strata in ItemStrata.read(files["rules.json"]).items] != [
        i.id for i in plan.items
    ]:
        raise BadFile("rules.json", _("these are not the items of the plan"))
    pool = {row[0]: row[1] for row in POOL.load(files["pool.csv"])}
    for id, _reason, _name in ASIDE.load(files["left_out.csv"]):
        if id in pool:
            raise BadFile("left_out.csv", _("{id} stands in the pool too").format(id=id))
    drawn = LIST.load(files["list.csv"])
    for id, name in drawn:
        if pool.get(id) != name:
            raise BadFile("list.csv", _("{id} does not stand so in pool.csv").format(id=id))
    members = _read_teams(plan, files, [id for id, _name in drawn])
    _check_groups(plan, files, result, members, tickets, findings)
    leaves = notices.build_leaves(members, tickets)
    if notices.notice_tree_head(leaves, tickets) != state.drawn["notices"]:
        raise BadFile("teams.csv", _("the notices in the log name other teams"))
    if set(bundle_files.GRADED) <= set(files):
        _check_public_targets(files, result, tickets)
    findings.unchecked.append(
        _(
            "which institutions had to be drawn, and who had to visit them (the auditor's bundle shows it)"
        )
    )
    records = files["records.jsonl"].split(b"\n")[:-1]
    people = {person.id: person for person in read_inspectors(files["inspectors.csv"])}
    public_changes.check_changes(
        plan, state, records, drawn=members, pool=pool, people=people, tickets=tickets
    )
    if state.changes:
        findings.unchecked.append(_("replacements and substitutions follow the tickets"))


def _check_public_targets(files: Mapping[str, bytes], result: DrawResult, tickets: Tickets) -> None:
    """Check which institutions had to be drawn; possible if grades, and so tickets, are public."""
    strata, frame = Strata.read(files["strata.json"]), read_frame(files["frame.csv"])
    if {row.stratum for row in frame} - {stratum.stratum for stratum in strata.strata}:
        raise BadFile("frame.csv", _("unknown stratum"))
    if [(row.id, row.name) for row in frame] != POOL.load(files["pool.csv"]):
        raise BadFile("pool.csv", _("these are not the ids and names of the frame"))
    places = targets.rank_targets(frame, strata, allocate_counts(strata.strata, tickets), tickets)
    if files["targets.csv"] != targets.targets_csv(places):
        raise BadFile("targets.csv", _("the tickets say otherwise"))
    if files["list.csv"] != targets.list_csv(places, frame):
        raise BadFile("list.csv", _("the tickets say otherwise"))
    right = targets.find_cutoffs(places, strata)
    differ = len(result.cutoffs) != len(right) if result.cutoffs_hidden else result.cutoffs != right
    if differ:  # hidden cut-offs can be checked no further without `inner`
        raise BadFile(NAME, _("cutoffs: the tickets say otherwise"))


def _read_teams(
    plan: Plan, files: Mapping[str, bytes], drawn: Sequence[str]
) -> dict[str, list[str]]:
    """Return the team of each drawn institution, after checking the rules that are public."""
    people = {person.id: person for person in read_inspectors(files["inspectors.csv"])}
    members: dict[str, list[str]] = {id: [] for id in drawn}
    for target, inspector, role in TEAMS.load(files["teams.csv"]):
        if target not in members or inspector not in people:
            raise BadFile(
                "teams.csv",
                _("{target}, {taker}: not drawn, or unknown").format(
                    target=target, taker=inspector
                ),
            )
        if role != ("lead" if people[inspector].lead else "member"):
            raise BadFile("teams.csv", _("a role is not the inspector's own"))
        members[target].append(inspector)
    for target, team in members.items():
        if len(team) != plan.team.size or sum(people[id].lead for id in team) < plan.team.leads:
            raise BadFile(
                "teams.csv",
                _("{target}: a team of {size} with at least {leads} leads was expected").format(
                    target=target, size=plan.team.size, leads=plan.team.leads
                ),
            )
    return members


def _check_groups(
    plan: Plan,
    files: Mapping[str, bytes],
    result: DrawResult,
    members: Mapping[str, Sequence[str]],
    tickets: Tickets,
    findings: DrawRemarks,
) -> None:
    """Check that the tickets give the fixed groups, and that every team is one of them."""
    if result.groups is None:
        if plan.team.groups is not None:
            findings.unchecked.append(_("that no dealing of fixed groups worked"))
        return
    if plan.team.groups is None:
        raise BadFile(NAME, _("groups: the plan has none"))
    people = read_inspectors(files["inspectors.csv"])
    dealings = [
        deal_groups(people, plan.team, tickets, number) for number in range(1, DEALINGS + 1)
    ]
    if result.groups not in dealings:
        raise BadFile(NAME, _("groups: the tickets say otherwise"))
    if result.groups != dealings[0]:
        findings.notes.append(
            _("groups were dealt {times} times").format(times=dealings.index(result.groups) + 1)
        )
    for target, team in members.items():
        if tuple(sorted(team)) not in result.groups:
            raise BadFile(
                "teams.csv", _("{target}: this is none of the groups").format(target=target)
            )


def check_reasons(files: Mapping[str, bytes]) -> None:
    """Check that every row of left_out.csv has a reason of the closed list."""
    for id, reason, _name in ASIDE.load(files["left_out.csv"]):
        if reason not in LEFT_OUT_REASONS:
            raise BadFile(
                "left_out.csv", _("{id}: no such reason: {reason}").format(id=id, reason=reason)
            )


def read_hex_digits(name: str, content: bytes) -> str:
    """Return the text of a file of hex digits; BadFile if it is not ASCII."""
    try:
        return content.decode("ascii")
    except UnicodeDecodeError:
        raise BadFile(name, _("64 hex digits were expected")) from None
