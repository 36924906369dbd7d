"""The nouns of a bureau's files: the contract of intake with registry and credit."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from double_random import data
from double_random.intake.drop_reader import read_drop
from double_random.intake.layouts import load_shipped_layouts
from double_random.intake.record_types import CODES, KINDS_FILES, NEEDED, NOUNS, PLACE, table_schema


@pytest.mark.parametrize("noun", NOUNS)
def test_every_table_ends_with_the_place_of_its_rows(noun: str) -> None:
    columns = table_schema(noun)
    assert list(columns) == [*NOUNS[noun], *PLACE]
    assert (columns["file"], columns["row"]) == (pl.String(), pl.Int64())


def test_each_type_has_its_type_in_polars() -> None:
    columns = table_schema("penalties")
    assert columns["kinds"] == pl.List(pl.String()) and columns["decided"] == pl.Date()
    assert columns["fine_fen"] == pl.Int64() and table_schema("past_draws")["drawn"] == pl.Boolean()


def test_what_is_needed_or_has_codes_is_a_column() -> None:
    assert NEEDED.keys() == NOUNS.keys()
    for noun, columns in NEEDED.items():
        assert set(columns) <= NOUNS[noun].keys(), noun
    for noun, coded in CODES.items():
        assert all(NOUNS[noun][column] == "text" for column in coded), noun
    for noun, listed in KINDS_FILES.items():
        assert all(NOUNS[noun][column] == "list" for column in listed), noun
        assert all(data.path(file).exists() for file in listed.values()), noun


def test_a_persons_rows_say_where_the_person_practises(tmp_path) -> None:
    """Bureaus add 执业机构 and 执业证号 to the national columns; the ID number beside them is not read."""
    code = "31310000XXXX30015D"
    permit = tmp_path / "许可.csv"
    permit.write_text(
        "行政相对人名称,证件号码,行政许可决定文书号,许可编号,许可决定日期,执业机构,执业机构统一社会信用代码\n"
        f"示例张三,000000197312036077,第1号,13100201010000001,2010-01-01,上海示例甲律师事务所,{code}\n",
        "utf-8",
    )
    order = tmp_path / "处罚.csv"
    order.write_text(
        "行政相对人名称,行政处罚决定书文号,处罚类别,处罚决定日期,暂扣或吊销证照名称及编号,执业证号,执业机构,违法行为日期\n"
        "示例张三,第2号,警告,2016-01-01,律师执业证 1,13100201010000001,上海示例甲律师事务所,2015-01-01\n",
        "utf-8",
    )
    penalties, permits = read_drop([tmp_path], date(2016, 12, 31), load_shipped_layouts())
    row = permits.tables["permits"].row(0, named=True)
    assert (row["practice"], row["practice_code"]) == ("上海示例甲律师事务所", code)
    assert "000000197312036077" not in map(str, row.values())
    row = penalties.tables["penalties"].row(0, named=True)
    assert (row["licence"], row["practice"]) == ("13100201010000001", "上海示例甲律师事务所")
    assert (row["conducted"], row["certificate"]) == (date(2015, 1, 1), "律师执业证 1")
