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
from double_random.core.china_time import shown
from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import N_, _, listed
from double_random.inspection.draw import drand
from double_random.inspection.draw import draw_state as state
from double_random.inspection.draw.bundle_files import UNBOUND
from double_random.inspection.draw.draw_folder import APART, Folder, lost_hint
from double_random.inspection.draw.draw_result import Result
from double_random.inspection.draw.draw_state import Stage, State
from double_random.inspection.draw.inspector_numbers import FILE as BADGES
from double_random.inspection.draw.sql_tickets import SetTickets, TicketsOf
from double_random.inspection.draw.verifier_files import checkers
from double_random.inspection.protocol import canonical_json, sources
from double_random.inspection.protocol.draw import Draw, Reveal, compute
from double_random.inspection.protocol.files import Files
from double_random.inspection.protocol.plan import Plan, short_form
from double_random.store.log import signed_log

if TYPE_CHECKING:
    from double_random.store.engine.duckdb import Engine
    from double_random.store.home import Home
    from double_random.store.log.signed_log import Pen

VOID_REASONS = (
    N_("source not drawn"),
    N_("wrong plan"),
    N_("institutions changed"),
    N_("inspectors unavailable"),
    N_("ordered by a higher authority"),
    N_("number mistyped"),
    state.LOST,
)
CLOCK_REASONS = (N_("time mistyped"), N_("clock wrong"))
NOT_ALL_KNOWN = ("source not drawn", "number mistyped", state.LOST)  # void without all numbers


@dataclass(frozen=True)
class Done:
    """A logged step: the index of its entry, and the draw's state after it. A lost draw may have no plan."""

    plan: Plan | None
    place: int
    state: State

    @property
    def code(self) -> str:
        """The plan's 方案校验码."""
        return short_form(str(self.state.plan["plan"]))


def now() -> str:
    """The current time in the log's format. Only these steps read the clock; no result depends on it."""
    return clock.stamp()


def set_clock(home: Home, reason: str) -> signed_log.Entry:
    """Declare that log entries with a future time were misdated; new entries may have an earlier time."""
    if reason not in CLOCK_REASONS:
        raise Misuse(
            _("no such reason: {reason}").format(reason=reason),
            _("one of: {reasons}").format(reasons=listed(CLOCK_REASONS)),
        )
    with home.log.hold() as pen:
        return pen.set_clock(reason, now())


def commit(home: Home, draw: str, at: str) -> Done:
    """Log the plan's commitment (封存方案). From then on the plan cannot change; it ends as published or void."""
    folder = Folder.of(home, draw)
    plan = folder.plan()
    Files.read(plan, folder.files())
    _sealed(folder, plan)
    home.releases.require_sound()
    at = moment(at)
    if at >= plan.not_before:
        raise Misuse(
            _(
                "the plan says that its randomness comes from {time} on; it is too late to commit it"
            ).format(time=shown(plan.not_before)),
            _(
                "plan again under the same name with a later --not-before; or: double-random inspection discard {draw}"
            ).format(draw=draw),
        )
    with home.log.hold() as pen:
        known = state.states(pen.entries)
        if draw in known:
            raise Misuse(
                _("the plan of {draw} has been committed already").format(draw=draw),
                _("its 方案校验码 is {code}").format(code=plan.code),
            )
        entry = plan_entry(plan, at)
        for other in known.values():
            if other.open and other.overlaps(entry["items"], entry["scope"]):
                raise Misuse(
                    _("{other} is open for the same item, districts and kinds").format(
                        other=other.draw
                    ),
                    _("publish it or void it first"),
                )
        if plan.replaces is not None:
            former = known.get(plan.replaces[0])
            if former is None or former.stage is not Stage.void:
                raise Misuse(
                    _("the plan replaces {draw}, which has not been made void").format(
                        draw=plan.replaces[0]
                    )
                )
        return _done(pen, plan, entry)


def plan_entry(plan: Plan, at: str) -> signed_log.Entry:
    """The log entry of a plan."""
    return {
        "kind": "plan",
        "time": at,
        "draw": plan.draw,
        "plan": plan.commitment,
        "items": [{"id": i.id, "title": i.title, "basis": i.basis} for i in plan.items],
        "scope": {"districts": list(plan.districts), "kinds": list(plan.kinds)},
        "not_before": plan.not_before,
        "publish_by": plan.publish_by,
        "replaces": None
        if plan.replaces is None
        else {"draw": plan.replaces[0], "reason": plan.replaces[1]},
    }


