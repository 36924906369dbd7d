"""Options that the commands around a draw share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from language import _

DAY = ["%Y-%m-%d"]
AsOf = Annotated[datetime, typer.Option("--as-of", formats=DAY, help=_("The day that is asked."))]
On = Annotated[datetime | None, typer.Option("--date", formats=DAY, help=_("The paper's day."))]
Number = Annotated[str, typer.Option("--number", help=_("The paper's number."))]
Why = Annotated[str, typer.Option("--reason", help=_("Why, in a sentence."))]
File = Annotated[Path | None, typer.Option("--output", help=_("Where to write it."))]
