"""People's names for things: a code, a licence number, a name, a former name or a part that only one bears."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.core import translation
from double_random.core.errors import Misuse
from double_random.registry.institutions.resolver import KnownParty, choose_match

FIRMS = [
    KnownParty(
        "31990000XXXX001155",
        "示例枫杉枣律师事务所",
        ("29900201710000011",),
        ("示例旧枫律师事务所",),
    ),
    KnownParty("31990000XXXX001230", "示例梅梨枣律师事务所", ("29900201710000012",)),
    KnownParty("L:29900201810000019", "示例梅梨枣（海岛）律师事务所", ("29900201810000019",)),
]


def chosen(asked: str) -> str:
    return choose_match(asked, FIRMS, "unknown", "see the list").id


@pytest.mark.parametrize(
    ("asked", "id"),
    [
        ("31990000XXXX001155", "31990000XXXX001155"),
        ("31990000xxxx001155", "31990000XXXX001155"),
        ("29900201710000011", "31990000XXXX001155"),
        ("示例枫杉枣律师事务所", "31990000XXXX001155"),
        (" 示例枫杉枣 律师事务所 ", "31990000XXXX001155"),
        ("示例旧枫律师事务所", "31990000XXXX001155"),
        ("枫杉", "31990000XXXX001155"),
        ("旧枫", "31990000XXXX001155"),
        ("XXXX001155", "31990000XXXX001155"),
        ("示例梅梨枣律师事务所", "31990000XXXX001230"),
        ("示例梅梨枣(海岛)律师事务所", "L:29900201810000019"),
        ("L:29900201810000019", "L:29900201810000019"),
    ],
)
def test_one_is_meant(asked: str, id: str) -> None:  # D-013
    assert chosen(asked) == id


@pytest.mark.parametrize("asked", ["梅梨", "律师事务所", "示例", "所", "2990020"])
def test_several_are_listed_with_code_and_name(asked: str) -> None:
    with pytest.raises(Misuse) as fault:
        chosen(asked)
    assert "may mean several" in fault.value.message
    assert "31990000XXXX001230 示例梅梨枣律师事务所" in (fault.value.hint or "")


def test_candidates_are_listed_with_chinese_marks() -> None:
    """Finding: two firms of one name were listed with "; " and half-width brackets."""
    translation.choose_language("zh_CN")
    try:
        with pytest.raises(Misuse) as fault:
            chosen("梅梨")
    finally:
        translation.choose_language("en")
    assert "；" in (fault.value.hint or "") and ";" not in (fault.value.hint or "")


@pytest.mark.parametrize(
    ("asked", "meant"), [("示例枫杉枝律师事务所", "枫杉枣"), ("31990000XXXX00II55", "枫杉枣")]
)
def test_what_is_unknown_gets_the_nearest(asked: str, meant: str) -> None:
    with pytest.raises(Misuse) as fault:
        chosen(asked)
    assert fault.value.message == "unknown"
    assert "did you mean" in (fault.value.hint or "") and meant in (fault.value.hint or "")


@pytest.mark.parametrize("asked", ["", "  ", "%", "_", "完全不同的名字"])
def test_nothing_like_it_is_unknown(asked: str) -> None:
    with pytest.raises(Misuse, match="unknown"):
        chosen(asked)


@given(st.text(max_size=12))
def test_whoever_is_chosen_has_what_was_asked(asked: str) -> None:
    from double_random.registry.institutions.names import normalize_name

    try:
        found = choose_match(asked, FIRMS, "unknown", "")
    except Misuse:
        return
    texts = (found.id, found.name, *found.numbers, *found.former)
    assert any(normalize_name(asked) in normalize_name(text) for text in texts)
