"""A person closes an issue by its number, with author and reason, and may open it again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random.core.errors import Misuse
from double_random.registry.quality import resolutions
from double_random.registry.quality.issues import list_issues
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from tests.registry.conftest import HEADER, ROW

DAY, LATER = date(2016, 12, 31), date(2017, 1, 3)
AT = "2017-01-03T01:00:00Z"
BAD = ROW.replace("31310000XXXX30015D", "31310000XXXX30015A")


@pytest.fixture
def bureau(home: Home, tmp_path: Path) -> Home:
    """A home with one quarantined row."""
    folder = tmp_path / "drop"
    folder.mkdir()
    (folder / "许可.csv").write_text(f"{HEADER}\n{ROW}\n{BAD}\n", "utf-8")
    sync_registers(home, [folder], DAY)
    return home


def number(home: Home) -> str:
    with home.releases.read() as release:
        (row,) = list_issues(release).to_dicts()
    return str(row["id"])


def close(home: Home, asked: str, who: str = "示例某", why: str = "录入错误", closed: bool = True):
    return resolutions.close_issue(home, asked, who, why, LATER, AT, closed)


def test_a_closed_issue_is_listed_with_who_closed_it_and_why(bureau: Home) -> None:
    id_ = number(bureau)
    close(bureau, id_[: resolutions.SHORTEST])
    with bureau.releases.read() as release:
        assert list_issues(release).height == 0
        (row,) = resolutions.list_closed_issues(bureau, release).to_dicts()
    assert (row["id"], row["closed_by"], row["closed_why"], row["closed_on"]) == (
        id_, "示例某", "录入错误", "2017-01-03",
    )  # fmt: skip
    assert row["reason"] == "check digit"


def test_the_last_decision_counts(bureau: Home) -> None:
    id_ = number(bureau)
    close(bureau, id_)
    close(bureau, id_, why="并非错误", closed=False)
    assert number(bureau) == id_
    assert [word.closed for word in resolutions.read_resolutions(bureau)] == [True, False]
    with bureau.releases.read() as release:
        assert resolutions.list_closed_issues(bureau, release).height == 0


def test_a_closed_number_that_the_release_does_not_know_is_listed_alone(bureau: Home) -> None:
    close(bureau, number(bureau))
    other = Home.create(bureau.path.parent / "other")
    (other.path / "acts").mkdir()
    (other.path / "acts" / "closed.jsonl").write_bytes(
        (bureau.path / "acts" / "closed.jsonl").read_bytes()
    )
    with bureau.releases.read() as release:
        (row,) = resolutions.list_closed_issues(other, release).drop_nulls("reason").to_dicts()
        assert row["closed_by"] == "示例某"


@pytest.mark.parametrize(
    ("asked", "who", "why", "fault"),
    [
        ("", "示例某", "示例", "no issue has the number"),
        ("ffffffffffff", "示例某", "示例", "no issue has the number ffffffffffff"),
        ("ffffffffffff", " ", "示例", "needs who decided it and why"),
        ("ffffffffffff", "示例某", "", "needs who decided it and why"),
    ],
)
def test_a_wrong_number_or_no_reason_is_refused(
    bureau: Home, asked: str, who: str, why: str, fault: str
) -> None:
    before = bureau.releases.current()
    with pytest.raises(Misuse, match=fault):
        close(bureau, asked, who, why)
    assert bureau.releases.current() == before and resolutions.read_resolutions(bureau) == []
