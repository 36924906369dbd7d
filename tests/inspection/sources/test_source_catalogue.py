"""The catalogue: the shipped file, the home's own beside it, and every fault of that one an error with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from double_random import data
from double_random.core.errors import BadFile, Misuse
from double_random.inspection.protocol.lotteries import shipped_lotteries
from double_random.inspection.sources import source_catalogue as catalogue
from double_random.inspection.sources.source_catalogue import (
    FILE,
    describe_own_source,
    load_catalogue,
    load_home_catalogue,
)
from double_random.store.home_folder import HomeFolder

SHIPPED = load_catalogue()
NOT_BEFORE = "2026-12-01T04:00:00Z"
GAME = """
[[lottery]]
name = "示例彩"
groups = [{ count = 3, low = 0, high = 9, order = "drawn" }]
published = "示例公告"
reference = "示例"
confirmed = true
"""
CLOSED = """
[[closed]]
calendar = "中国彩票"
from = 2027-02-05
to = 2027-02-14
occasion = "春节"
reference = "示例"
confirmed = false
"""


def own(folder: Path, text: str) -> Path:
    file = folder / FILE
    file.write_text(text, "utf-8")
    return file


def test_the_lotteries_of_the_first_protocol_are_the_same_games() -> None:
    for name, game in shipped_lotteries().items():
        assert SHIPPED.find("lottery", name).outcomes == game.outcomes
    table = data.table(FILE)
    assert table["closed"] and {row["calendar"] for row in table["closed"]} == {"中国彩票"}


def test_an_own_source_stands_beside_the_shipped_ones_and_before_its_namesake(
    tmp_path: Path,
) -> None:
    found = load_catalogue(own(tmp_path, GAME + GAME.replace("示例彩", "快乐8")))
    assert found.find("lottery", "示例彩").outcomes == 1000
    assert found.find("lottery", "快乐8").outcomes == 1000
    assert found.find("lottery", "双色球").outcomes == SHIPPED.find("lottery", "双色球").outcomes


def test_closed_days_of_a_home_make_a_year_known(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="no calendar"):
        SHIPPED.describe("lottery:快乐8:2027001", NOT_BEFORE)
    found = load_catalogue(own(tmp_path, CLOSED))
    row = found.describe("lottery:快乐8:2027036", NOT_BEFORE)
    assert row["known_from"] == "2027-02-15T13:30:00Z"
    assert found.describe("lottery:快乐8:2026320", NOT_BEFORE)["known_from"].startswith(
        "2026-11-30"
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (GAME + GAME, 9, "stands there twice"),
        (GAME.replace('"drawn"', '"sorted"'), 4, "one of"),
        (GAME.replace('"drawn"', '"ascending", distinct = false'), 2, "ascending"),
        (GAME.replace("count = 3", "count = 11, distinct = true"), 2, "more numbers"),
        (GAME.replace("示例彩", "示例:彩"), 3, "a name without"),
        (GAME.replace("groups", "group"), 4, "not known here"),
        (GAME + "hex = 4\n", 2, "either groups or hex"),
        (GAME.replace("groups = ", "# "), 2, "either groups or hex"),
        (GAME + 'zone = "Asia/Shanghai"\n', 2, "stand together"),
        (GAME + 'calendar = "x"\n', 2, "needs drawings"),
        (
            GAME
            + 'issue = "YYNNN"\nzone = "Mars/Olympus"\ndrawings = [{days = [1], time = "9:00"}]\n',
            10,
            "time of day",
        ),
        (
            GAME
            + 'issue = "YYNNN"\nzone = "Mars/Olympus"\ndrawings = [{days = [1], time = "09:00"}]\n',
            2,
            "no time zone",
        ),
        (
            GAME
            + 'issue = "YYNNN"\nzone = "Asia/Shanghai"\n'
            + 'drawings = [{days = [1], time = "09:00"}, {days = [1], time = "10:00"}]\n',
            2,
            "weekday stands twice",
        ),
        ("[[lotery]]\n", 1, "not known here"),
        ("[[lottery]\n", 1, "line 1"),
        (CLOSED.replace("to = 2027-02-14", "to = 2027-02-04"), 2, "before the first"),
    ],
)
def test_a_wrong_file_is_an_error_with_its_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    file = own(tmp_path, text)
    with pytest.raises(BadFile, match=words) as refused:
        load_catalogue(file)
    assert refused.value.file == str(file) and f"line {line}:" in refused.value.reason


def test_an_invented_chain_and_a_calendar_without_days_are_errors(tmp_path: Path) -> None:
    chain = data.path(FILE).read_text("utf-8").split("\n[[drand]]")[1]
    for wrong in (
        chain.replace('group_hash = "f4', 'group_hash = "x4'),
        chain.replace("83cf", "83c"),
    ):
        with pytest.raises(BadFile, match="quicknet"):
            load_catalogue(own(tmp_path, "[[drand]]" + wrong))
    dated = 'issue = "YYNNN"\nzone = "Asia/Shanghai"\ndrawings = [{days = [1], time = "09:00"}]\n'
    with pytest.raises(BadFile, match="no closed days"):
        load_catalogue(own(tmp_path, GAME + dated + 'calendar = "示例"\n'))


def test_a_home_reads_its_own_file_and_refuses_one_that_would_be_ignored(tmp_path: Path) -> None:
    home = HomeFolder(tmp_path)
    facts = tmp_path / "facts"
    facts.mkdir()
    assert load_home_catalogue(home).sources.keys() == SHIPPED.sources.keys()
    own(facts, GAME)
    assert load_home_catalogue(home).find("lottery", "示例彩").bits == 9
    (facts / catalogue.FORMER).write_text("", "utf-8")
    with pytest.raises(BadFile, match="is not read"):
        load_home_catalogue(home)


def test_a_source_is_named_with_or_without_its_issue() -> None:
    assert SHIPPED.describe("local", NOT_BEFORE)["source"] == "local"
    assert SHIPPED.describe("lottery:双色球", NOT_BEFORE)["source"] == "lottery:双色球:2026138"
    named = SHIPPED.describe("drand:quicknet", NOT_BEFORE)
    assert named["known_from"] == NOT_BEFORE
    assert SHIPPED.describe(named["source"], NOT_BEFORE) == named
    dice = SHIPPED.describe("ceremony:dice:会议室", NOT_BEFORE)
    assert dice["known_from"] == NOT_BEFORE
    for wrong in ("lottery:六合彩:1", "cubes:x:1", "ceremony:dice", "lottery", ""):
        with pytest.raises(Misuse):
            SHIPPED.describe(wrong, NOT_BEFORE)


def test_a_rule_describes_a_source_itself() -> None:
    time = "2026-12-02T08:00:00Z"
    row = {"source": "public:示例债务:2026-12-02", "known_from": time, "published": "示例网站"}
    digits = [{"count": 6, "low": 0, "high": 9, "order": "drawn"}]
    made = describe_own_source(SHIPPED, {**row, "groups": digits})
    assert made["outcomes"] == "1000000" and made["known_from"] == time
    known = {"source": "lottery:快乐8:2027001", "known_from": time}
    assert describe_own_source(SHIPPED, known)["known_from"] == time
    for wrong in (
        {**row, "groups": digits, "source": "drand:示例:1"},
        {**row, "groups": digits, "source": "public:示例"},
        {**row, "groups": digits, "published": ""},
    ):
        with pytest.raises(Misuse):
            describe_own_source(SHIPPED, wrong)
    with pytest.raises(BadFile):
        describe_own_source(
            SHIPPED, {**row, "groups": [{**digits[0], "order": "ascending", "distinct": False}]}
        )
