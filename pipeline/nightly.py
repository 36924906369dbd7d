"""The nightly run (夜间批处理): named stages from files to site. It ends either published or stopped.

If it stops, nothing has changed. Releases are made in a staging area (store/staging.py) and the site beside the old
one; the switch begins only after both are complete. A run that is killed before the switch is resumed after its last
completed stage; one that is killed during the switch is completed by the next run.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.china_time import china_day
from double_random.core.errors import DoubleRandomError, Misuse, Stopped
from double_random.core.translation import N_, _, join_clauses, join_label, join_words
from double_random.intake.reasons import translate_reason
from double_random.pipeline import journal as journals
from double_random.pipeline.journal import Event, Journal
from double_random.pipeline.new_inputs import DropFile, NewInputs, open_new_inputs
from double_random.publish.content.past_inspections import HANDED_OVER
from double_random.publish.site import build
from double_random.store import durable_files
from double_random.store.inputs import file_sha256
from double_random.store.locks import hold_lock
from double_random.store.log.signed_log import FIELDS
from double_random.store.staging import StagedHome

if TYPE_CHECKING:
    from double_random.registry.quality.file_report import RunReport
    from double_random.store.home import Home

STAGES = (
    N_("keep"),
    N_("sync"),
    N_("load"),
    N_("score"),
    N_("due"),
    N_("publish"),
    N_("log"),
    N_("switch"),
)
FEWEST = 90  # percent of the institutions in practice that must remain after the run


@dataclass(kw_only=True)
class NightlyRun:
    """One nightly run: its arguments, and the results of its stages so far."""

    home: StagedHome
    drop: tuple[Path, ...]
    as_of: date
    journal: Journal
    made: dict[str, Event] = field(default_factory=dict)  # completed stage → its result
    inputs: tuple[DropFile, ...] = ()  # the drop's files, after they are stored

    def run(self) -> Event:
        """Run all stages that are not done yet; returns the report of the published run."""
        for stage in STAGES:
            if stage not in self.made:
                started = time.monotonic()
                self.journal.write("begin", stage=stage)
                made = STEPS[stage](self)
                ms = int((time.monotonic() - started) * 1000)
                self.made[stage] = self.journal.write("done", stage=stage, ms=ms, **made)
        return self.build_report("published")

    def build_report(self, end: str, stage: str = "", why: str = "", hint: str = "") -> Event:
        """The report of the run, for people and for commands/nightly.py."""
        return {
            "end": end,
            "as_of": self.as_of.isoformat(),
            "drop": [str(path) for path in self.drop],
            "release": self.home.releases.current() or "",
            "coverage": self.made.get("sync", {}).get("coverage", {}),
            "notes": self.made.get("due", {}).get("notes", {}),
            "new_notes": self.made.get("due", {}).get("new_notes", 0),
            "stage": stage,
            "why": why,
            "hint": hint,
            "stages": [
                {name: made[name] for name in made if name not in ("run", "event", "time")}
                for made in self.made.values()
            ],
        }


def run_nightly(
    home: Home,
    drop: Sequence[Path],
    as_of: date,
    tell: Callable[[Event], None] = lambda event: None,
) -> Event:
    """Run all stages; returns the report, whose `end` is published.

    Stopped if a check failed, Busy if another batch is running, DoubleRandomError if the disk or a file failed; then
    nothing has changed, and HOME/nights/RUN/report.json contains the reason.
    """
    nights = home.path / "nights"
    staged = StagedHome(home.path)
    doing = f"nightly {as_of}"
    with (
        _translate_disk_errors(),
        hold_lock(nights / "night.lock", doing, _lock_timeout(home)),
        staged.releases.hold_night_lock(doing),
    ):
        _finish_killed_switch(staged, nights, tell)
        night = _resume_or_start(staged, drop, as_of, nights, tell)
        try:
            report = night.run()
        except BaseException as error:
            _abandon_night(night, error)
            raise
        night.journal.end(report)
        return report


@contextmanager
def _translate_disk_errors() -> Iterator[None]:
    """Turn errors of the disk (full, read-only) or the database into a DoubleRandomError with a hint."""
    import duckdb

    try:
        yield
    except (OSError, duckdb.Error) as error:
        raise DoubleRandomError(
            _("the night stopped: {why}").format(why=error),
            _("everything is as it was; make room or give the rights back, then run it again"),
        ) from None


def _lock_timeout(home: Home) -> float:
    return float(home.settings.get("lock_seconds", 10))


# --- the stages -----------------------------------------------------------------------------------------------------


def _keep_inputs(night: NightlyRun) -> Event:
    """Store every file of the drop under its SHA-256, so that the run can be repeated."""
    with (
        night.home.log.hold() as pen
    ):  # an entry that the log would refuse at the end is refused before the work
        try:
            pen.check_time(pen.next_time())
        except Misuse as error:
            raise Stopped(error.message, error.hint) from None
    night.home.releases.base.require_sound()
    from double_random.intake.drop_reader import find_files

    everything = find_files(night.drop)
    _refuse_unreadable([(file.name, file.reason) for file in everything if file.reason])
    if not everything:
        raise Stopped(
            _("the drop is empty: {drop}").format(drop=join_words(map(str, night.drop))),
            _("an empty night must not pass for news; look whether the export ran"),
        )
    night.inputs = tuple(
        DropFile(file.name, file.path, night.home.inputs.keep(file.path)) for file in everything
    )
    return {"files": len(everything), "drop": _hash_inputs(night.inputs)}


def _sync_register(night: NightlyRun) -> Event:
    from double_random.registry.sync.sync_run import sync_registers

    before, covered_before = _count_in_practice(night), _measure_coverage(night)
    live = [path for path in night.drop if path.suffix == ".toml"]  # live sources: read every time
    files = [file for file in night.inputs if file.path not in live]
    with open_new_inputs(night.home, files, "sync") as new_inputs:
        report = sync_registers(night.home, [*new_inputs.sources, *live], night.as_of)
    after = _count_in_practice(night)
    if after * 100 < before * _lowest_percent(night.home):
        raise Stopped(
            _("of {before} institutions in practice {after} would be left").format(
                before=before, after=after
            ),
            _(
                "look at the drop; if it is right, lower `fewest_percent` under [nightly] in settings.toml"
            ),
        )
    now = _measure_coverage(night)
    coverage = now | {"before": covered_before, "fell": _has_fallen(covered_before, now)}
    return (
        _sum_report(report)
        | _count_known(new_inputs)
        | {"in_practice": after, "coverage": coverage}
    )


def _load_records(night: NightlyRun) -> Event:
    from double_random.credit.records.load import load_records

    with (
        open_new_inputs(night.home, night.inputs, "load") as new_inputs,
        _export_results(night) as results,
    ):
        report = load_records(night.home, [*new_inputs.sources, *results], night.as_of)
    counted = _sum_report(report) | _count_known(new_inputs)
    brought = sum(file.rows for file in report.files if file.file != HANDED_OVER)
    if brought + new_inputs.known_rows + night.made["sync"]["rows"] == 0:
        raise Stopped(
            _("no row was read from the drop: {drop}").format(
                drop=join_words(map(str, night.drop))
            ),
            _("an empty night must not pass for news; look whether the export ran"),
        )
    return counted


@contextmanager
def _export_results(night: NightlyRun) -> Iterator[list[Path]]:
    """This bureau's own published inspection results as one more file of the drop; no file if there are none."""
    from double_random.inspection.casework.credit_export import render_history_sheet

    sheet = render_history_sheet(night.home, night.as_of)
    with tempfile.TemporaryDirectory(prefix="double-random-") as folder:
        file = Path(folder) / HANDED_OVER
        file.write_bytes(sheet)
        yield [file] if sheet.count(b"\n") > 1 else []


