"""Tables are read from files and from memory; a fault has its file, row, column and a hint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.core.errors import BadFile
from double_random.inspection.bare.input_tables import (
    INSPECTORS,
    MOST_FAULTS,
    RECUSALS,
    TARGETS,
    InputTable,
    PersonRow,
    TargetRow,
    read_people,
    read_recusals,
    read_table,
    read_targets,
    spell_target_id,
)
from double_random.inspection.bare.rule_file import read_rule
from double_random.inspection.protocol.v2.target_ids import is_target_id
from tests.inspection.bare.bare import RULE, people, targets

PLAIN = read_rule(RULE | {"reasons": {"left_out": ["withdrawn"]}})


def table(rows: Any, headings: Any = TARGETS) -> InputTable:
    return read_table(rows, "targets", headings, ("id", "name"))


def read(rows: Any) -> list[TargetRow]:
    return read_targets(table(rows), PLAIN)


def persons(rows: Any) -> list[PersonRow]:
    return read_people(table(rows, INSPECTORS), PLAIN)


@pytest.mark.parametrize(
    ("written", "id"),
    [
        ("31990000XXXX0000A1", "31990000XXXX0000A1"),
        ("31990000xxxx0000a1", "31990000XXXX0000A1"),
        ("L: 31 9", "L:319"),
        ("P:31９", "P:319"),
        ("case 17", "N:CASE17"),
        ("N:案卷17", "N:案卷17"),
    ],
)
def test_ids_have_one_spelling(written: str, id: str) -> None:
    assert spell_target_id(written) == id and is_target_id(id)


@given(st.text(min_size=1))
def test_a_spelled_id_is_spelled_again_alike(text: str) -> None:
    id = spell_target_id(text)
    if is_target_id(id):
        assert spell_target_id(id) == id


@pytest.mark.parametrize("ending", [".csv", ".gbk.csv", ".tsv", ".xlsx"])
def test_files_of_a_bureau_are_read(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"targets{ending}"
    rows = [["示例名单", ""], ["编号", "名称"], ["1", "示例，甲"], ["", ""], ["2", "示例乙"]]
    if ending == ".xlsx":
        import xlsxwriter

        with xlsxwriter.Workbook(file) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    else:
        mark = "\t" if ending == ".tsv" else ","
        text = "".join(mark.join(row) + "\r\n" for row in rows)
        file.write_bytes(text.encode("gb18030" if "gbk" in ending else "utf-8-sig"))
    found = read(file)
    assert [(row.row, row.id, row.cells["name"]) for row in found] == [
        (3, "N:1", "示例，甲"),
        (5, "N:2", "示例乙"),
    ]


def test_frames_and_rows_are_the_same_table() -> None:
    assert read(polars.DataFrame(targets())) == read(targets()) == read(iter(targets()))


def test_flags_and_numbers_of_python_are_read() -> None:
    found = persons([{"id": 7, "lead": True, "kinds": "a,b a"}, {"id": 8, "lead": None}])
    assert [(one.id, one.lead, one.kinds) for one in found] == [
        ("7", True, ("a", "b")),
        ("8", False, ()),
    ]


def test_people_without_ids_are_numbered() -> None:
    assert [one.id for one in persons([{"姓名": "示例甲"}, {"姓名": "示例乙"}])] == [
        "p0001",
        "p0002",
    ]


def refused(rows: Any, reader: Any = read) -> BadFile:
    with pytest.raises(BadFile) as caught:
        reader(rows)
    assert caught.value.hint and caught.value.file == "targets"
    return caught.value


def test_every_fault_has_its_row_and_column() -> None:
    first, second = targets(2)
    assert (
        "row 2, column id: N:CASE-0 stands in row 1"
        in refused([first, {**second, "id": "Case-0"}]).reason
    )
    assert "row 1, column 编号: " in refused([{"编号": "\u200bx"}]).reason
    assert "is empty" in refused([{"id": "", "kind": "x"}]).reason
    assert "no reason of the rule" in refused([{**first, "left_out": "not liked"}]).reason
    assert "identity number" in refused([{"id": "11010519491231002X"}]).reason
    assert "neither yes nor no" in refused([{"id": "a", "lead": "maybe"}], persons).reason
    assert "cannot be an id" in refused([{"id": "示例"}], persons).reason
    assert "already" in refused([{"id": "a"}, {"id": "a"}], persons).reason
    assert "mean the same" in refused([{"id": "a", "编号": "b"}]).reason
    assert "no header" in refused([{"foo": "a"}]).reason
    assert (
        "no row"
        in refused(
            [{"id": "a"}][:0] or [],
            lambda rows: read_targets(InputTable("targets", rows, {}), PLAIN),
        ).reason
    )


def test_all_faults_are_told_at_once_up_to_a_number() -> None:
    many = refused([{"id": "same"}] * (MOST_FAULTS + 10))
    assert len(many.details) == MOST_FAULTS and many.details[-1].startswith("…")


def test_cells_that_the_rule_needs_are_filled_in() -> None:
    by_kind = read_rule(RULE | {"strata_by": "kind", "scope": {"districts": ["d0"]}})
    with pytest.raises(BadFile, match="column kind") as caught:
        read_targets(table([{**targets(1)[0], "kind": ""}]), by_kind)
    assert "forms groups by it" in caught.value.reason
    with pytest.raises(BadFile, match="outside the scope"):
        read_targets(table(targets(2)), by_kind)
    left = [targets(1)[0], {**targets(2)[1], "kind": "", "left_out": "withdrawn"}]
    may = read_rule(RULE | {"strata_by": "kind", "reasons": {"left_out": ["withdrawn"]}})
    assert len(read_targets(table(left), may)) == 2
    matched = read_rule(RULE | {"team": {"size": 1, "match_kind": True}})
    with pytest.raises(BadFile, match="holds no blank"):
        read_targets(table([{**targets(1)[0], "kind": "a b"}]), matched)


def test_a_row_wider_than_the_header_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("id,name\n1,示例,甲\n", "utf-8")
    with pytest.raises(BadFile, match="row 2: it has more cells"):
        read(file)
    with pytest.raises(BadFile, match="cannot be opened"):
        read(tmp_path / "missing.csv")


def test_headings_without_a_meaning_are_told() -> None:
    assert table([{"id": "1", "distrikt": "x"}]).unused == ("distrikt",)


def recusals(rows: Any) -> list[tuple[str, str]]:
    pairs = read_table(rows, "targets", RECUSALS, tuple(RECUSALS))
    return read_recusals(pairs, read(targets()), persons(people()))


def test_recusals_name_ids_or_names() -> None:
    found = recusals(
        [
            {"target": "case-1", "inspector": "p1"},
            {"target": "示例案卷2", "inspector": "示例人员3"},
            {"target": "CASE-1", "inspector": "p1"},
        ]
    )
    assert found == [("N:CASE-1", "p1"), ("N:CASE-2", "p3")]


def test_a_recusal_of_nobody_is_refused() -> None:
    assert (
        "row 1, column target: x names nobody"
        in refused([{"target": "x", "inspector": "p1"}], recusals).reason
    )
    assert "no header" in refused([{"target": "x"}], recusals).reason
    same = [{**row, "name": "示例"} for row in targets()]
    with pytest.raises(BadFile, match="means several rows"):
        read_recusals(
            read_table([{"target": "示例", "inspector": "p1"}], "x", RECUSALS, tuple(RECUSALS)),
            read(same),
            persons(people()),
        )
