"""Wrong use of the command line, said in our own words: what is wrong, then a hint."""

from __future__ import annotations

import gettext
import os
import re
from difflib import get_close_matches
from typing import Any

from double_random import data
from double_random.core import translation
from double_random.core.errors import Misuse
from double_random.core.translation import N_, _

NEAR = 0.7  # how alike two words are that may be a slip of each other (difflib's ratio)
TYPERS_OWN = (
    N_("Options"),
    N_("Arguments"),
    N_("Commands"),
    N_("required"),
    N_("default: {default}"),
)


PHRASES = (  # Typer's complaints, as far as they have no class of their own
    (r"No such command '(?P<name>.*?)'", N_("there is no command {name}")),
    (r"Option '(?P<name>.*?)' requires an argument", N_("{name} needs a value")),
    (r"Option '(?P<name>.*?)' does not take a value", N_("{name} takes no value")),
    (r"Got unexpected extra argument\(s\) \((?P<words>.*)\)", N_("too many words: {words}")),
    (r"Value error, '(?P<given>.*)' is not one of (?P<known>.*)\.", N_("{given}; known: {known}")),
    (
        r"Value error, '(?P<given>.*)' does not match the format",
        N_("{given} is no day; a day is written 2026-12-31"),
    ),
    (r"Input should be a valid integer", N_("a whole number is needed")),
    (r"Input should be greater than or equal to (?P<least>\d+)", N_("at least {least}")),
    (r"Missing command", N_("which command?")),
)


ARGUMENTS = {
    "act": N_("number of the act"),
    "name": N_("name or record"),
    "bundle": N_("bundle"),
    "code": N_("code to check"),
    "draw": N_("name of the draw"),
    "draws": N_("names of the draws"),
    "drop": N_("files or folders"),
    "sources": N_("files or folders"),
    "file": N_("file"),
    "sheet": N_("filled sheet"),
    "folder": N_("folder"),
    "a": N_("first policy"),
    "b": N_("second policy"),
    "inspector": N_("inspector"),
    "institution": N_("institution"),
    "target": N_("institution"),
    "targets": N_("names of institutions"),
    "items": N_("inspection items"),
    "line": N_("signed line"),
    "number": N_("number of the row"),
    "query": N_("question (SQL)"),
    "record": N_("record"),
    "release": N_("release"),
    "step": N_("step"),
    "value": N_("source=value"),
    "year": N_("year"),
}


def speak() -> None:
    """Let Typer take its few words from our catalogue too."""
    os.environ["LANGUAGE"] = translation.current()
    gettext.bindtextdomain(translation.DOMAIN, str(data.path("locale")))
    gettext.textdomain(translation.DOMAIN)


def misuse(error: Any) -> Misuse:
    """Typer's complaint about the words of a call as ours."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "double-random"
    hint = _hint(command, _meant(error))
    kind = type(error).__name__
    what = error.param.get_error_hint() if getattr(error, "param", None) else ""
    what = what if isinstance(what, str) else " / ".join(what)
    if kind == "MissingParameter":
        return Misuse(_("{what} is missing").format(what=_named(what.strip("'"))), hint)
    if kind == "NoSuchOption":
        return Misuse(_("there is no option {name}").format(name=error.option_name), hint)
    if kind == "BadParameter":
        return Misuse(
            _("{what} has a wrong value: {why}").format(
                what=what.strip("'"), why=_phrased(error.message)
            ),
            hint,
        )
    return Misuse(_phrased(error.format_message()), hint)


def _hint(command: str, meant: list[str]) -> str:
    if meant:
        return _("did you mean {names}? See: {command} --help").format(
            names=_(" or ").join(meant), command=command
        )
    return _("see: {command} --help").format(command=command)


def _meant(error: Any) -> list[str]:
    """The commands or options that are nearest to one that there is not."""
    context = getattr(error, "ctx", None)
    if context is None:
        return []
    given = getattr(error, "option_name", "")
    if given:
        contexts = [context, *_around(context)]
        params = [param for one in contexts for param in one.command.params]
        words = {name[2:]: name for one in params for name in one.opts if name.startswith("--")}
        near = get_close_matches(given.lstrip("-"), sorted(words), cutoff=NEAR)
        return [words[word] for word in near]
    found = re.match(PHRASES[0][0], error.format_message())
    return _nearest(context.command, found["name"]) if found else []


def _around(context: Any) -> list[Any]:
    return [context.parent, *_around(context.parent)] if context.parent else []


def _nearest(group: Any, given: str) -> list[str]:
    """The commands whose names are nearest; else those of this very name in another group."""
    commands = getattr(group, "commands", {})
    return get_close_matches(given, commands, cutoff=NEAR) or [
        f"{name} {given}" for name, one in commands.items() if given in getattr(one, "commands", {})
    ]


def _named(argument: str) -> str:
    """An argument in words, with the name that the command's page has; an option as it is."""
    word = ARGUMENTS.get(argument.lower())
    return f"{_(word)} ({argument})" if word else argument


def _phrased(message: str) -> str:
    """Typer's sentence as ours; as it came where it is none of the known ones."""
    for pattern, phrase in PHRASES:
        found = re.match(pattern, message)
        if found:
            return _(phrase).format(
                **{name: text.replace("'", "") for name, text in found.groupdict().items()}
            )
    return message
