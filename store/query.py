"""A free question to a release: read-only, and without a way out of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from errors import Misuse
from language import _

if TYPE_CHECKING:
    import polars

    from store.home import Home


def ask(home: Home, query: str, release: str | None = None) -> polars.DataFrame:
    """The rows that a query answers; Misuse carries DuckDB's own words where it cannot be run."""
    import duckdb

    with home.releases.read(release) as opened:
        opened.connection.execute("SET enable_external_access = false")
        try:
            return opened.frame(query)
        except (duckdb.Error, AttributeError) as error:
            raise Misuse(
                _("the query cannot be run: {why}").format(why=str(error).splitlines()[0]),
                _("the tables are listed by: double-random sql 'SHOW TABLES'"),
            ) from None
