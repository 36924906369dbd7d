"""Values of options and arguments that are converted here, without Typer's converter.

Typer converts every value by pydantic, also a missing one or a text, and a command waits 90 ms for its import. Here
each common value is converted in the same way; every other value, and every wrong one, is left to Typer.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from typer.core import TyperArgument, TyperOption

LEFT = object()  # a value that Typer must convert
# Settings of a path under which nothing but its being readable is checked.
UNCHECKED = {
    "exists": False,
    "file_okay": True,
    "dir_okay": True,
    "writable": False,
    "readable": True,
    "resolve_path": False,
    "allow_dash": False,
    "path_type": None,
}


class PlainOption(TyperOption):
    """An option of Typer that converts common values itself."""

    def process_value(self, ctx: Any, value: Any) -> Any:
        """Convert a value, check that it is there, and call the callback."""
        plain = convert_plain(self, value)
        return super().process_value(ctx, value) if plain is LEFT else _call_back(self, ctx, plain)


class PlainArgument(TyperArgument):
    """An argument of Typer that converts common values itself."""

    def process_value(self, ctx: Any, value: Any) -> Any:
        """Convert a value, check that it is there, and call the callback."""
        plain = convert_plain(self, value)
        return super().process_value(ctx, value) if plain is LEFT else _call_back(self, ctx, plain)


def use_plain_values(params: Iterable[Any]) -> None:
    """Make options and arguments of a command convert common values themselves."""
    for param in params:
        if type(param) is TyperOption:
            param.__class__ = PlainOption
        elif type(param) is TyperArgument:
            param.__class__ = PlainArgument


def convert_plain(param: Any, value: Any) -> Any:
    """The converted value of an option or argument, or LEFT; typer.BadParameter is raised by its own parser only."""
    descriptor = getattr(param, "type_descriptor", None)
    if descriptor is None:
        return LEFT
    several = param.multiple or param.nargs == -1
    if value is None or value == ():
        return LEFT if param.required else () if several else None
    annotation, settings = descriptor.annotation, descriptor.parameter_info
    if not several:
        return _convert_one(annotation, settings, value)
    if get_origin(annotation) is not list or not isinstance(value, list | tuple):
        return LEFT
    values = [_convert_one(get_args(annotation)[0], settings, each) for each in value]
    return LEFT if any(each is LEFT for each in values) else values


def _call_back(param: Any, ctx: Any, value: Any) -> Any:
    return value if param.callback is None else param.callback(ctx, param, value)


def _convert_one(annotation: Any, settings: Any, value: Any) -> Any:
    """One value, or LEFT."""
    if settings.parser is not None:
        return settings.parser(value)
    if not isinstance(value, str):  # a default of the program
        return value if isinstance(annotation, type) and type(value) is annotation else LEFT
    if annotation is str:
        return value
    if annotation is Path:
        return _convert_path(settings, value)
    choices = _choices_by_text(annotation) if settings.case_sensitive else {}
    return choices.get(value, LEFT)


def _convert_path(settings: Any, value: str) -> Any:
    """A path on which Typer would check nothing, or would find nothing wrong."""
    if any(getattr(settings, name) != wanted for name, wanted in UNCHECKED.items()):
        return LEFT
    return Path(value) if not os.path.exists(value) or os.access(value, os.R_OK) else LEFT


def _choices_by_text(annotation: Any) -> dict[str, Any]:
    """The values of an enumeration, or of a Literal of texts, by their text; of equal texts the first."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return {str(member.value): member for member in reversed(annotation)}
    if get_origin(annotation) is Literal:
        return {text: text for text in get_args(annotation) if isinstance(text, str)}
    return {}
