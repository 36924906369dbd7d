"""A source that has broken down is stopped before it changes the register; a person may accept it all the same."""

from __future__ import annotations

import pytest

from double_random.core.errors import Stopped
from double_random.intake.credit_codes import check_character
from double_random.intake.reasons import EMPTY_FILE

DAY = ("--as-of", "2016-12-31")
HEADER = "行政相对人名称,行政相对人代码_1,行政许可决定文书名称,行政许可决定文书号,许可证书名称,许可编号,许可决定日期"


def row(number, title="关于准予律师事务所设立的决定", day="2001-02-03"):
    body = f"31310000XXXX{number:05d}"
    code = body + check_character(body)
    return f"上海示例{number}律师事务所,{code},{title},第{title[2:4]}{number}号,律师事务所执业许可证,{number},{day}"


def write(drop, rows, name="许可.csv"):
    (drop / name).write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")


@pytest.fixture
def forty(ask, drop):
    """A register of forty firms."""
    write(drop, [row(number) for number in range(40)])
    return ask("sync", drop, *DAY)[0]["release"]


def closings(count):
    return [row(number, "关于注销律师事务所的决定", "2016-05-01") for number in range(count)]


def test_closing_more_than_five_in_a_hundred_needs_a_persons_word(ask, drop, home, forty):
    write(drop, closings(3), "注销.csv")
    said, error = ask("sync", drop, *DAY)
    assert isinstance(error, Stopped) and error.exit_code == 3
    assert said["release"] == forty == home.releases.current()
    kind = {"kind": "law_firm", "before": 40, "after": 37, "opened": 0, "closed": 3}
    assert said["effect"]["kinds"] == [kind]
    assert "--accept" in error.hint
    dry, error = ask("sync", drop, *DAY, "--dry-run")
    assert error is None and dry == said
    assert home.releases.names() == [forty]
    accepted, error = ask("sync", drop, *DAY, "--accept")
    assert error is None and accepted["release"] != forty
    assert sum(one["status"] == "cancelled" for one in ask("list")[0]) == 3


def test_closing_five_in_a_hundred_goes_through(ask, drop, forty):
    write(drop, closings(2), "注销.csv")
    assert ask("sync", drop, *DAY)[1] is None


def test_what_holds_no_table_makes_no_release(ask, drop, home, forty, tmp_path):
    """Finding: a PDF alone was held with the hint --accept, which then made a release of nothing."""
    paper = tmp_path / "决定书.pdf"
    paper.write_bytes(b"%PDF-1.4\n")
    (tmp_path / "empty").mkdir()
    for given, named in ((paper, "not tables: 决定书.pdf"), (tmp_path / "empty", "no row at all")):
        for more in ((), ("--accept",)):
            _, error = ask("sync", given, *DAY, *more)
            assert isinstance(error, Stopped) and named in error.message
            assert "--accept" not in error.hint and "XLSX or CSV" in error.hint
    assert home.releases.names() == [forty]


def test_half_a_file_is_stopped(ask, drop, forty):
    write(drop, [row(number) for number in range(19)])
    _, error = ask("sync", drop, *DAY)
    assert isinstance(error, Stopped)
    assert "许可.csv" in error.message and "19" in error.message and "40" in error.message


def test_a_file_with_half_its_rows_and_not_fewer_goes_through(ask, drop, forty):
    write(drop, [row(number) for number in range(20)])
    assert ask("sync", drop, *DAY)[1] is None


def test_no_rows_at_all_are_stopped(ask, drop, home):
    write(drop, [])
    _, error = ask("sync", drop, *DAY)
    assert isinstance(error, Stopped)
    assert home.releases.names() == []


def test_an_empty_file_is_refused_and_not_taken_for_a_night_without_news(ask, drop):
    (drop / "许可.csv").write_bytes(b"")
    said, error = ask("sync", drop, *DAY)
    assert error.exit_code == 1
    assert [file["reason"] for file in said["files"]] == [EMPTY_FILE]


def test_a_code_that_becomes_known_closes_nobody(ask, drop, home):
    without = [
        ",".join(["" if at == 1 else cell for at, cell in enumerate(row(n).split(","))])
        for n in range(1, 31)
    ]
    write(drop, without, "无代码.csv")
    assert ask("sync", drop, *DAY)[1] is None
    assert sum(one["id"].startswith("L:") for one in ask("list")[0]) == 30
    write(drop, [row(number) for number in range(1, 31)])
    said, error = ask("sync", drop, *DAY, "--dry-run")
    assert error is None and said["effect"]["doubts"] == []


def lawyer(number, ends=False):
    title = (
        f"关于注销示例{number}律师执业证的决定" if ends else f"关于准予示例{number}律师执业的决定"
    )
    licence = 13100201010000000 + number
    return f"示例{number},,{title},第{title[2:4]}{number}号,律师执业证,{licence},{2015 if ends else 2010}-02-03"


def test_ending_more_than_five_in_a_hundred_lawyers_needs_a_persons_word(ask, drop):
    write(drop, [lawyer(number) for number in range(40)], "律师.csv")
    assert ask("sync", drop, *DAY)[1] is None
    write(drop, [lawyer(number, ends=True) for number in range(3)], "注销.csv")
    said, error = ask("sync", drop, *DAY)
    assert isinstance(error, Stopped)
    assert "3 of 40 practitioners of the kind lawyer" in str(error)
    assert said["effect"]["kinds"][-1] == {
        "kind": "lawyer",
        "before": 40,
        "after": 37,
        "opened": 0,
        "closed": 3,
    }
    assert ask("sync", drop, *DAY, "--accept")[1] is None
    assert len(ask("list", "--kind", "lawyer", "--status", "cancelled")[0]) == 3
