"""Completion on the Tab key, asked for as the shells ask."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from double_random.cli import build_application
from double_random.commands import completion
from double_random.core.errors import Misuse

PROGRAM = Path(sys.executable).parent
BASH = shutil.which("bash")
in_bash = pytest.mark.skipif(BASH is None, reason="there is no bash here")
ASK = """
COMP_WORDS=({line}"{last}"); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_double_random_completion double-random
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def bash(home: Path, script: str, *options: str) -> str:
    """What a bash of its own says, whose personal folder is `home`."""
    env = os.environ | {"HOME": str(home), "PATH": f"{PROGRAM}:{os.environ['PATH']}", "LANG": "C"}
    assert BASH is not None
    done = subprocess.run(
        [BASH, *options, "-c", script],
        env=env,
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@in_bash
@pytest.mark.parametrize(
    ("line", "last", "some", "none"),
    [
        ("double-random ", "", {"status", "registry", "inspection"}, {"list"}),
        ("double-random ", "insp", {"inspection"}, {"status"}),
        ("double-random inspection ", "pl", {"plan"}, {"draw"}),
        ("double-random --home x registry ", "l", {"list", "link"}, {"sync"}),
        ("double-random inspection plan ", "--r", {"--reserve", "--reason"}, {"--as-of"}),
        ("double-random registry list --format ", "", {"json", "xlsx"}, {"--as-of"}),
        ("double-random registry close ", "--w", set(), {"--why"}),  # an old name is not offered
    ],
)
def test_bash_completes(
    line: str, last: str, some: set[str], none: set[str], tmp_path: Path
) -> None:
    """S-006."""
    script = 'eval "$(double-random --show-completion)"' + ASK.format(line=line, last=last)
    told = set(bash(tmp_path, script).split())
    assert some <= told and not none & told


@in_bash
def test_it_is_there_in_the_next_bash_after_it_was_installed(tmp_path: Path) -> None:
    """S-006."""
    bash(tmp_path, "double-random --install-completion; true")
    told = bash(tmp_path, "complete -p double-random", "--rcfile", str(tmp_path / ".bashrc"), "-i")
    assert told == "complete -o default -F _double_random_completion double-random\n"


@pytest.mark.parametrize(
    ("shell", "env", "said"),
    [
        ("zsh", {"_TYPER_COMPLETE_ARGS": "double-random inspection pl"}, '"plan":'),
        (
            "fish",
            {
                "_TYPER_COMPLETE_ARGS": "double-random inspection pl",
                "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            },
            "plan\t",
        ),
        (
            "powershell",
            {
                "_TYPER_COMPLETE_ARGS": "double-random inspection pl",
                "_TYPER_COMPLETE_WORD_TO_COMPLETE": "pl",
            },
            "plan:::",
        ),
    ],
)
def test_the_other_shells_are_answered_in_their_own_form(
    shell: str, env: dict[str, str], said: str
) -> None:
    """S-006."""
    done = subprocess.run(
        [sys.executable, "-m", "double_random.cli"],
        env=os.environ | env | {completion.VARIABLE: f"complete_{shell}"},
        capture_output=True,
        text=True,
    )
    assert said in done.stdout and "draw" not in done.stdout.replace("double-random", "")


def test_only_the_group_on_the_line_is_loaded_for_an_answer() -> None:
    """S-006."""
    code = (
        "import sys, contextlib\nfrom double_random import cli\n"
        "with contextlib.suppress(SystemExit): cli.main()\nprint(*sys.modules)"
    )
    env = {"COMP_WORDS": "double-random registry l", "COMP_CWORD": "2"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | env | {completion.VARIABLE: "complete_bash"},
        capture_output=True,
        text=True,
        check=True,
    )
    *answer, loaded = done.stdout.splitlines()
    assert answer == ["list", "link"]
    assert not {"polars", "duckdb", "double_random.commands.inspection"} & set(loaded.split())


@pytest.mark.parametrize("shell", completion.SHELLS)
def test_every_shell_has_a_script_that_names_the_program(
    shell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("typer.completion._get_shell_name", lambda: shell)
    done = CliRunner().invoke(build_application(), ["--show-completion"])
    assert done.exit_code == 0
    assert "double-random" in done.stdout and completion.VARIABLE in done.stdout


def test_powershells_rule_of_scripts_is_not_loosened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.completion._get_shell_name", lambda: "pwsh")
    with pytest.raises(Misuse) as refused:
        completion.install_script(True)
    assert "$PROFILE" in refused.value.hint


def test_a_shell_that_is_not_known_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.completion._get_shell_name", lambda: None)
    with pytest.raises(Misuse, match="the shell is not known"):
        completion.print_script(True)
