"""Facts of penalties go out masked; what is in doubt waits until somebody has looked, and what was decided stays."""

from __future__ import annotations

import json
from pathlib import Path

import polars
import pytest

from double_random.core.errors import Misuse
from double_random.publish.disclosure import review
from double_random.store.home import Home

DOUBTFUL = "该所安排,李四海,参加会议。"


def penalties(*facts: str | None) -> polars.DataFrame:
    rows = [(f"{place:064x}", "示例律师事务所", text) for place, text in enumerate(facts)]
    schema = dict.fromkeys(("record", "name", "facts"), polars.String)
    return polars.DataFrame(rows, schema=schema, orient="row")


def test_a_clear_text_goes_out_masked(home: Home) -> None:
    shown, waiting = review.apply_clearances(
        home, penalties("委托人张三(电话13800138000)投诉。", None)
    )
    assert shown["facts"].to_list() == ["委托人张某(电话［号码］)投诉。", None]
    assert waiting.is_empty()


def test_a_text_in_doubt_waits_until_somebody_looks(home: Home) -> None:
    shown, waiting = review.apply_clearances(home, penalties(DOUBTFUL))
    assert shown["facts"].to_list() == [None]
    assert waiting["text"].to_list() == [DOUBTFUL]
    review.record_decision(home, waiting, "0" * 64, "show", "示例科 王")
    shown, waiting = review.apply_clearances(home, penalties(DOUBTFUL))
    assert shown["facts"].to_list() == [DOUBTFUL] and waiting.is_empty()
    line = json.loads((home.path / "clearances.jsonl").read_text(encoding="utf-8"))
    assert line["by"] == "示例科 王" and "李四海" not in json.dumps(line, ensure_ascii=False)


def test_a_text_held_back_stays_back_and_waits_no_more(home: Home) -> None:
    _, waiting = review.apply_clearances(home, penalties(DOUBTFUL))
    review.record_decision(home, waiting, "0", "hold", "示例")
    shown, waiting = review.apply_clearances(home, penalties(DOUBTFUL))
    assert shown["facts"].to_list() == [None] and waiting.is_empty()


def test_a_changed_text_is_looked_at_again(home: Home) -> None:
    _, waiting = review.apply_clearances(home, penalties(DOUBTFUL))
    review.record_decision(home, waiting, "0", "show", "示例")
    shown, waiting = review.apply_clearances(home, penalties(DOUBTFUL + "王五六,在场。"))
    assert shown["facts"].to_list() == [None] and waiting.height == 1


def test_nobody_may_clear_what_does_not_wait(home: Home, tmp_path: Path) -> None:
    _, waiting = review.apply_clearances(home, penalties(DOUBTFUL, DOUBTFUL + "。"))
    for record in ("f", "0"):
        with pytest.raises(Misuse):
            review.record_decision(home, waiting, record, "show", "示例")


@pytest.mark.parametrize(
    "facts",
    [
        "该所接受John Sample委托代理离婚案件,收费不开票",
        "该所律师在办理Мария遗产继承案中泄露其患癌信息",
        "The client complained about the fee.",
        "委托人ཚེ་རིང支付代理费",
    ],
)
def test_facts_in_letters_that_are_not_read_wait(home: Home, facts: str) -> None:
    """D-001."""
    shown, waiting = review.apply_clearances(home, penalties(facts))
    assert shown["facts"].to_list() == [None]
    assert waiting["text"].to_list() == [facts]


def test_a_name_in_the_kind_of_conduct_or_the_basis_does_not_go_out(home: Home) -> None:
    """D-001."""
    rows = penalties("当事人存在上述行为,事实清楚。", "当事人存在上述行为,事实清楚。").with_columns(
        conduct=polars.Series(["私自收取John Sample费用", "私自收费"]),
        basis=polars.Series(["律师法第五十条", "律师法第五十条;委托人张三"]),
    )
    shown, _waiting = review.apply_clearances(home, rows)
    assert shown["conduct"].to_list() == [None, "私自收费"]
    assert shown["basis"].to_list() == ["律师法第五十条", "律师法第五十条;委托人张某"]
