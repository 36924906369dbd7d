"""The doors: `double-random` and its groups of commands. No rule of the trade lives here."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

import language
from errors import DoubleRandomError
from language import N_, _

# A command, and where its door stands.
COMMANDS = {
    "init": ("overview.init", N_("Make a home folder, and the key that signs its log.")),
    "demo": ("tour.demo", N_("A guided tour of the whole way, on a fictitious district.")),
    "status": (
        "overview.status",
        N_("Which release is current, its age and counts, what is waiting."),
    ),
    "nightly": (
        "nightly.nightly",
        N_("From the bureau's files to the public site; or stopped, and all as it was."),
    ),
    "verify": (
        "checking.verify",
        N_("Check a bundle; the first line names what could not be checked."),
    ),
    "replay": (
        "checking.replay",
        N_("Compute a draw again from plan, files and revealed values alone."),
    ),
    "sql": ("overview.sql", N_("Ask a release anything that SQL can say.")),
    "registry": ("registry.app", N_("The registers: institutions, inspectors.")),
    "credit": ("credit.app", N_("Credit: records, scores, explanations.")),
    "inspection": ("inspection.app", N_("双随机: plan, draw, teams, proofs.")),
    "log": ("log.app", N_("The signed log of every act.")),
    "publish": ("publish.app", N_("一公开: the public site and open data.")),
}


def main() -> None:
    """Run the command line; end with 0 done, 1 failed, 2 wrong use, 3 stopped by a check, 4 locked."""
    language.choose(_wanted_language(sys.argv[1:]))
    from doors.help_pages import spoken
    from doors.misuse import misuse, speak

    speak()
    stopping: list[int] = []

    def stop(number: int, _frame: object) -> NoReturn:
        stopping.append(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    try:
        code = spoken(application(_command(sys.argv[1:])))(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except DoubleRandomError as error:
        _fail(error)
    except TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message(), file=sys.stderr)
            sys.exit(2)
        _fail(misuse(error))
    except (typer.Abort, KeyboardInterrupt):
        _interrupted()
    except BrokenPipeError:  # the reader of a pipe has gone, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _fail(
            DoubleRandomError(
                _("{file}: {why}").format(file=error.filename or "?", why=error.strerror or error),
                _("look at the path, the rights and the room on the disk"),
            )
        )
    except Exception as error:
        if _out_of_memory(error):
            _fail(
                DoubleRandomError(
                    _("the database needs more memory than it was given; nothing has changed"),
                    _("give it more: double-random --memory 4GB …, or memory in settings.toml"),
                )
            )
        if not stopping:
            raise
        _interrupted()  # a library met the Ctrl-C first and named it in its own way


def _out_of_memory(error: BaseException | None) -> bool:
    """Whether DuckDB, which is not loaded for this, had too little; what followed from that may have hidden it."""
    while error is not None and type(error).__name__ != "OutOfMemoryException":
        error = error.__context__
    return error is not None


def _interrupted() -> NoReturn:
    print("\n" + _("stopped; nothing was written half"), file=sys.stderr)
    sys.exit(1)


def _fail(error: DoubleRandomError) -> NoReturn:
    print(_("error: {message}").format(message=error.message), file=sys.stderr)
    if error.hint:
        print("\n" + _("hint: {hint}").format(hint=error.hint), file=sys.stderr)
    sys.exit(error.exit_code)


def application(word: str = "") -> typer.Typer:
    """All commands, or the one that a word names: the doors of the others need not be opened for it.

    Built when it is called, so that its help speaks the language that was chosen.
    """
    from doors import force, home

    app = typer.Typer(
        help=_("Registers, credit grades and verifiable random inspections of legal services."),
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        add_completion=False,
    )

    @app.callback()
    def options(
        home_folder: Annotated[
            Path | None,
            typer.Option(
                "--home", help=_("The home folder; else DOUBLE_RANDOM_HOME, else ./bureau.")
            ),
        ] = None,
        lang: Annotated[
            str | None, typer.Option("--lang", help=_("zh_CN or en; else LC_ALL, else LANG."))
        ] = None,
        memory: Annotated[
            str | None,
            typer.Option(
                "--memory",
                help=_("What the database may take, as 2GB; what does not fit goes to disk."),
            ),
        ] = None,
    ) -> None:
        home.use(home_folder, memory)

    for name in [word] if word in COMMANDS else COMMANDS:
        where, text = COMMANDS[name]
        module, _dot, attribute = where.partition(".")
        door = getattr(import_module(f"doors.{module}"), attribute)
        if isinstance(door, typer.Typer):
            app.add_typer(door, name=name, help=_(text))
        else:
            app.command(name, help=_(text))(door)
    force.guard(app)
    return app


def _command(words: list[str]) -> str:
    """The first word that is neither an option nor an option's value; "" where there is none."""
    rest = iter(words)
    for word in rest:
        if not word.startswith("-"):
            return word
        if word in ("--home", "--lang", "--memory"):
            next(rest, "")
    return ""


def _wanted_language(words: list[str]) -> str | None:
    """`--lang` must be known before the commands, whose help speaks it, are built."""
    for word, after in zip(words, [*words, ""][1:], strict=True):
        if word == "--lang":
            return after
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return None


if __name__ == "__main__":
    main()
