"""The steps of a draw, each a log entry: commit, entropy, draw, publish, void.

Every step reads the log and appends to it under the log's lock, so two supervisors cannot interfere. The
files are written first, the entry last: a run that is killed in between can be repeated. `at` is the
time of the step, UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from double_random.core import clock
from double_random.core.china_time import localize_times
from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import N_, _, join_words
from double_random.inspection.draw import drand, versions
from double_random.inspection.draw import draw_state as state
from double_random.inspection.draw.bundle_files import UNBOUND
from double_random.inspection.draw.check_sheet import LOGGED, render_check_sheet
from double_random.inspection.draw.draw_folder import APART, DrawFolder, lost_hint
from double_random.inspection.draw.draw_state import DrawStage, DrawState
from double_random.inspection.draw.inspector_numbers import FILE as BADGES
from double_random.inspection.draw.seal_checks import (
    check_binding,
    check_other_plans,
    check_plan_files,
    check_plan_sources,
)
from double_random.inspection.draw.sql_tickets import SetTickets, TicketsOf
from double_random.inspection.draw.verifier_files import (
    SHEET,
    build_verifier_files,
    read_programs,
)
from double_random.inspection.draw.versions import Draw, Plan, Source
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.plan import short_form
from double_random.inspection.protocol.v2 import PROTOCOL
from double_random.inspection.protocol.v2.draw import Draw as SecondDraw
from double_random.inspection.sources.source_catalogue import load_home_catalogue
from double_random.store.log import signed_log

if TYPE_CHECKING:
    from double_random.store.engine.duckdb import Engine
    from double_random.store.home import Home
    from double_random.store.log.signed_log import LogWriter

MISTYPED, MISTYPED_2 = N_("number mistyped"), N_("number entered wrongly")  # in either version
VOID_REASONS = (
    N_("source not drawn"),
    N_("wrong plan"),
    N_("institutions changed"),
    N_("inspectors unavailable"),
    N_("ordered by a higher authority"),
    MISTYPED,
    state.LOST,
)
# The reasons of version 1 by those of version 2.
_SECOND_REASONS = {MISTYPED: MISTYPED_2, state.LOST: state.LOST_2}
CLOCK_REASONS = (N_("time mistyped"), N_("clock wrong"))
NOT_ALL_KNOWN = (
    "source not drawn",
    MISTYPED,
    MISTYPED_2,
    *state.LOST_REASONS,
)  # void without all numbers


@dataclass(frozen=True)
class LoggedStep:
    """A logged step: the index of its entry, and the draw's state after it. A lost draw may have no plan."""

    plan: Plan | None
    place: int
    state: DrawState

    @property
    def code(self) -> str:
        """The plan's 方案校验码."""
        return short_form(str(self.state.plan["plan"]))


def current_time() -> str:
    """The current time in the log's format. Only these steps read the clock; no result depends on it."""
    return clock.utc_stamp()


def set_clock(home: Home, reason: str) -> signed_log.Entry:
    """Declare that log entries with a future time were misdated; new entries may have an earlier time."""
    if reason not in CLOCK_REASONS:
        raise Misuse(
            _("no such reason: {reason}").format(reason=reason),
            _("one of: {reasons}").format(reasons=join_words(CLOCK_REASONS)),
        )
    with home.log.hold() as pen:
        return pen.set_clock(reason, current_time())


