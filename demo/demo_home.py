"""A fresh home for the tour: replaces the home of an earlier tour, refuses any other folder with content."""

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
    """Create an empty home of the sample bureau; Misuse if the folder has content not made by a tour."""
    if _is_made_by_tour(path):
        shutil.rmtree(path)
    elif path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Misuse(
            _("{path} is not empty, and no demo made it").format(path=path),
            _("name a new folder: double-random --home FOLDER demo"),
        )
    home = Home.create(path, AUTHORITY, DISTRICT_CODE)
    (home.path / SIGN).write_text(WORDS, encoding="utf-8")
    return home


def copy_facts(home: Home) -> None:
    """Copy the sample city's districts, which the shipped list does not contain."""
    shutil.copytree(facts_folder(), home.path / "facts", dirs_exist_ok=True)


def facts_folder() -> Path:
    """The folder of the sample bureau's own facts in the installed program."""
    return data.path("sample_home", "facts")


def _is_made_by_tour(path: Path) -> bool:
    """Whether a tour made this folder and its authority is still the sample bureau."""
    sign = path / SIGN
    if path.is_symlink() or not sign.is_file() or sign.read_text(encoding="utf-8") != WORDS:
        return False
    if not (path / MARK).exists():  # the tour was killed before it finished the home
        return True
    return bool(Home.open(path).settings.get("authority", {}).get("code") == DISTRICT_CODE)
