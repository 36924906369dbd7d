"""Checks a home for damage (自检): settings, facts, keys, log, releases, inputs, acts, draws, permissions."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core import toml_reader
from double_random.core.errors import DoubleRandomError
from double_random.core.translation import C_, N_, _
from double_random.inspection.draw.draw_state import states
from double_random.inspection.draw.lifecycle import damage
from double_random.store import soundness
from double_random.store.home_folder import MARK
from double_random.store.inputs import sha256
from double_random.store.log.signed_log import ahead, misdated
from double_random.store.permissions import OTHERS, SECRET, too_open

if TYPE_CHECKING:
    from double_random.store.home import Home


@dataclass(frozen=True)
class Fault:
    """One fault: the part of the home, the name of the object, the problem."""

    part: str
    name: str
    what: str


@dataclass(frozen=True)
class Checkup:
    """The number of checked objects by part, and the faults."""

    looked_at: dict[str, int]
    faults: tuple[Fault, ...]


def checkup(home: Home) -> Checkup:
    """Check all parts; nothing is changed. A part that cannot be read at all is a fault of that part."""
    counts: dict[str, int] = {}
    faults: list[Fault] = []
    for part, look in PARTS.items():
        counts[part] = 0
        try:
            for name, what in look(home):
                counts[part] += 1
                if what:
                    faults.append(Fault(part, name, what))
        except (DoubleRandomError, OSError, ValueError) as error:
            faults.append(Fault(part, part, str(getattr(error, "message", error))))
    return Checkup(counts, tuple(faults))


def _settings(home: Home) -> Iterator[tuple[str, str]]:
    authority = home.settings.get("authority", {})
    named = authority.get("name") and authority.get("code")
    yield MARK, "" if named else _("the settings do not say which authority supervises")


def _facts(home: Home) -> Iterator[tuple[str, str]]:
    """Whether each of the home's own files is TOML; other errors in it are reported when it is used."""
    for file in sorted((home.path / "facts").rglob("*.toml")):
        what = ""
        try:
            toml_reader.parse(str(file), toml_reader.load(file))
        except DoubleRandomError as error:
            what = error.reason
        yield str(file.relative_to(home.path)), what


def _keys(home: Home) -> Iterator[tuple[str, str]]:
    """A key with a passphrase, or one that this user may not read, is not checked."""
    ring, what = home.log.ring, ""
    readable = not ring.private_file.exists() or os.access(ring.private_file, os.R_OK)
    try:
        if readable and not ring.locked:
            ring.private()
    except DoubleRandomError as error:
        what = error.message
    yield ring.private_file.name, what


def _log(home: Home) -> Iterator[tuple[str, str]]:
    home.log.verify()
    entries = home.log.entries()
    future, late = set(ahead(entries)), set(misdated(entries))
    for number in range(len(entries)):
        what = _("it is dated in the future") if number in future else ""
        if number in late and not what:
            what = _("it is dated before an entry above it, or was dated ahead")
        yield str(number), what


def _releases(home: Home) -> Iterator[tuple[str, str]]:
    releases = home.releases
    named = home.log.releases()
    try:
        current = releases.current()
    except DoubleRandomError as error:
        current = None
        yield "current", error.message
    for name in sorted({*releases.names(), *([current] if current else [])}):
        try:
            found = soundness.refuse_damaged(releases, name)
        except soundness.Damaged as error:
            yield name, error.message
            continue
        unknown = name == current and named and found not in named
        yield name, _("the log does not name it") if unknown else ""


def _inputs(home: Home) -> Iterator[tuple[str, str]]:
    for file in sorted(home.inputs.folder.glob("*/*")):
        if file.name[0] != ".":
            wrong = sha256(file) != file.name
            yield file.name, _("its SHA-256 is another one than its name") if wrong else ""
    for record in sorted(home.releases.folder.glob("[0-9]*.json")):
        made = soundness.record(home.releases, record.stem)
        if made is None:
            yield record.name, _("it cannot be read")
            continue
        for name, digest in made.get("given", []):
            if not home.inputs.path(digest).exists():
                yield (
                    name,
                    _("release {name} was made from it, and it is missing").format(
                        name=record.stem
                    ),
                )


def _acts(home: Home) -> Iterator[tuple[str, str]]:
    for file in sorted((home.path / "acts").glob("*.jsonl")):
        yield file.name, _lines_at_fault(file)


def _lines_at_fault(file: Path) -> str:
    content = file.read_bytes()
    if content and not content.endswith(b"\n"):
        return _("its last line is not whole")
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        try:
            json.loads(line)
        except ValueError:
            return _("line {number} cannot be read").format(number=number)
    return ""


def _draws(home: Home) -> Iterator[tuple[str, str]]:
    for found in states(home.log.entries()).values():
        if not found.lost:
            for name, what in damage(home, found).items() or [("", "")]:
                yield f"{found.draw}/{name}" if name else found.draw, what


def _permissions(home: Home) -> Iterator[tuple[str, str]]:
    closed = not home.path.stat().st_mode & OTHERS  # then nobody else can reach the files in it
    for path, mode in too_open(home.path):
        if (
            closed
            and not path.stat().st_mode & 0o022
            and str(path.relative_to(home.path)) not in SECRET
        ):
            continue
        yield (
            str(path.relative_to(home.path)),
            _("it is open to others; right is {mode}").format(mode=f"{mode:04o}"),
        )


PARTS: dict[str, Callable[[Home], Iterator[tuple[str, str]]]] = {
    "settings": _settings,
    "facts": _facts,
    "keys": _keys,
    "log": _log,
    "releases": _releases,
    "inputs": _inputs,
    "acts": _acts,
    "draws": _draws,
    "permissions": _permissions,
}
PART_WORDS = {
    "settings": N_("settings"),
    "facts": C_("part of a home", "facts"),
    "keys": N_("keys"),
    "log": C_("part of a home", "log"),
    "releases": N_("releases"),
    "inputs": N_("inputs"),
    "acts": N_("acts"),
    "draws": C_("part of a home", "draws"),
    "permissions": N_("permissions"),
}
