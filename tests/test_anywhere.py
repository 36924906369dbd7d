"""The same release: the same scores, explanations, coverage and draw on DuckDB and through Spark Connect, bit for bit.

Run on Sail; on Apache Spark by `make test-spark`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from double_random import data
from double_random.credit.policy.catalog import load_policy
from double_random.credit.records.load import load_records
from double_random.credit.scoring import engine_runner, kept_scores, score_run
from double_random.credit.scoring.explanation import explain_score
from double_random.demo.demo_home import copy_facts
from double_random.demo.story import AS_OF
from double_random.inspection.draw import lifecycle
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.inspection.planning.plan_fields import PAIR, DrawRequest
from double_random.inspection.verification import bundle
from double_random.inspection.verification.verify import verify_bundle
from double_random.registry.quality.coverage import compute_coverage
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.engine.spark import Spark
from double_random.store.engine.warehouse import Warehouse
from double_random.store.home import Home
from tests.generated import DAY, generate

BALLS = "balls:示例摇号室:7"


@dataclass(frozen=True)
class Bureau:
    """A home whose registers and records were read, and the day."""

    home: Home
    day: date


def read(folder: Path, drop: Path, day: date) -> Bureau:
    home = Home.create(folder / "home", "示例市司法局", "11310000XXXX00071R")
    if drop == data.path("sample"):
        copy_facts(home)
    sync_registers(home, [drop], day)
    load_records(home, [drop], day)
    return Bureau(home, day)


def sample(folder: Path, _shared: Callable[[], Path]) -> Bureau:
    return read(folder, data.path("sample"), AS_OF)


def district(folder: Path, shared: Callable[[], Path]) -> Bureau:
    return read(folder, shared() / "inputs" / "district", date(2016, 12, 31))


def generated(folder: Path, _shared: Callable[[], Path]) -> Bureau:
    home = Home.create(folder / "home", "示例市司法局", "11310000XXXX00071R")
    generate(home, institutions=5_000, records=50_000)
    return Bureau(home, DAY)


@pytest.fixture(
    scope="module", params=[sample, district, generated], ids=lambda make: make.__name__
)
def bureau(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    made: Bureau = request.param(
        tmp_path_factory.mktemp("bureau"), lambda: request.getfixturevalue("shared")
    )
    return made


@pytest.fixture
def spark(spark_server: str, tmp_path: Path) -> Iterator[Spark]:
    """Through Parquet files that both see."""
    with Spark(
        spark_server, Warehouse(tmp_path / "tables", f"file://{tmp_path / 'tables'}")
    ) as one:
        yield one


@pytest.fixture
def unlinked(spark_server: str) -> Iterator[Spark]:
    """Through the connection alone."""
    with Spark(spark_server) as one:
        yield one


def copy(bureau: Bureau, to: Path) -> Home:
    shutil.copytree(bureau.home.path, to)
    return Home.open(to)


@pytest.mark.parametrize("way", ["spark", "unlinked"])
def test_scores_and_explanations_make_the_same_release(
    bureau: Bureau, way: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    engine: Spark = request.getfixturevalue(way)
    here, there = copy(bureau, tmp_path / "here"), copy(bureau, tmp_path / "there")
    rule = load_policy(here)
    a = score_run.score_institutions(here, bureau.day, rule)
    b = score_run.score_institutions(there, bureau.day, rule, engine)
    assert a == b and a.new and sum(a.grades.values()) == a.institutions > 0
    with here.releases.read() as one, there.releases.read() as other:
        assert one.hash == other.hash
        lines = "SELECT * FROM score_lines ORDER BY ALL"
        assert one.frame(lines).equals(other.frame(lines)) and one.frame(lines).height
        for institution in one.frame("SELECT institution FROM scores ORDER BY points LIMIT 3")[
            "institution"
        ]:
            asked = (institution, bureau.day, rule)
            assert explain_score(one, *asked) == explain_score(other, *asked)


def test_a_second_run_finds_the_same_scores_kept(
    bureau: Bureau, spark: Spark, tmp_path: Path
) -> None:
    home = copy(bureau, tmp_path / "home")
    first = score_run.score_institutions(home, bureau.day, load_policy(home), spark)
    again = score_run.score_institutions(home, bureau.day, load_policy(home), spark)
    assert first.new and not again.new and again.release == first.release


def test_grades_are_the_same_without_a_new_release(bureau: Bureau, spark: Spark) -> None:
    with bureau.home.releases.read() as release:
        rule = load_policy(bureau.home)
        here = kept_scores.load_scores(release, bureau.day, rule)
        assert (
            here.equals(engine_runner.load_engine_scores(spark, release, bureau.day, rule))
            and here.height
        )


def test_coverage_is_the_same(bureau: Bureau, spark: Spark) -> None:
    with bureau.home.releases.read() as release:
        here, there = (
            compute_coverage(release, bureau.day),
            compute_coverage(release, bureau.day, spark),
        )
    assert here.counts.equals(there.counts) and here.counts["approvals"].sum() > 0
    assert here.differences.equals(there.differences)
    assert here.sources.equals(there.sources)


def test_a_draw_made_there_is_the_same_and_verifies(
    bureau: Bureau, spark: Spark, tmp_path: Path
) -> None:
    there = copy(bureau, tmp_path / "there")
    wish = DrawRequest(
        protocol=1,
        draw="d1",
        items=("law-firm-practice",),
        as_of=bureau.day,
        sources=(BALLS,),
        not_before="2026-11-03T06:00:00Z",
        publish_by=date(2026, 11, 30),
        team=PAIR,
    )
    planned = freeze_plan(there, wish, spark)
    alone = freeze_plan(there, DrawRequest(**{**vars(wish), "draw": "d2"}))
    assert planned.strata == alone.strata
    lifecycle.commit_plan(there, "d1", "2026-11-02T01:00:00Z")
    lifecycle.log_entropy(there, "d1", f"{BALLS}=0730915", "2026-11-03T06:05:00Z")
    here = copy(Bureau(there, bureau.day), tmp_path / "here")
    lifecycle.run_draw(here, "d1", "2026-11-03T06:10:00Z")
    lifecycle.run_draw(there, "d1", "2026-11-03T06:10:00Z", spark)
    results = [DrawFolder.find(home, "d1").read_result() for home in (here, there)]
    assert results[0] == results[1] and results[0]["targets.csv"].count(b"\n") > 1
    assert here.log.file.read_bytes() == there.log.file.read_bytes()
    lifecycle.publish_draw(there, "d1", "2026-11-06T08:00:00Z")
    bundle.write_bundle(bundle.gather_bundle(there, "d1"), tmp_path / "d1.zip")
    verdict = verify_bundle(tmp_path / "d1.zip", there.log.public)
    assert verdict.intact, verdict.first_line


def test_nothing_stays_on_the_clusters_storage_but_the_releases_tables(
    bureau: Bureau, spark_server: str, tmp_path: Path
) -> None:
    tables = tmp_path / "tables"
    with (
        Spark(spark_server, Warehouse(tables, f"file://{tables}")) as engine,
        bureau.home.releases.read() as release,
    ):
        compute_coverage(release, bureau.day, engine)
        assert len(list(tables.iterdir())) == 2
    assert [folder.name for folder in tables.iterdir()] == [release.name]
    columns = {file.name.partition("-")[0] for file in (tables / release.name).iterdir()}
    assert columns == {"decisions", "institutions"}
    Warehouse(tables, "").prune([])
    assert not list(tables.iterdir())
