"""The status of a home: current release, age of its data, counts, open tasks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from double_random.core.errors import DoubleRandomError
from double_random.store.kept_answer import describe_program, keep_answer, read_answer
from double_random.store.log.signed_log import find_future_entries
from double_random.store.undo import effective_runs_condition

if TYPE_CHECKING:
    from double_random.store.home import Home
    from double_random.store.releases import Release

COUNTING = ("intake", "pipeline", "registry", "store")  # packages on which the counts depend
NOTHING_TOLD: dict[str, Any] = {"quarantined": 0, "notes": {}, "row_notes": 0}


def collect_status(home: Home, today: date) -> dict[str, Any]:
    """The status of a home as a JSON object, dates as text; the counts of its release are kept (store/kept_answer.py).

    `last_runs` is the date argument of the last run of each kind that was not undone: the age of the data.
    """
    from double_random.pipeline.journal import read_night_history

    nights = read_night_history(home.path / "nights")
    return {
        "home": str(home.path),
        **_release_status(home),
        **_draw_status(home),
        **_due_status(home, today),
        "nights": nights,
    }


def _release_status(home: Home) -> dict[str, Any]:
    """The release and its counts; those of the release that was asked about last are kept."""
    name = home.releases.current()
    if name is None:
        return {"release": None}
    file = home.releases.folder / "counts.json"
    about = (name, describe_program(COUNTING))
    counts = read_answer(file, about)
    if counts is None:
        with home.releases.read(name) as release:
            counts = _count_release(release)
        keep_answer(file, about, counts)
    else:
        home.releases.require_bytes(name)
    return counts


def _count_release(release: Release) -> dict[str, Any]:
    from double_random.registry.quality.issues import count_open_issues

    last = f"SELECT kind, arg_max(as_of, run) FROM runs WHERE {effective_runs_condition(release)}"
    runs = release.connection.execute(f"{last} GROUP BY kind ORDER BY kind").fetchall()
    return {
        "release": release.name,
        "hash": release.hash,
        "last_runs": {kind: day.isoformat() for kind, day in runs},
        "newest_decision": _query_value(
            release, "decisions", "SELECT CAST(max(decided) AS TEXT) FROM decisions"
        ),
        "institutions": _count_institutions(release),
        "inspectors": _query_value(
            release, "inspectors", "SELECT count(*) FROM inspectors WHERE known_to IS NULL"
        ),
        "records": _query_value(
            release, "records", "SELECT count(*) FROM records WHERE known_to IS NULL"
        ),
        "records_without_institution": _query_value(
            release,
            "claims",
            """SELECT count(*) FROM claims ANTI JOIN
               (SELECT claim FROM links WHERE known_to IS NULL) USING (claim)""",
        ),
        **(count_open_issues(release) if release.has("issues") else NOTHING_TOLD),
    }


def _count_institutions(release: Release) -> dict[str, int]:
    if not release.has("institutions"):
        return {}
    from double_random.registry.institutions.queries import count_by_status

    ((day,),) = release.connection.execute(
        f"SELECT arg_max(as_of, run) FROM runs WHERE kind = 'sync' AND {effective_runs_condition(release)}"
    ).fetchall()
    return {f"{kind} {status}": count for kind, status, count in count_by_status(release, day)}


def _draw_status(home: Home) -> dict[str, Any]:
    from double_random.inspection.draw.draw_state import replay_states

    entries = home.log.entries()
    draw_states = replay_states(entries)
    future = [
        f"{at} {entries[at]['kind']} {entries[at]['time']}" for at in find_future_entries(entries)
    ]
    committed = {state.draw for state in draw_states.values()}
    planned = sorted(plan.parent.name for plan in home.draws.glob("*/plan.json"))
    return {
        **({"ahead": future} if future else {}),
        "planned_not_committed": [draw for draw in planned if draw not in committed],
        "open_draws": [
            {
                "draw": state.draw,
                "stage": state.stage.value,
                "not_before": state.plan["not_before"],
                "publish_by": state.plan["publish_by"],
            }
            for state in draw_states.values()
            if state.is_open
        ],
        "log_entries": len(entries),
    }


def _due_status(home: Home, today: date) -> dict[str, Any]:
    """The counts of `inspection due` on a day; the error message if a draw's own files cannot be read."""
    from double_random.inspection.casework.deadlines import count_duties, list_duties

    try:
        return {"due": count_duties(list_duties(home, today))}
    except DoubleRandomError as error:
        return {"due": error.message}


def _query_value(release: Release, table: str, sql: str) -> Any:
    if not release.has(table):
        return None
    ((value,),) = release.connection.execute(sql).fetchall()
    return value
