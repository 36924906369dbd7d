"""The layouts of a credit platform: a record is laid out exactly, or every fault of it is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from double_random import data
from double_random.core.errors import Misuse
from double_random.publish.exports import upload_layout
from double_random.publish.exports.upload_layout import UploadColumn

LAYOUTS, WORDS = upload_layout.read_upload_layouts(data.path("upload_files.toml"))
BY_ID = {layout.id: layout for layout in LAYOUTS}
GOOD = {
    "name": "示例律师事务所",
    "uscc": "31310000XXXX30015D",
    "head": "示例甲",
    "title": "准予设立决定书",
    "document": "沪司许决字〔2016〕第1号",
    "content": "设立",
    "decided": date(2016, 5, 4),
    "licence_from": date(2016, 5, 4),
    "licence_to": None,
    "authority": "示例市司法局",
    "authority_code": "11310000XXXX00078P",
    "state": "1",
    "source": "示例市司法局",
    "source_code": "11310000XXXX00078P",
}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"document": None}, upload_layout.MISSING),
        ({"name": "长" * 10_000}, upload_layout.LONG),
        ({"title": "联系138-0013-8000"}, upload_layout.PERSONAL),
        ({"uscc": "31310000XXXX3001"}, upload_layout.NOT_EXACT),
        ({"source_code": "00000000000000000X"}, upload_layout.NO_CODE),
        ({"licence": "990101199001011234"}, upload_layout.PERSONAL),
    ],
)
def test_a_row_that_the_platform_would_refuse_has_its_reason(
    wrong: dict[str, str | None], reason: str
) -> None:
    assert BY_ID["permits"].lay_out(GOOD)[1] == []
    faults = BY_ID["permits"].lay_out(GOOD | wrong)[1]
    assert [why for _column, why in faults] == [reason]


def test_money_is_in_ten_thousands_and_exact() -> None:
    layout = replace(
        BY_ID["penalties"],
        columns=(upload_layout.UploadColumn(code="x", header="x", source="fine_fen"),),
    )
    for fen, said in ((500_000, "0.5"), (1, "0.000001"), (123_456_789, "123.456789"), (0, "0")):
        assert layout.lay_out({"fine_fen": fen})[0] == [said]


def test_a_list_of_ones_own_that_is_none_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "upload_files.toml").write_text("[[file]]\nid = 1\n")
    with pytest.raises(Misuse, match=r"upload_files\.toml"):
        upload_layout.read_upload_layouts(tmp_path / "upload_files.toml")


def test_days_and_missing_ends_are_written_as_the_platform_wants_them() -> None:
    sources = ("decided", "licence_to", "ends", "name")
    columns = tuple(UploadColumn(code=name, header=name, source=name) for name in sources)
    layout = replace(BY_ID["permits"], columns=columns)
    record = {"decided": date(2016, 5, 4), "licence_to": None, "ends": None, "name": " 示例\u200b "}
    cells, faults = layout.lay_out(record)
    assert cells == ["2016/05/04", upload_layout.NO_END, "", "示例\ufffd"]
    assert faults == []


def test_a_fixed_text_is_in_every_row_and_a_long_one_is_a_fault() -> None:
    column = UploadColumn(code="x", header="表头", always="示例文本", longest=3)
    assert replace(BY_ID["permits"], columns=(column,)).lay_out({}) == (
        ["示例文本"],
        [("表头", upload_layout.LONG)],
    )


def test_the_shipped_layouts_name_their_sources_and_the_platforms_words() -> None:
    assert set(BY_ID) == {"permits", "penalties", "results"}
    assert all(layout.columns and layout.reference for layout in LAYOUTS)
    assert WORDS["random"] == "双随机"