def entropy(home: Home, draw: str, given: str, at: str, proof: str = "") -> Done:
    """Log one source's value (公开随机号码), in the form SOURCE=VALUE. A logged value cannot be corrected."""
    folder = Folder.of(home, draw)
    plan = folder.plan()
    text, equals, value = given.partition("=")
    source = next((one for one in plan.sources if one.text == text), None)
    if source is None or not equals:
        raise Misuse(
            _("expected SOURCE=VALUE with a source of this plan: {given}").format(given=given),
            "  ".join(f"'{one.text}=…'" for one in plan.sources),
        )
    source.check(value)
    if proof and not source.is_proof(value, proof):
        raise Misuse(_("the value is not the SHA-256 of this signature"))
    if proof and drand.available() and not drand.signed(source.count, proof):
        raise Misuse(_("drand did not sign this round so"), _("copy signature and round again"))
    at = _not_before(plan, at)
    with home.log.hold() as pen:
        before = _open(pen.entries, plan)
        if before.drawn is not None or text in before.entropy:
            raise Misuse(
                _("{source} has its value already: {value}").format(
                    source=text, value=before.entropy.get(text, "")
                ),
                _(
                    "what is logged stays; a wrong value ends in: double-random inspection void {draw} --reason REASON"
                ).format(draw=draw),
            )
        if not source.witnessed:
            missing = [
                one.text for one in plan.sources if one.witnessed and one.text not in before.entropy
            ]
            if missing:
                raise Misuse(
                    _("{missing} must be logged before any other source is known").format(
                        missing=listed(missing)
                    )
                )
        if proof:
            folder.keep_proof(text, proof)
        entry = {"kind": "entropy", "time": at, "draw": draw, "source": text, "value": value}
        return _done(pen, plan, entry)


def draw(home: Home, name: str, at: str, engine: Engine | None = None) -> tuple[Done, Draw]:
    """Compute the draw (抽取) from plan and randomness, store its files, and log their hash.

    `engine`: an external engine that computes the tickets. It gets ids, salts and the seed, never `inner`.
    If the draw was made before, only its damaged or missing files are computed again.
    """
    folder = Folder.of(home, name)
    plan = folder.plan()
    at = _not_before(plan, at)
    found = _committed(home.log.entries(), plan)
    if found.drawn is not None:
        return _recompute(home, folder, plan, found, engine)
    before = _drawable(home.log.entries(), plan)
    local = plan.sources[0].kind == "local"
    lines = sources.entropy(plan.sources, {"local": ""} if local else before.entropy)
    proofs = folder.proofs()
    computed, files = _compute(folder, plan, lines, proofs, engine)
    with home.log.hold() as pen:  # the computation above needs no lock: log entries never change
        _drawable(pen.entries, plan)
        folder.keep_result(files)
        if local and not before.entropy:
            pen.append(
                {"kind": "entropy", "time": at, "draw": name, "source": "local", "value": ""}
            )
        entry = {
            "kind": "draw",
            "time": at,
            "draw": name,
            "entropy": lines,
            "proofs": proofs,
            "result": plan.digest.of(files["result.json"]),
            "notices": computed.notices,
        }
        return _done(pen, plan, entry), computed


def _compute(
    folder: Folder, plan: Plan, lines: str, proofs: dict[str, str], engine: Engine | None
) -> tuple[Draw, dict[str, bytes]]:
    """Compute a draw, and the files of its result by name."""
    frozen, secret, inner = folder.files(), _sealed(folder, plan), folder.inner
    tickets = SetTickets if engine is None else TicketsOf(engine)
    computed = compute(plan, Files.read(plan, frozen), Reveal(lines, secret, inner), tickets)
    made = {**computed.files, **checkers(computed, secret)}
    accepted = folder.unbound()
    if accepted:
        salt = computed.selection.tickets.unbound(inner)
        made[UNBOUND] = canonical_json.dump({"recusals": accepted, "salt": salt})
    covered = {**frozen, **made, "plan.json": plan.data, "inner": inner.encode()}
    result = Result.of(computed, secret, inner, proofs, covered).dump()
    return computed, {**made, "result.json": result}


def _recompute(
    home: Home, folder: Folder, plan: Plan, found: State, engine: Engine | None
) -> tuple[Done, Draw]:
    """Write damaged or missing files of a draw's result again; Misuse if there are none."""
    faults = result_faults(folder, plan, found)
    if not faults:
        _drawable(home.log.entries(), plan)  # raises Misuse with the reason
    assert found.drawn is not None
    computed, files = _compute(folder, plan, found.drawn["entropy"], found.drawn["proofs"], engine)
    kept = folder.result().get("result.json", b"")
    if plan.digest.of(kept) == found.drawn["result"]:  # the program's own files may be newer
        right = Result.read(kept).files
        files = {
            name: files[name] for name in files if plan.digest.of(files[name]) == right.get(name)
        }
    elif plan.digest.of(files["result.json"]) != found.drawn["result"]:
        files = {}
    folder.keep_result(files)
    left = result_faults(folder, plan, found)
    if left:
        raise DoubleRandomError(
            _("{file} of {draw} cannot be computed again: it was made by another version").format(
                file=listed(sorted(left)), draw=plan.draw
            ),
            _("restore it from the backup"),
        )
    entries = home.log.entries()
    return Done(plan, entries.index(found.drawn), found), computed


