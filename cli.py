"""The command line `double-random`: builds the application and turns every error into an exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from copy import copy
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import typer
from typer.exceptions import TyperException
from typer.main import get_command_name

from double_random.commands import completion, version
from double_random.core import toml_reader, translation
from double_random.core.errors import (
    BadFile,
    DoubleRandomError,
    Misuse,
    is_disk_full,
    is_out_of_memory,
)
from double_random.core.translation import N_, _, join_label

# Each command with the function or group in commands/ that runs it.
COMMANDS = {
    "init": ("home_commands.init_home", N_("Make a home folder, and the key that signs its log.")),
    "demo": ("demo.run_demo", N_("A guided tour of the whole way, on a fictitious district.")),
    "status": (
        "home_commands.show_status",
        N_("Which release is current, its age and counts, what is waiting."),
    ),
    "nightly": (
        "nightly.start_nightly",
        N_("From the bureau's files to the public site; or stopped, and all as it was."),
    ),
    "draw": (
        "bare_draw.draw_from_tables",
        N_("From two tables to a provable draw: seal the plan, then draw; no home is needed."),
    ),
    "verify": (
        "verification.show_verdict",
        N_("Check a bundle; the first line names what could not be checked."),
    ),
    "replay": (
        "verification.show_replay",
        N_("Compute a draw again from plan, files and revealed values alone."),
    ),
    "sql": ("home_commands.run_sql", N_("Ask a release anything that SQL can say.")),
    "registry": ("registry.app", N_("The registers: institutions, inspectors.")),
    "credit": ("credit.app", N_("Credit: records, scores, explanations.")),
    "inspection": ("inspection.app", N_("双随机: plan, draw, teams, proofs.")),
    "log": ("log.app", N_("The signed log of every act.")),
    "store": ("store.app", N_("The home itself: is everything whole, and a release made again.")),
    "publish": ("publish.app", N_("一公开: the public site and open data.")),
}

GROUPS = {name for name, (where, _text) in COMMANDS.items() if where.endswith(".app")}


def main() -> None:
    """Run the command line; exit with 0 done, 1 failed, 2 wrong use, 3 stopped by a check, 4 locked."""
    from double_random.commands.render.terminal import prepare_streams

    prepare_streams()
    code = _run_to_exit_code(sys.argv[1:])
    with suppress(OSError, ValueError):  # already reported, or the reader is gone
        sys.stderr.flush()
    sys.exit(code)


def _run_to_exit_code(arguments: list[str]) -> int:
    """Run a command and map every exception to an exit code; no traceback reaches the user."""
    stopping: list[int] = []

    def raise_interrupt(number: int, _frame: object) -> NoReturn:
        stopping.append(number)
        raise KeyboardInterrupt

    try:
        signal.signal(signal.SIGINT, raise_interrupt)
        code = _run_command(arguments)
        sys.stdout.flush()
        return code
    except DoubleRandomError as error:
        return _report_error(error)
    except TyperException as error:
        from double_random.commands.usage_errors import to_misuse

        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message(), file=sys.stderr)
            return 2
        return _report_error(to_misuse(error))
    except (typer.Abort, KeyboardInterrupt):
        return _report_interrupt()
    except BrokenPipeError:  # the reader of the pipe has closed it, as `| head` does
        _discard_output()
        return 1
    except OSError as error:
        _discard_output()
        return _report_error(_disk_error(error))
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    except BaseException as error:  # also Rust panics in polars
        if is_disk_full(error):
            return _report_error(
                DoubleRandomError(
                    _("there is no room left on the disk: {why}").format(why=error),
                    _("make room, then do it again; nothing was written half"),
                )
            )
        if is_out_of_memory(error):
            return _report_error(
                DoubleRandomError(
                    _("the database needs more memory than it was given; nothing has changed"),
                    _(
                        "give it more: type --memory 4GB after the command, or set memory in settings.toml"
                    ),
                )
            )
        if stopping:  # a library caught the Ctrl-C first and raised its own exception
            return _report_interrupt()
        from double_random.commands.unforeseen_errors import describe_unforeseen

        return _report_error(describe_unforeseen(error, arguments))


def _run_command(arguments: list[str]) -> int:
    from double_random.commands.current_home import use_home
    from double_random.commands.unforeseen_errors import keep_late_errors
    from double_random.store.home import Home
    from double_random.store.home_folder import MARK

    keep_late_errors(arguments)
    words = move_globals_first(arguments)
    if _is_version_asked(words):
        print(version.describe_version())
        return 0
    leading = _leading_values(words)
    flag = Path(leading["--home"]) if leading.get("--home") else None
    use_home(flag)
    settings = Home.locate(flag) / MARK
    translation.choose_language(
        leading.get("--lang"), toml_reader.read_text_key(settings, "lang"), str(settings)
    )
    from double_random.commands.usage_errors import use_own_words

    use_own_words()
    typed = completion.read_line()
    if typed is not None:
        completion.prepare_completion()
    command, subcommand = _find_command(words if typed is None else typed)
    if command not in COMMANDS:
        app = build_overview()
    else:
        app = build_application(command, subcommand if typed is None else "")
    code = app(words, prog_name="double-random", standalone_mode=False)
    return code if isinstance(code, int) else 0


def _disk_error(error: OSError) -> DoubleRandomError:
    """An error of the operating system, with its file if known; of two files, the one written to."""
    file, why = error.filename2 or error.filename, error.strerror or str(error)
    return DoubleRandomError(
        _("{file}: {why}").format(file=file, why=why) if file else why,
        _("look at the path, the rights and the room on the disk"),
    )


def _discard_output() -> None:
    """Redirect stdout to the null device, so that Python does not flush the closed pipe at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report_interrupt() -> int:
    print("\n" + _("stopped; nothing was written half"), file=sys.stderr)
    return 1


