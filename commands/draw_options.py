"""Options shared by the commands on draws."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from double_random.commands.days import DAY
from double_random.core.translation import _

AsOf = Annotated[
    datetime | None, typer.Option("--as-of", **DAY, help=_("The day; else today in China."))
]
On = Annotated[datetime | None, typer.Option("--date", **DAY, help=_("The paper's day."))]
Number = Annotated[str, typer.Option("--number", help=_("The paper's number."))]
Why = Annotated[str, typer.Option("--reason", help=_("Why, in a sentence."))]
File = Annotated[Path | None, typer.Option("--output", help=_("Where to write it."))]
UnboundOption = Annotated[
    bool,
    typer.Option(
        "--accept-unbound",
        help=_("Go on although a recusal names nobody known; it is written down."),
    ),
]