def commit_plan(home: Home, draw: str, at: str) -> LoggedStep:
    """Log the plan's commitment (封存方案). From then on the plan cannot change; it ends as published or void."""
    folder = DrawFolder.find(home, draw)
    plan = folder.read_plan()
    contents = folder.read_files()
    check_plan_files(plan, contents)
    _sealed_secret(folder, plan)
    home.releases.require_sound()
    at = check_act_time(at)
    if at >= plan.not_before:
        raise Misuse(
            _(
                "the plan says that its randomness comes from {time} on; it is too late to commit it"
            ).format(time=localize_times(plan.not_before)),
            _(
                "plan again under the same name with a later --not-before; or: double-random inspection discard {draw}"
            ).format(draw=draw),
        )
    check_plan_sources(plan, contents, load_home_catalogue(home), at)
    with home.log.hold() as pen:
        known_draws = state.replay_states(pen.entries)
        if draw in known_draws:
            raise Misuse(
                _("the plan of {draw} has been committed already").format(draw=draw),
                _("its 方案校验码 is {code}").format(code=plan.code),
            )
        entry = plan_entry(plan, versions.read_sources(plan, contents), at)
        check_binding(plan, pen.entries, home.log, at)
        check_other_plans(entry, known_draws.values())
        if plan.replaces is not None:
            former = known_draws.get(plan.replaces[0])
            if former is None or former.stage is not DrawStage.void:
                raise Misuse(
                    _("the plan replaces {draw}, which has not been made void").format(
                        draw=plan.replaces[0]
                    )
                )
        return _append_entry(pen, plan, entry)


def plan_entry(plan: Plan, plan_sources: Sequence[Source], at: str) -> signed_log.Entry:
    """The log entry of a plan; that of version 2 also says where its values come from, and from when."""
    entry = {"kind": "plan", "time": at, "plan": plan.commitment, **state.describe_plan(plan)}
    if not versions.is_second(plan):
        return entry
    times = [
        {"source": source.text, "known_from": getattr(source, "known_from", "") or None}
        for source in plan_sources
    ]
    return {**entry, "protocol": PROTOCOL, "sources": times}


def log_entropy(home: Home, draw: str, source_value: str, at: str, proof: str = "") -> LoggedStep:
    """Log one source's value (公开随机号码), in the form SOURCE=VALUE.

    A value of version 1 stays. One of version 2 can be entered again before the draw: the last one counts, and every
    verifier shows them all.
    """
    folder = DrawFolder.find(home, draw)
    plan, plan_sources = folder.read_plan(), folder.read_sources()
    source, value = _match_source(plan_sources, source_value)
    source.check_value(value)
    _check_proof(source, value, proof)
    at = check_act_time(at)
    _refuse_wrong_time(plan, plan_sources, source, at)
    with home.log.hold() as pen:
        before = _require_open(pen.entries, plan)
        known = before.entropy.get(source.text)
        final = before.drawn is not None or not versions.is_second(plan)
        if before.drawn is not None or known == value or (known is not None and final):
            raise Misuse(
                _("{source} has its value already: {value}").format(
                    source=source.text, value=known or ""
                ),
                _(
                    "what is logged stays; a wrong value ends in: double-random inspection void {draw} --reason REASON"
                ).format(draw=draw)
                if final
                else "",
            )
        if not versions.is_second(plan):
            _require_witnessed_first(plan_sources, source, before)
        folder.keep_proof(source.text, proof)
        entry = {"kind": "entropy", "time": at, "draw": draw, "source": source.text, "value": value}
        return _append_entry(pen, plan, entry)


def _match_source(plan_sources: Sequence[Source], source_value: str) -> tuple[Source, str]:
    text, equals, value = source_value.partition("=")
    source = next((candidate for candidate in plan_sources if candidate.text == text), None)
    if source is None or not equals:
        raise Misuse(
            _("expected SOURCE=VALUE with a source of this plan: {given}").format(
                given=source_value
            ),
            "  ".join(f"'{candidate.text}=…'" for candidate in plan_sources),
        )
    return source, value


def _check_proof(source: Source, value: str, proof: str) -> None:
    """Misuse if a proof does not hash to the value, or drand did not sign it."""
    if not proof:
        return
    if not source.is_proof(value, proof):
        raise Misuse(_("the value is not the SHA-256 of this signature"))
    signed = source.round is not None and source.name in ("quicknet", drand.quicknet_chain())
    if signed and drand.is_available() and not drand.is_round_signature(source.round or 0, proof):
        raise Misuse(_("drand did not sign this round so"), _("copy signature and round again"))


