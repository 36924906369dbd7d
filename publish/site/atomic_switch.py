"""The atomic switch (切换): replaces the symbolic link that all readers follow in one step."""

from __future__ import annotations

import os
from pathlib import Path

from double_random.core.errors import DoubleRandomError
from double_random.core.translation import _
from double_random.store import durable_files


def shown_folder(public: Path) -> str:
    """The name of the folder that is shown; "" if there is none."""
    return public.resolve().name if public.is_symlink() else ""


def switch_link(public: Path, folder: Path) -> None:
    """Point the link to this folder in one step. DoubleRandomError if its path is not a link."""
    if public.exists() and not public.is_symlink():
        raise DoubleRandomError(
            _("{path} is a folder that this program did not make").format(path=public),
            _("move it away, then build again"),
        )
    beside = public.with_name(f".{public.name}")
    beside.unlink(missing_ok=True)
    # relative, so that a home may be moved
    beside.symlink_to(folder.relative_to(public.parent), target_is_directory=True)
    os.replace(beside, public)
    durable_files.sync_path(public.parent)


def shows_ended_penalty(before: Path, now: Path) -> bool:
    """Whether an edition shows a penalty that the next one does not (期满, 信用修复): then it must be deleted."""
    return bool(_penalty_ids(before) - _penalty_ids(now))


def _penalty_ids(edition: Path) -> set[str]:
    import polars

    file = edition / "data" / "penalty.parquet"
    if not file.exists():
        return set()
    return set(polars.read_parquet(file, columns=["record"])["record"].to_list())
