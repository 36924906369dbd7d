"""Bundles of bare draws in memory, from small plans or from the published vectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from double_random.inspection.draw import verifier_files
from double_random.inspection.protocol.draw import Reveal
from double_random.inspection.protocol.pairs import Candidates, CostedPairs
from double_random.inspection.protocol.teams import TEAMS, assign_takers
from double_random.inspection.protocol.v2.draw import Draw, compute_draw
from double_random.inspection.protocol.v2.files import Files
from double_random.inspection.protocol.v2.plan import FILES, Plan
from double_random.inspection.protocol.v2.result import ResultFile
from double_random.inspection.verification.bare_bundle import AUDITOR, TARGETS
from tests.inspection.protocol.v2.cases import Case, make_case

PROGRAMS = dict.fromkeys(verifier_files.NAMES, b"# a verifier of its own\n")


def seal_bundle(
    case: Case,
    draw: Draw,
    proofs: Mapping[str, str] | None = None,
    results: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """The auditor's bundle of a draw; `results` takes the place of its own files, with their hashes."""
    files = {
        "plan.json": case.plan.data,
        "inner": case.reveal.inner.encode(),
        **{name: case.files[name] for name in FILES},
        **draw.result_files,
        **PROGRAMS,
        **(results or {}),
    }
    reveal = case.reveal
    result = ResultFile.from_draw(draw, reveal.secret, reveal.inner, proofs or {}, files)
    return {**files, "result.json": result.dump()}


def publish(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The public bundle of an auditor's one."""
    hidden = AUDITOR
    if not Plan.read(files["plan.json"]).has_public_strata:
        hidden = AUDITOR | TARGETS
    return {name: data for name, data in files.items() if name not in hidden}


def read_vector(folder: Path) -> Case:
    """The plan, files and revealed values of a vector."""
    plan = Plan.read((folder / "plan.json").read_bytes())
    files = {name: (folder / name).read_bytes() for name in FILES}
    return Case(plan, files, Reveal.read((folder / "reveal.json").read_bytes()))


def bundle_of(case: Case) -> dict[str, bytes]:
    """The honest auditor's bundle of a case."""
    return seal_bundle(
        case, compute_draw(case.plan, Files.read(case.plan, case.files), case.reveal)
    )


def make_uneven_bundles() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """A draw whose teams keep one bound for all, as version 1 had it: with the true certificate, and with its own."""
    case = make_case(
        strata=(("law_firm/A", 44, [1, 1], 0, "up"),),
        inspectors=6,
        leads=(0, 1, 2, 3, 4, 5),
        recusals=tuple((row, person) for row in range(24) for person in (2, 3, 4, 5)),
        team={"size": 1, "leads": 0},
    )
    draw = case.draw()
    selection, files = draw.selection, draw.files
    candidates = Candidates.of_inspectors(
        [row for row in files.frame if row.id in selection.drawn],
        files.inspectors,
        files.recusals,
        case.plan.team,
        selection.tickets,
        case.reveal.inner,
    )
    uneven = assign_takers(CostedPairs.from_candidates(candidates))
    loads = sorted(sum(one == person.id for _t, one in uneven.pairs) for person in files.inspectors)
    even = sorted(draw.loads.values())
    assert loads[-1] == even[-1] and sum(x * x for x in loads) > draw.certificate.squares
    teams = TEAMS.dump([(target, taker, "lead") for target, taker in uneven.pairs])
    claimed = replace(
        draw.certificate, squares=sum(x * x for x in loads), cost=uneven.certificate.cost
    )
    lie = {"teams.csv": teams, "certificate.json": claimed.dump()}
    return seal_bundle(case, draw, results={"teams.csv": teams}), seal_bundle(
        case, draw, results=lie
    )
