"""Both versions of the draw protocol behind one set of calls, for the draws of a home, new and old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.draw.draw_result import DrawResult
from double_random.inspection.protocol import draw as first
from double_random.inspection.protocol import files as first_files
from double_random.inspection.protocol import plan as first_plan
from double_random.inspection.protocol import sources as first_sources
from double_random.inspection.protocol.tickets import TicketFactory, Tickets
from double_random.inspection.protocol.v2 import draw as second
from double_random.inspection.protocol.v2 import files as second_files
from double_random.inspection.protocol.v2 import plan as second_plan
from double_random.inspection.protocol.v2 import public_sources as second_sources
from double_random.inspection.protocol.v2.plan import names_this_version
from double_random.inspection.protocol.v2.result import ResultFile

VERSIONS = FIRST, SECOND = (1, 2)

Plan = first_plan.Plan | second_plan.Plan
Files = first_files.Files | second_files.Files
Draw = first.Draw | second.Draw
Selection = first.Selection | second.Selection
Source = first_sources.Source | second_sources.PublicSource
Result = DrawResult | ResultFile


def is_second(plan: Plan) -> bool:
    """Does this plan follow version 2?"""
    return isinstance(plan, second_plan.Plan)


def read_plan(data: bytes) -> Plan:
    """The plan of canonical bytes, of the version that it names; BadFile names the invalid field."""
    return second_plan.Plan.read(data) if names_this_version(data) else first_plan.Plan.read(data)


def frozen_names(plan: Plan) -> tuple[str, ...]:
    """The names of the files that a plan freezes."""
    return tuple(plan.files)


def read_files(plan: Plan, contents: Mapping[str, bytes]) -> Files:
    """The frozen files of a plan (name → bytes); BadFile names the file that does not match."""
    if isinstance(plan, second_plan.Plan):
        return second_files.Files.read(plan, contents)
    return first_files.Files.read(plan, contents)


def read_sources(plan: Plan, contents: Mapping[str, bytes]) -> tuple[Source, ...]:
    """The sources of a plan: version 1 has them in plan.json, version 2 in sources.json."""
    if isinstance(plan, second_plan.Plan):
        return second_sources.read_public_sources(contents[second_sources.FILE])
    return plan.sources


def read_value(source: Source, text: str) -> str:
    """A value as a person types it, in its one spelling; Misuse if the source cannot have it.

    Blanks or commas stand between numbers; what is thrown or drawn on site may be typed digit by digit.
    """
    value = ".".join(text.replace(",", " ").replace("，", " ").split())
    value = value.replace(".", source.separator)
    if source.needs_witness and source.separator and value.isdecimal():
        value = source.separator.join(value)
    source.check_value(value)
    return value


def format_entropy(
    plan: Plan, all_sources: Sequence[Source], logged: Mapping[str, str]
) -> tuple[str, Mapping[str, str]]:
    """The lines `source=value` of the logged values, and the values; Misuse if one is missing.

    In version 1 `local` has a value that is still to be logged, the empty one.
    """
    values = {one.text: "" for one in all_sources if not one.is_public} | dict(logged)
    for one in all_sources:
        if one.text not in values:
            raise Misuse(
                _("The value of {source} is missing.").format(source=one.text),
                _("double-random inspection entropy DRAW '{source}=VALUE'").format(source=one.text),
            )
        one.check_value(values[one.text])
    lines = "\n".join(f"{one.text}={values[one.text]}" for one in all_sources)
    return lines, values if isinstance(plan, first_plan.Plan) else logged


def select_targets(
    plan: Plan, files: Files, entropy: str, secret: str, kind: TicketFactory = Tickets
) -> Selection:
    """The rows that are drawn, without teams."""
    if isinstance(plan, second_plan.Plan) and isinstance(files, second_files.Files):
        return second.select_targets(plan, files, entropy, secret, kind)
    assert isinstance(plan, first_plan.Plan) and isinstance(files, first_files.Files)
    return first.select_targets(plan, files, entropy, secret, kind)


def select_by_tickets(plan: Plan, files: Files, tickets: Tickets) -> Selection:
    """The selection that tickets of another seed would give, for trial draws."""
    if isinstance(plan, second_plan.Plan) and isinstance(files, second_files.Files):
        return second.select_by_tickets(plan, files, "", tickets)
    assert isinstance(plan, first_plan.Plan) and isinstance(files, first_files.Files)
    return first.select_by_tickets(plan, files, "", tickets)


def assign_teams(selection: Selection, files: Files, inner: str) -> Draw:
    """Complete a draw from its selection. DoubleRandomError if a target cannot get a team."""
    if isinstance(selection, second.Selection) and isinstance(files, second_files.Files):
        return second.assign_teams(selection, files, inner)
    assert isinstance(selection, first.Selection)
    return first.assign_teams(selection, inner)


def check_teams(
    selection: Selection, files: Files, inner: str, teams: bytes, certificate: bytes
) -> Draw:
    """The draw that teams.csv and certificate.json contain, checked without a solver."""
    if isinstance(selection, second.Selection) and isinstance(files, second_files.Files):
        return second.check_teams(selection, files, inner, teams, certificate)
    assert isinstance(selection, first.Selection)
    return first.check_teams(selection, inner, teams, certificate)


def make_result(
    draw: Draw, secret: str, inner: str, proofs: Mapping[str, str], covered: Mapping[str, bytes]
) -> bytes:
    """The bytes of result.json; `covered`: all files whose hashes it names."""
    if isinstance(draw, second.Draw):
        return ResultFile.from_draw(draw, secret, inner, proofs, covered).dump()
    return DrawResult.from_draw(draw, secret, inner, proofs, covered).dump()


def read_result(plan: Plan, data: bytes) -> Result:
    """The result of canonical bytes; BadFile names the invalid field."""
    if isinstance(plan, second_plan.Plan):
        return ResultFile.read(data)
    return DrawResult.read(data)