def _refuse_wrong_time(plan: Plan, plan_sources: Sequence[Source], source: Source, at: str) -> None:
    """Misuse for a value that cannot be known yet, and for a ceremony after other values can be known."""
    earliest = source.earliest_time(plan.not_before)
    if at < earliest:
        raise Misuse(
            _("it is too early: the plan says not before {time}").format(
                time=localize_times(earliest)
            ),
            _("wait; a number that is known earlier proves nothing"),
        )
    first = versions.is_second(plan) and source.needs_witness
    if first and at >= plan.not_before and not all(one.needs_witness for one in plan_sources):
        raise Misuse(
            _("{source}: a ceremony beside other sources comes before not_before").format(
                source=source.text
            ),
            _(
                "it is too late; end the plan: double-random inspection void {draw} --reason REASON"
            ).format(draw=plan.draw),
        )


def _require_witnessed_first(
    plan_sources: Sequence[Source], source: Source, before: DrawState
) -> None:
    """Misuse if what is made on site is to be logged after another value (version 1)."""
    missing = [
        candidate.text
        for candidate in plan_sources
        if candidate.needs_witness and candidate.text not in before.entropy
    ]
    if missing and not source.needs_witness:
        raise Misuse(
            _("{missing} must be logged before any other source is known").format(
                missing=join_words(missing)
            )
        )


def run_draw(
    home: Home, name: str, at: str, engine: Engine | None = None
) -> tuple[LoggedStep, Draw]:
    """Compute the draw (抽取) from plan and randomness, store its files, and log their hash.

    `engine`: an external engine that computes the tickets. It gets ids, salts and the seed, never `inner`.
    If the draw was made before, only its damaged or missing files are computed again.
    """
    folder = DrawFolder.find(home, name)
    plan = folder.read_plan()
    at = _check_not_before(plan, at)
    current = _require_committed(home.log.entries(), plan)
    if current.drawn is not None:
        return _restore_result(home, folder, plan, current, engine)
    before = _require_undrawn(home.log.entries(), plan)
    lines, values = versions.format_entropy(plan, folder.read_sources(), before.entropy)
    proofs = folder.read_proofs()
    computed, files = _compute_files(folder, plan, lines, proofs, engine)
    with home.log.hold() as pen:  # the computation above needs no lock: log entries never change
        _require_undrawn(pen.entries, plan)
        folder.keep_result(files)
        for source in values.keys() - before.entropy.keys():  # `local` alone, or none
            pen.append({"kind": "entropy", "time": at, "draw": name, "source": source, "value": ""})
        entry = {
            "kind": "draw",
            "time": at,
            "draw": name,
            "entropy": lines,
            "proofs": proofs,
            "result": plan.digest.hash_bytes(files["result.json"]),
            "notices": computed.notices,
        }
        return _append_entry(pen, plan, entry), computed


def _compute_files(
    folder: DrawFolder, plan: Plan, lines: str, proofs: dict[str, str], engine: Engine | None
) -> tuple[Draw, dict[str, bytes]]:
    """Compute a draw, and the files of its result by name."""
    frozen, secret, inner = folder.read_files(), _sealed_secret(folder, plan), folder.inner
    kind = SetTickets if engine is None else TicketsOf(engine)
    plan_files = versions.read_files(plan, frozen)
    selection = versions.select_targets(plan, plan_files, lines, secret, kind)
    computed = versions.assign_teams(selection, plan_files, inner)
    result_files = {**computed.result_files, **_build_verifier_files(computed, secret)}
    accepted = folder.read_unbound()
    if accepted and not versions.is_second(plan):
        salt = computed.selection.tickets.unbound_salt(inner)
        result_files[UNBOUND] = canonical_json.dump_canonical({"recusals": accepted, "salt": salt})
    covered = {**frozen, **result_files, "plan.json": plan.data, "inner": inner.encode()}
    result = versions.make_result(computed, secret, inner, proofs, covered)
    return computed, {**result_files, "result.json": result}


def _build_verifier_files(draw: Draw, secret: str) -> dict[str, bytes]:
    if not isinstance(draw, SecondDraw):
        return build_verifier_files(draw, secret)
    programs = read_programs()
    return {**programs, SHEET: render_check_sheet(draw, secret, programs, LOGGED)}


