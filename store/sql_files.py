"""SQL texts that lie as files beside the module that runs them, in a folder `sql`; values reach them as parameters."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def read_sql(package: str, name: str) -> str:
    """The text of `sql/NAME.sql` in a package, as registry.institutions; FileNotFoundError if there is none."""
    folder = files(f"double_random.{package}").joinpath("sql")
    return folder.joinpath(f"{name}.sql").read_text("utf-8")
