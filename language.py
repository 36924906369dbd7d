"""Every sentence that a user reads goes through here: English in the source, 中文 in the catalogue."""

from __future__ import annotations

import gettext
import os

import data

DOMAIN = "double-random"
LANGUAGES = ("en", "zh_CN")

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_current = "en"


def choose(wanted: str | None = None) -> str:
    """Use the language that is wanted: `--lang`, else LC_ALL, else LANG, else English."""
    global _catalogue, _current
    asked = wanted or os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    _current = "zh_CN" if asked.lower().startswith("zh") else "en"
    _catalogue = catalogue(_current)
    return _current


def current() -> str:
    """The language in use, one of LANGUAGES."""
    return _current


def catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of one language; English needs none."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, str(data.path("locale")), languages=[language])


def _(message: str) -> str:
    """The message in the language in use; it is looked up when it is shown, not when it is read."""
    return _catalogue.gettext(message) if message else ""


def ngettext(one: str, many: str, number: int) -> str:
    """The message in its number."""
    return _catalogue.ngettext(one, many, number)


def N_(message: str) -> str:
    """Marks a message for the catalogue where it is written down but shown elsewhere."""
    return message
