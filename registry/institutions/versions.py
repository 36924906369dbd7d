"""An institution's versions, derived from its decisions and suspensions; only affected institutions are derived
again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from double_random.registry.institutions import fill_forward
from double_random.store.frames import frame_to_arrow, query_frame
from double_random.store.sql_files import read_sql
from double_random.store.tables import end_rows, remove_added

if TYPE_CHECKING:
    import duckdb

    from double_random.registry.institutions.kinds import PermitEvent

COLUMNS = ", ".join(fill_forward.COLUMNS)


def rebuild_versions(
    connection: duckdb.DuckDBPyConnection,
    events: Sequence[PermitEvent],
    run: int,
    because: Literal["decisions", "suspensions"],
) -> None:
    """Derive the versions of all institutions for which this run added or ended rows in the table `because`.

    Versions that do not hold any more end (known_to = run); new ones are added; unchanged ones stay. A second call in
    one run may remove what the first one added: that was never known.
    """
    connection.execute(TOUCHED.format(table=because), {"run": run})
    ((touched,),) = connection.execute("SELECT count(*) FROM touched").fetchall()
    if not touched:
        return
    import polars

    connection.execute(
        "CREATE OR REPLACE TEMP TABLE event_rows (event TEXT, status TEXT, place INTEGER)"
    )
    connection.executemany(
        "INSERT INTO event_rows VALUES (?, ?, ?)",
        [[event.code, event.status or None, event.order] for event in events],
    )
    for name in STEP_TABLES:
        step = read_sql("registry.institutions", name)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {step}")
    founded = query_frame(connection, "SELECT number, founded FROM firsts")
    steps = read_sql("registry.institutions", "steps")
    fresh = polars.concat(
        fill_forward.fill_versions(
            query_frame(connection, steps, {"size": INSTITUTIONS, "part": part}), founded
        )
        for part in range((touched - 1) // INSTITUTIONS + 1)
    )
    for name in STEP_TABLES:  # those of a first load are large, and are not needed any more
        connection.execute(f"DROP TABLE {name}")
    connection.register("fresh", frame_to_arrow(fresh))
    connection.execute(STANDING)
    connection.execute(GONE)
    remove_added(connection, "institutions", f"{GONE_PLACES} = $run", {"run": run})
    end_rows(connection, "institutions", f"{GONE_PLACES} < $run", run, {"run": run})
    connection.execute(ADDED, {"run": run})
    connection.unregister("fresh")


# The steps of this many institutions are filled at a time: all of them would need as much memory as the register.
INSTITUTIONS = 20_000
# The temporary tables that `steps` reads, in their order; each is the file of its name.
STEP_TABLES = ("mine", "twice", "replaced", "firsts", "invalid", "orders", "spans")

TOUCHED = """
CREATE OR REPLACE TEMP TABLE touched AS
SELECT institution, CAST(row_number() OVER () AS INTEGER) AS number FROM (
    SELECT DISTINCT institution FROM {table}
    WHERE institution IS NOT NULL AND (known_from = $run OR known_to = $run)
)
"""

# Only institutions that existed before are compared, the others are new. Rows are found by id, and read by place.
STANDING = f"""
CREATE OR REPLACE TEMP TABLE standing AS
SELECT place, id FROM placed.institutions WHERE known_to IS NULL AND id IN (SELECT institution FROM touched);
CREATE OR REPLACE TEMP TABLE stood AS
SELECT place, known_from, {COLUMNS} FROM placed.institutions WHERE place IN (SELECT place FROM standing)
"""

GONE = f"""
CREATE OR REPLACE TEMP TABLE gone AS
SELECT s.place, s.known_from FROM stood s
JOIN (
    SELECT {COLUMNS} FROM stood EXCEPT SELECT {COLUMNS} FROM fresh WHERE id IN (SELECT id FROM standing)
) AS g ON g.id = s.id AND g.valid_from = s.valid_from
"""

GONE_PLACES = "SELECT place FROM gone WHERE known_from"

ADDED = f"""
INSERT INTO added.institutions ({COLUMNS}, known_from, known_to)
SELECT {COLUMNS}, $run, NULL FROM fresh WHERE id NOT IN (SELECT id FROM standing)
UNION ALL
SELECT {COLUMNS}, $run, NULL FROM (
    SELECT {COLUMNS} FROM fresh WHERE id IN (SELECT id FROM standing) EXCEPT SELECT {COLUMNS} FROM stood
) AS compared
"""
