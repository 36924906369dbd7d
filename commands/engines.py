"""The engine of a command: local DuckDB or a Spark Connect server; from flags, environment or settings.toml."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from double_random.core.errors import Misuse
from double_random.core.translation import _

if TYPE_CHECKING:
    from double_random.store.engine.duckdb import Engine
    from double_random.store.home import Home

HERE, SPARK = "duckdb", "spark"

EngineOption = Annotated[
    str | None,
    typer.Option("--engine", help=_("duckdb: here; spark: on the server that --remote names.")),
]
RemoteOption = Annotated[
    str | None,
    typer.Option("--remote", help=_("The server, sc://HOST:PORT; else DOUBLE_RANDOM_REMOTE.")),
]
TablesOption = Annotated[
    str | None,
    typer.Option("--tables", help=_("A folder that the server sees too: tables go through it.")),
]


@contextmanager
def open_engine(
    home: Home, name: str | None, remote: str | None, tables: str | None
) -> Iterator[Engine | None]:
    """Open the requested engine; None means local. A flag beats the environment, which beats settings.toml."""
    settings = home.settings.get("spark", {})
    chosen = name or os.environ.get("DOUBLE_RANDOM_ENGINE") or settings.get("engine") or HERE
    if chosen not in (HERE, SPARK):
        raise Misuse(
            _("there is no engine {name}").format(name=chosen),
            _("one of: {known}").format(known=f"{HERE}, {SPARK}"),
        )
    if chosen == HERE:
        if remote or tables:
            raise Misuse(_("--remote and --tables go with --engine spark"))
        yield None
        return
    address = remote or os.environ.get("DOUBLE_RANDOM_REMOTE") or settings.get("remote")
    if not address:
        raise Misuse(
            _("no server is named for the engine spark"),
            _("name it: --remote sc://HOST:PORT, DOUBLE_RANDOM_REMOTE, or remote under [spark]"),
        )
    from double_random.store.engine.spark import Spark
    from double_random.store.engine.warehouse import Warehouse

    folder = tables or os.environ.get("DOUBLE_RANDOM_TABLES") or settings.get("tables")
    warehouse = None
    if folder:
        path = Path(folder).resolve()
        warehouse = Warehouse(path, str(settings.get("there") or path.as_uri()).rstrip("/"))
    with Spark(str(address), warehouse) as spark:
        yield spark
    if warehouse is not None:
        warehouse.prune(home.releases.names())
