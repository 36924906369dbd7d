"""Shows the teams of a draw: the institutions in the order of visits, with their current inspectors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from double_random.commands.current_home import open_home
from double_random.commands.render.format_writers import Format
from double_random.commands.render.labels import kinds_and_districts, translate_headings
from double_random.commands.render.output import is_for_people, show_answer
from double_random.core.translation import C_, N_, _, append_note
from double_random.inspection.planning.wording import format_group

if TYPE_CHECKING:
    from double_random.store.home import Home

COLUMNS = {
    "visit": C_("place", "visit"),
    "id": N_("code"),
    "name": N_("name"),
    "stratum": N_("group"),
    "inspectors": N_("inspectors"),
}


def show_teams(draw: str, form: Format | None, output: Path | None) -> None:
    """Show a draw's teams after all replacements and substitutions."""
    import polars

    from double_random.inspection.draw.changes import rebuild_assignment
    from double_random.inspection.draw.draw_state import find_state

    home = open_home()
    state = find_state(home.log.entries(), draw)
    current = rebuild_assignment(home, draw, state)
    files = current.files
    people = {inspector.id: inspector for inspector in files.inspectors}
    kinds = kinds_and_districts(home)["kind"] if is_for_people(form, output) else {}
    rows = []
    for position, target in enumerate(
        current.selection.tickets.sort_by_ticket("visit", list(current.teams)), start=1
    ):
        row = files.target(target)
        team = sorted(
            (people[id] for id in current.teams[target]),
            key=lambda member: (not member.lead, member.id),
        )
        rows.append(
            {
                "visit": position,
                "id": row.id,
                "name": row.name,
                "stratum": format_group(row.stratum, kinds),
                "team": [
                    {
                        "id": inspector.id,
                        "name": inspector.name,
                        "role": "lead" if inspector.lead else "member",
                    }
                    for inspector in team
                ],
                "inspectors": [
                    append_note(inspector.name, _("lead")) if inspector.lead else inspector.name
                    for inspector in team
                ],
            }
        )
    member = polars.Struct(
        {"id": polars.String(), "name": polars.String(), "role": polars.String()}
    )
    frame = polars.DataFrame(
        rows,
        schema={
            "visit": polars.Int64(),
            "id": polars.String(),
            "name": polars.String(),
            "stratum": polars.String(),
            "team": polars.List(member),
            "inspectors": polars.List(polars.String()),
        },
    )
    show_answer(frame, form, output, draw, translate_headings(COLUMNS))


def plan_names(home: Home, draw: str) -> dict[str, str]:
    """The names of a plan's institutions and inspectors by their ids in the plan."""
    from double_random.inspection.draw import versions
    from double_random.inspection.draw.draw_folder import DrawFolder

    folder = DrawFolder.find(home, draw)
    files = versions.read_files(folder.read_plan(), folder.read_files())
    names = {target.id: target.name for target in files.frame}
    return names | {inspector.id: inspector.name for inspector in files.inspectors}
