"""What tests share: the facts beside the checkout, a fresh home."""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer.testing
from hypothesis import settings
from rich.console import Console

from double_random.commands.current_home import use_home
from double_random.commands.render import output
from double_random.core import translation
from double_random.demo.scenes import ARCHIVES, PRACTICE
from double_random.demo.story import run_tour
from double_random.store.home import Home
from tests import forked
from tests.templates import make_once

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent
CHROMIUM = Path("/usr/bin/chromium")

# Typer builds the commands of an application anew for each call of a runner: once is enough.
typer.testing._get_command = cache(typer.testing._get_command)

# A process that a test starts finds the modules compiled, whatever the caller's environment says.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

MEMORY = Path("/dev/shm")  # a file system in memory: the suite waits for no disk
ROOM = 6 * 2**30  # bytes; what lies there takes memory from the processes


def _memory_left() -> int:
    """Bytes that processes can still have; what killed runs left in the file system in memory is not among them."""
    with open("/proc/meminfo", encoding="ascii") as file:
        return next(
            int(line.split()[1]) * 1024 for line in file if line.startswith("MemAvailable:")
        )


if (
    os.access(MEMORY, os.W_OK)
    and shutil.disk_usage(MEMORY).free > ROOM
    and _memory_left() > 2 * ROOM
):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

settings.register_profile("shared-machine", deadline=None)  # no test is timed
settings.load_profile("shared-machine")


# Files with few tests that take minutes each. Processes take whole files: what is long and begins last, all wait for.
LONG = (
    "test_killed",
    "test_views_after_draws",
    "test_views_after_registers",
    "test_together",
    "test_disk_commands",
    "test_killed_commands",
    "test_disk",
    "test_nightly",
    "test_new_inputs",
    "test_attack_cases",
    "test_release_logging",
    "test_equal_verdicts",
    "test_listed_rows",
    "test_order_of_arrival",
    "test_whole_drops",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, the others as they stand."""
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.stem, len(LONG)))


@pytest.fixture(autouse=True)
def as_if_just_started() -> Iterator[None]:
    """Every test finds the command line as a new process does: no --home, no --labels, English."""
    yield
    use_home(None)
    output.use_labels(labels=False)
    translation.choose_language("en")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for all tests of a process; where it is missing users are told loudly, and CI fails."""
    if not CHROMIUM.exists():
        reason = (
            "Chromium is not here: pages were NOT tried (tests/services/install.sh installs it)"
        )
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


@pytest.fixture(scope="session", autouse=True)
def no_server_stays() -> Iterator[None]:
    """The server of forked processes ends with the session."""
    yield
    forked.stop_server()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of facts beside the checkout; users have none, so its tests skip there and say so."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("../shared is not here: this test compares with its files")
    return folder


@pytest.fixture(scope="session")
def toured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a guided tour whose two draws have an institution in common, as those of three of four have.

    Nobody changes it: who wants to takes a copy.
    """
    folder = make_once(tmp_path_factory, "tours", _make_tours)
    return folder / (folder / "chosen").read_text("ascii")


def _make_tours(folder: Path) -> None:
    for number in range(100):  # three of four tours do
        path = folder / str(number)
        run_tour(path, console=Console(file=io.StringIO(), width=80))
        lists = (
            path / "draws" / scene.draw / "result" / "list.csv" for scene in (ARCHIVES, PRACTICE)
        )
        one, other = (set(file.read_text("utf-8").splitlines()[1:]) for file in lists)
        if one & other:
            (folder / "chosen").write_text(str(number), "ascii")
            return
    raise AssertionError("no tour of a hundred has an institution in both draws")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home folder."""
    return Home.create(tmp_path / "home")


@pytest.fixture(scope="session")
def spark_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Spark Connect server: the one that DOUBLE_RANDOM_TEST_SPARK names, else Sail, started here."""
    named = os.environ.get("DOUBLE_RANDOM_TEST_SPARK")
    if named:
        yield named
        return
    with sail(tmp_path_factory.mktemp("sail")) as (address, _process):
        yield address


@contextmanager
def sail(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Sail in a process of its own, which writes its tables into a folder; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = f"from pysail.spark import SparkConnectServer as S; S('127.0.0.1', {port}).start(background=False)"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-c", code], cwd=folder, stderr=log)
    try:
        for _moment in range(300):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"sc://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.wait()