def _score_institutions(night: NightlyRun) -> Event:
    from double_random.core.errors import Misuse
    from double_random.credit.policy.catalog import load_policies, load_policy
    from double_random.credit.scoring.score_run import score_institutions

    rules = {load_policy(night.home).id: load_policy(night.home)}
    for rule in load_policies(night.home):
        try:
            rule.in_force_on(night.as_of)
        except Misuse:  # not in force on this day
            continue
        if not rule.example:
            rules[rule.id] = rule
    grades = {}
    for name, rule in sorted(rules.items()):
        grades[name] = score_institutions(night.home, night.as_of, rule).grades
    return {"grades": grades, "release": night.home.releases.current()}


def _collect_due(night: NightlyRun) -> Event:
    """The tasks of people: draws whose randomness is published, and the list of `inspection due`."""
    from double_random.inspection.casework.deadlines import count_duties, list_duties
    from double_random.inspection.draw.draw_state import replay_states

    today = night.as_of.isoformat()
    waiting = [state for state in replay_states(night.home.log.entries()).values() if state.is_open]
    deadlines = list_duties(night.home, night.as_of)
    due: Event = {
        "to_draw": [
            state.draw
            for state in waiting
            if state.drawn is None and china_day(state.plan["not_before"]) <= today
        ],
        "to_publish": [state.draw for state in waiting if state.drawn is not None],
        "overdue": sorted({item.draw for item in deadlines if item.overdue and item.draw}),
        "counts": count_duties(deadlines),
    }
    notes = _list_open_notes(night)
    new = [item for item in notes if item["new"]]
    due |= {"notes": dict(Counter(item["reason"] for item in notes)), "new_notes": len(new)}
    duties = [
        {
            "by": item.by.isoformat(),
            "what": str(item.kind),
            "draw": item.draw,
            "id": item.target,
            "name": item.name,
            "overdue": item.overdue,
            "basis": item.basis,
            "waits_for": item.waits_for or None,
        }
        for item in deadlines
    ]
    record = {**due, "duties": duties, "issues": notes}
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    durable_files.replace_file(night.journal.folder / "due.json", text.encode())
    return due


