"""A casebook: invented institutions and records in the tables that scoring reads, or copies of real ones."""

from __future__ import annotations

from datetime import date

import duckdb
import polars
import pytest

from double_random import data
from double_random.core.errors import Misuse
from double_random.credit.policy.loader import read_policy
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord
from double_random.credit.scoring.kept_scores import last_run_number, load_scores

DAY = date(2020, 6, 30)
RISK = read_policy(data.path("policies", "risk-100.toml"))


def fine(institution: str, document: str | None = None, night: int = 1) -> MadeUpRecord:
    return MadeUpRecord(
        institution=institution,
        record_class="penalty",
        decided=date(2020, 1, 1),
        kinds=("fine",),
        document=document,
        night=night,
    )


def test_the_run_of_a_case_is_no_part_of_its_id() -> None:
    assert fine("示例甲所", "罚1号").id == fine("示例甲所", "罚1号", night=2).id
    assert fine("示例甲所", "罚1号").id != fine("示例甲所", "罚2号").id


def test_institutions_and_records_are_where_scoring_reads_them() -> None:
    with Casebook() as book:
        book.add_institution("示例甲所")
        book.add_institutions(["示例乙所", "示例丙所"], "notary_office")
        book.add_cases([fine("示例甲所", "示例罚〔2020〕1号", night=3)])
        kinds = dict(book.frame("SELECT id, kind FROM institutions").iter_rows())
        assert kinds == {
            "示例甲所": "law_firm",
            "示例乙所": "notary_office",
            "示例丙所": "notary_office",
        }
        keys = book.frame("SELECT document, document_key FROM records").rows()
        assert keys == [("示例罚〔2020〕1号", "示例罚(2020)1号")]
        assert last_run_number(book) == 3  # the run that loaded the record is known
        assert book.frame("SELECT id FROM institutions WHERE id = ?", ["示例乙所"]).height == 1


def test_records_may_come_as_a_table_with_few_columns() -> None:
    rows = polars.DataFrame(
        {
            "record": ["a", "b"],
            "name": ["示例甲所", "示例甲所"],
            "class": ["penalty", "penalty"],
            "kinds": ["fine", "warning"],
            "state": ["decided", "decided"],
            "decided": [date(2020, 1, 1), date(2018, 12, 1)],
        }
    )
    with Casebook() as book:
        book.add_institution("示例甲所")
        book.add_records(rows)
        found = book.frame("SELECT record, number, known_from FROM records ORDER BY number").rows()
        assert found == [("a", 1, 1), ("b", 2, 1)]
        assert load_scores(book, DAY, RISK)["points"].item() == 100_00 - 15_00 - 4_00


def test_a_copy_has_one_institution_with_its_branches_and_nothing_else() -> None:
    with Casebook() as book:
        book.add_institutions(["示例总所", "示例乙所"], "law_firm")
        book.add_institution("示例分所", "law_firm_branch")
        book.connection.execute(
            "UPDATE institutions SET head_office = '示例 总所' WHERE id = '示例分所'"
        )
        book.add_cases(
            [fine("示例总所", "罚1号"), fine("示例乙所", "罚2号"), fine("示例分所", "罚3号", 2)]
        )
        with Casebook.copy_from(book, "示例总所") as copy:
            ids = copy.frame("SELECT id FROM institutions ORDER BY id")["id"].to_list()
            documents = copy.frame("SELECT document FROM records ORDER BY 1")["document"].to_list()
            assert ids == ["示例分所", "示例总所"] and documents == ["罚1号", "罚3号"]
            assert last_run_number(copy) == last_run_number(book)
            copy.add_cases([fine("示例总所", "罚4号")])
        assert book.frame("SELECT count(*) FROM records").item() == 3  # the copy alone has changed


def test_a_release_without_records_cannot_be_copied() -> None:
    with Casebook() as book:
        book.connection.execute("DROP TABLE records")
        with pytest.raises(Misuse, match="no records yet"):
            Casebook.copy_from(book, "示例甲所")


def test_it_is_closed_after_use() -> None:
    with Casebook() as book:
        pass
    with pytest.raises(duckdb.ConnectionException):
        book.frame("SELECT 1")
