"""--engine, --remote, --tables: what is asked for, where it comes from, and that the answer is the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from double_random.cli import build_application
from double_random.commands.engines import open_engine
from double_random.core.errors import Misuse
from double_random.store.engine.spark import Spark
from double_random.store.home import Home
from double_random.store.home_folder import MARK
from tests.generated import DAY, generate


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.create(
        tmp_path_factory.mktemp("bureau") / "home", "示例市司法局", "11310000XXXX00071R"
    )
    generate(home, institutions=400, records=2_000)
    return home


def ask(home: Home, *words: str) -> Result:
    return CliRunner().invoke(build_application(*words[:2]), ["--home", str(home.path), *words])


def told(home: Home, *words: str) -> object:
    done = ask(home, *words)
    assert done.exit_code == 0, done.exception
    return json.loads(done.stdout)


def test_the_commands_say_the_same_here_and_there(
    bureau: Home, spark_server: str, tmp_path: Path
) -> None:
    there = ["--engine", "spark", "--remote", spark_server, "--tables", str(tmp_path / "tables")]
    day = ["--as-of", str(DAY)]
    coverage = ["registry", "coverage", *day, "--format", "json"]
    assert told(bureau, *coverage) == told(bureau, *coverage, *there)
    back = ["credit", "score", *day, "--known-at", "1", "--format", "json"]
    assert told(bureau, *back) == told(bureau, *back, *there)
    plan = [
        "inspection",
        "plan",
        "law-firm-practice",
        *day,
        "--protocol",
        "1",
        "--source",
        "local",
        "--format",
        "json",
    ]
    plan += ["--not-before", "2026-11-03T06:00:00Z", "--publish-by", "2026-11-30"]
    plans = [told(bureau, *plan, "--draw", f"d{n}", *way) for n, way in enumerate(([], there))]
    assert isinstance(plans[0], dict) and isinstance(plans[1], dict)
    assert plans[0]["strata"] == plans[1]["strata"] and plans[0]["rows"] == plans[1]["rows"]
    assert ask(bureau, "inspection", "commit", "d1", "--at", "2026-11-02T01:00:00Z").exit_code == 0
    drawn = ask(bureau, "inspection", "draw", "d1", "--at", "2026-11-03T06:10:00Z", *there)
    assert drawn.exit_code == 0, drawn.exception
    assert [entry["kind"] for entry in bureau.log.entries()] == ["plan", "entropy", "draw"]


def test_a_flag_beats_the_environment_and_that_the_settings(
    spark_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home.create(tmp_path / "home")
    with open_engine(home, None, None, None) as chosen:
        assert chosen is None
    settings = home.path / MARK
    told = f'engine = "spark"\nremote = "{spark_server}"\ntables = "{tmp_path}"\nthere = "s3a://示例"\n'
    settings.write_text(settings.read_text("utf-8") + f"\n[spark]\n{told}", encoding="utf-8")
    home = Home.open(home.path)
    with open_engine(home, None, None, None) as chosen:
        assert isinstance(chosen, Spark) and chosen.address == spark_server
        assert chosen.warehouse and chosen.warehouse.there == "s3a://示例"
    monkeypatch.setenv("DOUBLE_RANDOM_ENGINE", "duckdb")
    with open_engine(home, None, None, None) as chosen:
        assert chosen is None
    with open_engine(home, "spark", None, None) as chosen:
        assert isinstance(chosen, Spark)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("hadoop", None, None), "no engine hadoop"),
        (("spark", None, None), "no server is named"),
        ((None, "sc://127.0.0.1:1", None), "go with --engine spark"),
        (("duckdb", None, "tables"), "go with --engine spark"),
    ],
)
def test_what_cannot_be_meant_is_wrong_use(
    given: tuple[str | None, str | None, str | None], said: str, tmp_path: Path
) -> None:
    with pytest.raises(Misuse, match=said), open_engine(Home.create(tmp_path / "home"), *given):
        pass


def test_a_draw_by_sm3_is_made_here(bureau: Home, spark_server: str) -> None:
    from double_random.inspection.draw.sql_tickets import TicketsOf
    from double_random.inspection.protocol.digest import Digest

    with Spark(spark_server) as there, pytest.raises(Misuse, match="sha256"):
        TicketsOf(there).for_seed(Digest("sm3"), "5e" * 32)
