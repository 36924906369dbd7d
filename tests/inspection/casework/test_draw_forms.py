"""The forms of a draw's stage: the seal of its plan first, the forms of its case once it is drawn."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import docx
import pytest

from double_random.core.errors import Misuse
from double_random.inspection.casework.draw_forms import fill_draw_forms
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.store.home import Home

DAY, SEAL = date(2026, 12, 31), "方案封存单.docx"


def words(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return "\n".join("".join(t.text or "" for t in p.iter("{*}t")) for p in body.iter("{*}p"))


@pytest.fixture
def sealed(bureau: Callable[..., Home], wish: Callable[..., Any], run: Callable[..., Any]) -> Home:
    """A draw whose plan is committed and no more."""
    home = bureau()
    run(home, wish(), until="commit")
    return home


def test_a_sealed_plan_has_one_form_with_its_code_and_its_times(sealed: Home) -> None:
    ((name, content),) = fill_draw_forms(sealed, "d1", DAY)
    text = words(content)
    assert name == SEAL and DrawFolder.find(sealed, "d1").read_plan().code in text
    assert "2026年11月3日 14:00" in text  # not before 06:00 in UTC
    assert "2026年11月2日 09:00" in text  # committed at 01:00 in UTC


def test_a_drawn_case_has_the_seal_and_its_own_forms(filing: Any) -> None:
    names = [name for name, _content in fill_draw_forms(filing.home, "d1", DAY)]
    assert names[0] == SEAL
    assert "抽取记录表.docx" in names
    assert sum(name.startswith("行政检查通知书/") for name in names) == 4


def test_a_prefix_chooses_among_them(filing: Any) -> None:
    assert [name for name, _ in fill_draw_forms(filing.home, "d1", DAY, "方案")] == [SEAL]
    assert [name for name, _ in fill_draw_forms(filing.home, "d1", DAY, "抽取记录表")] == [
        "抽取记录表.docx"
    ]
    with pytest.raises(Misuse, match="no form begins with 没有"):
        list(fill_draw_forms(filing.home, "d1", DAY, "没有"))


def test_a_draw_that_is_not_committed_has_no_forms(home: Home) -> None:
    with pytest.raises(Misuse, match="no plan of the draw d1 has been committed"):
        list(fill_draw_forms(home, "d1", DAY))
