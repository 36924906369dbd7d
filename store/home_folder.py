"""A home folder: its settings, the bureau's facts, kept inputs, the log. Its releases are home.py's."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from double_random import data
from double_random.core import toml_reader
from double_random.core.errors import Misuse
from double_random.core.toml_reader import (
    TEXT,
    WORD,
    List,
    Map,
    Number,
    Table,
    Text,
    WholeNumber,
)
from double_random.core.translation import _
from double_random.store import permissions

if TYPE_CHECKING:
    from double_random.store.inputs import Inputs
    from double_random.store.log.signed_log import Log

MARK = "settings.toml"
SETTINGS = """\
# Settings of this bureau's home. A flag goes before the environment, the environment before this file; for `lang`,
# this file goes before the environment.
lang = ""                     # "" = as the computer says; zh_CN; en
keep_releases = 20            # older ones are pruned, but never one that a plan names
lock_seconds = 10             # how long a second writer waits for the first

[authority]                   # who supervises: it stands in every plan
name = {name}
code = {code}
complaints = ""               # where the public complains about an institution; "" = the bureau, or the hotline 12348
"""

DAY = 86_400  # seconds
KEYS = Table(
    {},
    {
        "lang": TEXT,
        "site_lang": Text(choices=("", "zh_CN", "en")),
        "keep_releases": WholeNumber(1),
        "lock_seconds": Number(0, DAY),
        "memory": TEXT,
        "policy": TEXT,
        "authority": Table({}, {"name": TEXT, "code": TEXT, "complaints": TEXT}),
        "authority_codes": Map(TEXT),
        "witnesses": Table({}, {"least": WholeNumber(0, 99), "keys": List(WORD, once=True)}),
        "nightly": Table({}, {"fewest_percent": WholeNumber(0, 100)}),
        "spark": Table({}, {"engine": TEXT, "remote": TEXT, "tables": TEXT, "there": TEXT}),
    },
)


def locate_home(flag: Path | None) -> tuple[Path, str]:
    """The path of the home, existing or not, and its source: flag, environment, folder or above."""
    if flag:
        return flag, "flag"
    named = os.environ.get("DOUBLE_RANDOM_HOME")
    if named:
        return Path(named), "environment"
    here = Path("bureau")
    above = None if (here / MARK).exists() else _find_home_above()
    return (above, "above") if above else (here, "folder")


def _find_home_above() -> Path | None:
    """The home that contains the current folder, found upwards as git finds its repository; only if the user owns it.

    Otherwise anyone with write access to a folder above, such as /tmp, could put a home of their own there.
    """
    try:
        current = Path.cwd()
        return next(
            (folder for folder in (current, *current.parents) if _is_own_home(folder)), None
        )
    except OSError:  # the current folder is gone, or must not be read
        return None


def _is_own_home(folder: Path) -> bool:
    parts = (folder / MARK).is_file() and all(
        (folder / name).is_dir() for name in ("log", "releases")
    )
    return parts and (os.name == "nt" or (folder / MARK).stat().st_uid == os.getuid())


@dataclass(frozen=True)
class HomeFolder:
    """A home folder without its releases: settings, facts, kept inputs, the log, draws, the public site."""

    path: Path

    @classmethod
    def create(cls, path: Path, name: str = "", code: str = "") -> Self:
        """Make an empty home, or return the existing one; other folders with content are refused.

        `name` and `code` are the supervising authority's.
        """
        if (path / MARK).exists():
            return cls.open(path)
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise Misuse(
                _("{path} is not empty and is no home of this program").format(path=path),
                _("name a new folder: double-random --home FOLDER init"),
            )
        permissions.restrict_umask()
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(permissions.FOLDER)
        for folder in ("releases", "inputs", "draws", "log", "facts", "keys"):
            (path / folder).mkdir(exist_ok=True)
        (path / MARK).write_text(
            SETTINGS.format(name=json.dumps(name, ensure_ascii=False), code=json.dumps(code)),
            encoding="utf-8",
        )
        return cls(path.resolve())

    @classmethod
    def open(cls, path: Path) -> Self:
        """The home at a path; Misuse if there is none."""
        if not (path / MARK).exists():
            raise Misuse(
                _("there is no home folder at {path}").format(path=path),
                _("make one with: double-random --home {path} init").format(path=path),
            )
        permissions.restrict_umask()
        permissions.tighten_home(path)
        return cls(path.resolve())

    @staticmethod
    def locate(flag: Path | None) -> Path:
        """`--home`, else DOUBLE_RANDOM_HOME, else ./bureau, else the home that contains the current folder."""
        return locate_home(flag)[0]

    @cached_property
    def settings(self) -> dict[str, Any]:
        """settings.toml, read; Misuse names the line and the key that is wrong."""
        table = toml_reader.read_toml(self.path / MARK, KEYS, misuse=True)
        return table | {"authority": {"name": "", "code": ""} | table.get("authority", {})}

    @cached_property
    def inputs(self) -> Inputs:
        """The input files, each kept once."""
        from double_random.store.inputs import Inputs

        return Inputs(self.path / "inputs")

    @cached_property
    def log(self) -> Log:
        """The signed log."""
        from double_random.store.log.signed_log import Log

        return Log.open(self.path)

    @property
    def draws(self) -> Path:
        """The folder of the draws, one folder each."""
        return self.path / "draws"

    @property
    def public(self) -> Path:
        """The output of `publish build`."""
        return self.path / "public"

    def fact_file(self, *parts: str) -> Path:
        """A fact's file: the bureau's own, else the shipped one."""
        own = self.path.joinpath("facts", *parts)
        return own if own.exists() else data.path(*parts)

    def facts(self, folder: str, suffix: str = ".toml") -> list[Path]:
        """All facts' files of a folder, the bureau's own before shipped ones of the same name, by name."""
        files_by_name = {file.name: file for file in data.path(folder).glob(f"*{suffix}")}
        files_by_name |= {
            file.name: file for file in (self.path / "facts" / folder).glob(f"*{suffix}")
        }
        return [files_by_name[name] for name in sorted(files_by_name)]
