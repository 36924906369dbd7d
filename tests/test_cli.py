"""The entrance: help is quick, mistakes are told plainly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from double_random import cli
from double_random.commands import current_home
from double_random.core import toml_reader, translation
from double_random.core.errors import Misuse, is_out_of_memory
from double_random.credit.records.load import load_records
from double_random.registry.sync.sync_run import sync_registers
from double_random.store import home_folder
from double_random.store.home import Home
from tests.registry.conftest import HEADER, ROW

HEAVY = {
    *(
        "polars",
        "duckdb",
        "pyarrow",
        "numpy",
        "ortools",
        "jinja2",
        "xlsxwriter",
        "cryptography",
        "pandas",
    ),
    *(
        "pydantic",
        "rich",
        "openpyxl",
        "docx",
        "pypinyin",
        "asyncio",
        "email",
        "multiprocessing",
        "sqlite3",
    ),
}
DUCKDB = {"duckdb", "email"}  # duckdb asks for its own version, which reads a message
SIGNATURES = {"cryptography"}
LOADED = {  # what a command may load of these; whatever it loads beyond that, its user waits for
    "--help": set(),
    "--version": {"email"},  # of importlib.metadata
    "credit --help": set(),
    "inspection --help": set(),
    "status --format json": DUCKDB,
    "log verify": SIGNATURES,
    "registry list --format json": DUCKDB,
    "registry show FIRM --format json": DUCKDB,
    "credit show FIRM --format json": DUCKDB | {"polars", "pyarrow", "numpy"},  # scores are frames
}
FIRM = "31310000XXXX30015D"


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one firm."""
    folder = tmp_path_factory.mktemp("registered")
    (folder / "drop").mkdir()
    (folder / "drop" / "permits.csv").write_text(f"{HEADER}\n{ROW}\n", encoding="utf-8")
    home = Home.create(folder / "home", "示例市司法局", "")
    sync_registers(home, [folder / "drop"], date(2026, 1, 1))
    load_records(home, [folder / "drop"], date(2026, 1, 1))
    assert home.log.entries() == []  # a log is begun, with its key, when it is first asked for
    return home.path


@pytest.mark.parametrize("line", LOADED)
def test_a_command_loads_no_library_that_its_answer_does_not_need(
    line: str, registered: Path
) -> None:  # F-005, F-006
    words = line.replace("FIRM", FIRM).split()
    code = (
        "import sys\nfrom double_random import cli\n"
        "try:\n    cli.main()\nexcept SystemExit as ended:\n    code = ended.code\n"
        "print(code, *sys.modules, file=sys.stderr)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, "--home", str(registered), *words],
        capture_output=True,
        text=True,
        check=True,
    )
    code_, *loaded = said.stderr.splitlines()[-1].split()
    assert code_ == "0", said.stderr
    assert HEAVY & set(loaded) <= LOADED[line]