def _report_error(error: DoubleRandomError) -> int:
    from double_random.commands.current_home import add_home_option
    from double_random.publish.disclosure.sanitise import to_terminal_line

    text = join_label(error.file, error.reason) if isinstance(error, BadFile) else error.message
    print(to_terminal_line(_("error: {message}").format(message=text)), file=sys.stderr)
    if error.details:
        print(file=sys.stderr)
    for line in error.details:
        print("  " + to_terminal_line(line), file=sys.stderr)
    if error.hint:
        print(
            "\n" + to_terminal_line(add_home_option(_("hint: {hint}").format(hint=error.hint))),
            file=sys.stderr,
        )
    return error.exit_code


def build_application(word: str = "", subcommand: str = "") -> typer.Typer:
    """Build the application with all commands, or with the one named by `word` without importing the others.

    Of a group only the subcommand is built, if the group has one of this name. It is built on each call, so that its
    help is in the chosen language.
    """
    from double_random.commands import overwriting

    app = _bare_application()
    for name in [word] if word in COMMANDS else COMMANDS:
        where, text = COMMANDS[name]
        module, _dot, attribute = where.partition(".")
        command = getattr(import_module(f"double_random.commands.{module}"), attribute)
        if isinstance(command, typer.Typer):
            app.add_typer(_select_subcommand(command, subcommand), name=name, help=_(text))
        else:
            app.command(name, help=_(text), context_settings=SETTINGS.get(name))(command)
    overwriting.guard_commands(app)
    return app


def build_overview() -> typer.Typer:
    """Build the application with the names and help of all commands, none of which is imported or can be run."""
    from double_random.commands import help_pages

    app = _bare_application()
    for name, (_where, text) in COMMANDS.items():
        if name in GROUPS:
            app.add_typer(typer.Typer(), name=name, help=_(text), cls=help_pages.HelpGroup)
        else:
            app.command(name, help=_(text), cls=help_pages.HelpCommand)(_stand_in)
    return app


def _bare_application() -> typer.Typer:
    from double_random.commands import global_options, help_pages

    app = typer.Typer(
        cls=help_pages.HelpGroup,
        help=_("Registers, credit grades and verifiable random inspections of legal services."),
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        add_completion=False,
    )
    app.callback()(global_options.use_global_options)
    return app


def _stand_in() -> None:
    """Stand for a command that only has its name shown."""


def _select_subcommand(group: typer.Typer, name: str) -> typer.Typer:
    """A group with the subcommand of a name alone; the whole group if it has none of this name."""
    chosen = [
        command
        for command in group.registered_commands
        if name
        and command.callback
        and (command.name or get_command_name(command.callback.__name__)) == name
    ]
    if not chosen:
        return group
    selected = copy(group)
    selected.registered_commands = chosen
    return selected


SETTINGS = {"sql": {"ignore_unknown_options": True}}  # a query may begin with a comment: -- …
VALUED = (
    "--home",
    "--lang",
    "--memory",
)  # options with a value, accepted anywhere on the line
BEHIND = ("--format",)  # options of most commands, also accepted before the command
PLAIN = ("--labels",)  # options without a value, accepted anywhere on the line
OWN = {"publish build": ("--lang",)}  # commands with their own option of the same name


def move_globals_first(words: Sequence[str]) -> list[str]:
    """Move the global options of a command line before the command."""
    first: list[str] = []
    rest: list[str] = []
    behind: list[str] = []
    remaining = iter(words)
    for word in remaining:
        name, equals, _text = word.partition("=")
        own_options = OWN.get(" ".join(rest[:2]), ())
        if word == "--":
            return [*first, *rest, *behind, word, *remaining]
        if name in BEHIND and not rest[1:] and (not rest or rest[0] in GROUPS):
            behind += [word] if equals else [word, _next_value(name, remaining)]
        elif name in VALUED and name not in own_options:
            first.append(word)
            if not equals:
                first.append(_next_value(name, remaining))
        elif word in PLAIN and word not in own_options:
            first.append(word)
        else:
            rest.append(word)
    return first + rest + behind


def _next_value(name: str, remaining: Iterator[str]) -> str:
    value = next(remaining, None)
    if value is None:
        raise Misuse(_("{name} needs a value").format(name=name))
    return value


def _is_version_asked(words: Sequence[str]) -> bool:
    """Whether the version is requested before any command, so that no command needs to be loaded."""
    return any(word in version.OPTION for word in _split_at_command(words)[0])


def _leading_values(words: Sequence[str]) -> dict[str, str]:
    """The values of the options at the start of the command line."""
    values: dict[str, str] = {}
    remaining = iter(words)
    for word in remaining:
        name, equals, value = word.partition("=")
        if name in VALUED:
            values[name] = value if equals else next(remaining, "")
        elif word not in PLAIN:
            break
    return values


def _find_command(words: Sequence[str]) -> tuple[str, str]:
    """The first word that is neither an option nor an option's value, and the word after it; "" if there is none."""
    return _split_at_command(words)[1:]


def _split_at_command(words: Sequence[str]) -> tuple[list[str], str, str]:
    """The options before the command, without their values, the command, and the next word; "" if there is none."""
    options: list[str] = []
    rest = iter(words)
    for word in rest:
        if not word.startswith("-"):
            return options, word, next(rest, "")
        options.append(word)
        if word in VALUED:
            next(rest, "")
    return options, "", ""


if __name__ == "__main__":
    main()
