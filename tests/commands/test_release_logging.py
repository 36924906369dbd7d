"""A new release is an entry of the log, whatever command made it; one that the log does not name is refused."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from double_random.cli import build_application
from double_random.commands.release_logging import log_new_release
from double_random.credit.rebuilding import rebuild_release
from double_random.inspection.draw import lifecycle
from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.pipeline.nightly import run_nightly
from double_random.publish.site import build
from double_random.store.home import Home
from double_random.store.soundness import DamagedRelease
from tests.conftest import ROOT
from tests.inspection.conftest import DAY, ask, code, drop
from tests.releases import reseal_release

PENALTIES = (
    "行政相对人名称,行政相对人代码_1(统一社会信用代码),行政处罚决定书文号,处罚类别,违法事实,处罚决定日期,处罚机关\n"
    "上海示例001律师事务所,{code},示司罚决字〔2026〕第1号,警告,示例,2026-05-04,示例市司法局\n"
    "上海示例无此律师事务所,,示司罚决字〔2026〕第2号,警告,示例,2026-05-04,示例市司法局\n"
)
REPAIRS = (
    "行政相对人名称,原决定书文号,修复结果,修复日期\n"
    "上海示例001律师事务所,示司罚决字〔2026〕第1号,准予修复,2026-10-01\n"
)


def test_a_release_is_logged_by_its_hash_once(home: Home) -> None:
    before = len(home.log.entries())
    with log_new_release(home, "sync"), home.releases.write("sync", date(2026, 11, 22)) as release:
        assert release.run > 0
    with log_new_release(home, "score"):
        pass
    (entry,) = home.log.entries()[before:]
    with home.releases.read() as opened:
        assert (entry["kind"], entry["release"]) == ("sync", opened.hash)
    home.log.verify()


def test_a_release_that_the_log_refuses_is_none(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with log_new_release(home, "sync"), home.releases.write("sync", date(2026, 11, 22)):
        pass
    before = (home.releases.current(), sorted(home.releases.folder.iterdir()))
    with pytest.raises(OSError), log_new_release(home, "sync"):
        monkeypatch.setattr("double_random.store.durable_files.append_line", full)
        with home.releases.write("sync", date(2026, 11, 23)):
            pass
    assert (home.releases.current(), sorted(home.releases.folder.iterdir())) == before


def full(*_arguments: object) -> None:
    raise OSError(28, "No space left on device")


# --- every command ---


def named_by_log(home: Home) -> bool:
    with home.releases.read() as release:
        return release.hash in {entry.get("release") for entry in home.log.entries()}


def run(home: Path, *words: str) -> str:
    done = CliRunner().invoke(
        build_application(*words[:2]), ["--lang", "en", "--home", str(home), *words]
    )
    assert done.exit_code == 0, (words, done.exception, done.output)
    return done.output


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home made by the command line alone: a sync and a load."""
    folder = tmp_path_factory.mktemp("logged")
    drop(folder / "drop", 6, 6, [(1, 2)])
    (folder / "drop" / "处罚.csv").write_text(PENALTIES.format(code=code(1)), encoding="utf-8")
    home = folder / "bureau"
    run(home, "init", "--authority", "示例市司法局", "--code", "11310000XXXX00071R")
    run(home, "registry", "sync", str(folder / "drop"), "--as-of", "2026-10-31")
    run(home, "credit", "load", str(folder / "drop"), "--as-of", "2026-10-31")
    return home


@pytest.fixture
def logging(bureau: Path, tmp_path: Path) -> Home:
    shutil.copytree(bureau, tmp_path / "bureau")
    return Home.open(tmp_path / "bureau")


def test_whatever_command_makes_a_release_the_log_knows_it(
    logging: Home, tmp_path: Path
) -> None:  # D-035
    home, first = logging, logging.releases.names()[0]
    with home.releases.read() as release:
        ((number,),) = release.connection.execute(
            "SELECT DISTINCT content FROM set_aside"
        ).fetchall()
    (tmp_path / "修复.csv").write_text(REPAIRS, encoding="utf-8")
    drop(tmp_path / "more", 8, 6)
    about = (
        "上海示例001律师事务所",
        "--record",
        "示司罚决字〔2026〕第1号",
        "--decided",
        "2026-10-20",
    )
    said = ("--by", "示例", "--reason", "示例", "--as-of", "2026-10-31")
    kinds = []
    for words in (
        ("credit", "score", "--as-of", "2026-10-31"),
        ("credit", "objection", *about, "--step", "accepted"),
        ("credit", "repair", *about, "--ordered-by", "示例", "--order", "示例1"),
        ("credit", "repair", "--from", str(tmp_path / "修复.csv"), "--as-of", "2026-10-31"),
        ("registry", "close", number, *said),
        ("registry", "close", number, *said, "--reopen"),
        ("registry", "link", "上海示例无此律师事务所", code(2), *said),
        ("registry", "sync", str(tmp_path / "more"), "--as-of", "2026-10-31"),
        ("registry", "undo", first, "--as-of", "2026-10-31"),
        ("nightly", str(tmp_path / "more"), "--as-of", "2026-11-01"),
    ):
        before = home.releases.current()
        run(home.path, *words)
        assert home.releases.current() != before, words
        assert named_by_log(home), words
        kinds.append(home.log.entries()[-1]["kind"])
    assert kinds[:9] == ["score", *["sync"] * 7, "undo"]
    home.log.verify()


