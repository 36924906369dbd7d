"""Recomputes every number of a draw, of either protocol, from plan, files and revealed values alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import _
from double_random.inspection.protocol.draw import Draw, Reveal, compute_draw
from double_random.inspection.protocol.files import Files
from double_random.inspection.protocol.plan import FILES, NAME, Plan
from double_random.inspection.protocol.v2 import draw as second
from double_random.inspection.protocol.v2 import files as second_files
from double_random.inspection.protocol.v2 import plan as second_plan
from double_random.inspection.protocol.v2.public_sources import count_bits

REVEAL = "reveal.json"


def replay_numbers(folder: Path) -> dict[str, Any]:
    """Return a folder's draw as JSON: commitment, seed, counts, targets, load, cost, groups, teams, visits.

    With the second protocol also bits, times, cut-offs, the loads of all, and the head over the notices.
    The folder has plan.json, the plan's files and reveal.json {entropy, secret, inner}; other files are
    ignored. Clocks, proofs and the refusals of planning are not checked. BadFile or Misuse if a file is
    missing or is not the plan's own.
    """
    if folder.is_dir() and second_plan.names_this_version(_read_file(folder, NAME)):
        draw, inner = replay_second_draw(folder)
        return second_draw_numbers(draw, inner)
    return draw_numbers(replay_draw(folder))


def replay_draw(folder: Path) -> Draw:
    """Return the draw itself, with the exact bytes of its files."""
    if not folder.is_dir():
        raise Misuse(
            _("{folder} is no folder").format(folder=folder),
            _("It holds plan.json, the plan's files and reveal.json."),
        )
    plan = Plan.read(_read_file(folder, NAME))
    files = Files.read(plan, {name: _read_file(folder, name) for name in FILES})
    return compute_draw(plan, files, Reveal.read(_read_file(folder, REVEAL)))


def replay_second_draw(folder: Path) -> tuple[second.Draw, str]:
    """Return the draw of a folder of the second protocol, and `inner`, which hides its cut-offs."""
    plan = second_plan.Plan.read(_read_file(folder, NAME))
    contents = {name: _read_file(folder, name) for name in second_plan.FILES}
    files = second_files.Files.read(plan, contents)
    reveal = Reveal.read(_read_file(folder, REVEAL))
    return second.compute_draw(plan, files, reveal), reveal.inner


def second_draw_numbers(draw: second.Draw, inner: str) -> dict[str, Any]:
    """Return the numbers of a draw of the second protocol in the form of its vectors' expected.json."""
    selection, files = draw.selection, draw.files
    strata = [stratum.stratum for stratum in files.strata.strata]
    return {
        "commitment": selection.plan.commitment,
        "code": selection.plan.code,
        "entropy": selection.entropy,
        "bits": count_bits(files.sources),
        "known_from": {one.source: one.known_from or None for one in files.sources},
        "seed": selection.tickets.seed,
        "counts": dict(zip(strata, selection.counts, strict=True)),
        "targets": [list(row) for row in selection.places],
        "cutoffs": list(selection.written_cutoffs(inner)),
        "visits": list(selection.visits),
        "squares": draw.certificate.squares,
        "load": draw.certificate.load,
        "loads": draw.loads,
        "cost": str(draw.certificate.cost),
        "groups": None if draw.groups is None else [list(group) for group in draw.groups],
        "dealt": second.name_dealing(draw.groups, draw.dealing),
        "teams": [[target, inspector] for target, inspector, _role in draw.teams],
        "notices": draw.notices,
    }


def draw_numbers(draw: Draw) -> dict[str, Any]:
    """Return the numbers of a draw in the form of the vectors' expected.json, with the order of visits."""
    selection = draw.selection
    strata = [stratum.stratum for stratum in selection.files.strata.strata]
    return {
        "commitment": selection.plan.commitment,
        "code": selection.plan.code,
        "seed": selection.seed,
        "counts": dict(zip(strata, selection.counts, strict=True)),
        "targets": [list(row) for row in selection.places],
        "visits": list(selection.visits),
        "load": draw.certificate.load,
        "cost": str(draw.certificate.cost),
        "groups": None if draw.groups is None else [list(group) for group in draw.groups],
        "teams": [[target, inspector] for target, inspector, _role in draw.teams],
    }


def _read_file(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise BadFile(str(folder / name), _("this file is missing or cannot be read")) from error
