"""The doors: `double-random` and its groups of commands. No rule of the trade lives here."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

import language
from errors import DoubleRandomError
from language import _


def main() -> None:
    """Run the command line; end with 0 done, 1 failed, 2 wrong use, 3 stopped by a check, 4 locked."""
    language.choose(_wanted_language(sys.argv[1:]))
    from doors.misuse import misuse, speak

    speak()
    stopping: list[int] = []

    def stop(number: int, _frame: object) -> NoReturn:
        stopping.append(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    try:
        code = application()(standalone_mode=False)
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
    except Exception:
        if not stopping:
            raise
        _interrupted()  # a library met the Ctrl-C first and named it in its own way


def _interrupted() -> NoReturn:
    print("\n" + _("stopped; nothing was written half"), file=sys.stderr)
    sys.exit(1)


def _fail(error: DoubleRandomError) -> NoReturn:
    print(_("error: {message}").format(message=error.message), file=sys.stderr)
    if error.hint:
        print("\n" + _("hint: {hint}").format(hint=error.hint), file=sys.stderr)
    sys.exit(error.exit_code)


def application() -> typer.Typer:
    """All commands. Built when it is called, so that its help speaks the language that was chosen."""
    from doors import (
        checking,
        credit,
        home,
        inspection,
        log,
        nightly,
        overview,
        publish,
        registry,
        tour,
    )

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
    ) -> None:
        home.use(home_folder)

    app.command("init", help=_("Make a home folder, and the key that signs its log."))(
        overview.init
    )
    app.command("demo", help=_("A guided tour of the whole way, on a fictitious district."))(
        tour.demo
    )
    app.command("status", help=_("Which release is current, its age and counts, what is waiting."))(
        overview.status
    )
    app.command(
        "nightly",
        help=_("From the bureau's files to the public site; or stopped, and all as it was."),
    )(nightly.nightly)
    app.command(
        "verify", help=_("Check a bundle; the first line names what could not be checked.")
    )(checking.verify)
    app.command(
        "replay", help=_("Compute a draw again from plan, files and revealed values alone.")
    )(checking.replay)
    app.command("sql", help=_("Ask a release anything that SQL can say."))(overview.sql)
    app.add_typer(registry.app, name="registry", help=_("The registers: institutions, inspectors."))
    app.add_typer(credit.app, name="credit", help=_("Credit: records, scores, explanations."))
    app.add_typer(inspection.app, name="inspection", help=_("双随机: plan, draw, teams, proofs."))
    app.add_typer(log.app, name="log", help=_("The signed log of every act."))
    app.add_typer(publish.app, name="publish", help=_("一公开: the public site and open data."))
    return app


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
