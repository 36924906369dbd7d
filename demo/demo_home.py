"""A fresh home for the tour: made anew where an earlier tour made it, refused where anything else lies there."""

from __future__ import annotations

import shutil
from pathlib import Path

from double_random import data
from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.demo.bureau import CITY, DISTRICT, DISTRICT_CODE
from double_random.store.home import Home
from double_random.store.home_folder import MARK

AUTHORITY = f"{CITY}{DISTRICT}司法局"
SIGN = "demo.txt"
WORDS = "This home was made by `double-random demo`; the next demo replaces it.\n"


def fresh_home(path: Path) -> Home:
    """An empty home of the sample bureau, with its own facts; Misuse where the folder is not an earlier tour's."""
    if _is_tours(path):
        shutil.rmtree(path)
    elif path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Misuse(
            _("{path} is not empty, and no demo made it").format(path=path),
            _("name a new folder: double-random --home FOLDER demo"),
        )
    home = Home.create(path, AUTHORITY, DISTRICT_CODE)
    (home.path / SIGN).write_text(WORDS, encoding="utf-8")
    return home


def take_facts(home: Home) -> None:
    """The sample city's districts: what a bureau outside the shipped list brings itself."""
    shutil.copytree(facts(), home.path / "facts", dirs_exist_ok=True)


def facts() -> Path:
    """Where the sample bureau's own facts lie in the installed program."""
    return data.path("sample_home", "facts")


def _is_tours(path: Path) -> bool:
    """Whether a tour made this folder and nobody has made it his own since (by naming another authority)."""
    sign = path / SIGN
    if path.is_symlink() or not sign.is_file() or sign.read_text(encoding="utf-8") != WORDS:
        return False
    if not (path / MARK).exists():  # a tour that was killed at once
        return True
    return bool(Home.open(path).settings.get("authority", {}).get("code") == DISTRICT_CODE)
