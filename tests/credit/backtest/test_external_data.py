"""Back-test on data from elsewhere: real inspections, and mappings that do not fit."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from double_random.core.errors import BadFile
from double_random.credit.backtest.external_data import MappingFile, backtest_external_data

ROOT = Path(__file__).parents[3]
LIVES = ROOT / "benchmarks" / "sf_lives"


def test_real_inspections_are_foretold(shared: Path) -> None:
    found = backtest_external_data(
        MappingFile.read(LIVES / "mapping.toml"), shared / "backtest" / "sf_lives"
    )
    assert found.observations == 8472  # inspections with one before; two days held two of one house
    assert found.separation.auc == Fraction(5129511, 6215296)  # 0.8253
    assert [rate.rate for rate in found.rates] == sorted(rate.rate for rate in found.rates)  # type: ignore[type-var]
    assert "<svg" in found.svg() and "http://www.w3.org" in found.svg()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('column = "score"\nbands', 'column = "scare"\nbands'), "no column scare"),
        (('    { kind = "poor" },\n', ""), "the last without"),
        (('form = "%Y%m%d"\nclass', 'form = "%d%m%Y"\nclass'), "cannot be read: decided"),
        (("at_most = 85\n", ""), "at_most"),
    ],
)
def test_a_mapping_that_does_not_fit_is_told(
    shared: Path, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    text = (LIVES / "mapping.toml").read_text(encoding="utf-8")
    assert change[0] in text
    text = text.replace(*change).replace("policies/", f"{LIVES}/policies/")
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadFile, match=said):
        backtest_external_data(
            MappingFile.read(tmp_path / "mapping.toml"), shared / "backtest" / "sf_lives"
        )


SMALL = """
format = "double-random/backtest-mapping/1"
title = "示例"
policy = "POLICY"
kind = "law_firm"

[[records]]
file = "records.csv"
institution = "name"
decided = "day"
class = "penalty"
column = "kind"
words = [{ is = "罚款", kind = "fine" }]

[outcome]
file = "outcome.csv"
institution = "name"
day = "day"
column = "score"
at_most = 59
"""


def mapped(tmp_path: Path) -> Path:
    """A mapping with two files: 甲 was fined before its observation, 乙 was not."""
    policy = ROOT / "data" / "policies" / "risk-100.toml"
    (tmp_path / "mapping.toml").write_text(SMALL.replace("POLICY", str(policy)), "utf-8")
    (tmp_path / "records.csv").write_text("name,day,kind\n示例甲,2016-01-05,罚款\n", "utf-8")
    (tmp_path / "outcome.csv").write_text(
        "name,day,score\n示例甲,2016-06-01,40\n示例乙,2016-06-01,90\n示例乙,2016-06-01,95\n",
        "utf-8",
    )
    return tmp_path


def test_each_observation_is_scored_by_what_was_decided_before(tmp_path: Path) -> None:
    folder = mapped(tmp_path)
    found = backtest_external_data(MappingFile.read(folder / "mapping.toml"), folder)
    assert found.observations == 2  # two rows of one day are one observation
    assert found.separation.steps == ((85_00, 1, 0), (100_00, 0, 1))
    assert found.outcome.startswith("score ≤ 59")


def test_a_word_that_the_mapping_lacks_is_not_left_out_in_silence(tmp_path: Path) -> None:
    folder = mapped(tmp_path)
    (folder / "records.csv").write_text("name,day,kind\n示例甲,2016-01-05,警告\n", "utf-8")
    with pytest.raises(BadFile, match="1 rows cannot be read: kinds"):
        backtest_external_data(MappingFile.read(folder / "mapping.toml"), folder)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = mapped(tmp_path)
    (folder / "outcome.csv").unlink()
    with pytest.raises(BadFile, match="no such file") as caught:
        backtest_external_data(MappingFile.read(folder / "mapping.toml"), folder)
    assert "outcome.csv" in caught.value.message
