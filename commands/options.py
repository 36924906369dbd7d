"""Options and arguments shared by several command groups: same name, help and meaning."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from double_random.commands.days import DAY
from double_random.core.translation import _

ReleaseOption = Annotated[
    str | None, typer.Option("--release", help=_("The release to ask; else the current one."))
]
InstitutionArgument = Annotated[
    str, typer.Argument(help=_("Id, code, licence number or name."), show_default=False)
]
DropDayOption = Annotated[
    datetime,
    typer.Option("--as-of", **DAY, help=_("The day; what is decided later is refused.")),
]
KindOption = Annotated[str | None, typer.Option("--kind", help=_("Only this kind."))]
DistrictOption = Annotated[
    str | None, typer.Option("--district", help=_("Only this district, by code or name."))
]
CheckpointOption = Annotated[
    Path | None,
    typer.Option("--checkpoint", help=_("An earlier checkpoint that somebody outside kept.")),
]
