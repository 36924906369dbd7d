"""Recomputes every number of a draw from a folder with plan, files and revealed values alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import _
from double_random.inspection.protocol.draw import Draw, Reveal, compute_draw
from double_random.inspection.protocol.files import Files
from double_random.inspection.protocol.plan import FILES, NAME, Plan

REVEAL = "reveal.json"


def replay_numbers(folder: Path) -> dict[str, Any]:
    """Return a folder's draw as JSON: commitment, seed, counts, targets, load, cost, groups, teams, visits.

    The folder has plan.json, the plan's files and reveal.json {entropy, secret, inner}; other files are
    ignored. Clocks, proofs and the refusals of planning are not checked. BadFile or Misuse if a file is
    missing or is not the plan's own.
    """
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
