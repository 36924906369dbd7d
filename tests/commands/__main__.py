"""Writes docs/reference/commands.md anew: `python -m tests.commands`."""

from __future__ import annotations

import sys

from tests.commands import PAGE, page

PAGE.write_text(page(), encoding="utf-8")
print(PAGE, file=sys.stderr)
