"""A live source (直连数据源): the rows of a query on a database, as a file that is kept and read like any other.

A source file (TOML) gives the query; the password is in the environment only. PostgreSQL, through ADBC.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core import toml_reader
from double_random.core.errors import BadFile, DoubleRandomError, Misuse
from double_random.core.toml_reader import TEXT, WHOLE, WORD, Table
from double_random.core.translation import _

if TYPE_CHECKING:
    import polars as pl

FILE = Table(
    {"connection": WORD, "query": WORD, "layout": WORD}, {"watermark": TEXT, "overlap": WHOLE}
)
MARK = "watermark of the row"  # a name that no column has


@dataclass(frozen=True, kw_only=True)
class DatabaseSource:
    """A source file: HOME/facts/sources/NAME.toml or anywhere else."""

    name: str
    connection: str  # the environment variable that holds the address
    query: str
    layout: str
    watermark: str = (
        ""  # the column that grows with every change; empty: everything is read every time
    )
    overlap: int = (
        600  # seconds (or units of the number) that are read again: a commit may arrive late
    )

    @classmethod
    def read(cls, file: Path) -> DatabaseSource:
        """Read a source file; Misuse states the fault."""
        try:
            return cls(name=file.stem, **toml_reader.read_toml(file, FILE))
        except BadFile as error:
            raise Misuse(
                _("{file} cannot be read: {why}").format(file=file, why=error.reason),
                _("it needs connection, query and layout, and may have watermark and overlap"),
            ) from None

    def fetch(self, since: str) -> QueryRows:
        """The rows whose watermark is not older than `since` less the overlap; all of them if it is empty.

        Each value as text, in the order of watermark and content. Misuse if the environment has no address or the
        driver is missing, DoubleRandomError with the database's own message if it refuses.
        """
        address = os.environ.get(self.connection)
        if not address:
            raise Misuse(
                _("{source}: the environment has no {name}").format(
                    source=self.name, name=self.connection
                ),
                _("set it to postgresql://USER:PASSWORD@HOST/DATABASE"),
            )
        try:
            from adbc_driver_postgresql import dbapi
        except ImportError:
            raise Misuse(
                _("{source}: the driver for PostgreSQL is not installed").format(source=self.name),
                _("install it with: pip install 'double-random[postgres]'"),
            ) from None
        try:
            with dbapi.connect(address) as connection, connection.cursor() as cursor:
                return self._fetch_rows(cursor, since)
        except dbapi.Error as error:
            why = str(error).replace(address, self.connection).splitlines()[0]
            raise DoubleRandomError(
                _("{source}: the database says: {why}").format(source=self.name, why=why),
                _("nothing was changed; correct the source file or the connection"),
            ) from None

    def _fetch_rows(self, cursor: Any, since: str) -> QueryRows:
        import polars as pl

        cursor.execute(f"SELECT * FROM ({self.query}) AS source LIMIT 0")
        names = [name for name in cursor.fetch_arrow_table().column_names if name != self.watermark]
        texts = ", ".join(
            f"CAST({_quote_name(name)} AS text) AS {_quote_name(name)}" for name in names
        )
        columns = texts
        where, parameters = "", []
        if self.watermark:
            columns += f", {_quote_name(self.watermark)} AS {_quote_name(MARK)}"
            if since:
                where = f"WHERE {_quote_name(self.watermark)} >= $1"
                parameters = [_subtract_overlap(_decode_mark(since), self.overlap)]
        order = ", ".join(str(index) for index in range(len(names) + bool(self.watermark), 0, -1))
        sql = f"SELECT {columns} FROM ({self.query}) AS source {where} ORDER BY {order}"
        if parameters:
            cursor.execute(sql, parameters)
        else:
            cursor.execute(sql)
        rows = pl.from_arrow(cursor.fetch_arrow_table())
        assert isinstance(rows, pl.DataFrame)
        if not self.watermark:
            return QueryRows(rows, rows.clear().with_columns(), "", since)
        marks = rows[MARK]
        newest = _encode_mark(marks.max()) if rows.height and marks.max() is not None else since
        tail = rows.clear()
        if newest:
            tail = rows.filter(
                pl.col(MARK) >= _subtract_overlap(_decode_mark(newest), self.overlap)
            )
        return QueryRows(rows.drop(MARK), tail.drop(MARK), newest, since)


@dataclass(frozen=True)
class QueryRows:
    """The result of a query: its rows as text; the newest ones, which will be read again; the newest watermark."""

    rows: pl.DataFrame
    tail: pl.DataFrame
    watermark: str
    since: str

    def write(self, file: Path) -> Path:
        """The rows as a CSV file under their columns' names."""
        self.rows.write_csv(file)
        return file


def _quote_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _encode_mark(value: Any) -> str:
    """A watermark as text with its type."""
    if isinstance(value, datetime):
        return json.dumps({"time": value.isoformat()})
    if isinstance(value, date):
        return json.dumps({"day": value.isoformat()})
    if isinstance(value, int):
        return json.dumps({"number": value})
    raise Misuse(
        _("a watermark must be a time, a day or a whole number"),
        _("name another column, or none: then everything is read every time"),
    )


def _decode_mark(text: str) -> Any:
    ((kind, value),) = json.loads(text).items()
    if kind == "number":
        return int(value)
    return datetime.fromisoformat(value) if kind == "time" else date.fromisoformat(value)


def _subtract_overlap(value: Any, overlap: int) -> Any:
    """A watermark less the overlap; of days, one more day than it fills."""
    if isinstance(value, datetime):
        return value - timedelta(seconds=overlap)
    if isinstance(value, date):
        return value - timedelta(days=-(-overlap // 86_400))
    return value - overlap