def _restore_result(
    home: Home, folder: DrawFolder, plan: Plan, current: DrawState, engine: Engine | None
) -> tuple[LoggedStep, Draw]:
    """Write damaged or missing files of a draw's result again; Misuse if there are none."""
    faults = find_result_faults(folder, plan, current)
    if not faults:
        _require_undrawn(home.log.entries(), plan)  # raises Misuse with the reason
    assert current.drawn is not None
    computed, files = _compute_files(
        folder, plan, current.drawn["entropy"], current.drawn["proofs"], engine
    )
    kept_result = folder.read_result().get("result.json", b"")
    if (
        plan.digest.hash_bytes(kept_result) == current.drawn["result"]
    ):  # the program's own files may be newer
        expected = versions.read_result(plan, kept_result).files
        files = {
            name: files[name]
            for name in files
            if plan.digest.hash_bytes(files[name]) == expected.get(name)
        }
    elif plan.digest.hash_bytes(files["result.json"]) != current.drawn["result"]:
        files = {}
    folder.keep_result(files)
    remaining = find_result_faults(folder, plan, current)
    if remaining:
        raise DoubleRandomError(
            _("{file} of {draw} cannot be computed again: it was made by another version").format(
                file=join_words(sorted(remaining)), draw=plan.draw
            ),
            _("restore it from the backup"),
        )
    entries = home.log.entries()
    return LoggedStep(plan, entries.index(current.drawn), current), computed


def publish_draw(home: Home, draw: str, at: str) -> LoggedStep:
    """Publish the secret (公开): from then on everyone can verify the draw."""
    folder = DrawFolder.find(home, draw)
    plan = folder.read_plan()
    at = check_act_time(at)
    with home.log.hold() as pen:
        before = _require_open(pen.entries, plan)
        if before.drawn is None:
            raise Misuse(
                _("{draw} has not been drawn yet").format(draw=draw),
                _("draw first: double-random inspection draw {draw}").format(draw=draw),
            )
        _check_result(folder, plan, before)
        entry = {
            "kind": "publish",
            "time": at,
            "draw": draw,
            "secret": _sealed_secret(folder, plan),
        }
        done = _append_entry(pen, plan, entry)
    folder.open_to_group()
    return done


def void_draw(home: Home, name: str, reason: str, at: str) -> LoggedStep:
    """End a plan without a list (作废), with a reason of the closed list. Its secret and its numbers become public.

    After `not_before` the numbers must be logged first, and if all are known the draw is computed before it
    is made void, so that its result is visible; only a source that was never drawn has no number.
    """
    at = check_act_time(at)
    reason = {new: old for old, new in _SECOND_REASONS.items()}.get(reason, reason)
    if reason not in VOID_REASONS:
        raise Misuse(
            _("no such reason: {reason}").format(reason=reason),
            _("one of: {reasons}").format(reasons=join_words(VOID_REASONS)),
        )
    if reason == state.LOST:
        return _void_lost(home, name, at)
    folder = DrawFolder.find(home, name)
    plan, plan_sources = folder.read_plan(), folder.read_sources()
    if versions.is_second(plan):
        reason = _SECOND_REASONS.get(reason, reason)
    if _is_ready_to_draw(home.log.entries(), plan, plan_sources, at):
        run_draw(home, name, at)
    with home.log.hold() as pen:
        before = _require_open(pen.entries, plan)
        known_values, lines = before.entropy, ""
        if _are_all_known(plan_sources, before):
            lines, _values = versions.format_entropy(plan, plan_sources, known_values)
        elif reason in (MISTYPED, MISTYPED_2) and not known_values:
            raise Misuse(_("no number of {draw} has been logged").format(draw=name))
        elif at >= plan.not_before and reason not in NOT_ALL_KNOWN:
            raise Misuse(
                _("the time of its randomness has passed: its numbers become public too"),
                _("log them first: double-random inspection entropy {draw} 'SOURCE=VALUE'").format(
                    draw=name
                ),
            )
        entry = {
            "kind": "void",
            "time": at,
            "draw": name,
            "reason": reason,
            "secret": _sealed_secret(folder, plan),
            "entropy": lines,
            "proofs": folder.read_proofs(),
        }
        done = _append_entry(pen, plan, entry)
    folder.open_to_group()
    return done


