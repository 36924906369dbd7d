"""Wrong use of the command line, said in our own words: what is wrong, then a hint."""

from __future__ import annotations

import gettext
import os
from typing import Any

import data
import language
from errors import Misuse
from language import N_, _

TYPERS_OWN = (
    N_("Options"),
    N_("Arguments"),
    N_("Commands"),
    N_("required"),
    N_("default: {default}"),
)


def speak() -> None:
    """Let Typer take its few words from our catalogue too."""
    os.environ["LANGUAGE"] = language.current()
    gettext.bindtextdomain(language.DOMAIN, str(data.path("locale")))
    gettext.textdomain(language.DOMAIN)


def misuse(error: Any) -> Misuse:
    """Typer's complaint about the words of a call as ours."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "double-random"
    hint = _("see: {command} --help").format(command=command)
    kind = type(error).__name__
    what = error.param.get_error_hint() if getattr(error, "param", None) else ""
    what = what if isinstance(what, str) else " / ".join(what)
    if kind == "MissingParameter":
        return Misuse(_("{what} is missing").format(what=what.strip("'")), hint)
    if kind == "NoSuchOption":
        return Misuse(_("there is no option {name}").format(name=error.option_name), hint)
    if kind == "BadParameter":
        return Misuse(
            _("{what} has a wrong value: {why}").format(what=what.strip("'"), why=error.message),
            hint,
        )
    return Misuse(error.format_message(), hint)
