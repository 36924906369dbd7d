"""Witnesses (见证人) with their offices, and the hash of the signed record, photo or film in the log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.draw import draw_state
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.draw.lifecycle import check_act_time
from double_random.inspection.protocol.files import POOL
from double_random.inspection.protocol.text import clean_name
from double_random.registry.institutions.names import normalize_name
from double_random.store import durable_files

if TYPE_CHECKING:
    from double_random.store.home import Home
    from double_random.store.log.signed_log import Entry

SCANS = "attestations"  # in the draw's folder; a scan keeps its suffix, and its name is its hash


@dataclass(frozen=True)
class Witness:
    """A witness and their office: `NAME，OFFICE` in the log."""

    name: str
    office: str

    @classmethod
    def read(cls, text: str) -> Witness:
        """Parse NAME，OFFICE with either comma; Misuse if one of them is missing."""
        name, _comma, office = clean_name(text).replace(",", "，", 1).partition("，")
        name, office = name.strip(), office.strip()
        if not name or not office:
            raise Misuse(
                _("a witness is named with the office: {given}").format(given=text),
                _("as in --witness '示例见证人，示例市公证处'"),
            )
        return cls(name, office)

    @property
    def text(self) -> str:
        """The text in the log."""
        return f"{self.name}，{self.office}"


def log_attestation(home: Home, draw: str, scan: Path, witnesses: Sequence[str], at: str) -> Entry:
    """Log the hash of a signed record, photo or film with its witnesses (存证); the file is not published.

    Misuse if there is no witness, or if a witness's office is in the frame: it could be drawn itself.
    """
    folder = DrawFolder.find(home, draw)
    if not scan.is_file():
        raise Misuse(_("there is no file {path}").format(path=scan))
    if not witnesses:
        raise Misuse(
            _("at least one witness is needed"), _("as in --witness '示例见证人，示例市公证处'")
        )
    parsed = [Witness.read(witness) for witness in witnesses]
    inside = witnesses_in_frame((witness.text for witness in parsed), folder.read_files())
    if inside:
        raise Misuse(
            _("this witness's office can be drawn itself: {witness}").format(
                witness="; ".join(inside)
            ),
            _(
                "a witness comes from elsewhere: a notary, the discipline inspection, a people's congress"
            ),
        )
    content = scan.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    with home.log.hold() as pen:
        draw_state.find_state(pen.entries, draw)
        (folder.path / SCANS).mkdir(mode=0o700, exist_ok=True)
        scan_copy = folder.path / SCANS / f"{digest}{scan.suffix}"
        if not scan_copy.exists():
            durable_files.write_new_file(scan_copy, content, private=True)
        entry: Entry = {
            "kind": "attest",
            "time": check_act_time(at),
            "draw": draw,
            "sha256": digest,
            "witnesses": [witness.text for witness in parsed],
        }
        pen.append(entry)
    return entry


def witnesses_in_frame(witnesses: Iterable[str], files: Mapping[str, bytes]) -> list[str]:
    """The witnesses (NAME，OFFICE) whose office, by name or code, is in pool.csv."""
    rows = POOL.load(files["pool.csv"])
    frame_names = {normalize_name(name) for _id, name in rows} | {
        normalize_name(id) for id, _name in rows
    }
    return [
        witness
        for witness in witnesses
        if normalize_name(witness.partition("，")[2]) in frame_names
    ]