def _void_lost(home: Home, name: str, at: str) -> LoggedStep:
    """End a plan whose files or secrets are lost, so that it can be neither drawn nor published.

    Misuse if nothing is lost. Every verifier shows such a void for each plan of the same scope.
    """
    with home.log.hold() as pen:
        current = state.find_state(pen.entries, name)
        if not current.is_open:
            raise _ended_error(current)
        secret, faults = _find_loss(home, name, current)
        if not faults:
            raise Misuse(
                _("nothing of {draw} is lost: its files and secrets are here").format(draw=name),
                _("one of: {reasons}").format(
                    reasons=join_words(
                        other_reason for other_reason in VOID_REASONS if other_reason != state.LOST
                    )
                ),
            )
        entry: signed_log.Entry = {
            "kind": "void",
            "time": at,
            "draw": name,
            "reason": state.LOST_2 if "protocol" in current.plan else state.LOST,
            "secret": secret,
            "entropy": _logged_entropy(current),
            "proofs": {},
        }
        index = pen.append(entry)
        return LoggedStep(None, index, state.find_state(pen.entries, name))


def _logged_entropy(current: DrawState) -> str:
    """The entropy lines in the log entry of the draw; "" if it was not drawn."""
    return str(current.drawn["entropy"]) if current.drawn is not None else ""


def find_damage(home: Home, current: DrawState) -> dict[str, str]:
    """The parts of a sealed draw that are missing or differ from what was sealed or drawn: name → fault."""
    _secret, loss = _find_loss(home, current.draw, current)
    if loss:
        return {"plan": loss}
    folder = DrawFolder.find(home, current.draw)
    faults = (
        find_result_faults(folder, folder.read_plan(), current) if current.drawn is not None else {}
    )
    for name, read_part in ((BADGES, folder.read_badges), (APART, folder.read_exclusions)):
        try:
            read_part()
        except DoubleRandomError as error:
            faults[name] = error.reason
    return faults


def _find_loss(home: Home, name: str, current: DrawState) -> tuple[str, str]:
    """A draw's secret ("" if it is lost), and what is missing or damaged ("" if nothing is)."""
    secret = ""
    try:
        folder = DrawFolder.find(home, name)
        plan = folder.read_plan()
        _check_commitment(current, plan)
        if plan.digest(folder.secret) == plan.secret:
            secret = folder.secret
        _sealed_secret(folder, plan)
        versions.read_files(plan, folder.read_files())
    except (DoubleRandomError, OSError, ValueError) as error:
        return secret, str(error)
    return secret, ""


def _is_ready_to_draw(
    entries: Sequence[signed_log.Entry], plan: Plan, plan_sources: Sequence[Source], at: str
) -> bool:
    """Are all numbers of the plan known, has its time come, and is the draw still to be made?"""
    current = _require_open(entries, plan)
    complete = _are_all_known(plan_sources, current)
    return current.drawn is None and complete and at >= plan.not_before


def _are_all_known(plan_sources: Sequence[Source], current: DrawState) -> bool:
    """Is every value logged that can be?"""
    return all(one.text in current.entropy for one in plan_sources if one.is_public)


def _append_entry(pen: LogWriter, plan: Plan, entry: signed_log.Entry) -> LoggedStep:
    index = pen.append(entry)
    return LoggedStep(plan, index, state.find_state(pen.entries, plan.draw))


def require_changeable(entries: Sequence[signed_log.Entry], plan: Plan) -> DrawState:
    """The state of a draw whose targets and teams can change; Misuse unless it is drawn or published."""
    current = _require_committed(entries, plan)
    if current.drawn is None or current.stage is DrawStage.void:
        raise Misuse(
            _("{draw} has no list that could change: {stage}").format(
                draw=plan.draw, stage=_(current.stage)
            )
        )
    return current


def _require_open(entries: Sequence[signed_log.Entry], plan: Plan) -> DrawState:
    """The draw's state; Misuse if it has ended."""
    current = _require_committed(entries, plan)
    if not current.is_open:
        raise _ended_error(current)
    return current


