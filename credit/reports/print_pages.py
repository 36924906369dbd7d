"""Pages for print: a report, a letter. Plain HTML with an inline style; text from files is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from double_random import data
from double_random.core.points import format_points, format_signed_points
from double_random.core.translation import _, format_day, sentence_gap

if TYPE_CHECKING:
    from jinja2 import Environment


def render_print_page(template: str, **values: Any) -> str:
    """Render a template of data/letters/ in the user's language."""
    return _make_environment().get_template(template).render(**values)


def _make_environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(data.path("letters")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"_": _, "gap": sentence_gap()}
    environment.filters |= {
        "decimal": format_points,
        "signed": format_signed_points,
        "visible": _visible_text,
        "day": format_day,
    }
    return environment


def _visible_text(value: Any) -> str:
    """Replace control characters and marks that change the text direction; '' for None."""
    text = "" if value is None else str(value)
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
