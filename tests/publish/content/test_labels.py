"""Labels of codes: the home's own tables first, an unknown code unchanged."""

from __future__ import annotations

import pytest

from double_random.publish.content.labels import CodeLabels, format_yuan
from double_random.store.home import Home
from tests.publish import editions


def test_the_shipped_tables_label_kinds_districts_and_results(home: Home) -> None:
    words = CodeLabels.load(home)
    assert words.kind("law_firm") == "律师事务所"
    assert words.district("310104") == "徐汇区"
    assert words.status("active") == "正常执业"
    assert words.result("clean corrected") == "未发现问题、发现问题已责令改正"
    assert CodeLabels.load(home, "en").result("clean corrected") == (
        "no problem found, problem found, ordered to correct it"
    )


def test_a_homes_own_table_takes_precedence(home: Home) -> None:
    (home.path / "facts" / "districts.toml").write_text(
        '[[district]]\ncode = "990101"\nname = "示例区"\n', encoding="utf-8"
    )
    words = CodeLabels.load(home)
    assert words.districts == {"990101": "示例区"}
    assert words.district("310104") == "310104"


def test_an_unknown_code_is_shown_unchanged() -> None:
    words = editions.words()
    assert (
        words.kind("示例类别") == words.event("示例类别") == words.stage("示例类别") == "示例类别"
    )
    assert words.penalty("fine detention") == "罚款、detention"
    assert words.district(None) == words.district("") != ""
    assert words.check("") == ""


def test_kinds_are_in_the_order_of_the_list_and_unknown_ones_last() -> None:
    words = editions.words()
    assert words.order_kinds({"z", "notary_office", "a", "law_firm"}) == [
        *("law_firm", "notary_office"),
        *("a", "z"),
    ]


def test_a_title_is_in_the_language_of_the_site() -> None:
    field = editions.LIST.classes["draw"].fields[0]
    assert editions.words().title(field) == "抽查任务编号"
    assert editions.words("en").title(field) == "Draw"


@pytest.mark.parametrize(
    ("fen", "text"),
    [(500_000, "5,000.00"), (0, "0.00"), (7, "0.07"), (123_456_789, "1,234,567.89")],
)
def test_an_amount_is_exact(fen: int, text: str) -> None:
    assert format_yuan(fen) == text