MAKERS = {  # who calls `releases.write`
    "sync_registers",
    "load_records",
    "score_institutions",
    "enter_ruling",
    "decide_link",
    "close_issue",
    "restore_release",
}


def test_no_command_makes_a_release_outside_of_it() -> None:
    """Whoever makes a release is known here, and each command calls them inside `with logged`."""
    makers = set()
    packages = ("credit", "registry", "store", "inspection", "publish", "commands")
    for file in (file for package in packages for file in (ROOT / package).rglob("*.py")):
        for function in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef) and "releases.write(" in ast.unparse(function):
                makers.add(function.name)
    assert makers == MAKERS | {"_redo_run"}  # credit/rebuilding.py: in a home aside
    modules = {
        "double_random.registry.sync.sync_run",
        "double_random.credit.records.load",
        "double_random.credit.scoring.score_run",
        "double_random.credit.records.rulings",
        "double_random.registry.quality.manual_links",
        "double_random.registry.quality.resolutions",
        "double_random.store.undo",
    }
    seen = 0
    for file in ROOT.glob("commands/*.py"):
        for function in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            names = {
                alias.asname or alias.name
                for node in ast.walk(function)
                if isinstance(node, ast.ImportFrom) and node.module in modules
                for alias in node.names
                if alias.name in MAKERS
            }
            inside = {
                id(call)
                for node in ast.walk(function)
                if isinstance(node, ast.With)
                and any("log_new_release(" in ast.unparse(item.context_expr) for item in node.items)
                for call in ast.walk(node)
            }
            for call in ast.walk(function):
                if not isinstance(call, ast.Call):
                    continue
                called = ast.unparse(call.func)
                if called in names or called in (
                    "score_run.score_institutions",
                    "rulings.enter_ruling",
                ):
                    seen += 1
                    assert id(call) in inside, (file.name, function.name, called)
    assert seen >= len(MAKERS)


# --- a release that the log does not name ---


FORGERY = "UPDATE rows SET status = 'suspended' WHERE name LIKE '%003%'"


def test_a_forged_and_resealed_release_is_refused_and_the_true_one_made_again(
    logging: Home, tmp_path: Path
) -> None:  # D-035
    home, true = logging, logging.releases.current()
    freeze_plan(home, ask("d0"))
    forged = reseal_release(home, "institutions", FORGERY)
    assert forged != true
    folder = drop(tmp_path / "more", 8, 6)
    uses: tuple[Callable[[], object], ...] = (
        lambda: freeze_plan(home, ask()),
        lambda: lifecycle.commit_plan(home, "d0", "2026-11-02T01:00:00Z"),
        lambda: build.build_site(home, DAY),
        lambda: run_nightly(home, [folder], DAY),
    )
    for use in uses:
        with pytest.raises(DamagedRelease, match="the signed log does not name it"):
            use()
    for words in (
        ("registry", "sync", str(folder), "--as-of", "2026-10-31"),
        ("credit", "score", "--as-of", "2026-10-31"),
    ):
        done = CliRunner().invoke(
            build_application(*words[:2]), ["--lang", "en", "--home", str(home.path), *words]
        )
        assert isinstance(done.exception, DamagedRelease), words
    assert home.releases.current() == forged
    output = run(home.path, "store", "rebuild")
    assert "releases/damaged/" in output
    assert home.releases.current() == true
    assert forged not in home.releases.names()
    freeze_plan(home, ask())


def test_a_release_that_no_log_was_told_of_is_made_again_and_told(
    logging: Home, tmp_path: Path
) -> None:
    """As of a version that did not log each command, or of a kill."""
    from double_random.registry.sync.sync_run import sync_registers

    sync_registers(logging, [drop(tmp_path / "more", 8, 6)], DAY)
    name = logging.releases.current()
    with pytest.raises(DamagedRelease) as said:
        freeze_plan(logging, ask())
    assert "store rebuild" in said.value.hint
    assert rebuild_release(logging).release == name
    assert named_by_log(logging)
    freeze_plan(logging, ask())


def test_where_nothing_leads_to_a_release_the_newest_that_the_log_names_is_back(
    logging: Home,
) -> None:
    """Rows made to fit, and no word of how: nothing can be made again."""
    before, forged = logging.releases.names()[0], reseal_release(logging, "institutions", FORGERY)
    (logging.releases.folder / f"{forged}.json").unlink()
    made = rebuild_release(logging)
    assert (made.release, made.aside) == (before, forged)
    assert logging.releases.current() == before
    assert named_by_log(logging)
    assert len(list((logging.releases.folder / "damaged").iterdir())) == 1


def test_a_home_of_which_the_log_names_no_release_goes_on(home: Home) -> None:
    with home.releases.write("sync", DAY):
        pass
    home.releases.require_sound()
    with log_new_release(home, "sync"), home.releases.write("sync", DAY):
        pass