def _list_open_notes(night: NightlyRun) -> list[Event]:
    """The open notes on institutions, with the origin for recusals, and whether each is new in this run."""
    from double_random.registry.quality.issues import list_notes

    note_lists: list[list[Event]] = []
    for releases in (night.home.releases, night.home.releases.base):
        if releases.current() is None:
            note_lists.append([])
            continue
        with releases.read() as release:
            note_lists.append(list_notes(release))
    now, before = note_lists
    known_contents = {note["content"] for note in before}
    return [
        {
            "id": note["id"],
            "institution": "" if note.get("file") else note["column"],
            "name": note["name"],
            "reason": note["reason"],
            "value": note["value"],
            "file": note.get("file", ""),
            "row": note.get("row", 0),
            "new": note["content"] not in known_contents,
        }
        for note in now
    ]


def _build_edition(night: NightlyRun) -> Event:
    """Build the new edition beside the old one; it is not visible yet."""
    edition = build.prepare_edition(night.home, night.as_of)
    return {"edition": edition.name, "before": build.shown_edition(night.home)}


def _log_release(night: NightlyRun) -> Event:
    """Write to the log which release the run made; from here on the run is completed, never reverted."""
    release = night.home.releases.current() or ""
    night.journal.write(
        "switching",
        stage="log",
        release=release,
        release_before=night.home.releases.base.current(),
        edition=night.made["publish"]["edition"],
        edition_before=night.made["publish"]["before"],
    )
    return {"entries": _append_log_entries(night.home, release)}


def _switch_release(night: NightlyRun) -> Event:
    release = night.home.releases.current() or ""
    night.home.releases.adopt(release)
    build.switch_edition(night.home, night.made["publish"]["edition"])
    return {"release": release}


STEPS: dict[str, Callable[[NightlyRun], Event]] = {
    "keep": _keep_inputs,
    "sync": _sync_register,
    "load": _load_records,
    "score": _score_institutions,
    "due": _collect_due,
    "publish": _build_edition,
    "log": _log_release,
    "switch": _switch_release,
}


