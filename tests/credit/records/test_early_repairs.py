"""A repair in a file before its shortest term is an issue, whichever of it and its penalty is read first."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import polars
import pytest

from double_random import data
from double_random.credit.records import rulings
from double_random.credit.records.load import load_records
from double_random.intake import reasons
from double_random.registry.quality.issues import list_issues
from double_random.store.home import Home

DAY = date(2016, 12, 31)
FIRM = "31310000XXXX300238"
FINE = "沪司罚决字〔2016〕第14号"


def test_an_early_repair_in_a_file_is_set_aside_until_it_has_an_order(
    loaded: Home, tmp_path: Path
) -> None:
    """D-049: one rule for the command and for files; the row says from which day on."""
    text = data.path("publishing.toml").read_text(encoding="utf-8")
    own = loaded.path / "facts" / "publishing.toml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(text.replace("from = 2019-07-01", "from = 2010-01-01"), encoding="utf-8")
    with loaded.releases.read() as release:
        _about, decided = rulings.find_record(release, FIRM, FINE)
        name = release.frame("SELECT name FROM institutions WHERE id = ? LIMIT 1", [FIRM]).item()
    early = str(decided)
    head = ["机构名称", "原决定书文号", "处理结果", "修复决定文号", "修复决定日期"]
    order = ["责令修复机关", "责令修复文书号"]

    def brought(file: str, *rows: tuple[str, ...], more: list[str] | None = None) -> dict[str, Any]:
        with (tmp_path / file).open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([head + (more or []), *rows])
        (report,) = load_records(loaded, [tmp_path / file], DAY).json()["files"]  # type: ignore[index]
        return dict(report)

    def known() -> list[str]:
        with loaded.releases.read() as release:
            sql = "SELECT document FROM records WHERE class = 'repair' AND known_to IS NULL ORDER BY 1"
            return release.frame(sql)["document"].to_list()

    row = (name, FINE, "修复", "示修1号", early)
    report = brought("修复.csv", row, (name, "示例无此文号", "修复", "示修2号", early))
    assert (report["rows"], report["accepted"], report["quarantined"]) == (2, 1, 1)
    assert known() == ["示修2号"]
    with loaded.releases.read() as release:
        found = list_issues(release).filter(polars.col("file") == "修复.csv")
    ((sheet_row, column, value, reason, severity),) = found.select(
        "row", "column", "value", "reason", "severity"
    ).rows()
    assert (sheet_row, column, value, severity) == (2, "修复决定日期", early, "quarantined")
    assert reason.startswith(reasons.REPAIRED_TOO_EARLY + ": ")
    late = reason.rpartition(": ")[2]
    assert date.fromisoformat(late) > decided
    half = brought("修复2.csv", (*row, "示例法院", ""), more=order)
    assert half["quarantined"] == 1 and known() == ["示修2号"]
    whole = brought("修复3.csv", (*row, "示例法院", "示法〔2016〕1号"), more=order)
    assert whole["accepted"] == 1 and known() == ["示修1号", "示修2号"]
    with loaded.releases.read() as release:
        left = list_issues(release).filter(polars.col("reason").str.starts_with("repaired before"))
    assert left.is_empty()  # the row came mended


@pytest.mark.parametrize("ordered", [False, True])
@pytest.mark.parametrize("first", ["penalty", "repair", "both"])
def test_the_order_in_which_a_repair_and_its_penalty_come_does_not_matter(
    loaded: Home, tmp_path: Path, first: str, ordered: bool
) -> None:
    """D-049."""
    text = data.path("publishing.toml").read_text(encoding="utf-8")
    own = loaded.path / "facts" / "publishing.toml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(text.replace("from = 2019-07-01", "from = 2010-01-01"), encoding="utf-8")
    with loaded.releases.read() as release:
        name = release.frame("SELECT name FROM institutions WHERE id = ? LIMIT 1", [FIRM]).item()
    number = "示司罚决字〔2016〕第99号"
    penalty = {
        "行政相对人名称": name, "行政相对人代码_1(统一社会信用代码)": FIRM, "行政处罚决定书文号": number,
        "处罚类别": "罚款", "违法事实": "示例", "处罚决定日期": "2016-05-04", "处罚机关": "示例市司法局",
    }  # fmt: skip
    repair = {
        "机构名称": name, "原决定书文号": number, "处理结果": "修复", "修复决定文号": "示修9号",
        "修复决定日期": "2016-05-10", "责令修复机关": "示例法院" * ordered,
        "责令修复文书号": "示法〔2016〕1号" * ordered,
    }  # fmt: skip
    files = {"penalty": ("处罚.csv", penalty), "repair": ("修复.csv", repair)}

    def brought(*kinds: str) -> None:
        folder = tmp_path / "-".join(kinds)
        folder.mkdir(exist_ok=True)
        for file, row in map(files.__getitem__, kinds):
            with (folder / file).open("w", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows([row.keys(), row.values()])
        load_records(loaded, [folder], DAY)

    def found() -> tuple[int, int]:
        """How many repairs stand, and how many issues tell of an early one."""
        with loaded.releases.read() as release:
            sql = "SELECT count(*) FROM records WHERE document = '示修9号' AND known_to IS NULL"
            told = list_issues(release).filter(
                polars.col("reason").str.starts_with("repaired before")
            )
            return release.frame(sql).item(), told.height

    if first == "both":
        brought("penalty", "repair")
    else:
        brought(first)
        brought(*{"penalty", "repair"} - {first})
    assert found() == ((1, 0) if ordered else (0, 1))
    brought("repair")  # the same file once more
    brought("penalty")
    assert found() == ((1, 0) if ordered else (0, 1))
    repair["修复决定日期"] = "2016-10-10"
    brought("repair")
    assert found()[0] >= 1 and found()[1] == 0