def _ended_error(current: DrawState) -> Misuse:
    return Misuse(
        _("{draw} has ended: {stage}").format(draw=current.draw, stage=_(current.stage)),
        _("what was done is listed by: double-random log show"),
    )


def _require_undrawn(entries: Sequence[signed_log.Entry], plan: Plan) -> DrawState:
    """The state of a draw that has not been made yet; Misuse otherwise, since a draw is never repeated."""
    current = _require_open(entries, plan)
    if current.drawn is not None:
        raise Misuse(
            _("{draw} has been drawn; a draw is never repeated").format(draw=plan.draw),
            _("see its list: double-random inspection show {draw}").format(draw=plan.draw),
        )
    return current


def _require_committed(entries: Sequence[signed_log.Entry], plan: Plan) -> DrawState:
    """The draw's state; Misuse if it was never committed, DoubleRandomError if the committed plan differs."""
    current = state.find_state(entries, plan.draw)
    _check_commitment(current, plan)
    return current


def _check_commitment(current: DrawState, plan: Plan) -> None:
    if current.plan["plan"] != plan.commitment:
        raise DoubleRandomError(
            _("plan.json of {draw} is not the one that was committed").format(draw=plan.draw),
            lost_hint(plan.draw),
        )


def _sealed_secret(folder: DrawFolder, plan: Plan) -> str:
    """The secret; DoubleRandomError if the plan does not commit to this secret and this `inner`."""
    secret = folder.secret
    if plan.digest(secret) != plan.secret or plan.digest(folder.inner) != plan.inner:
        raise DoubleRandomError(
            _("the sealed numbers of {draw} are not those of its plan").format(draw=plan.draw),
            lost_hint(plan.draw),
        )
    return secret


def find_result_faults(folder: DrawFolder, plan: Plan, drawn: DrawState) -> dict[str, str]:
    """The files of a draw that differ from the log: name → fault. A draw with faults is never published."""
    files = folder.read_result()
    entry = drawn.drawn
    if entry is None or plan.digest.hash_bytes(files.get("result.json", b"")) != entry["result"]:
        fault = _("it is not the one that was logged") if "result.json" in files else _("missing")
        return {"result.json": fault}
    faults = {}
    inner = {"plan.json": folder.plan_bytes, "inner": folder.inner.encode()}
    present = {**folder.read_files(), **inner, **files}
    for name, expected_hash in versions.read_result(plan, files["result.json"]).files.items():
        if name not in present:
            faults[name] = _("missing")
        elif plan.digest.hash_bytes(present[name]) != expected_hash:
            faults[name] = _("it is not the one that was drawn")
    return faults


def _check_result(folder: DrawFolder, plan: Plan, drawn: DrawState) -> None:
    """DoubleRandomError if a file that the result covers differs from the log: then the secret stays sealed."""
    faults = find_result_faults(folder, plan, drawn)
    for name, fault in sorted(faults.items()):
        raise DoubleRandomError(
            _("{file} of {draw}: {what}").format(file=name, draw=drawn.draw, what=fault),
            _("compute the files again: double-random inspection draw {draw}").format(
                draw=drawn.draw
            ),
        )


def parse_time(text: str) -> str:
    """A time in the log's format; Misuse for any other spelling."""
    try:
        return signed_log.check_log_time(text)
    except ValueError:
        raise Misuse(
            _("no such time: {at}").format(at=text),
            _("Beijing time as '2026-11-22 16:00', or UTC as 2026-11-22T08:00:00Z"),
        ) from None


def check_act_time(at: str) -> str:
    """The time of a step in the log's format; Misuse for any other spelling, and for a time in the future."""
    clock.refuse_later_time(parse_time(at))
    return at


def _check_not_before(plan: Plan, at: str) -> str:
    at = check_act_time(at)
    if at < plan.not_before:
        raise Misuse(
            _("it is too early: the plan says not before {time}").format(
                time=localize_times(plan.not_before)
            ),
            _("wait; a number that is known earlier proves nothing"),
        )
    return at
