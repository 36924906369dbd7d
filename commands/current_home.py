"""Which home folder the commands work on, and its `--memory`.

It is that of `--home`, else DOUBLE_RANDOM_HOME, else ./bureau, else the one in which the current folder lies.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from double_random.store.home import Home

PROGRAM = "double-random"
# A command's beginning in a sentence: not one with its own --home, not a page of help, not what needs no home.
HOMES_COMMAND = rf"(?<![\w/-]){PROGRAM} (?=[a-z])(?!(?:verify|replay)\b|[a-z -]+ --help)"

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
    """A command to type next."""
    import shlex

    return shlex.join((PROGRAM, *words))


def with_home(text: str) -> str:
    """A sentence in which each command to type has the same `--home` as this one; one that needs no home has none."""
    import re
    import shlex

    if _flag is None:
        return text
    home = f"{PROGRAM} --home {shlex.quote(str(_flag))} "
    return re.sub(HOMES_COMMAND, lambda _found: home, text)


def open_home() -> Home:
    """The home, opened; Misuse with a hint where there is none."""
    from double_random.store.home import Home

    return Home.open(home_path())
