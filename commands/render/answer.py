"""An answer of a command: its data, and what a person sees of it; a format takes the view that suits it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars

Sheet = tuple[str, "polars.DataFrame", list[str]]  # title, rows, headings


@dataclass(frozen=True)
class Table:
    """Rows for a person. `columns` maps the columns to show to their headings; None shows every column, empty too."""

    frame: polars.DataFrame
    title: str = ""
    columns: dict[str, str] | None = None
    notes: Sequence[str] = ()  # messages after it, on stderr


@dataclass(frozen=True)
class Fields:
    """One object for a person, a field a line; keys are translated, values put into words."""

    data: Any
    title: str = ""


@dataclass(frozen=True)
class UnfoldedLine:
    """A line that stays one line however narrow the terminal, as others compare it or search in it."""

    text: str


@dataclass(frozen=True)
class Page:
    """A document for a browser, with a message for the person who asked for it."""

    content: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer in its views, each built only if the format needs it; a format without a view refuses.

    At least one of `data` and `rows` is given. Without `people`, a person sees the rows as a table, or the data as
    fields.
    """

    title: str = ""
    heading: Callable[[], str] | None = None  # a sentence before the view for people, on stderr
    columns: dict[str, str] | None = None  # of `rows`: the columns for people and their headings
    data: Callable[[], Any] | None = None  # one object, for JSON
    rows: Callable[[], polars.DataFrame] | None = None  # a list, for every format of rows
    json_rows: Callable[[str], bytes] | None = None  # the list as JSON objects joined by a text
    sheets: Callable[[], Sequence[Sheet]] | None = None  # for a workbook, instead of `rows`
    page: Callable[[], Page] | None = None  # for print, .html
    picture: Callable[[], str] | None = None  # an .svg
    people: Callable[[], Sequence[Table | Fields | UnfoldedLine | str | Any]] | None = (
        None  # texts or renderables
    )
    notes: Callable[[], Sequence[str]] = field(
        default=tuple
    )  # messages after rows and people's view
    file_width: int | None = None  # characters of a line of people's view in a file
