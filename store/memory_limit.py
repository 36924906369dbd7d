"""The memory limit of databases: `--memory`, else DOUBLE_RANDOM_MEMORY, else settings.toml; the rest goes to disk."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import _

if TYPE_CHECKING:
    from double_random.store.home_folder import HomeFolder

UNITS = {"MB": 10**6, "MiB": 2**20, "GB": 10**9, "GiB": 2**30}
SIZE = re.compile(r"(\d{1,6})(MB|MiB|GB|GiB)")
A_THREAD = 250 * 10**6  # bytes that one thread of a large query needs at least

_flag = ""


def set_memory_flag(flag: str | None) -> None:
    """Store the value of `--memory` for the following command."""
    global _flag
    _flag = flag or ""


def database_config(home: HomeFolder, spill: Path) -> dict[str, Any]:
    """DuckDB's settings for the requested limit, with a folder for data that does not fit; empty without a limit.

    Misuse if the value is not a size.
    """
    limit = _flag or os.environ.get("DOUBLE_RANDOM_MEMORY") or home.settings.get("memory", "")
    if not limit:
        return {}
    size = SIZE.fullmatch(str(limit))
    if not size or not int(size[1]):
        raise Misuse(_("memory must be a size: {given}").format(given=limit), _("as 2GB, or 512MB"))
    threads = int(size[1]) * UNITS[size[2]] // A_THREAD
    return {
        "memory_limit": size[0],
        "temp_directory": str(spill),
        "threads": max(1, min(os.cpu_count() or 1, threads)),
    }
