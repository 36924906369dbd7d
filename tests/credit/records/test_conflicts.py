"""One decision twice in one run with different content: neither is guessed to hold; each is an issue."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random.credit.records.load import load_records
from double_random.registry.quality.issues import list_issues
from double_random.store.home import Home

DAY = date(2016, 12, 31)
HEADER = "被处分机构,统一社会信用代码,处分决定书文号,处分种类,违规行为,处分决定日期,处分期满日期,处分机构\n"


def row(firm: str, number: str, kind: str) -> str:
    return f"{firm},,{number},{kind},利益冲突,2016-03-01,,示例市律师协会\n"


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


def loaded(home: Home, drop: Path, *rows: str) -> tuple[int, int, int, int]:
    """rows, accepted, duplicates, quarantined (also whose institution is not known) of the one file."""
    (drop / "行业处分.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    (file,) = load_records(home, [drop], DAY).files
    assert file.rows == file.accepted + file.duplicates + file.quarantined
    return file.rows, file.accepted, file.duplicates, file.quarantined


def kept(home: Home) -> list[tuple[str, str]]:
    with home.releases.read() as release:
        return release.frame("SELECT document, kinds FROM records ORDER BY ALL").rows()


def test_two_contents_under_one_number_are_two_issues_and_no_record(home: Home, drop: Path) -> None:
    found = loaded(
        home,
        drop,
        row("示例甲律师事务所", "示律处字〔2016〕第1号", "警告"),
        row("示例甲律师事务所", "示律处字(2016)第1号", "公开谴责"),
        row("示例甲律师事务所", "示律处字〔2016〕第2号", "警告"),
        row("示例乙律师事务所", "示律处字〔2016〕第1号", "警告"),
        row("示例甲律师事务所", "无", "警告"),
        row("示例甲律师事务所", "无", "训诫"),
    )
    assert found[0] == found[3] == 6, "no institution is known here, so all wait"
    assert len(kept(home)) == 4, "another firm's, another number, and what has no number stand"
    with home.releases.read() as release:
        asked = list_issues(release)
    said = asked.filter(asked["reason"] == "the same document number twice with different content")
    assert said.select("row", "column", "value").sort("row").rows() == [
        (2, "处分决定书文号", "示律处字〔2016〕第1号"),
        (3, "处分决定书文号", "示律处字(2016)第1号"),
    ]


def test_the_same_row_twice_is_a_duplicate_and_no_contradiction(home: Home, drop: Path) -> None:
    one = row("示例甲律师事务所", "示律处字〔2016〕第1号", "警告")
    assert loaded(home, drop, one, one)[2] == 1
    assert len(kept(home)) == 1


def test_what_comes_beside_the_row_that_is_known_is_its_correction(home: Home, drop: Path) -> None:
    old = row("示例甲律师事务所", "示律处字〔2016〕第1号", "警告")
    new = row("示例甲律师事务所", "示律处字〔2016〕第1号", "公开谴责")
    loaded(home, drop, old)
    loaded(home, drop, old, new)
    assert [kinds for _number, kinds in kept(home)] == ["association_warning", "public_censure"]


def test_a_file_that_says_one_thing_ends_the_contradiction(home: Home, drop: Path) -> None:
    rows = [row("示例甲律师事务所", "示律处字〔2016〕第1号", kind) for kind in ("警告", "公开谴责")]
    loaded(home, drop, *rows)
    assert kept(home) == []
    loaded(home, drop, rows[1])
    assert [kinds for _number, kinds in kept(home)] == ["public_censure"]
