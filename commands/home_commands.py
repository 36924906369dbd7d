"""Commands on the whole home: init, status, sql."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from double_random.commands.current_home import home_named_by, new_home_path, open_home
from double_random.commands.options import ReleaseOption
from double_random.commands.render.answer import Answer, Fields
from double_random.commands.render.labels import kinds_and_districts
from double_random.commands.render.output import (
    FormatOption,
    OutputOption,
    show,
    show_answer,
)
from double_random.commands.render.terminal import print_message
from double_random.core.clock import china_today
from double_random.core.errors import Misuse
from double_random.core.translation import N_, _
from double_random.core.vocabulary import ACT, STATUS, code_word

if TYPE_CHECKING:
    from double_random.store.home import Home

NAMED_BY = {
    "flag": "--home",
    "environment": "DOUBLE_RANDOM_HOME",
    "folder": "./bureau",
    "above": N_("the current folder lies in it"),
}


def init_home(
    name: Annotated[
        str, typer.Option("--authority", help=_("The supervising authority's name."))
    ] = "",
    code: Annotated[str, typer.Option("--code", help=_("Its unified social credit code."))] = "",
) -> None:
    """Make a home folder, and the key that signs its log."""
    from double_random.store.home import Home
    from double_random.store.home_folder import MARK

    path = new_home_path()
    if (name or code) and (path / MARK).exists():
        raise Misuse(
            _("{path} is a home already: its authority stays what it is").format(path=path),
            _("to change it, edit [authority] in {file}").format(file=path / MARK),
        )
    home = Home.create(path, name, code)
    print_message(_("The home folder is {path}").format(path=home.path))
    print_message(
        _("The log's public key, to give to those who verify: {key}").format(
            key=home.log.public.text
        )
    )
    print_message(_("Next: double-random registry sync DROP --as-of DATE"))


def show_status(form: FormatOption = None, output: OutputOption = None) -> None:
    """Show the current release, its age and counts, and pending work."""
    from double_random.pipeline.status import collect_status

    home = open_home()
    home_status = {
        "home": str(home.path),
        "home_named_by": home_named_by(),
        **collect_status(home, china_today()),
    }
    status_answer = Answer(
        data=lambda: home_status,
        people=lambda: [Fields(_status_in_words(home_status, home), _("How the home stands"))],
    )
    show(status_answer, form, output)


def _status_in_words(home_status: dict[str, Any], home: Home) -> dict[str, Any]:
    """The status with its kinds, states and runs in words."""
    named_by = NAMED_BY[home_status["home_named_by"]]
    home_status = home_status | {"home_named_by": _(named_by)}
    if not home_status["release"]:
        return home_status
    kinds = kinds_and_districts(home)["kind"]
    counted = [(*name.split(" "), count) for name, count in home_status["institutions"].items()]
    return home_status | {
        "institutions": {
            f"{kinds.get(kind, kind)} · {code_word(STATUS, status)}": count
            for kind, status, count in counted
        },
        "last_runs": {code_word(ACT, kind): day for kind, day in home_status["last_runs"].items()},
    }


def run_sql(
    query: Annotated[
        str,
        typer.Argument(help=_("A query in DuckDB's SQL; it can only read. - reads it from stdin.")),
    ],
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Run a read-only SQL query against a release."""
    from double_random.store.query import run_query

    home = open_home()
    show_answer(run_query(home, _read_query(query), release), form, output)


def _read_query(query: str) -> str:
    """The given query, or stdin for `-`; Misuse for an unknown option."""
    if query == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig", "replace")
    if re.fullmatch(r"--?[a-z][a-z-]*(=.*)?", query):
        raise Misuse(
            _("there is no option {name}").format(name=query),
            _("see: {command}").format(command="double-random sql --help"),
        )
    return query
