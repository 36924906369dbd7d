"""Shows the teams of a draw: the institutions in the order of visits, with their current inspectors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from double_random.commands.current_home import open_home
from double_random.commands.render.labels import headings, kinds_and_districts
from double_random.commands.render.output import Format, answer, for_people
from double_random.core.translation import C_, N_, _, noted
from double_random.inspection.planning.wording import group_named

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

    from double_random.inspection.draw.changes import standing
    from double_random.inspection.draw.draw_state import of

    home = open_home()
    found = of(home.log.entries(), draw)
    now = standing(home, draw, found)
    files = now.selection.files
    people = {inspector.id: inspector for inspector in files.inspectors}
    kinds = kinds_and_districts(home)["kind"] if for_people(form, output) else {}
    rows = []
    for place, target in enumerate(now.selection.tickets.order("visit", list(now.teams)), start=1):
        row = files.target(target)
        team = sorted(
            (people[id] for id in now.teams[target]),
            key=lambda member: (not member.lead, member.id),
        )
        rows.append(
            {
                "visit": place,
                "id": row.id,
                "name": row.name,
                "stratum": group_named(row.stratum, kinds),
                "team": [
                    {
                        "id": inspector.id,
                        "name": inspector.name,
                        "role": "lead" if inspector.lead else "member",
                    }
                    for inspector in team
                ],
                "inspectors": [
                    noted(inspector.name, _("lead")) if inspector.lead else inspector.name
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
    answer(frame, form, output, draw, headings(COLUMNS))


def plan_names(home: Home, draw: str) -> dict[str, str]:
    """The names of a plan's institutions and inspectors by their ids in the plan."""
    from double_random.inspection.draw.draw_folder import Folder
    from double_random.inspection.protocol.files import Files

    folder = Folder.of(home, draw)
    files = Files.read(folder.plan(), folder.files())
    names = {target.id: target.name for target in files.frame}
    return names | {inspector.id: inspector.name for inspector in files.inspectors}
