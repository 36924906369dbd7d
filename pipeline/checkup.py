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
from double_random.inspection.draw.draw_state import replay_states
from double_random.inspection.draw.lifecycle import find_damage
from double_random.inspection.sources.source_catalogue import FILE as SOURCES
from double_random.inspection.sources.source_catalogue import FORMER, load_home_catalogue
from double_random.store import soundness
from double_random.store.home_folder import MARK
from double_random.store.inputs import file_sha256
from double_random.store.log.signed_log import find_future_entries, find_misdated
from double_random.store.permissions import OTHERS, SECRET, find_too_open

if TYPE_CHECKING:
    from double_random.store.home import Home


@dataclass(frozen=True)
class HomeFault:
    """One fault: the part of the home, the name of the object, the problem."""

    part: str
    name: str
    what: str


@dataclass(frozen=True)
class Checkup:
    """The number of checked objects by part, and the faults."""

    looked_at: dict[str, int]
    faults: tuple[HomeFault, ...]


def check_home(home: Home) -> Checkup:
    """Check all parts; nothing is changed. A part that cannot be read at all is a fault of that part."""
    counts: dict[str, int] = {}
    faults: list[HomeFault] = []
    for part, check in PARTS.items():
        counts[part] = 0
        try:
            for name, problem in check(home):
                counts[part] += 1
                if problem:
                    faults.append(HomeFault(part, name, problem))
        except (DoubleRandomError, OSError, ValueError) as error:
            faults.append(HomeFault(part, part, str(getattr(error, "message", error))))
    return Checkup(counts, tuple(faults))


def _check_settings(home: Home) -> Iterator[tuple[str, str]]:
    authority = home.settings.get("authority", {})
    named = authority.get("name") and authority.get("code")
    yield MARK, "" if named else _("the settings do not say which authority supervises")


def _check_facts(home: Home) -> Iterator[tuple[str, str]]:
    """Whether each of the home's own files is TOML, and whether its sources of randomness are read.

    Other errors in a file are reported when it is used.
    """
    for file in sorted((home.path / "facts").rglob("*.toml")):
        problem = ""
        try:
            toml_reader.parse_toml(str(file), toml_reader.load_fact_bytes(file))
            if file.name in (SOURCES, FORMER):
                load_home_catalogue(home)
        except DoubleRandomError as error:
            problem = error.reason
        yield str(file.relative_to(home.path)), problem


def _check_keys(home: Home) -> Iterator[tuple[str, str]]:
    """A key with a passphrase, or one that this user may not read, is not checked."""
    ring, problem = home.log.ring, ""
    readable = not ring.private_file.exists() or os.access(ring.private_file, os.R_OK)
    try:
        if readable and not ring.locked:
            ring.load_private()
    except DoubleRandomError as error:
        problem = error.message
    yield ring.private_file.name, problem


def _check_log(home: Home) -> Iterator[tuple[str, str]]:
    home.log.verify()
    entries = home.log.entries()
    future, late = set(find_future_entries(entries)), set(find_misdated(entries))
    for number in range(len(entries)):
        problem = _("it is dated in the future") if number in future else ""
        if number in late and not problem:
            problem = _("it is dated before an entry above it, or was dated ahead")
        yield str(number), problem


def _check_releases(home: Home) -> Iterator[tuple[str, str]]:
    releases = home.releases
    named = home.log.releases()
    try:
        current = releases.current()
    except DoubleRandomError as error:
        current = None
        yield "current", error.message
    chains: soundness.KnownChains = {}  # releases share segments: each is read once
    for name in sorted({*releases.names(), *([current] if current else [])}):
        try:
            release_hash = soundness.refuse_damaged(releases, name, chains)
        except soundness.DamagedRelease as error:
            yield name, error.message
            continue
        unknown = name == current and named and release_hash not in named
        yield name, _("the log does not name it") if unknown else ""


def _check_inputs(home: Home) -> Iterator[tuple[str, str]]:
    for file in sorted(home.inputs.folder.glob("*/*")):
        if file.name[0] != ".":
            wrong = file_sha256(file) != file.name
            yield file.name, _("its SHA-256 is another one than its name") if wrong else ""
    for record in sorted(home.releases.folder.glob("[0-9]*.json")):
        made = soundness.read_record(home.releases, record.stem)
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


def _check_acts(home: Home) -> Iterator[tuple[str, str]]:
    for file in sorted((home.path / "acts").glob("*.jsonl")):
        yield file.name, _find_line_fault(file)


def _find_line_fault(file: Path) -> str:
    content = file.read_bytes()
    if content and not content.endswith(b"\n"):
        return _("its last line is not whole")
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        try:
            json.loads(line)
        except ValueError:
            return _("line {number} cannot be read").format(number=number)
    return ""


def _check_draws(home: Home) -> Iterator[tuple[str, str]]:
    for state in replay_states(home.log.entries()).values():
        if not state.is_lost:
            for name, problem in find_damage(home, state).items() or [("", "")]:
                yield f"{state.draw}/{name}" if name else state.draw, problem


def _check_permissions(home: Home) -> Iterator[tuple[str, str]]:
    closed = not home.path.stat().st_mode & OTHERS  # then nobody else can reach the files in it
    for path, mode in find_too_open(home.path):
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
    "settings": _check_settings,
    "facts": _check_facts,
    "keys": _check_keys,
    "log": _check_log,
    "releases": _check_releases,
    "inputs": _check_inputs,
    "acts": _check_acts,
    "draws": _check_draws,
    "permissions": _check_permissions,
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
