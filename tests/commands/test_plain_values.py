"""Values that are converted here are those that Typer makes, and no command waits for its converter."""

from __future__ import annotations

import enum
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
import typer
from typer.core import TyperArgument, TyperOption
from typer.exceptions import TyperException
from typer.main import get_command

from double_random.cli import build_application
from double_random.commands import plain_values
from double_random.commands.current_home import use_home
from double_random.commands.plain_values import LEFT, convert_plain, use_plain_values
from double_random.store.home import Home
from tests.command_tree import commands

PROGRAM: Any = get_command(build_application())
ALL = [
    *((name, param) for name, command in commands().items() for param in command.params),
    *(("", param) for param in PROGRAM.params),
]
TEXTS = (
    "",
    "示例",
    "2026-11-20",
    "２０２６年１１月２０日",
    "1",
    "0",
    "json",
    "JSON",
    "2026-11-22T08:00:00Z",
)
RUN = (
    "import sys, contextlib\nfrom double_random import cli\n"
    "with contextlib.suppress(SystemExit): cli.main()\nprint(*sys.modules)"
)


class Colour(enum.StrEnum):
    """An enumeration for these tests."""

    red = "red"
    blue = "blue"


def converted(kind: type[Any], param: Any, value: Any) -> tuple[str, Any]:
    """What Typer's own class, or ours, makes of a value: the value, or the error's sentence."""
    context = typer.Context(PROGRAM)
    try:
        return "value", kind.process_value(param, context, value)
    except TyperException as error:
        return "error", error.format_message()


def both(param: Any, value: Any) -> tuple[tuple[str, Any], tuple[str, Any]]:
    """What Typer makes of a value, and what we make of it."""
    own, typers = (
        (plain_values.PlainOption, TyperOption)
        if isinstance(param, TyperOption)
        else (plain_values.PlainArgument, TyperArgument)
    )
    return converted(typers, param, value), converted(own, param, value)


def is_several(param: Any) -> bool:
    """Whether an option or argument may be given several times."""
    return bool(param.multiple or param.nargs == -1)


@pytest.mark.parametrize("text", TEXTS)
def test_every_option_and_argument_gets_the_value_that_typer_makes(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here, compared = tmp_path / "示例", 0
    here.write_text("", "utf-8")
    for name, param in ALL:
        if param.callback is not None or getattr(param, "is_flag", False):
            continue
        theirs, ours = both(param, (text, text) if is_several(param) else text)
        assert theirs == ours and type(theirs[1]) is type(ours[1]), (name, param.name)
        compared += 1
    assert compared > 300


def test_a_missing_value_and_a_default_are_what_typer_makes_of_them() -> None:
    for name, param in ALL:
        if param.callback is None:
            for value in (None, param.default):
                theirs, ours = both(param, value)
                assert theirs == ours, (name, param.name, value)


def test_typer_is_asked_for_numbers_alone() -> None:
    """F-005."""
    left = [
        param
        for _name, param in ALL
        if not getattr(param, "is_flag", False)
        and param.type_descriptor.choices is None
        and param.type_descriptor.parameter_info.parser is None
        and convert_plain(param, ("示例",) if is_several(param) else "示例") is LEFT
    ]
    assert left and {param.type_descriptor.annotation for param in left} == {int}


def made(annotation: Any, **named: Any) -> Any:
    """An option of this type."""
    app = typer.Typer(add_completion=False)

    def command(value: Any) -> None:
        """Exists only for its parameter."""

    command.__annotations__["value"] = Annotated[annotation, typer.Option("--value", **named)]
    app.command()(command)
    (option,) = (param for param in get_command(app).params if param.name == "value")  # type: ignore[attr-defined]
    use_plain_values([option])
    return option


@pytest.mark.parametrize(
    ("annotation", "named", "value", "wanted"),
    [
        (str, {}, "示例", "示例"),
        (Path, {}, "示例", Path("示例")),
        (Colour, {}, "blue", Colour.blue),
        (Colour, {}, "BLUE", LEFT),
        (Colour, {}, "green", LEFT),
        (Colour, {"case_sensitive": False}, "blue", LEFT),
        (Colour, {}, Colour.red, Colour.red),
        (Literal["a", "b"], {}, "b", "b"),
        (list[Path], {}, ("甲", "乙"), [Path("甲"), Path("乙")]),
        (list[str], {}, "甲", LEFT),
        (list[int], {}, ("1",), LEFT),
        (int, {}, "1", LEFT),
        (int, {}, 1, 1),
        (float, {}, 1, LEFT),
        (datetime, {}, "2026-11-20", LEFT),
        (Path, {"exists": True}, "示例", LEFT),
        (Path, {"resolve_path": True}, "示例", LEFT),
        (Path, {"dir_okay": False}, "示例", LEFT),
    ],
)
def test_a_common_value_is_converted_here(
    annotation: Any, named: dict[str, Any], value: Any, wanted: Any
) -> None:
    option = made(annotation, **named)
    assert convert_plain(option, value) == wanted
    if wanted is not LEFT:
        theirs, ours = both(option, value)
        assert theirs == ours == ("value", wanted)


def test_an_option_of_another_kind_stays_as_it_is() -> None:
    class Own(TyperOption):
        """Somebody's own option."""

    option = made(str)
    option.__class__ = Own
    use_plain_values([option])
    assert type(option) is Own


def test_an_unknown_form_of_typer_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    option = made(str)
    monkeypatch.delattr(option, "type_descriptor")
    assert convert_plain(option, "示例") is LEFT


def test_lists_are_lists_of_one_type() -> None:
    kinds = {param.type_descriptor.annotation for _name, param in ALL if is_several(param)}
    assert kinds and all(get_origin(kind) is list and len(get_args(kind)) == 1 for kind in kinds)


@pytest.mark.parametrize(
    "words",
    [
        ("log", "verify"),
        ("log", "show", "--format", "json"),
        ("status", "--format", "json"),
        ("--lang", "zh_CN", "inspection", "list"),
        ("registry", "sync", "nowhere", "--as-of", "2026-11-20"),
        ("log", "verify", "--help"),
    ],
)
def test_no_command_waits_for_pydantic(words: tuple[str, ...], tmp_path: Path) -> None:
    """F-005."""
    home = Home.create(tmp_path / "home")
    use_home(None)
    said = subprocess.run(
        [sys.executable, "-c", RUN, "--home", str(home.path), *words],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(said.stdout.splitlines()[-1].split())
    assert "typer" in loaded and "double_random.commands.plain_values" in loaded
    assert not {"pydantic", "pydantic_core"} & loaded
