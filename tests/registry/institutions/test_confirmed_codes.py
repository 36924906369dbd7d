"""An official code that fails the check comes in when a person has confirmed it."""

from __future__ import annotations

from datetime import date

import pytest

from double_random.core.errors import Misuse
from double_random.intake import reasons
from double_random.intake.drop_reader import read_drop
from double_random.registry.institutions.confirmed_codes import (
    confirm_check_character,
    list_confirmed_codes,
    load_home_layouts,
)

CODE = "31990000XXXX000410"  # its check character is wrong
HEADER = "行政相对人名称,行政相对人代码_1,行政许可决定文书名称,行政许可决定文书号,许可证书名称,许可编号,许可决定日期"
ROW = f"示例错码律师事务所,{CODE},关于准予律师事务所设立的决定,第1号,律师事务所执业许可证,29900201010000041,2010-03-01"
WHO = ("示例甲", "许可证原件所载代码如此", date(2016, 12, 31), "2016-12-31T00:00:00Z")
SYNC = ("--as-of", "2016-12-31")


def test_a_confirmed_code_is_taken_by_a_later_sync_and_can_be_withdrawn(ask, drop, home):  # D-010
    (drop / "许可.csv").write_text(f"{HEADER}\n{ROW}\n", "utf-8")
    ask("sync", drop, *SYNC)
    (issue,), _ = ask("issues")
    assert issue["reason"] == reasons.CHECK_DIGIT
    said, error = ask(
        "confirm-code", CODE.lower(), "--by", "示例甲", "--reason", "许可证原件所载", *SYNC
    )
    assert error is None and said == {"code": CODE, "confirmed": True}
    report, error = ask("sync", drop, *SYNC)
    assert error is None and report["files"][0]["accepted"] == 1
    assert [one["id"] for one in ask("list")[0]] == [CODE]
    assert reasons.CHECK_DIGIT not in {one["reason"] for one in ask("issues")[0]}
    ask("confirm-code", CODE, "--by", "示例甲", "--reason", "误认", "--withdraw", *SYNC)
    assert list_confirmed_codes(home) == frozenset()
    (reading,) = read_drop([drop / "许可.csv"], date(2016, 12, 31), load_home_layouts(home))
    assert reading.quarantined == 1


@pytest.mark.parametrize(
    "code",
    ["31990000XXXX00041", "000000000000000000", "990101198709080026", "31990000XXXX0004I0", "31990000XXXX000214", ""],
)  # fmt: skip
def test_only_a_code_whose_check_alone_is_wrong_can_be_confirmed(home, code):  # D-010
    with pytest.raises(Misuse):
        confirm_check_character(home, code, *WHO)
    assert list_confirmed_codes(home) == frozenset()


def test_a_confirmation_needs_who_and_why(home):
    with pytest.raises(Misuse):
        confirm_check_character(home, CODE, " ", *WHO[1:])
    with pytest.raises(Misuse):
        confirm_check_character(home, CODE, "示例甲", " ", *WHO[2:])
