"""The templates of data/site/: autoescaped, strict about undefined names, translated to the site's language."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from double_random import data
from double_random.core.translation import N_, load_catalogue
from double_random.publish.disclosure.sanitise import reveal_hidden_marks

if TYPE_CHECKING:
    from jinja2 import Environment

    from double_random.publish.content.page_setting import PageSetting
    from double_random.publish.content.snapshot import Edition

# Path from the site's root, and content; None: unchanged from the previous edition (publish/site/page_cache.py).
Page = tuple[str, bytes | None]

NAME = N_("Random inspections, open to all")  # 双随机、一公开
PARTS = (
    ("index", "index.html", N_("Home")),
    ("draws", "draws/index.html", N_("Random inspections")),
    ("institutions", "institutions/index.html", N_("Institutions")),
    ("map", "map/index.html", N_("Map")),
    ("statistics", "statistics/index.html", N_("Statistics")),
    ("log", "log/index.html", N_("Log")),
    ("data", "data/index.html", N_("Open data")),
    ("about", "about/index.html", N_("About")),
)
SOURCE = {
    "sync": N_("Register"),
    "load": N_("Credit records"),
    "inspections": N_("Past inspections"),
}


_SAID = re.compile(r'\{\{ _\("([^"\\]*)"\) \}\}')


class Templates:
    """The templates of one edition."""

    def __init__(self, edition: Edition | PageSetting) -> None:
        self.environment = _build_environment(edition)

    def render_page(self, template: str, path: str, here: str, **values: Any) -> Page:
        """Render a template to the page at a path; `here` is the page's part of the site."""
        root = "../" * path.count("/")
        content = self.environment.get_template(template).render(root=root, here=here, **values)
        return path, content.encode()


def _build_environment(edition: Edition | PageSetting) -> Environment:
    """Build Jinja2 with autoescape, strict undefined names, visible hidden marks, and the site's language."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    def reveal_marks(value: Any) -> Any:
        return (
            reveal_hidden_marks(value)
            if isinstance(value, str) and not isinstance(value, Markup)
            else value
        )

    words = load_catalogue(edition.words.language)

    class Translated(FileSystemLoader):
        """Translates sentences without values once when a template is loaded, not on each of 60,000 pages."""

        def get_source(self, environment: Environment, template: str) -> Any:
            source, *rest = super().get_source(environment, template)
            return _SAID.sub(lambda match: _escape_sentence(words.gettext(match[1])), source), *rest

    environment = Environment(
        loader=Translated(data.path("site")),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=reveal_marks,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals |= {
        "_": words.gettext,
        "ngettext": words.ngettext,
        "lang": edition.words.language.replace("_", "-"),
        "site": f"{edition.authority} {words.gettext(NAME)}".strip(),
        "parts": [(part, path, words.gettext(title)) for part, path, title in PARTS],
        "as_of": edition.as_of.isoformat(),
        "ages": [
            (words.gettext(title), edition.sources[source].isoformat(), edition.age_in_days(source))
            for source, title in SOURCE.items()
            if source in edition.sources
        ],
    }

    @cache
    def header(root: str, here: str) -> Markup:
        return Markup(environment.get_template("header.html").render(root=root, here=here))

    environment.globals["header"] = header
    return environment


def _escape_sentence(text: str) -> str:
    """A sentence as part of a template: escaped, and without template syntax."""
    from markupsafe import escape

    return str(escape(reveal_hidden_marks(text))).replace("{", "&#123;")
