"""Return to what an earlier run knew: a new run ends what was learnt since and restores what ended since.

Nothing is erased: a query for the knowledge in between still gets the same answer.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from double_random.core.errors import Misuse
from double_random.core.translation import _, join_words
from double_random.store.tables import KNOWN_TO, columns_by_table, end_where, name_columns

if TYPE_CHECKING:
    import duckdb

    from double_random.store.home import Home
    from double_random.store.releases import Draft, Release


def restore_release(home: Home, name: str, as_of: date) -> Draft:
    """Make a release with the knowledge of the named one.

    Misuse if there is no release of this name, or if it is the current one.
    """
    target_run = _find_run(home, name)
    with home.releases.write("undo", as_of) as release:
        release.made["to"] = target_run
        restore_knowledge(release.connection, target_run, release.run)
    return release


def restore_knowledge(connection: duckdb.DuckDBPyConnection, to: int, run: int) -> None:
    """End, with `run`, all knowledge newer than the run `to`, and restore what has ended since."""
    for table, columns in columns_by_table(connection, "added").items():
        if KNOWN_TO not in columns:
            continue
        column_list = name_columns(name for name in columns if name not in ("known_from", KNOWN_TO))
        at = {"to": to, "run": run}
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE known_again AS
                SELECT {column_list}, CAST($run AS INTEGER) AS known_from, CAST(NULL AS INTEGER) AS known_to
                FROM {table} WHERE known_from <= $to AND known_to > $to""",
            at,
        )
        end_where(connection, table, "known_from > $to", run, {"to": to})
        connection.execute(f"INSERT INTO added.{table} BY NAME SELECT * FROM known_again")
    connection.execute(
        """INSERT INTO added.undone SELECT run, $run FROM runs
           WHERE run > $to AND run < $run AND run NOT IN (SELECT run FROM undone) ORDER BY run""",
        {"to": to, "run": run},
    )


def effective_runs_condition(release: Release | Draft) -> str:
    """The SQL condition, on a column `run`, for the runs that were not undone."""
    ((count,),) = release.connection.execute(
        "SELECT count(*) FROM information_schema.tables WHERE table_name = 'undone'"
    ).fetchall()
    return "run NOT IN (SELECT run FROM undone)" if count else "true"


def _find_run(home: Home, name: str) -> int:
    """The run that made a release, given by its name, a unique beginning of it, or the number of the run."""
    start = f"{int(name):06d}-" if name.isdecimal() and len(name) < 6 else name
    matches = [
        release_name for release_name in home.releases.names() if release_name.startswith(start)
    ]
    if len(matches) != 1:
        raise Misuse(
            _("there is no release {name}").format(name=name),
            _("these are here: {names}").format(names=join_words(home.releases.names())),
        )
    if matches[0] == home.releases.current():
        raise Misuse(
            _("{name} is the current release").format(name=matches[0]),
            _("name an earlier one: {names}").format(names=join_words(home.releases.names()[:-1])),
        )
    return int(matches[0].partition("-")[0])