def publish(home: Home, draw: str, at: str) -> Done:
    """Publish the secret (公开): from then on everyone can verify the draw."""
    folder = Folder.of(home, draw)
    plan = folder.plan()
    at = moment(at)
    with home.log.hold() as pen:
        before = _open(pen.entries, plan)
        if before.drawn is None:
            raise Misuse(
                _("{draw} has not been drawn yet").format(draw=draw),
                _("draw first: double-random inspection draw {draw}").format(draw=draw),
            )
        _whole(folder, plan, before)
        entry = {"kind": "publish", "time": at, "draw": draw, "secret": _sealed(folder, plan)}
        done = _done(pen, plan, entry)
    folder.open_to_group()
    return done


def void(home: Home, name: str, reason: str, at: str) -> Done:
    """End a plan without a list (作废), with a reason of the closed list. Its secret and its numbers become public.

    After `not_before` the numbers must be logged first, and if all are known the draw is computed before it
    is made void, so that its result is visible; only a source that was never drawn has no number.
    """
    at = moment(at)
    if reason not in VOID_REASONS:
        raise Misuse(
            _("no such reason: {reason}").format(reason=reason),
            _("one of: {reasons}").format(reasons=listed(VOID_REASONS)),
        )
    if reason == state.LOST:
        return _void_lost(home, name, at)
    folder = Folder.of(home, name)
    plan = folder.plan()
    if _could_be_drawn(home.log.entries(), plan, at):
        draw(home, name, at)
    with home.log.hold() as pen:
        before = _open(pen.entries, plan)
        known = {"local": ""} if plan.sources[0].kind == "local" else before.entropy
        lines = ""
        if all(source.text in known for source in plan.sources):
            lines = sources.entropy(plan.sources, known)
        elif reason == "number mistyped" and not known:
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
            "secret": _sealed(folder, plan),
            "entropy": lines,
            "proofs": folder.proofs(),
        }
        done = _done(pen, plan, entry)
    folder.open_to_group()
    return done


def _void_lost(home: Home, name: str, at: str) -> Done:
    """End a plan whose files or secrets are lost, so that it can be neither drawn nor published.

    Misuse if nothing is lost. Every verifier shows such a void for each plan of the same scope.
    """
    with home.log.hold() as pen:
        found = state.of(pen.entries, name)
        if not found.open:
            raise _ended(found)
        secret, faults = _what_is_lost(home, name, found)
        if not faults:
            raise Misuse(
                _("nothing of {draw} is lost: its files and secrets are here").format(draw=name),
                _("one of: {reasons}").format(
                    reasons=listed(one for one in VOID_REASONS if one != state.LOST)
                ),
            )
        entry: signed_log.Entry = {
            "kind": "void",
            "time": at,
            "draw": name,
            "reason": state.LOST,
            "secret": secret,
            "entropy": _known_lines(found),
            "proofs": {},
        }
        place = pen.append(entry)
        return Done(None, place, state.of(pen.entries, name))


def _known_lines(found: State) -> str:
    """The entropy lines in the log entry of the draw; "" if it was not drawn."""
    return str(found.drawn["entropy"]) if found.drawn is not None else ""


def damage(home: Home, found: State) -> dict[str, str]:
    """The parts of a sealed draw that are missing or differ from what was sealed or drawn: name → fault."""
    _secret, wrong = _what_is_lost(home, found.draw, found)
    if wrong:
        return {"plan": wrong}
    folder = Folder.of(home, found.draw)
    faults = result_faults(folder, folder.plan(), found) if found.drawn is not None else {}
    for name, read in ((BADGES, folder.badges), (APART, folder.apart)):
        try:
            read()
        except DoubleRandomError as error:
            faults[name] = error.reason
    return faults


def _what_is_lost(home: Home, name: str, found: State) -> tuple[str, str]:
    """A draw's secret ("" if it is lost), and what is missing or damaged ("" if nothing is)."""
    secret = ""
    try:
        folder = Folder.of(home, name)
        plan = folder.plan()
        _committed_as(found, plan)
        if plan.digest(folder.secret) == plan.secret:
            secret = folder.secret
        _sealed(folder, plan)
        Files.read(plan, folder.files())
    except (DoubleRandomError, OSError, ValueError) as error:
        return secret, str(error)
    return secret, ""


def _could_be_drawn(entries: Sequence[signed_log.Entry], plan: Plan, at: str) -> bool:
    """Are all numbers of the plan known, has its time come, and is the draw still to be made?"""
    found = _open(entries, plan)
    local = plan.sources[0].kind == "local"
    known = local or all(source.text in found.entropy for source in plan.sources)
    return found.drawn is None and known and at >= plan.not_before


