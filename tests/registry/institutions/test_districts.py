"""区划: a district that was once known stays; former districts lead to today's; who has none is told (D-020, D-021)."""

from __future__ import annotations

from datetime import date

import pytest

from double_random.registry.institutions.districts import load_districts


@pytest.fixture
def told(register, permit):
    """The district of a firm after these addresses, one a year, and the issues of the last night."""

    def tell(*contents: str):
        for number, content in enumerate(contents):
            row = permit(
                document=f"第{number}号",
                title="关于准予律师事务所设立的决定" if not number else "关于准予变更住所的决定",
                content=content,
                decided=date(2000 + number, 1, 1),
            )
            _files, issues = register.night(permits=[row])
        last = register.versions()[-1]
        return last["district"], last["district_kept"], [row["reason"] for row in issues]

    return tell


def test_who_moves_to_an_address_without_a_district_keeps_the_last_one(told):
    assert told("住所:上海市闵行区示例路1号", "住所:上海市示例路2号") == (
        "310112", True, ["the address names no known district"],
    )  # fmt: skip


def test_a_later_address_with_a_district_ends_the_mark(told):
    assert told("住所:上海市闵行区示例路1号", "住所:示例路2号", "住所:徐汇区示例路3号") == (
        "310104", None, [],
    )  # fmt: skip


def test_an_address_that_never_named_a_district_is_noted(told):
    assert told("住所:示例路2号") == (None, None, ["the address names no known district"])


FORMER = {
    "嘉定县": "310114", "上海县": "310112", "松江县": "310117", "奉贤县": "310120", "青浦县": "310118",
    "金山县": "310116", "宝山县": "310113", "吴淞区": "310113", "南汇县": "310115", "南汇区": "310115",
    "川沙县": "310115", "崇明县": "310151", "卢湾区": "310101", "南市区": "310101", "闸北区": "310106",
    "浦东": "310115", "浦东新区": "310115",
}  # fmt: skip


@pytest.mark.parametrize("name", FORMER)
def test_a_former_district_leads_to_todays(told, name):
    assert told(f"住所:上海市{name}示例路1号") == (FORMER[name], None, [])


def test_a_bureau_elsewhere_finds_them_under_their_city_alone(home):
    (home.path / "facts").mkdir(exist_ok=True)
    (home.path / "facts" / "districts.toml").write_text(
        'reference = "示例"\n[[district]]\ncode = "990101"\nname = "宝山县"\n', "utf-8"
    )
    found = load_districts(home)
    assert found["宝山县"] == "990101" and found["上海市嘉定县"] == "310114"
    assert "嘉定县" not in found
