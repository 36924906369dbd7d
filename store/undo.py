"""Return to what an earlier run knew: a new run ends what was learnt since and restores what ended since.

Nothing is erased: a query for the knowledge in between still gets the same answer.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from double_random.core.errors import Misuse
from double_random.core.translation import _, join_words

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
    for table in _bitemporal_tables(connection):
        columns = [name for (name,) in connection.execute(COLUMNS, [table]).fetchall()]
        column_list = ", ".join(
            f'"{name}"' for name in columns if name not in ("known_from", "known_to")
        )
        at = {"to": to, "run": run}
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE known_again AS
                SELECT {column_list}, CAST($run AS INTEGER) AS known_from, CAST(NULL AS INTEGER) AS known_to
                FROM {table} WHERE known_from <= $to AND known_to > $to""",
            at,
        )
        connection.execute(
            f"UPDATE {table} SET known_to = $run WHERE known_from > $to AND known_to IS NULL", at
        )
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM known_again ORDER BY ALL")
    connection.execute(
        """INSERT INTO undone SELECT run, $run FROM runs
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


def _bitemporal_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables whose rows have a time of knowledge."""
    return [name for (name,) in connection.execute(REMEMBERING).fetchall()]


REMEMBERING = """
SELECT DISTINCT c.table_name FROM information_schema.columns c
JOIN information_schema.tables t ON t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
WHERE c.column_name = 'known_to' ORDER BY 1
"""

COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position"
