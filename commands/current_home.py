"""Which home folder the commands work on, and its `--memory`.

It is that of `--home`, else DOUBLE_RANDOM_HOME, else ./bureau, else the one in which the current folder lies.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from double_random.store.home import Home

_flag: Path | None = None


def use(flag: Path | None, memory: str | None = None) -> None:
    """Keep what `--home` and `--memory` say for the command that follows."""
    from double_random.store import memory_limit as limit

    global _flag
    _flag = flag
    limit.use(memory)


def home_path() -> Path:
    """Where the home is or would be."""
    from double_random.store.home import Home

    return Home.where(_flag)


def new_home_path() -> Path:
    """Where a new home is made: never the one in which the current folder lies."""
    from double_random.store.home_folder import found

    path, said_by = found(_flag)
    return Path("bureau") if said_by == "above" else path


def named_by() -> str:
    """What says which home it is: flag, environment, folder or above."""
    from double_random.store.home_folder import found

    return found(_flag)[1]


def command(*words: str) -> str:
    """A command to type next, with the same `--home` as this one."""
    import shlex

    home = ("--home", str(_flag)) if _flag else ()
    return shlex.join(("double-random", *home, *words))


def open_home() -> Home:
    """The home, opened; Misuse with a hint where there is none."""
    from double_random.store.home import Home

    return Home.open(home_path())
