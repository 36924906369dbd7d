"""Usage errors of the command line in our own words: the error, then a hint."""

from __future__ import annotations

import gettext
import os
import re
from difflib import get_close_matches
from typing import Any

from double_random import data
from double_random.commands.help_pages import option_usage
from double_random.commands.option_words import param_key, value_example
from double_random.core import translation
from double_random.core.errors import Misuse
from double_random.core.translation import N_, _

NEAR = 0.7  # similarity from which a word counts as a misspelling (difflib's ratio)
TYPERS_OWN = (
    N_("Options"),
    N_("Arguments"),
    N_("Commands"),
    N_("required"),
    N_("default: {default}"),
)


PHRASES = (  # Typer's messages that have no exception class of their own
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


def use_own_words() -> None:
    """Make Typer take its own words from our catalogue."""
    os.environ["LANGUAGE"] = translation.current_language()
    gettext.bindtextdomain(translation.DOMAIN, str(data.path("locale")))
    gettext.textdomain(translation.DOMAIN)


def to_misuse(error: Any) -> Misuse:
    """Convert a usage error of Typer to ours."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "double-random"
    hint = _usage_hint(command, _nearest_names(error))
    kind = type(error).__name__
    if kind == "MissingParameter":
        return _missing_params(error, hint)
    if kind == "NoSuchOption":
        return Misuse(_("there is no option {name}").format(name=error.option_name), hint)
    param = getattr(error, "param", None)
    if kind == "BadParameter" and param is not None and context is not None:
        what = (
            option_usage(param, context.command.name or "")
            if _is_argument(param)
            else param_key(param)
        )
        return Misuse(
            _("{what} has a wrong value: {why}").format(what=what, why=_rephrase(error.message)),
            hint,
        )
    return Misuse(_rephrase(error.format_message()), hint)


def _usage_hint(command: str, nearest: list[str]) -> str:
    if nearest:
        return _("did you mean {names}? See: {command} --help").format(
            names=_(" or ").join(nearest), command=command
        )
    return _("see: {command} --help").format(command=command)


def _nearest_names(error: Any) -> list[str]:
    """The commands or options most similar to an unknown one."""
    context = getattr(error, "ctx", None)
    if context is None:
        return []
    option_name = getattr(error, "option_name", "")
    if option_name:
        contexts = [context, *_parent_contexts(context)]
        params = [param for outer in contexts for param in outer.command.params]
        words = {name[2:]: name for param in params for name in param.opts if name.startswith("--")}
        near = get_close_matches(option_name.lstrip("-"), sorted(words), cutoff=NEAR)
        return [words[word] for word in near]
    match = re.match(PHRASES[0][0], error.format_message())
    return _nearest_commands(context.command, match["name"]) if match else []


def _parent_contexts(context: Any) -> list[Any]:
    return [context.parent, *_parent_contexts(context.parent)] if context.parent else []


def _nearest_commands(group: Any, wrong_name: str) -> list[str]:
    """The commands with the most similar names; else those of the same name in another group."""
    commands = getattr(group, "commands", {})
    return get_close_matches(wrong_name, commands, cutoff=NEAR) or [
        f"{name} {wrong_name}"
        for name, command in commands.items()
        if wrong_name in getattr(command, "commands", {})
    ]


def _missing_params(error: Any, hint: str) -> Misuse:
    """The error for all missing parameters, each with its help and an example."""
    command = error.ctx.command.name or ""
    params = getattr(error, "missing", [error.param])
    names = [
        option_usage(param, command) if _is_argument(param) else param_key(param)
        for param in params
    ]
    message = _("{what} is missing") if len(names) == 1 else _("{what} are missing")
    return Misuse(
        message.format(what=_(", ").join(names)),
        hint,
        [_describe_param(param, command) for param in params],
    )


def _describe_param(param: Any, command: str) -> str:
    text = _("{name}: {help}").format(name=option_usage(param, command), help=param.help or "")
    shown_example = value_example(param, command)
    return (
        _("{help} (for example: {example})").format(help=text, example=shown_example)
        if shown_example
        else text
    )


def _is_argument(param: Any) -> bool:
    return bool(param.param_type_name == "argument")


def _rephrase(message: str) -> str:
    """Typer's message in our words; unchanged if it is unknown."""
    for pattern, phrase in PHRASES:
        match = re.match(pattern, message)
        if match:
            return _(phrase).format(
                **{name: text.replace("'", "") for name, text in match.groupdict().items()}
            )
    return message