def _done(pen: Pen, plan: Plan, entry: signed_log.Entry) -> Done:
    place = pen.append(entry)
    return Done(plan, place, state.of(pen.entries, plan.draw))


def changeable(entries: Sequence[signed_log.Entry], plan: Plan) -> State:
    """The state of a draw whose targets and teams can change; Misuse unless it is drawn or published."""
    found = _committed(entries, plan)
    if found.drawn is None or found.stage is Stage.void:
        raise Misuse(
            _("{draw} has no list that could change: {stage}").format(
                draw=plan.draw, stage=_(found.stage)
            )
        )
    return found


def _open(entries: Sequence[signed_log.Entry], plan: Plan) -> State:
    """The draw's state; Misuse if it has ended."""
    found = _committed(entries, plan)
    if not found.open:
        raise _ended(found)
    return found


def _ended(found: State) -> Misuse:
    return Misuse(
        _("{draw} has ended: {stage}").format(draw=found.draw, stage=_(found.stage)),
        _("what was done is listed by: double-random log show"),
    )


def _drawable(entries: Sequence[signed_log.Entry], plan: Plan) -> State:
    """The state of a draw that has not been made yet; Misuse otherwise, since a draw is never repeated."""
    found = _open(entries, plan)
    if found.drawn is not None:
        raise Misuse(
            _("{draw} has been drawn; a draw is never repeated").format(draw=plan.draw),
            _("see its list: double-random inspection show {draw}").format(draw=plan.draw),
        )
    return found


def _committed(entries: Sequence[signed_log.Entry], plan: Plan) -> State:
    """The draw's state; Misuse if it was never committed, DoubleRandomError if the committed plan differs."""
    found = state.of(entries, plan.draw)
    _committed_as(found, plan)
    return found


def _committed_as(found: State, plan: Plan) -> None:
    if found.plan["plan"] != plan.commitment:
        raise DoubleRandomError(
            _("plan.json of {draw} is not the one that was committed").format(draw=plan.draw),
            lost_hint(plan.draw),
        )


def _sealed(folder: Folder, plan: Plan) -> str:
    """The secret; DoubleRandomError if the plan does not commit to this secret and this `inner`."""
    secret = folder.secret
    if plan.digest(secret) != plan.secret or plan.digest(folder.inner) != plan.inner:
        raise DoubleRandomError(
            _("the sealed numbers of {draw} are not those of its plan").format(draw=plan.draw),
            lost_hint(plan.draw),
        )
    return secret


def result_faults(folder: Folder, plan: Plan, drawn: State) -> dict[str, str]:
    """The files of a draw that differ from the log: name → fault. A draw with faults is never published."""
    files = folder.result()
    entry = drawn.drawn
    if entry is None or plan.digest.of(files.get("result.json", b"")) != entry["result"]:
        wrong = _("it is not the one that was logged") if "result.json" in files else _("missing")
        return {"result.json": wrong}
    faults = {}
    inner = {"plan.json": folder.plan_bytes, "inner": folder.inner.encode()}
    found = {**folder.files(), **inner, **files}
    for name, right in Result.read(files["result.json"]).files.items():
        if name not in found:
            faults[name] = _("missing")
        elif plan.digest.of(found[name]) != right:
            faults[name] = _("it is not the one that was drawn")
    return faults


def _whole(folder: Folder, plan: Plan, drawn: State) -> None:
    """DoubleRandomError if a file that the result covers differs from the log: then the secret stays sealed."""
    faults = result_faults(folder, plan, drawn)
    for name, wrong in sorted(faults.items()):
        raise DoubleRandomError(
            _("{file} of {draw}: {what}").format(file=name, draw=drawn.draw, what=wrong),
            _("compute the files again: double-random inspection draw {draw}").format(
                draw=drawn.draw
            ),
        )


def time_of(given: str) -> str:
    """A time in the log's format; Misuse for any other spelling."""
    try:
        return signed_log.moment(given)
    except ValueError:
        raise Misuse(
            _("no such time: {at}").format(at=given),
            _("Beijing time as '2026-11-22 16:00', or UTC as 2026-11-22T08:00:00Z"),
        ) from None


def moment(at: str) -> str:
    """The time of a step in the log's format; Misuse for any other spelling, and for a time in the future."""
    clock.refuse_later(time_of(at))
    return at


def _not_before(plan: Plan, at: str) -> str:
    at = moment(at)
    if at < plan.not_before:
        raise Misuse(
            _("it is too early: the plan says not before {time}").format(
                time=shown(plan.not_before)
            ),
            _("wait; a number that is known earlier proves nothing"),
        )
    return at
