"""A penalty is not repaired before its shortest term; report and letters tell the first day, and print no notes."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars
import pytest

from double_random import data
from double_random.core.errors import Misuse
from double_random.credit.policy.catalog import policy
from double_random.credit.policy.publication_terms import PublicationTerms
from double_random.credit.records import rulings
from double_random.credit.records.load import load
from double_random.credit.reports.notices import read_terms
from double_random.credit.reports.print_pages import render
from double_random.credit.scoring.score_run import score
from double_random.intake import reasons
from double_random.registry.quality.issues import issues
from double_random.store.home import Home
from tests.credit.records.test_rulings import AT, DAY, FINE, FIRM, ruling

TODAY = date(2026, 6, 20)


def terms() -> PublicationTerms:
    class Shipped:
        """As little of a home as is asked for."""

        def __init__(self) -> None:
            self.settings: dict[str, str] = {}

        def fact(self, *names: str) -> Path:
            return data.path(*names)

        def facts(self, *names: str) -> list[Path]:
            return sorted(data.path(*names).glob("*.toml"))

    return PublicationTerms.of(Shipped())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kinds", "decided", "first"),
    [
        (["suspension"], date(2026, 6, 14), date(2027, 6, 15)),  # D-049
        (["fine"], date(2026, 6, 14), date(2026, 9, 15)),
        (["fine"], date(2026, 11, 30), date(2027, 3, 1)),
        (["warning", "suspension"], date(2026, 6, 14), date(2027, 6, 15)),
    ],
)
def test_a_repair_is_possible_from_the_day_after_the_shortest_term(
    kinds: list[str], decided: date, first: date
) -> None:
    found = terms().earliest(kinds, 0, decided, TODAY)
    assert found is not None and found.day == first and found.reference


@pytest.mark.parametrize("kinds", [["warning"], ["unheard-of"], []])
def test_what_is_minor_or_unknown_has_no_shortest_term(kinds: list[str]) -> None:
    assert terms().earliest(kinds, 0, date(2026, 6, 14), TODAY) is None


def test_the_authoritys_own_end_goes_before_the_longest_term() -> None:
    """D-065: the report says the same day as the site."""
    own = date(2027, 6, 14)
    known = terms()
    assert known.shown_until(["suspension"], 0, date(2026, 6, 14), own, TODAY) == own
    assert known.shown_until(["suspension"], 0, date(2026, 6, 14), None, TODAY) == date(2029, 6, 14)
    assert known.shown_until(["warning"], 0, date(2026, 6, 14), None, TODAY) is None


def test_an_early_repair_is_refused_without_an_order(loaded: Home) -> None:
    """D-049."""
    text = data.path("publishing.toml").read_text(encoding="utf-8")
    own = loaded.path / "facts" / "publishing.toml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(text.replace("from = 2019-07-01", "from = 2010-01-01"), encoding="utf-8")
    with loaded.releases.read() as release:
        _about, decided = rulings.record(release, FIRM, FINE)
    early = ruling(loaded, "repair", "decided", decided)
    with pytest.raises(Misuse, match="possible from") as refused:
        rulings.enter(loaded, early, AT)
    assert "--ordered-by" in refused.value.hint
    assert rulings.kept(loaded) == []
    ordered = replace(early, ordered_by="示例法院", order="示法〔2016〕1号")
    assert rulings.enter(loaded, ordered, AT) and rulings.kept(loaded) == [ordered]


def test_an_early_repair_in_a_file_is_set_aside_until_it_has_an_order(
    loaded: Home, tmp_path: Path
) -> None:
    """D-049: one rule for the command and for files; the row says from which day on."""
    text = data.path("publishing.toml").read_text(encoding="utf-8")
    own = loaded.path / "facts" / "publishing.toml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(text.replace("from = 2019-07-01", "from = 2010-01-01"), encoding="utf-8")
    with loaded.releases.read() as release:
        _about, decided = rulings.record(release, FIRM, FINE)
        name = release.frame("SELECT name FROM institutions WHERE id = ? LIMIT 1", [FIRM]).item()
    early = str(decided)
    head = ["机构名称", "原决定书文号", "处理结果", "修复决定文号", "修复决定日期"]
    order = ["责令修复机关", "责令修复文书号"]

    def brought(file: str, *rows: tuple[str, ...], more: list[str] | None = None) -> dict[str, Any]:
        with (tmp_path / file).open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([head + (more or []), *rows])
        (report,) = load(loaded, [tmp_path / file], DAY).json()["files"]  # type: ignore[index]
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
        found = issues(release).filter(polars.col("file") == "修复.csv")
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
        left = issues(release).filter(polars.col("reason").str.starts_with("repaired before"))
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
        load(loaded, [folder], DAY)

    def found() -> tuple[int, int]:
        """How many repairs stand, and how many issues tell of an early one."""
        with loaded.releases.read() as release:
            sql = "SELECT count(*) FROM records WHERE document = '示修9号' AND known_to IS NULL"
            told = issues(release).filter(polars.col("reason").str.starts_with("repaired before"))
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


def test_acts_without_an_order_keep_their_ids() -> None:
    old = rulings.Ruling(
        record_class="repair",
        kind="",
        state="decided",
        about="a" * 64,
        document="1",
        decided=TODAY,
        authority="示例局",
        note="",
    )
    assert b"order" not in old.line(AT)
    assert rulings.Ruling.read(old.line(AT)) == old


def test_no_developers_note_stands_in_a_reference() -> None:
    """D-064."""
    printed = [term.reference for term in read_terms(data.path("credit_terms.toml"))]
    for file in data.path("policies").glob("*.toml"):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("reference = "):
                printed.append(line.partition(" = ")[2].partition('"   #')[0])
    for text in printed:
        assert not any(note in text for note in ("待核", "记忆", "待查", "TODO", "memory")), text


@pytest.mark.parametrize("draft", [True, False])
def test_a_draft_says_so_across_the_page(draft: bool) -> None:
    """D-064."""
    page = render(
        "frame.html", language="zh-CN", title="告知书", explanation={"name": "示例"}, draft=draft
    )
    assert ("草稿 DRAFT" in page) is draft


def test_scoring_another_day_keeps_the_lines_of_the_day_before(loaded: Home) -> None:
    """D-052."""
    rule = policy(loaded)
    for day in (date(2016, 12, 31), date(2016, 7, 31), date(2016, 12, 31)):
        score(loaded, day, rule)
    with loaded.releases.read() as release:
        for table in ("scores", "score_lines"):
            days = release.frame(f"SELECT DISTINCT as_of FROM {table} ORDER BY as_of")
            assert days["as_of"].to_list() == [date(2016, 7, 31), date(2016, 12, 31)]
        sums = release.frame(
            """SELECT s.institution FROM scores s JOIN
                   (SELECT as_of, institution, sum(points) AS points FROM score_lines GROUP BY ALL) l
               USING (as_of, institution) WHERE s.points <> l.points"""
        )
    assert sums.is_empty()
