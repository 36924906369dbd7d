"""The ledger (台账): records as whole numbers, with their owners; temporary tables of an open release.

It is derived from the other tables (ledger.sql) and does not depend on a policy or a day. It is not stored in a
release: a score would then rest on rows that no hash covers.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.store.frames import has_table

if TYPE_CHECKING:
    import duckdb

STEPS = {
    "ledger_holders": "institution_numbers.sql",
    "ledger_sorts": "record_sorts.sql",
    "ledger": "ledger.sql",
}

PARTY = "id, kind, name, status, valid_from, valid_to, known_from, known_to"

# The state the ledger was made from. Rows are added, or their known time ends: both change this state.
STATE = """
SELECT
    (SELECT count(*) FROM records) AS records,
    (SELECT count(*) FROM links) AS links,
    (SELECT count(*) FROM institutions) AS institutions,
    (SELECT coalesce(max(run), 0) FROM runs WHERE kind <> 'score') AS run
"""


def require_records(connection: duckdb.DuckDBPyConnection) -> None:
    """Misuse if no records were ever loaded into the release."""
    if not has_table(connection, "records"):
        raise Misuse(
            _("this home holds no records yet"),
            _("read them first: double-random credit load DROP --as-of DATE"),
        )


def ensure_ledger(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the ledger, or create it again if the release has changed; Misuse if it has no records."""
    require_records(connection)
    persons = has_table(connection, "practitioners")
    connection.execute(f"CREATE OR REPLACE TEMP VIEW parties AS {parties_sql(persons)}")
    if not _is_ledger_fresh(connection):
        for name, file in STEPS.items():
            connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {read_ledger_sql(file)}")
        connection.execute(f"CREATE OR REPLACE TEMP TABLE ledger_state AS {STATE}")


def parties_sql(persons: bool, columns: str = PARTY) -> str:
    """Whom a policy may grade, as versions: institutions, with `persons` also practitioners."""
    institutions = f"SELECT {columns} FROM institutions"
    practitioners = f"SELECT {columns} FROM practitioners"
    return f"{institutions} UNION ALL {practitioners}" if persons else institutions


def read_ledger_sql(name: str) -> str:
    """Read one of the ledger's SQL steps."""
    return files("double_random.credit.records").joinpath("sql", name).read_text("utf-8")


def _is_ledger_fresh(connection: duckdb.DuckDBPyConnection) -> bool:
    ((exists,),) = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'ledger_state' AND temporary"
    ).fetchall()
    if not exists:
        return False
    kept_state = connection.execute("SELECT * FROM temp.ledger_state").fetchall()
    return bool(kept_state == connection.execute(STATE).fetchall())