# --- resume, complete, abandon --------------------------------------------------------------------------------------


def _resume_or_start(
    home: StagedHome,
    drop: Sequence[Path],
    as_of: date,
    nights: Path,
    tell: Callable[[Event], None],
) -> NightlyRun:
    """Resume the killed run if it has the same inputs; else start a new one on the current release."""
    last = next(journals.list_journals(nights), None)
    night = NightlyRun(
        home=home,
        drop=tuple(drop),
        as_of=as_of,
        journal=journals.start_journal(nights, as_of.isoformat(), tell),
    )
    done = _find_done_stages(night, last) if last else {}
    if last and done:
        night.journal = Journal(last.folder, tell)
        night.made = done
        night.journal.write("resumed", after=list(done)[-1])
        return night
    home.releases.abandon()
    night.journal.write("start", as_of=as_of.isoformat(), release=home.releases.current())
    return night


def _find_done_stages(night: NightlyRun, last: Journal) -> dict[str, Event]:
    """The completed stages of an interrupted run, if it had the same files, release and day."""
    from double_random.intake.drop_reader import list_files

    events = last.events
    start = next((event for event in events if event["event"] == "start"), None)
    done = {event["stage"]: event for event in events if event["event"] == "done"}
    if last.last_event("end") or last.last_event("switching") or not start or "keep" not in done:
        return {}
    base = night.home.releases.base.current()
    newest = [event["release"] for event in done.values() if "release" in event] or [base]
    night.inputs = tuple(
        DropFile(name, path, file_sha256(path)) for name, path in list_files(night.drop)
    )
    same = (
        start["as_of"] == night.as_of.isoformat()
        and start["release"] == base
        and done["keep"]["drop"] == _hash_inputs(night.inputs)
        and newest[-1] == night.home.releases.current()
    )
    return {name: done[name] for name in STAGES[:5] if name in done} if same else {}


def _finish_killed_switch(home: StagedHome, nights: Path, tell: Callable[[Event], None]) -> None:
    """Complete a run that was killed during the switch (all checks passed), unless another run was made since."""
    last = next(journals.list_journals(nights), None)
    if last is None or last.last_event("end"):
        return
    begun = last.last_event("switching")
    if begun is None:
        return
    last = Journal(last.folder, tell)
    ours = home.releases.base.current() in (begun["release_before"], begun["release"])
    edition = home.path / "editions" / begun["edition"]
    if not (ours and edition.exists() and home.releases.file(begun["release"]).exists()):
        return
    _append_log_entries(home, begun["release"])
    home.releases.adopt(begun["release"])
    if build.shown_edition(home) in (begun["edition_before"], begun["edition"]):
        build.switch_edition(home, begun["edition"])
    made = {event["stage"]: event for event in last.events if event["event"] == "done"}
    start = last.events[0]
    night = NightlyRun(
        home=home, drop=(), as_of=date.fromisoformat(start["as_of"]), journal=last, made=made
    )
    last.end(
        night.build_report("published", stage="switch", why=_("carried to its end after a kill"))
    )


def _describe_error(error: BaseException) -> str:
    """The words for an unexpected error; the command line keeps its details."""
    if isinstance(error, KeyboardInterrupt):
        return _("stopped by a person (Ctrl-C)")
    if isinstance(error, OSError):
        return _("{file}: {why}").format(
            file=error.filename or "?", why=error.strerror or str(error)
        )
    return _("an unforeseen error: {kind}").format(kind=type(error).__name__)


def _abandon_night(night: NightlyRun, error: BaseException) -> None:
    """Discard the incomplete run and report the reason. One in its switch is completed by the next run."""
    stage = next((stage for stage in STAGES if stage not in night.made), "")
    why = getattr(error, "message", "") or _describe_error(error)
    report = night.build_report("stopped", stage, why, getattr(error, "hint", ""))
    if night.journal.last_event("switching"):
        with suppress(OSError):
            night.journal.write("held", **report)
        return
    night.home.releases.abandon()
    build.discard_editions(night.home)
    night.journal.end(report | {"release": night.home.releases.current() or ""})


