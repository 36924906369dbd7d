"""The guided tour ends with verified draws, and the commands that it names do the same."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from double_random.cli import build_application
from double_random.commands.current_home import use_home
from double_random.core import translation
from double_random.demo.printer import WIDTH, TourPrinter
from double_random.demo.scenes import ARCHIVES, PRACTICE
from double_random.demo.story import run_tour
from double_random.inspection.draw import lifecycle
from double_random.inspection.verification import bundle
from double_random.inspection.verification.verify import verify_bundle
from double_random.store.home import Home


def walked(home: Path) -> tuple[TourPrinter, str]:
    """A whole tour and what it printed."""
    paper = io.StringIO()
    return run_tour(
        home, console=Console(file=paper, width=WIDTH, highlight=False)
    ), paper.getvalue()


@pytest.fixture(autouse=True)
def _no_home_kept() -> Iterator[None]:
    """`--home` is kept for the command that follows; the next test starts without one."""
    yield
    use_home(None)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[TourPrinter, str]:
    translation.choose_language("en")
    return walked(tmp_path_factory.mktemp("tour") / "bureau")


def test_both_draws_verify_again_from_their_bundles(told: tuple[TourPrinter, str]) -> None:
    home = Home.open(told[0].home)
    for scene in (ARCHIVES, PRACTICE):
        for name in (f"{scene.draw}.zip", f"{scene.draw}-auditor.zip"):
            verdict = verify_bundle(home.path / "bundles" / name, home.log.public)
            assert verdict.intact and verdict.draw == scene.draw, verdict.first_line


def test_four_go_in_two_fixed_groups_and_fourteen_can_go_in_the_second_draw(
    told: tuple[TourPrinter, str],
) -> None:
    home = Home.open(told[0].home)
    groups = bundle.gather_bundle(home, ARCHIVES.draw)
    teams = {tuple(sorted(team)) for team in members(groups["teams.csv"]).values()}
    assert len(teams) == 2 and len({one for team in teams for one in team}) == 4
    assert bundle.gather_bundle(home, PRACTICE.draw)["inspectors.csv"].count(b"\n") == 1 + 14


def members(teams: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in teams.decode().splitlines()[1:]:
        target, inspector, _role = line.split(",")
        found.setdefault(target, []).append(inspector)
    return found


def test_it_shows_what_a_supervisor_wants_to_see(told: tuple[TourPrinter, str]) -> None:
    text = told[1]
    for word in ("quarantined", "示例查无律师事务所", "check digit", "grade D", "verified"):
        assert word in text
    assert str(told[0].home / "public" / "index.html") in text
    assert "✓ 2026-archives: 14 institutions, 4 inspectors, verified" in text


def test_only_keys_paths_and_titles_are_wider_than_80_columns(
    told: tuple[TourPrinter, str],
) -> None:
    assert told[1].count("$ double-random") > 20
    wide = [line for line in told[1].splitlines() if cell_len(line) > WIDTH]
    home = str(told[0].home)
    assert all(home in line or "data/sample" in line or "+" in line for line in wide), wide


def test_the_site_is_there_and_holds_no_id_number(told: tuple[TourPrinter, str]) -> None:
    public = told[0].home / "public"
    assert (public / "index.html").is_file()
    for file in public.rglob("*"):
        if file.is_file():
            assert b"990101XXXX0101" not in file.read_bytes(), file


def test_the_commands_that_it_names_do_the_same(
    told: tuple[TourPrinter, str], tmp_path: Path
) -> None:
    """Typed one by one into a fresh home; a plan code is of its home, so it is taken from there."""
    before, here = str(told[0].home), str(tmp_path / "typed")
    codes: dict[str, str] = {}
    for command in told[0].commands:
        words = [word.replace(before, here) for word in command[1:]]
        if "sync" in words:
            shutil.copytree(told[0].home / "facts", Path(here) / "facts", dirs_exist_ok=True)
        if "--code" in words and "verify" in words:
            draw = next(draw for draw in (ARCHIVES.draw, PRACTICE.draw) if draw in " ".join(words))
            words[words.index("--code") + 1] = codes[draw]
        done = CliRunner().invoke(build_application(), words)
        assert done.exit_code == 0, (words, done.output, done.exception)
        if "commit" in words:
            draw = words[words.index("commit") + 1]
            codes[draw] = lifecycle.DrawFolder.find(Home.open(Path(here)), draw).read_plan().code
            assert codes[draw] in done.output
    assert (Path(here) / "public" / "index.html").is_file()
    assert Home.open(Path(here)).releases.current() == Home.open(Path(before)).releases.current()
