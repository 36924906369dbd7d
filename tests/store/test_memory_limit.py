"""--memory bounds every database, here and in what runs; what does not fit goes to disk and away again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from double_random.core.errors import Misuse
from double_random.credit.policy.catalog import load_policy
from double_random.credit.scoring import score_run
from double_random.store import memory_limit
from double_random.store.home import Home
from double_random.store.home_folder import MARK
from tests.generated import DAY, generate


@pytest.fixture
def bureau(tmp_path: Path) -> Home:
    home = Home.create(tmp_path / "home")
    generate(home, institutions=500, records=5_000)
    return home


def limit(home: Home) -> str:
    with home.releases.read() as release:
        ((found,),) = release.connection.execute(
            "SELECT current_setting('memory_limit')"
        ).fetchall()
    return str(found)


def test_a_flag_beats_the_environment_and_that_the_settings(
    bureau: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = bureau.path / MARK
    settings.write_text('memory = "400MiB"\n' + settings.read_text("utf-8"), encoding="utf-8")
    assert limit(Home.open(bureau.path)) == "400.0 MiB"
    monkeypatch.setenv("DOUBLE_RANDOM_MEMORY", "500MiB")
    assert limit(Home.open(bureau.path)) == "500.0 MiB"
    memory_limit.set_memory_flag("600MiB")
    assert limit(Home.open(bureau.path)) == "600.0 MiB"


def test_a_writer_keeps_to_it_too(bureau: Home) -> None:
    memory_limit.set_memory_flag("300MiB")
    with bureau.releases.write("sync", DAY) as draft:
        ((found,),) = draft.connection.execute("SELECT current_setting('memory_limit')").fetchall()
        draft.discard()
    assert found == "300.0 MiB"


def test_few_threads_where_there_is_little_memory(tmp_path: Path) -> None:
    memory_limit.set_memory_flag("200MB")
    assert memory_limit.database_config(Home(tmp_path), tmp_path / "spill")["threads"] == 1


@pytest.mark.parametrize("given", ["2", "GB", "-1GB", "1,5GB", "0GB", "2GB; drop"])
def test_what_is_no_size_is_wrong_use(given: str, bureau: Home) -> None:
    memory_limit.set_memory_flag(given)
    with pytest.raises(Misuse, match="memory must be a size"):
        limit(bureau)


def test_scores_are_the_same_and_nothing_of_the_spill_stays(bureau: Home, tmp_path: Path) -> None:
    memory_limit.set_memory_flag("64MB")
    small = score_run.score_institutions(bureau, DAY, load_policy(bureau))
    assert not list(bureau.path.glob("**/*spill*"))
    memory_limit.set_memory_flag(None)
    other = Home.create(tmp_path / "other")
    generate(other, institutions=500, records=5_000)
    assert score_run.score_institutions(other, DAY, load_policy(other)).release == small.release


@pytest.mark.parametrize(
    "words", [("registry", "list"), ("credit", "score", "--as-of", "2026-10-31")]
)
def test_too_little_is_said_in_words(words: tuple[str, ...], bureau: Home) -> None:
    command = [
        sys.executable,
        "-m",
        "double_random.cli",
        "--lang",
        "en",
        "--home",
        str(bureau.path),
        "--memory",
        "1MB",
        *words,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and not done.stdout
    assert "needs more memory" in done.stderr and "--memory 4GB" in done.stderr
    assert "Traceback" not in done.stderr
