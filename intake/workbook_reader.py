"""Reads one workbook in a process of its own and prints it as JSON lines: `python -P -m intake.workbook_reader FILE`.

The reader underneath lays a sheet out densely, so that two cells in far corners, or one long text that a
million cells name, take all memory there is. Here memory and time are bounded by the operating system, and
whatever the file does to this process, the program goes on.
"""

from __future__ import annotations

import datetime
import json
import sys
from decimal import Decimal

from intake.error_cells import UNREADABLE, error_cells

MEMORY = 2 << 30  # bytes of address space
SECONDS = 300  # of processor time
WIDEST = 1_000  # columns, as in intake/sheet.py
NOT_A_WORKBOOK, PROTECTED, TOO_WIDE, NO_MEMORY = (
    3,
    4,
    5,
    6,
)  # exit codes that `intake/workbook.py` understands


def _bounds() -> None:
    try:
        import resource
    except ImportError:  # not on Windows: there the machine's own limits hold
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def text(cell: object) -> str:
    """A cell as text: dates in ISO form, numbers with the 15 digits that Excel keeps."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return f"{Decimal(format(cell, '.15g')):f}"
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    return str(cell)


def main(path: str) -> int:
    """Print each sheet: a line {"sheet", "width"}, then a line [texts, places of number cells] a row."""
    _bounds()
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        errors = error_cells(path)
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            width = sheet.end[1] + 1 if sheet.end else 0  # total_width counts one too few
            if width > WIDEST:
                return TOO_WIDE
            print(json.dumps({"sheet": name, "width": width}))
            # to_python keeps leading empty rows and columns; iter_rows would drop them and shift the counts.
            shown = errors.get(name, {})
            at: dict[int, dict[int, str]] = {}
            for (place, column), what in shown.items():
                at.setdefault(place, {})[column] = what
            for line, row in enumerate(sheet.to_python(skip_empty_area=False)):
                for column, what in at.get(line, {}).items():
                    if column < len(row) and row[column] == "":
                        row[column] = what
                numbers = [
                    place
                    for place, cell in enumerate(row)
                    if isinstance(cell, int | float) and not isinstance(cell, bool)
                ]
                print(json.dumps([[text(cell) for cell in row], numbers]))
    except python_calamine.PasswordError:
        return PROTECTED
    except MemoryError:
        return NO_MEMORY
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError, *UNREADABLE):
        return NOT_A_WORKBOOK
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
