"""Translation of every sentence that users read: English in the source, 中文 in the catalogue."""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterable
from datetime import date

from double_random import data
from double_random.core.errors import Misuse

DOMAIN = "double-random"
LANGUAGES = ("en", "zh_CN")

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_current = "en"


def choose_language(flag: str | None = None, setting: str = "", file: str = "") -> str:
    """Use the requested language: `--lang`, else `lang` of the home's settings, else the computer's own.

    `setting`: the value in the settings, `place`: the file that contains it. The computer's own language is that of
    LC_ALL, LC_MESSAGES or LANG, else that of Windows, else English. Misuse names an unknown language; then the
    language chosen before stays in use.
    """
    computers = _system_language()
    _set_language(computers)
    if setting and not flag:
        _set_language(_parse_language("lang", setting, file) or computers)
    if flag:
        _set_language(_parse_language("--lang", flag, "") or computers)
    return _current


def _set_language(language: str) -> None:
    global _catalogue, _current
    _current = language
    _catalogue = load_catalogue(language)


def _parse_language(name: str, value: str, file: str) -> str:
    """One of LANGUAGES for its name in any spelling (zh, zh-CN, zh_CN.UTF-8, EN); "" for ""."""
    if not value:
        return ""
    language = _language_of_locale(value)
    if not language:
        where = f"{file}: " if file else ""
        raise Misuse(
            where + _("{option}: {value} is not known").format(option=name, value=value),
            _("take one of these: {languages}").format(languages=", ".join(LANGUAGES)),
        )
    return language


def _language_of_locale(locale: str) -> str:
    first = locale.replace("-", "_").partition("_")[0].partition(".")[0].strip().lower()
    return {"zh": "zh_CN", "en": "en"}.get(first, "")


def _system_language() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        locale = os.environ.get(name, "")
        if locale.partition(".")[0] not in ("", "C", "POSIX"):
            return _language_of_locale(locale) or "en"
    return _windows_language() or "en"


def _windows_language() -> str:
    """The display language of Windows for this account; "" on other systems."""
    if os.name != "nt":
        return ""
    import ctypes

    primary = ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF  # type: ignore[attr-defined,unused-ignore]
    return "zh_CN" if primary == 0x04 else "en"


def current_language() -> str:
    """The language in use, one of LANGUAGES."""
    return _current


def load_catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of one language; English needs none."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, str(data.path("locale")), languages=[language])


CONTEXT = "\x04"  # between a context and its message, as gettext has it


def _(message: str) -> str:
    """The message in the language in use; it is looked up when it is shown, not when the module is loaded."""
    return translate_with(_catalogue, message) if message else ""


def translate_with(catalogue: gettext.NullTranslations, message: str) -> str:
    """A message, with its context or without, in the language of a catalogue."""
    text = catalogue.gettext(message)
    return text.rpartition(CONTEXT)[2] if text == message else text


def C_(context: str, message: str) -> str:
    """Marks a message that has another meaning elsewhere: the context distinguishes its translations (msgctxt)."""
    return f"{context}{CONTEXT}{message}"


def join_words(words: Iterable[str]) -> str:
    """Words joined by the language's comma."""
    return _(", ").join(words)


def join_clauses(parts: Iterable[str]) -> str:
    """Clauses joined by the language's semicolon."""
    return _("; ").join(parts)


def append_note(what: str, note: str) -> str:
    """A word and a note on it, in the language's brackets."""
    return _("{what} ({note})").format(what=what, note=note)


def join_label(name: str, what: str) -> str:
    """A file, cell or record and a statement about it, with the language's colon between them."""
    return _("{name}: {what}").format(name=name, what=what)


def format_day(day: date) -> str:
    """A day in the format of letters: 2026年3月2日, in English 2026-03-02."""
    return write_chinese_day(day) if _current == "zh_CN" else day.isoformat()


def write_chinese_day(day: date) -> str:
    """A day in the format of Chinese documents, in any language of the terminal: 2026年3月2日."""
    return f"{day.year}年{day.month}月{day.day}日"


def sentence_gap() -> str:
    """The separator between two sentences: a blank, in Chinese nothing."""
    return "" if _current == "zh_CN" else " "


def ngettext(one: str, many: str, number: int) -> str:
    """The message in singular or plural."""
    return _catalogue.ngettext(one, many, number)


def N_(message: str) -> str:
    """Marks a message for the catalogue at its definition; it is translated when shown."""
    return message
