"""Proof for one institution: its row with salt, the path to the plan's tree head, its ticket and the cut-off.

With it an institution can check by hand whether it had to be drawn; it learns nothing about any other institution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import _
from double_random.inspection.draw import draw_state, named_parties, versions
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.draw.draw_result import DrawResult
from double_random.inspection.protocol import canonical_csv, selection
from double_random.inspection.protocol.files import LEFT_OUT
from double_random.inspection.protocol.tickets import Tickets
from double_random.inspection.protocol.v2.files import Files as SecondFiles
from double_random.inspection.protocol.v2.plan import Plan as SecondPlan
from double_random.store.log import merkle

if TYPE_CHECKING:
    from double_random.store.home import Home


@dataclass(frozen=True, kw_only=True)
class InclusionProof:
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
    def is_valid(self) -> bool:
        """Whether row, path and ticket fit one another; this needs only a hash function."""
        from double_random.inspection.protocol.digest import Digest

        digest = Digest(self.hash)
        row = canonical_csv.CsvTable(
            "frame.csv", ("id", "stratum", "kind", "district", "name", "salt")
        )
        fields = row.load((",".join(row.columns) + "\n" + self.line + "\n").encode())[0]
        leaf = merkle.hash_leaf(self.line.encode(), digest.hash_raw)
        path = [bytes.fromhex(step) for step in self.path]
        return (
            (fields[0], fields[-1]) == (self.id, self.salt)
            and merkle.verify_inclusion(
                bytes.fromhex(self.root), self.rows, self.index, leaf, path, digest.hash_raw
            )
            and Tickets(digest, self.seed).target_ticket(self.id, self.salt) == self.ticket
        )

    def to_dict(self) -> dict[str, Any]:
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


def prove_inclusion(home: Home, draw: str, id: str) -> InclusionProof:
    """Prove one row of a draw that has ended; Misuse if it is not in the frame or the draw is still open.

    The seed reveals as much as the secret, so no proof exists before publication.
    """
    folder = DrawFolder.find(home, draw)
    state = draw_state.find_state(home.log.entries(), draw)
    if state.is_open or state.drawn is None:
        raise Misuse(
            _("{draw} has not been published: {stage}").format(draw=draw, stage=_(state.stage)),
            _("an institution gets its proof afterwards"),
        )
    plan = folder.read_plan()
    files = versions.read_files(plan, folder.read_files())
    left_out = LEFT_OUT.load(folder.read_files()["left_out.csv"])
    among = {row.id: row.name for row in files.frame} | {row[0]: row[2] for row in left_out}
    id = named_parties.find_institution(home, draw, id, among)
    index = next((number for number, row in enumerate(files.frame) if row.id == id), None)
    if index is None:
        raise Misuse(
            _("{id} could not be drawn in {draw}").format(id=id, draw=draw),
            _("see left_out.csv of its bundle for the reason"),
        )
    result = versions.read_result(plan, folder.read_result()["result.json"])
    row = files.frame[index]
    lines = canonical_csv.data_lines(folder.read_files()["frame.csv"])
    leaves = [merkle.hash_leaf(line, plan.digest.hash_raw) for line in lines]
    tickets = Tickets(plan.digest, result.seed)
    cutoff, salt = _find_cutoff(folder, files, result, row.stratum, tickets)
    return InclusionProof(
        draw=draw,
        line=lines[index].decode(),
        index=index,
        rows=len(lines),
        path=tuple(
            step.hex() for step in merkle.inclusion_path(leaves, index, plan.digest.hash_raw)
        ),
        root=plan.files["frame.csv"].root or "",
        hash=plan.hash,
        commitment=plan.commitment,
        seed=result.seed,
        id=id,
        salt=row.salt,
        ticket=tickets.target_ticket(id, row.salt),
        cutoff=cutoff,
        cutoff_salt=salt,
    )


def _find_cutoff(
    folder: DrawFolder,
    files: versions.Files,
    result: versions.Result,
    stratum: str,
    tickets: Tickets,
) -> tuple[str, str]:
    """Return a stratum's cut-off and its salt; BadFile if targets.csv is not what the result hides."""
    index = [row.stratum for row in files.strata.strata].index(stratum)
    right = selection.find_cutoffs(
        selection.read_targets(folder.read_result()["targets.csv"]), files.strata
    )[index]
    salt = tickets.cutoff_salt(folder.inner, stratum)
    plan = folder.read_plan()
    if isinstance(files, SecondFiles) and isinstance(plan, SecondPlan):
        index = files.rules.strata.index(stratum)
        is_plain = plan.has_public_strata
    else:
        is_plain = isinstance(result, DrawResult) and not result.cutoffs_hidden
    shown = right if is_plain else tickets.digest(f"{right}:{salt}")
    if result.cutoffs[index] != shown:
        raise BadFile("targets.csv", _("the tickets say otherwise"))
    return right, "" if is_plain else salt
