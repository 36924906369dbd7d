"""Decisions whose owner may change in this run: those that share a code, licence number or name with new rows.

The rules of identity.py are then applied to these alone, with the same result as for all decisions together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# New rows of a code may change the owner of that code; that changes licence numbers, and these the bearers of a name.
# All bearers of such a name are evaluated again, with all that share their licence number, and these with their code.
CHAIN = ("uscc", "licence", "folded", "licence", "uscc")
NIGHT = 4  # if the new rows are more than a fourth of all decisions, all are evaluated


def find_reassignable(connection: duckdb.DuckDBPyConnection, rules: str, run: int) -> None:
    """Make `asked_again` (the decision's place, kind, uscc, licence, folded, event, institution, known_from).

    `movable`: whether its owner may change. `rules`: the rules of assignment; if they differ from those of the last
    run that assigned, all decisions are evaluated.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE keys (of TEXT, key TEXT)")
    last = connection.execute(LAST).fetchall()
    ((news, all_),) = connection.execute(SIZES).fetchall()
    if last and last[0][1] == rules and news * NIGHT <= all_:
        _follow_chain(connection, int(last[0][0]), run)
    else:
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW asked_again AS {OPEN}, true AS movable {FROM}"
        )
    connection.execute("INSERT INTO added.placings VALUES (?, ?)", [run, rules])


def _follow_chain(connection: duckdb.DuckDBPyConnection, last: int, run: int) -> None:
    connection.execute(NEWS, {"run": run, "last": last})
    connection.execute(f"CREATE OR REPLACE TEMP TABLE followed AS {OPEN} {FROM} LIMIT 0")
    for column in CHAIN:
        connection.execute(KEYS.format(column=column))
        connection.execute(ROWS.format(column=column))
        if column == "folded":
            connection.execute(
                "CREATE OR REPLACE TEMP TABLE movables AS SELECT place FROM followed"
            )
    connection.execute(ASKED_AGAIN)


LAST = """
SELECT run, rules FROM placings WHERE run NOT IN (SELECT run FROM undone) ORDER BY run DESC LIMIT 1
"""

SIZES = "SELECT (SELECT count(*) FROM incoming), (SELECT count(*) FROM decisions)"

OPEN = """
SELECT d.place, d.kind, d.uscc, d.licence, d.folded, d.event, d.institution, d.known_from"""

FROM = "FROM placed.decisions d WHERE d.known_to IS NULL"

# New rows, rows that a source does not have any more, and names with a new manual decision.
NEWS = """
CREATE OR REPLACE TEMP TABLE news AS
SELECT uscc, licence, folded FROM incoming
UNION ALL
SELECT uscc, licence, folded FROM decisions WHERE known_to = $run
UNION ALL
SELECT NULL, NULL, folded FROM decided_links WHERE folded <> '' AND (known_from > $last OR known_to > $last)
"""

KEYS = """
CREATE OR REPLACE TEMP TABLE more AS
SELECT {column} AS key FROM news WHERE {column} IS NOT NULL
UNION
SELECT {column} FROM followed WHERE {column} IS NOT NULL
EXCEPT
SELECT key FROM keys WHERE of = '{column}'
"""

ROWS = f"""
INSERT INTO keys SELECT '{{column}}', key FROM more;
INSERT INTO followed {OPEN} {FROM}
    AND d.{{column}} IN (SELECT key FROM more) AND d.place NOT IN (SELECT place FROM followed)
"""

ASKED_AGAIN = """
CREATE OR REPLACE TEMP VIEW asked_again AS
SELECT *, place IN (SELECT place FROM movables) AS movable FROM followed
"""
