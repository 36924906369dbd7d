"""The change feed: right after an addition, a change, a repair and the end of a term; what has ended is nowhere."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import polars
import pytest

from double_random.credit.records.load import load_records
from double_random.publish.exports import change_feed
from double_random.publish.site import build
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from tests.publish.unpacked import unpacked

PERMITS = (
    "行政相对人名称,行政相对人代码_1(统一社会信用代码),法定代表人,行政许可决定文书名称,行政许可决定文书号,许可证书名称,"
    "许可内容,许可决定日期,有效期自,有效期至,许可机关\n"
)
PENALTIES = (
    "行政相对人名称,行政相对人代码_1(统一社会信用代码),行政处罚决定书文号,违法行为类型,违法事实,处罚依据,处罚类别,处罚内容,"
    "罚款金额(万元),处罚决定日期,处罚有效期,公示截止期,处罚机关\n"
)
FIRST, SECOND = "31990000XXXX00967X", "31990000XXXX00203K"


def permit(name: str, code: str, head: str, number: int, day: str, title: str = "设立") -> str:
    return (
        f"{name},{code},{head},准予律师事务所{title}的决定,示例司许决字〔2024〕{number}号,律师事务所执业许可证,"
        f"律师事务所{title},{day},{day},2099-12-31,示例市司法局\n"
    )


def penalty(name: str, code: str, number: int, day: str, until: str, facts: str) -> str:
    days = f"{day},{until},{until}"
    said = f"示例司罚决字〔2025〕{number}号,违规收费,{facts},律师法第五十条,罚款,罚款,0.5"
    return f"{name},{code},{said},{days},示例市司法局\n"


class House:
    """A small home whose files are written anew from day to day."""

    def __init__(self, folder: Path) -> None:
        self.home = Home.create(folder / "home", "示例市司法局", "11990000XXXX00019X")
        self.drop = folder / "drop"
        self.drop.mkdir()
        self.lines: dict[str, str] = {"许可.csv": PERMITS, "处罚.csv": PENALTIES}

    def night(self, day: str, **more: str) -> list[dict[str, Any]]:
        """Add lines, read everything, build; the feed's entries of this day."""
        for name, text in more.items():
            self.lines[f"{name}.csv"] = self.lines.get(f"{name}.csv", "") + text
        for file, text in self.lines.items():
            (self.drop / file).write_text(text, encoding="utf-8")
        as_of = date.fromisoformat(day)
        sync_registers(self.home, [self.drop], as_of)
        load_records(self.home, [self.drop], as_of)
        build.build_site(self.home, as_of)
        return [entry for entry in self.feed() if entry["day"] == day]

    def feed(self) -> list[dict[str, Any]]:
        """All entries."""
        text = (self.home.public / "data" / "changes.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def told(self, day: str, **more: str) -> list[tuple[str, str]]:
        """What a night's feed says: change and class."""
        return [(entry["change"], entry["class"]) for entry in self.night(day, **more)]

    def texts(self) -> dict[str, str]:
        """Everything that can be read in the public folder, archives opened."""
        return {
            path: text
            for file in sorted(self.home.public.resolve().rglob("*"))
            if file.is_file()
            for path, text in unpacked(file.name, file.read_bytes())
        }


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_a_year_of_changes(house: House) -> None:
    founded = permit("示例甲律师事务所", FIRST, "示例张", 1, "2024-01-05")
    assert house.night("2025-01-10", 许可=founded) == []  # the tables are the beginning
    # added
    second = permit("示例乙律师事务所", SECOND, "示例李", 2, "2025-01-11")
    told = house.told("2025-01-12", 许可=second)
    assert told == [("added", "approval"), ("added", "institution")]
    # nothing new: nothing told, and the same bytes
    before = (house.home.public / "data" / "changes.jsonl").read_bytes()
    assert house.told("2025-01-13") == []
    assert (house.home.public / "data" / "changes.jsonl").read_bytes() == before
    # changed
    moved = permit("示例乙律师事务所", SECOND, "示例王", 3, "2025-02-01", "变更负责人")
    assert house.told("2025-02-02", 许可=moved) == [
        ("added", "approval"),
        ("changed", "institution"),
    ]
    feed = house.feed()
    mine = [entry for entry in feed if entry["class"] == "institution"]
    assert [entry["change"] for entry in mine] == ["added", "changed"]
    assert mine[0]["record"] is None  # what was said before is not said any more
    assert mine[1]["record"]["head"] == "示例王"
    assert not any("示例李" in json.dumps(entry, ensure_ascii=False) for entry in feed)
    # two penalties, one is repaired, the other's term ends
    fined = penalty("示例甲律师事务所", FIRST, 7, "2025-03-01", "2025-12-31", "甲所未开票据")
    fined += penalty("示例乙律师事务所", SECOND, 8, "2025-03-01", "2025-09-01", "乙所未开票据")
    assert house.told("2025-03-02", 处罚=fined) == [("added", "penalty"), ("added", "penalty")]
    added = {e["record"]["document"]: e["id"] for e in house.feed() if e["class"] == "penalty"}
    repaired = (
        "机构名称,统一社会信用代码,原文书号,处理结果,处理日期,责令修复机关,责令修复文书号\n"
        f"示例甲律师事务所,{FIRST},示例司罚决字〔2025〕7号,准予修复,2025-06-01,示例市司法局,示例责〔2025〕1号\n"
    )
    assert house.told("2025-06-02", 修复=repaired) == [("removed", "penalty")]
    _gone(house, "示例司罚决字〔2025〕7号", "甲所未开票据", added["示例司罚决字〔2025〕7号"])
    assert "乙所未开票据" in "".join(house.texts().values())
    assert house.told("2025-09-02") == [("removed", "penalty")]
    _gone(house, "示例司罚决字〔2025〕8号", "乙所未开票据", added["示例司罚决字〔2025〕8号"])


def _gone(house: House, document: str, facts: str, id_: str) -> None:
    """Of an ended record the public folder holds its id in the feed, and nothing else."""
    for path, text in house.texts().items():
        assert document not in text and facts not in text, path
    entries = [entry for entry in house.feed() if entry["id"] == id_]
    assert [entry["change"] for entry in entries] == ["added", "removed"]
    assert [entry["record"] for entry in entries] == [None, None]


def test_an_id_is_what_the_description_says(house: House) -> None:
    house.night("2025-01-10", 许可=permit("示例甲律师事务所", FIRST, "示例张", 1, "2024-01-05"))
    entries = house.night(
        "2025-01-12", 许可=permit("示例乙律师事务所", SECOND, "示例李", 2, "2025-01-11")
    )
    package = json.loads((house.home.public / "data" / "datapackage.json").read_bytes())
    keys = {one["name"]: one["schema"].get("primaryKey") for one in package["resources"]}
    for entry in entries:
        record = entry["record"]
        key = keys[f"{entry['class']}-jsonl"] or list(record)
        values = ["" if record[name] is None else str(record[name]) for name in key]
        said = "\n".join([entry["class"], *values])
        assert entry["id"] == hashlib.sha256(said.encode()).hexdigest()


def test_the_csv_says_the_same(house: House) -> None:
    house.night("2025-01-10", 许可=permit("示例甲律师事务所", FIRST, "示例张", 1, "2024-01-05"))
    house.night("2025-01-12", 许可=permit("示例乙律师事务所", SECOND, "示例李", 2, "2025-01-11"))
    text = (house.home.public / "data" / "changes.csv").read_text(encoding="utf-8")
    rows = [
        row | {"record": json.loads(row["record"]) if row["record"] else None}
        for row in csv.DictReader(io.StringIO(text))
    ]
    assert rows == house.feed() != []


def test_a_follower_has_what_the_tables_have(house: House) -> None:
    """Somebody who took the first edition's tables and then only feeds has the last edition's tables."""

    def table(name: str) -> list[dict[str, Any]]:
        text = (house.home.public / "data" / f"{name}.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    house.night("2025-01-10", 许可=permit("示例甲律师事务所", FIRST, "示例张", 1, "2024-01-05"))
    mine = {row["id"]: row for row in table("institution")}
    house.night("2025-01-12", 许可=permit("示例乙律师事务所", SECOND, "示例李", 2, "2025-01-11"))
    house.night(
        "2025-02-02",
        许可=permit("示例甲律师事务所", FIRST, "示例王", 3, "2025-02-01", "变更负责人"),
    )
    for entry in house.feed():
        if entry["class"] == "institution" and entry["record"]:
            mine[entry["record"]["id"]] = entry["record"]
    assert sorted(mine.values(), key=lambda row: row["id"]) == table("institution")


def test_a_feed_that_grew_too_long_loses_whole_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_feed, "MOST", 3)
    entries = [
        change_feed.FeedEntry(f"2025-01-{day:02d}", "added", "institution", str(number))
        for day in (1, 2, 3)
        for number in range(2)
    ]
    since, left = change_feed._drop_oldest_days("2024-12-31", entries)
    assert since == "2025-01-02"
    assert {entry.day for entry in left} == {"2025-01-03"}


def test_grades_of_another_day_are_no_change(tmp_path: Path) -> None:
    def grades(day: date, grade: str) -> polars.DataFrame:
        return polars.DataFrame(
            {"institution": ["x"], "policy": ["p"], "as_of": [day], "grade": [grade]}
        )

    first = change_feed.build_change_feed(
        None, {"grade": grades(date(2025, 1, 1), "A")}, date(2025, 1, 1)
    )
    assert first.entries == () and first.since == "2025-01-01"
    (tmp_path / "data").mkdir()
    (tmp_path / change_feed.PATH).write_bytes(first.to_json_lines())
    (tmp_path / change_feed.DESCRIBED).write_text(
        json.dumps({"resources": [{"since": first.since}]})
    )
    grades(date(2025, 1, 1), "A").write_parquet(tmp_path / "data" / "grade.parquet")
    for grade, expected in (("A", []), ("B", ["changed"])):
        tables = {"grade": grades(date(2025, 1, 2), grade)}
        found = change_feed.build_change_feed(tmp_path, tables, date(2025, 1, 2))
        assert [entry.what for entry in found.entries] == expected
