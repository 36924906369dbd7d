"""The home folder that the commands use, and its `--memory`.

It is that of `--home`, else DOUBLE_RANDOM_HOME, else ./bureau, else the home that contains the current folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from double_random.store.home import Home

PROGRAM = "double-random"
# The start of a command in a sentence, except with its own --home, for --help, or if it needs no home.
HOMES_COMMAND = rf"(?<![\w/-]){PROGRAM} (?=[a-z])(?!(?:draw|verify|replay)\b|[a-z -]+ --help)"

_flag: Path | None = None


def use_home(flag: Path | None, memory: str | None = None) -> None:
    """Store the values of `--home` and `--memory` for the following command."""
    from double_random.store import memory_limit as limit

    global _flag
    _flag = flag
    limit.set_memory_flag(memory)


def home_path() -> Path:
    """The path of the home, which may not exist yet."""
    from double_random.store.home import Home

    return Home.locate(_flag)


def new_home_path() -> Path:
    """The path for a new home: never a home that contains the current folder."""
    from double_random.store.home_folder import locate_home

    path, source = locate_home(_flag)
    return Path("bureau") if source == "above" else path


def home_named_by() -> str:
    """What determines the home: flag, environment, folder or above."""
    from double_random.store.home_folder import locate_home

    return locate_home(_flag)[1]


def format_command(*words: str) -> str:
    """A command line of this program, quoted for the shell."""
    import shlex

    return shlex.join((PROGRAM, *words))


def add_home_option(text: str) -> str:
    """Add the `--home` of this call to each command in a sentence, except to commands that need no home."""
    import re
    import shlex

    if _flag is None:
        return text
    home = f"{PROGRAM} --home {shlex.quote(str(_flag))} "
    return re.sub(HOMES_COMMAND, lambda _found: home, text)


def open_home() -> Home:
    """Open the home; Misuse with a hint if it does not exist."""
    from double_random.store.home import Home

    return Home.open(home_path())