def test_the_overview_names_every_command_and_imports_none() -> None:
    whole = get_command(cli.build_application()).commands
    code = (
        "import sys\nfrom typer.main import get_command\nfrom double_random import cli\n"
        "print(*get_command(cli.build_overview()).commands)\nprint(*sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    named, loaded = (line.split() for line in said.stdout.splitlines())
    assert named == list(whole)
    of_commands = {
        f"double_random.commands.{where.split('.')[0]}" for where, _ in cli.COMMANDS.values()
    }
    assert not (of_commands - {"double_random.commands.version"}) & set(loaded)
    texts = {name: each.get_short_help_str(1000) for name, each in whole.items()}
    overview = get_command(cli.build_overview()).commands
    assert {name: each.get_short_help_str(1000) for name, each in overview.items()} == texts


def test_of_a_group_only_the_subcommand_is_built() -> None:
    def built(*words: str) -> list[str]:
        group = get_command(cli.build_application(*words)).commands[words[0]]
        return list(group.commands)

    assert built("registry", "list") == ["list"]
    assert "list" in built("registry") and len(built("registry")) > 10
    assert built("registry", "lst") == built("registry")  # its hint needs the other names
    assert built("registry", "") == built("registry")


@pytest.mark.parametrize("words", [("--version",), ("-V",), ("--lang", "zh_CN", "-V")])
def test_the_version_is_told_and_no_command_is_loaded_for_it(words: tuple[str, ...]) -> None:
    """S-006."""
    code = (
        "import sys, contextlib\nfrom double_random import cli\n"
        "with contextlib.suppress(SystemExit): cli.main()\nprint(*sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True
    )
    line, loaded = said.stdout.splitlines()
    python = ".".join(map(str, sys.version_info[:3]))
    assert line == f"double-random {metadata.version('double-random')} (Python {python})"
    assert not {"polars", "duckdb", "double_random.commands.registry"} & set(loaded.split())


def test_the_version_is_an_option_of_the_program_and_stands_in_its_help() -> None:
    """S-006."""
    with pytest.raises(SystemExit) as ended:
        cli.build_application()(["--version"])
    assert ended.value.code == 0
    assert "-V, --version" in run("-h").stdout


def test_a_command_of_a_group_is_built_without_its_neighbours_and_helps_alike() -> None:
    translation.choose_language("en")
    whole = get_command(cli.build_application())
    for group in cli.GROUPS:
        for name, command in whole.commands[group].commands.items():
            narrow = get_command(cli.build_application(group, name)).commands
            assert [*narrow[group].commands] == [name]
            alone = narrow[group].commands[name]
            assert alone.help == command.help
            assert [one.opts for one in alone.params] == [one.opts for one in command.params]


@pytest.mark.parametrize("words", [("registry", "--help"), ("registry", "-h", "sync")])
def test_the_help_of_a_group_names_all_its_commands(words: tuple[str, ...]) -> None:
    shown = run("--lang", "en", *words).stdout
    assert "coverage" in shown and "recusals" in shown


def test_a_misspelt_command_of_a_group_is_told_its_neighbours() -> None:
    assert "did you mean coverage?" in run("--lang", "en", "registry", "coverag").stderr


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "double_random.cli", *words], capture_output=True, text=True
    )


def test_no_word_at_all_shows_the_help() -> None:
    said = run()
    assert said.returncode == 2
    assert "Usage" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_path_that_cannot_be_written_is_told_plainly() -> None:
    said = run("--home", "/proc/nowhere", "init")
    assert said.returncode == 1
    assert said.stderr.startswith("error: /proc/nowhere")
    assert "hint:" in said.stderr


def test_an_unknown_option_is_told_in_the_language_that_was_asked_for() -> None:
    said = run("--lang", "zh_CN", "status", "--nothing")
    assert said.returncode == 2
    assert said.stderr.startswith("错误：没有选项 --nothing")


def test_an_authority_for_a_home_that_is_there_already_is_not_lost_silently(tmp_path: Path) -> None:
    home = str(tmp_path / "bureau")
    assert run("--home", home, "init", "--authority", "示例局").returncode == 0
    assert run("--home", home, "init").returncode == 0
    said = run("--home", home, "init", "--authority", "另一示例局")
    assert said.returncode == 2
    assert "settings.toml" in said.stderr


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "bureau"
    Home.create(path)
    return path


