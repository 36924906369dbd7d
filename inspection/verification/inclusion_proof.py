"""Proof for one institution: its row with salt, the path to the plan's tree head, its ticket and the cut-off.

With it an institution can check by hand whether it had to be drawn; it learns nothing about any other institution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import _
from double_random.inspection.draw import draw_state, named_parties
from double_random.inspection.draw.draw_folder import Folder
from double_random.inspection.draw.draw_result import Result
from double_random.inspection.protocol import canonical_csv, selection
from double_random.inspection.protocol.files import LEFT_OUT, Files
from double_random.inspection.protocol.tickets import Tickets
from double_random.store.log import merkle

if TYPE_CHECKING:
    from double_random.store.home import Home


@dataclass(frozen=True, kw_only=True)
class Proof:
    """The proof that one institution receives for one draw."""

    draw: str
    line: str  # its row of frame.csv, as it is hashed
    index: int
    rows: int
    path: tuple[str, ...]  # hex, from the leaf up
    root: str
    hash: str
    commitment: str
    seed: str
    id: str
    salt: str
    ticket: str
    cutoff: str  # its stratum's last drawn ticket; "" if none was drawn
    cutoff_salt: (
        str  # shows that the cut-off is the one that result.json hides; "" if it hides none
    )

    @property
    def drawn(self) -> bool:
        """Whether this ticket had to be drawn, because it is not above the cut-off."""
        return bool(self.cutoff) and self.ticket <= self.cutoff

    @property
    def holds(self) -> bool:
        """Whether row, path and ticket fit one another; this needs only a hash function."""
        from double_random.inspection.protocol.digest import Digest

        digest = Digest(self.hash)
        row = canonical_csv.Table(
            "frame.csv", ("id", "stratum", "kind", "district", "name", "salt")
        )
        fields = row.load((",".join(row.columns) + "\n" + self.line + "\n").encode())[0]
        leaf = merkle.leaf(self.line.encode(), digest.raw)
        path = [bytes.fromhex(step) for step in self.path]
        return (
            (fields[0], fields[-1]) == (self.id, self.salt)
            and merkle.includes(
                bytes.fromhex(self.root), self.rows, self.index, leaf, path, digest.raw
            )
            and Tickets(digest, self.seed).target(self.id, self.salt) == self.ticket
        )

    def told(self) -> dict[str, Any]:
        """Return the proof as published JSON, with the command that checks the ticket by hand."""
        return {
            "format": "double-random/proof-1",
            "draw": self.draw,
            "commitment": self.commitment,
            "row": self.line,
            "index": self.index,
            "rows": self.rows,
            "path": list(self.path),
            "root": self.root,
            "seed": self.seed,
            "salt": self.salt,
            "ticket": self.ticket,
            "cutoff": self.cutoff,
            "cutoff_salt": self.cutoff_salt,
            "drawn": self.drawn,
            "by hand": f'printf %s "{self.seed}:target:{self.id}:{self.salt}" | {self.hash}sum',
        }


def prove(home: Home, draw: str, id: str) -> Proof:
    """Prove one row of a draw that has ended; Misuse if it is not in the frame or the draw is still open.

    The seed reveals as much as the secret, so no proof exists before publication.
    """
    folder = Folder.of(home, draw)
    found = draw_state.of(home.log.entries(), draw)
    if found.open or found.drawn is None:
        raise Misuse(
            _("{draw} has not been published: {stage}").format(draw=draw, stage=_(found.stage)),
            _("an institution gets its proof afterwards"),
        )
    plan = folder.plan()
    files = Files.read(plan, folder.files())
    left_out = LEFT_OUT.load(folder.files()["left_out.csv"])
    among = {row.id: row.name for row in files.frame} | {row[0]: row[2] for row in left_out}
    id = named_parties.institution(home, draw, id, among)
    place = next((number for number, row in enumerate(files.frame) if row.id == id), None)
    if place is None:
        raise Misuse(
            _("{id} could not be drawn in {draw}").format(id=id, draw=draw),
            _("see left_out.csv of its bundle for the reason"),
        )
    result = Result.read(folder.result()["result.json"])
    row = files.frame[place]
    lines = canonical_csv.lines(folder.files()["frame.csv"])
    leaves = [merkle.leaf(line, plan.digest.raw) for line in lines]
    tickets = Tickets(plan.digest, result.seed)
    cutoff, salt = _cutoff(folder, files, result, row.stratum, tickets)
    return Proof(
        draw=draw,
        line=lines[place].decode(),
        index=place,
        rows=len(lines),
        path=tuple(step.hex() for step in merkle.inclusion(leaves, place, plan.digest.raw)),
        root=plan.files["frame.csv"].root or "",
        hash=plan.hash,
        commitment=plan.commitment,
        seed=result.seed,
        id=id,
        salt=row.salt,
        ticket=tickets.target(id, row.salt),
        cutoff=cutoff,
        cutoff_salt=salt,
    )


def _cutoff(
    folder: Folder, files: Files, result: Result, stratum: str, tickets: Tickets
) -> tuple[str, str]:
    """Return a stratum's cut-off and its salt; BadFile if targets.csv is not what the result hides."""
    at = [one.stratum for one in files.strata.strata].index(stratum)
    if not result.cutoffs_hidden:
        return result.cutoffs[at], ""
    right = selection.cutoffs(selection.read(folder.result()["targets.csv"]), files.strata)
    if selection.hidden(right, files.strata, folder.inner, tickets) != result.cutoffs:
        raise BadFile("targets.csv", _("the tickets say otherwise"))
    return right[at], tickets.cutoff(folder.inner, stratum)