def _append_log_entries(home: StagedHome, release: str) -> int:
    """Append log entries for the release that the run made; returns how many were added.

    One entry for each kind of run, as their commands would write it, all for the final release. Repeated after a kill,
    it adds only the missing ones; a run without changes has no entry.
    """
    from double_random.inspection.draw.register_roots import describe_release

    base = home.releases.base.current()
    if release == base:
        return 0
    with home.releases.read(release) as made:
        newest = int((base or "0").partition("-")[0])
        kinds = [kind for (kind,) in made.connection.execute(KINDS, [newest]).fetchall()]
        described = describe_release(home, made)
    with home.log.hold() as pen:
        logged_kinds = [
            entry["kind"] for entry in pen.entries if entry.get("release") == described["release"]
        ]
        missing = [kind for kind in kinds if kind in FIELDS and kind not in logged_kinds]
        for kind in missing:
            pen.append({"kind": kind, "time": pen.next_time(), **described})
        return len(missing)


# A load is logged as `sync`, as by its command (commands/release_logging.py).
KINDS = """
SELECT CASE kind WHEN 'load' THEN 'sync' ELSE kind END AS said
FROM runs WHERE run > ? GROUP BY said ORDER BY min(run)
"""


def _count_in_practice(night: NightlyRun) -> int:
    from double_random.registry.institutions import queries

    if night.home.releases.current() is None:
        return 0
    with night.home.releases.read() as release:
        if not release.has("institutions"):
            return 0
        return queries.institutions_as_of(release, night.as_of).filter(status="active").height


def _measure_coverage(night: NightlyRun) -> Event:
    """Approvals in force and how many of them the register covers; empty if there is no register yet."""
    from double_random.registry.quality.coverage import count_coverage, format_share

    if night.home.releases.current() is None:
        return {}
    with night.home.releases.read() as release:
        if not release.has("institutions"):
            return {}
        coverage_table = count_coverage(release, night.as_of)
    covered, approvals = (
        int(coverage_table["covered"].sum()),
        int(coverage_table["approvals"].sum()),
    )
    return {"approvals": approvals, "covered": covered, "percent": format_share(covered, approvals)}


def _has_fallen(before: Event, now: Event) -> bool:
    """Whether a smaller share of the approvals in force is in the register than before the run."""
    if not before or not now:
        return False
    return bool(now["covered"] * before["approvals"] < before["covered"] * now["approvals"])


def _lowest_percent(home: Home) -> int:
    return int(home.settings.get("nightly", {}).get("fewest_percent", FEWEST))


def _sum_report(report: RunReport) -> Event:
    """The report's sums; Stopped if a file could not be read: its rows would be missing."""
    if report.refused:
        _refuse_unreadable([(file.file, file.reason) for file in report.refused])
    sums = {
        name: sum(getattr(file, name) for file in report.files)
        for name in ("rows", "accepted", "duplicates", "quarantined")
    }
    return sums | {"release": report.release}


def _refuse_unreadable(refused: Sequence[tuple[str, str]]) -> None:
    """Stopped if a file of the drop could not be read, with its name and reason."""
    if refused:
        named = join_clauses(join_label(name, translate_reason(reason)) for name, reason in refused)
        raise Stopped(
            _("files that could not be read: {files}").format(files=named),
            _("repair them or take them out of the drop, then run the night again"),
        )


def _count_known(new_inputs: NewInputs) -> Event:
    """The files and rows that are not in the sums because they were read before."""
    return {"known_files": new_inputs.known_files, "known_rows": new_inputs.known_rows}


def _hash_inputs(inputs: Sequence[DropFile]) -> str:
    sums = [(file.name, file.sha256) for file in inputs]
    return hashlib.sha256(json.dumps(sums, ensure_ascii=False).encode()).hexdigest()