def test_an_unforeseen_error_is_kept_in_the_home_and_named_in_one_sentence(
    bureau: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # D-029
    def broken(*_words: object) -> None:
        raise KeyError("ruling")

    monkeypatch.setattr("double_random.pipeline.status.collect_status", broken)
    monkeypatch.setattr(sys, "argv", ["double-random", "--home", str(bureau), "status"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    (file,) = (bureau / "errors").iterdir()
    assert said.startswith("error: an unforeseen error: KeyError") and str(file) in said
    assert file.stat().st_mode & 0o777 == 0o600 and file.parent.stat().st_mode & 0o777 == 0o700
    assert "KeyError: 'ruling'" in file.read_text(encoding="utf-8")


def test_a_panic_in_a_library_is_no_traceback_either(
    bureau: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class PanicException(BaseException):
        """As polars throws it out of Rust."""

    def broken(*_words: object) -> None:
        raise PanicException("out of range")

    monkeypatch.setattr("double_random.pipeline.status.collect_status", broken)
    monkeypatch.setattr(sys, "argv", ["double-random", "--home", str(bureau), "status"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    assert "PanicException" in capsys.readouterr().err


def test_a_full_disk_behind_stdout_is_told_plainly(bureau: Path) -> None:
    with open("/dev/full", "wb") as full:
        words = [sys.executable, "-m", "double_random.cli", "--home", str(bureau), "status"]
        said = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (said.returncode, "Traceback" in said.stderr) == (1, False)
    assert said.stderr.startswith("error: ")


@pytest.mark.parametrize("coding", ["gbk", "cp1252", "ascii"])
def test_a_code_page_that_lacks_a_character_fails_nothing(coding: str, bureau: Path) -> None:
    """D-038: replacement signs instead of UnicodeEncodeError."""
    words = [
        sys.executable,
        "-m",
        "double_random.cli",
        "--home",
        str(bureau),
        "--lang",
        "zh_CN",
        "verify",
        "䶮ö无",
    ]
    said = subprocess.run(words, capture_output=True, env=os.environ | {"PYTHONIOENCODING": coding})
    assert said.returncode in (1, 2)
    assert b"Traceback" not in said.stderr and b"?" in said.stderr


def test_options_of_the_whole_program_are_taken_anywhere() -> None:  # D-070
    words = ["credit", "list", "--lang", "zh_CN", "--grade", "A", "--home=x", "--labels"]
    first = ["--lang", "zh_CN", "--home=x", "--labels"]
    assert cli.move_globals_first(words) == [*first, "credit", "list", "--grade", "A"]
    assert cli.move_globals_first(["publish", "build", "--lang", "en"]) == [
        *("publish", "build", "--lang", "en")
    ]
    assert cli.move_globals_first(["sql", "--", "--lang"]) == ["sql", "--", "--lang"]


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("--format json status", "status --format json"),
        ("--format=json registry show X", "registry show X --format=json"),
        ("registry --format json show X", "registry show X --format json"),
        ("--format csv sql -- -1", "sql --format csv -- -1"),
        ("sql --format", "sql --format"),  # the command says that its value is missing
    ],
)
def test_the_form_of_an_answer_may_stand_before_the_command(given: str, taken: str) -> None:
    """S-006."""
    assert cli.move_globals_first(given.split()) == taken.split()


def test_a_form_without_a_value_is_told_plainly() -> None:
    with pytest.raises(Misuse, match="--format needs a value"):
        cli.move_globals_first(["--format"])


def test_the_home_is_the_one_in_which_the_current_folder_lies(tmp_path: Path) -> None:
    """S-006."""
    home = Home.create(tmp_path / "示例局").path
    inner = home / "facts" / "policies"
    inner.mkdir()
    free = {key: text for key, text in os.environ.items() if key != "DOUBLE_RANDOM_HOME"}

    def status(folder: Path, *words: str, **env: str) -> Any:
        said = subprocess.run(
            [sys.executable, "-m", "double_random.cli", *words, "--format", "json", "status"],
            cwd=folder,
            env=free | env,
            capture_output=True,
            text=True,
        )
        assert said.returncode == 0, said.stderr
        told = json.loads(said.stdout)
        return Path(told["home"]), told["home_named_by"]

    assert status(inner) == status(home) == (home, "above")
    other = Home.create(tmp_path / "other").path
    assert status(inner, "--home", str(other)) == (other, "flag")
    assert status(inner, DOUBLE_RANDOM_HOME=str(other)) == (other, "environment")
    near = Home.create(inner / "bureau").path
    assert status(inner) == (near, "folder")


def test_a_new_home_is_never_made_of_the_one_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-006."""
    home = Home.create(tmp_path / "home").path
    monkeypatch.delenv("DOUBLE_RANDOM_HOME", raising=False)
    monkeypatch.chdir(home / "facts")
    assert home_folder.locate_home(None) == (home, "above")
    assert current_home.new_home_path() == Path("bureau")


def test_a_folder_above_that_is_no_home_of_ours_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-006."""
    monkeypatch.delenv("DOUBLE_RANDOM_HOME", raising=False)
    foreign = tmp_path / "project"
    (foreign / "src").mkdir(parents=True)
    (foreign / "settings.toml").write_text("[tool]\n", encoding="utf-8")
    monkeypatch.chdir(foreign / "src")
    assert home_folder.locate_home(None) == (Path("bureau"), "folder")
    home = Home.create(tmp_path / "home").path
    monkeypatch.chdir(home / "facts")
    if hasattr(os, "getuid"):
        owner = os.getuid()
        monkeypatch.setattr(os, "getuid", lambda: owner + 1)
        assert home_folder.locate_home(None) == (Path("bureau"), "folder")


@pytest.mark.parametrize(
    ("flag", "setting", "environment", "chosen"),
    [
        ("", "", {}, "en"),
        ("", "", {"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ("", "", {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.GBK"}, "zh_CN"),
        ("", "", {"LC_ALL": "fr_FR.UTF-8", "LANG": "zh_CN"}, "en"),
        ("", "zh_CN", {"LC_ALL": "en_US.UTF-8"}, "zh_CN"),
        ("", "zh", {}, "zh_CN"),
        ("", "en", {"LANG": "zh_CN.UTF-8"}, "en"),
        ("en", "zh_CN", {"LANG": "zh_CN.UTF-8"}, "en"),
        ("ZH-cn", "en", {}, "zh_CN"),
    ],
)
def test_the_flag_then_the_home_then_the_computer_decide_the_language(
    flag: str,
    setting: str,
    environment: dict[str, str],
    chosen: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # D-070
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = tmp_path / "settings.toml"
    settings.write_text(f'\ufefflang = "{setting}"\n', encoding="utf-8")  # as Windows' editor saves
    said = toml_reader.read_text_key(settings, "lang")
    assert translation.choose_language(flag or None, said, str(settings)) == chosen


@pytest.mark.parametrize("coding", ["utf-8", "utf-16", "gb18030"])
def test_the_language_is_read_as_the_settings_are(coding: str, tmp_path: Path) -> None:  # D-070
    settings = tmp_path / "settings.toml"
    settings.write_bytes('lang = "zh_CN"  # 语言\n'.encode(coding))
    assert toml_reader.read_text_key(settings, "lang") == "zh_CN"
    settings.write_bytes(b"lang = \n")
    assert toml_reader.read_text_key(settings, "lang") == ""
    assert toml_reader.read_text_key(tmp_path / "none.toml", "lang") == ""


def test_too_little_memory_is_told_by_its_type_along_the_chain() -> None:
    class OutOfMemoryException(Exception):
        pass

    hidden, caused = ValueError("x"), ValueError("x")
    hidden.__context__ = OutOfMemoryException()
    caused.__cause__ = MemoryError()
    assert all(map(is_out_of_memory, (MemoryError(), OutOfMemoryException(), hidden, caused)))
    assert not is_out_of_memory(OSError("the memory card was taken out"))
    assert not is_out_of_memory(None)


def test_windows_own_language_counts(monkeypatch: pytest.MonkeyPatch) -> None:  # D-070
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("double_random.core.translation._windows_language", lambda: "zh_CN")
    assert translation.choose_language() == "zh_CN"


def test_a_language_that_there_is_none_of_is_named() -> None:
    with pytest.raises(Misuse, match="fr"):
        translation.choose_language("fr")
