"""Every note bears a number, is told wherever issues are, and ends when a person closes it (D-006)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from double_random.core.errors import Misuse
from double_random.credit.rebuilding import rebuild_release
from double_random.pipeline.nightly import run_nightly
from double_random.pipeline.status import collect_status
from double_random.registry import reasons
from double_random.registry.quality import resolutions
from double_random.registry.quality.issues import count_open_issues, list_issues
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from double_random.store.tables import end_where
from tests.registry.conftest import HEADER, ROW
from tests.releases import forget_tables

DAY, LATER = date(2016, 12, 31), date(2017, 1, 3)
AT = "2017-01-03T01:00:00Z"
CODE = "31310000XXXX30015D"
SECOND = (
    ROW.replace("示例甲", "示例丙").replace("第1号", "第2号").replace("1992-", "1993-")
    .replace("103001", "103002")
)  # fmt: skip
THIRD = SECOND.replace("示例丙", "示例丁").replace("第2号", "第3号").replace("1993-", "1994-")


def write(folder: Path, *rows: str, header: str = HEADER) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "许可.csv").write_text("\n".join([header, *rows, ""]), "utf-8")
    return folder


def told(home: Home, reason: str = reasons.FOUNDED_TWICE) -> list[dict[str, Any]]:
    with home.releases.read() as release:
        return [row for row in list_issues(release).to_dicts() if row["reason"] == reason]


def close(home: Home, row: dict[str, Any], why: str = "同一机构更名", closed: bool = True) -> None:
    resolutions.close_issue(home, row["id"], "示例某", why, LATER, AT, closed)


@pytest.fixture
def twice(home: Home, tmp_path: Path) -> Home:
    """A home with two foundings of different names under one code."""
    sync_registers(home, [write(tmp_path / "drop", ROW, SECOND)], DAY)
    return home


def test_two_foundings_under_one_code_are_told_until_a_person_closes_it(
    ask: Callable[..., Any], drop: Path
) -> None:
    write(drop, ROW, SECOND)
    assert ask("sync", drop, "--as-of", "2016-12-31")[1] is None
    (row,) = [one for one in ask("issues")[0] if one["reason"] == reasons.FOUNDED_TWICE]
    assert (row["column"], row["severity"], len(row["id"])) == (CODE, "noted", 12)
    (shown,) = [one for one in ask("show", CODE)[0]["issues"] if one["id"] == row["id"]]
    assert (shown["value"], shown["closed_by"]) == (row["value"], None)

    by = ("--by", "示例某", "--reason", "同一机构更名", "--as-of", "2017-01-03")
    assert ask("close", row["id"], *by)[1] is None
    assert row["id"] not in [one["id"] for one in ask("issues")[0]]
    (done,) = ask("issues", "--closed")[0]
    assert (done["id"], done["reason"], done["value"]) == (row["id"], row["reason"], row["value"])
    word = ("示例某", "同一机构更名", "2017-01-03")
    assert (done["closed_by"], done["closed_why"], done["closed_on"]) == word
    (shown,) = [one for one in ask("show", CODE)[0]["issues"] if one["id"] == row["id"]]
    assert (shown["closed_by"], shown["closed_why"], shown["closed_on"]) == word
    assert ask("sync", drop, "--as-of", "2017-01-04")[1] is None
    assert row["id"] not in [one["id"] for one in ask("issues")[0]]

    again = ("--by", "示例某", "--reason", "并非更名", "--as-of", "2017-01-05", "--reopen")
    assert ask("close", row["id"], *again)[1] is None
    assert row["id"] in [one["id"] for one in ask("issues")[0]]
    assert ask("issues", "--closed")[0] == []


def test_every_word_is_kept(twice: Home) -> None:
    (row,) = told(twice)
    close(twice, row)
    close(twice, row, "并非更名", closed=False)
    close(twice, row, "确系更名")
    kept = [(word.who, word.why, word.closed) for word in resolutions.read_resolutions(twice)]
    assert kept == [
        ("示例某", "同一机构更名", True), ("示例某", "并非更名", False), ("示例某", "确系更名", True),
    ]  # fmt: skip
    assert told(twice) == []


def test_status_counts_it(twice: Home) -> None:
    found = collect_status(twice, LATER)
    assert found["notes"] == {reasons.FOUNDED_TWICE: 1}
    close(twice, told(twice)[0])
    assert collect_status(twice, LATER)["notes"] == {}


def test_a_third_founding_is_another_note(twice: Home, tmp_path: Path) -> None:
    (before,) = told(twice)
    close(twice, before)
    sync_registers(twice, [write(tmp_path / "drop", ROW, SECOND, THIRD)], LATER)
    (row,) = told(twice)
    assert row["id"] != before["id"] and "示例丁" in row["value"]


def test_two_homes_of_the_same_drop_number_alike(twice: Home, tmp_path: Path) -> None:
    other = Home.create(tmp_path / "other", "示例市司法局", "11310000XXXX00071R")
    sync_registers(other, [tmp_path / "drop"], DAY)
    with twice.releases.read() as one, other.releases.read() as two:
        assert list_issues(one)["id"].to_list() == list_issues(two)["id"].to_list()
        assert all(list_issues(one)["id"])
    close(twice, told(twice)[0])
    said = (twice.path / "acts" / "closed.jsonl").read_bytes()
    (other.path / "acts" / "closed.jsonl").write_bytes(said)
    sync_registers(other, [tmp_path / "drop"], LATER, accept=True)
    assert told(other) == []


def test_a_rebuilt_release_knows_the_word(twice: Home) -> None:
    close(twice, told(twice)[0])
    name = twice.releases.current()
    assert name is not None
    twice.releases.file(name).write_bytes(b"nothing")
    assert rebuild_release(twice).release == name
    assert told(twice) == []


def test_a_note_on_a_file_is_closed_by_its_number_and_by_place(home: Home, tmp_path: Path) -> None:
    """An unknown column; the same columns in the next file of this name are the same note."""
    drop = write(tmp_path / "drop", f"{ROW},甲", header=f"{HEADER},示例列")
    sync_registers(home, [drop], DAY)
    (row,) = told(home, "unknown column, not read")
    assert row["id"]
    close(home, row, "该列无用")
    assert told(home, "unknown column, not read") == []
    later = f"{SECOND.replace(CODE, '31310000XXXX40010M')},乙"
    sync_registers(home, [write(drop, f"{ROW},甲", later, header=f"{HEADER},示例列")], LATER)
    assert told(home, "unknown column, not read") == []
    sync_registers(home, [write(drop, f"{ROW},甲", header=f"{HEADER},又一列")], LATER)
    assert [one["column"] for one in told(home, "unknown column, not read")] == ["又一列"]


def test_of_two_rows_that_say_the_same_one_is_closed(home: Home, tmp_path: Path) -> None:
    nowhere = [
        ROW.replace("上海市闵行区示例路1号", "示例路1号"),
        ROW.replace("上海市闵行区示例路1号", "示例路1号").replace("第1号", "第9号"),
    ]
    sync_registers(home, [write(tmp_path / "drop", *nowhere)], DAY)
    one, two = told(home, reasons.NO_DISTRICT)
    assert one["id"] != two["id"]
    close(home, one, "地址不全")
    assert [row["id"] for row in told(home, reasons.NO_DISTRICT)] == [two["id"]]
    with home.releases.read() as release:
        assert count_open_issues(release)["row_notes"] == 1


def test_a_recusal_that_names_nobody_is_closed_by_itself(home: Home, tmp_path: Path) -> None:
    drop = write(tmp_path / "drop", ROW)
    sheet = "执法证号,统一社会信用代码,检查对象名称,事由\n"
    rows = "".join(f"ZF99XXXX{n},,示例查无律师事务所,近亲属\n" for n in (98, 99))
    (drop / "回避.csv").write_text(sheet + rows, "utf-8")
    sync_registers(home, [drop], DAY)
    found = told(home, reasons.RECUSAL_WAITS)
    assert len({row["id"] for row in found}) == 2
    close(home, found[0], "单位已注销")
    assert [row["id"] for row in told(home, reasons.RECUSAL_WAITS)] == [found[1]["id"]]


def test_what_was_closed_may_be_opened_when_its_cause_has_gone(twice: Home, tmp_path: Path) -> None:
    (row,) = told(twice)
    close(twice, row)
    resolutions_of = [word.content for word in resolutions.read_resolutions(twice)]
    with twice.releases.write("sync", LATER) as release:
        end_where(release.connection, "decisions", "true", release.run)
    with twice.releases.read() as release:
        (done,) = resolutions.list_closed_issues(twice, release).to_dicts()
    assert done["closed_why"] == "同一机构更名" and resolutions_of[0].startswith(done["id"])
    close(twice, row, "误了结", closed=False)
    with pytest.raises(Misuse, match="no issue"):
        resolutions.close_issue(twice, "0" * 12, "示例某", "重复报送", LATER, AT)


def test_the_notes_of_an_older_release_are_numbered_and_can_be_closed(twice: Home) -> None:
    forget_tables(twice, "set_aside", "settled")
    (row,) = told(twice)
    close(twice, row)
    assert told(twice) == []


def test_the_night_tells_what_is_open_and_what_is_new(home: Home, tmp_path: Path) -> None:
    reports = []
    for day, rows in ((3, [ROW]), (4, [ROW, SECOND]), (5, [ROW, SECOND])):
        report = run_nightly(home, [write(tmp_path / "drop", *rows)], date(2016, 12, day))
        reports.append((report["notes"], report["new_notes"]))
    one = {reasons.FOUNDED_TWICE: 1}
    assert reports == [({}, 0), (one, 1), (one, 0)]
    newest = max((home.path / "nights").glob("[0-9]*"))
    (kept,) = json.loads((newest / "due.json").read_text("utf-8"))["issues"]
    assert (kept["id"], kept["institution"]) == (told(home)[0]["id"], CODE)
    assert kept["new"] is False
