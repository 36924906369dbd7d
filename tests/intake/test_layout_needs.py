"""What a layout lacks is said when it is loaded; constants, a default day, an order of dates, a decimal mark."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from double_random import data
from double_random.core.errors import Misuse
from double_random.credit.records.load import load_records
from double_random.intake import reasons
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.layouts import Layout, load_layouts, load_shipped_layouts
from double_random.intake.record_types import INSTEAD, NEEDED, NOUNS
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home

AS_OF = date(2016, 12, 31)
FORM = {"text": "text", "date": "date", "integer": "year", "flag": "flag", "list": "words"}
CELL = {"text": "示例", "date": "2015-05-03", "integer": "2015", "flag": "是", "list": "示例"}


def toml(noun: str, columns: list[str], top: str = "", required: bool = False) -> str:
    """A layout of a bureau's own: each column under a heading of its own name."""
    lines = [f'id = "own"\ntitle = "自用"\nnoun = "{noun}"\nreference = "示例"', top]
    lines.append(f"signature = {json.dumps(columns[:1])}")
    for to in columns:
        kind = NOUNS[noun][to]
        values = '\nvalues = { "是" = "yes", "否" = "no" }' if kind == "flag" else ""
        values += "\nrequired = true" if required else ""
        lines.append(
            f'[[column]]\nto = "{to}"\nform = "{FORM[kind]}"\nheaders = ["列{to}"]{values}'
        )
    return "\n".join(lines)


def own(folder: Path, text: str) -> Layout:
    path = folder / "own.toml"
    path.write_text(text, "utf-8")
    return load_layouts([path])[0]


def read(folder: Path, layout: Layout, *rows: str) -> FileReading:
    (folder / "表.csv").write_text("\n".join(rows), "utf-8")
    (reading,) = read_drop(folder / "表.csv", AS_OF, [layout])
    assert reading.rows == reading.accepted + reading.duplicates + reading.quarantined
    return reading


def columns_without(noun: str, to: str) -> list[str]:
    """All columns of a noun but one, and what may stand in for it."""
    return [name for name in NOUNS[noun] if name not in (to, INSTEAD.get(to))]


PAIRS = [(noun, to) for noun, needed in NEEDED.items() for to in needed]


# D-032
@pytest.mark.parametrize(("noun", "to"), PAIRS)
def test_a_needed_column_that_no_layout_gives_is_missed_at_loading(
    tmp_path: Path, noun: str, to: str
) -> None:
    assert own(tmp_path, toml(noun, list(NOUNS[noun]))).noun == noun
    with pytest.raises(Misuse, match=rf"own\.toml.*\b{to}\b"):
        own(tmp_path, toml(noun, columns_without(noun, to)))


# D-032
@pytest.mark.parametrize(("noun", "to"), PAIRS)
def test_a_row_that_leaves_a_needed_cell_empty_is_set_aside(
    tmp_path: Path, noun: str, to: str
) -> None:
    layout = own(tmp_path, toml(noun, list(NOUNS[noun])))
    filled = columns_without(noun, to)
    cells = [CELL[NOUNS[noun][name]] if name in filled else "" for name in NOUNS[noun]]
    reading = read(tmp_path, layout, ",".join(f"列{name}" for name in NOUNS[noun]), ",".join(cells))
    assert (reading.rows, reading.quarantined) == (1, 1)
    (issue,) = reading.issues.to_dicts()
    assert (issue["column"], issue["reason"]) == (f"列{to}", reasons.CELL_MISSING)


def test_a_person_stands_in_for_an_institution(tmp_path: Path) -> None:
    layout = own(tmp_path, toml("sanctions", list(NOUNS["sanctions"])))
    heads = list(NOUNS["sanctions"])
    cells = [CELL[NOUNS["sanctions"][to]] if to != "name" else "" for to in heads]
    reading = read(tmp_path, layout, ",".join(f"列{to}" for to in heads), ",".join(cells))
    assert (reading.accepted, reading.tables["sanctions"]["person"].to_list()) == (1, ["示例"])


@pytest.mark.parametrize("noun", sorted(NEEDED))
def test_a_layout_with_the_needed_columns_alone_is_read_to_the_end(
    tmp_path: Path, home: Home, noun: str
) -> None:
    """D-032: nothing else is asked for by the tables, so no row ends in a traceback."""
    (home.path / "facts" / "layouts").mkdir(parents=True, exist_ok=True)
    (home.path / "facts" / "layouts" / "own.toml").write_text(
        toml(noun, list(NEEDED[noun])), "utf-8"
    )
    file = tmp_path / "表.csv"
    heads = ",".join(f"列{name}" for name in NEEDED[noun])
    cells = ",".join(CELL[NOUNS[noun][name]] for name in NEEDED[noun])
    file.write_text(f"{heads}\n{cells}\n", "utf-8")
    for report in (
        sync_registers(home, [file], AS_OF, accept=True),
        load_records(home, [file], AS_OF),
    ):
        (one,) = report.files
        assert one.rows == one.accepted + one.duplicates + one.quarantined


def test_every_noun_says_what_it_needs() -> None:
    assert NEEDED.keys() == NOUNS.keys()
    assert all(set(needed) <= set(NOUNS[noun]) for noun, needed in NEEDED.items())


def test_constants_say_what_no_column_says(tmp_path: Path) -> None:
    constants = (
        '[constants]\nauthority = "示例区司法局"\nkinds = "警告、罚款"\ndecided = "2015-05-03"'
    )
    layout = own(tmp_path, toml("penalties", ["name", "document"]) + "\n" + constants)
    reading = read(tmp_path, layout, "列name,列document", "示例甲律师事务所,示例1号")
    (row,) = reading.tables["penalties"].to_dicts()
    assert (row["authority"], row["kinds"]) == ("示例区司法局", ["warning", "fine"])
    assert row["decided"] == date(2015, 5, 3)


@pytest.mark.parametrize(
    ("noun", "constant"),
    [
        ("permits", 'state = "有效"'),
        ("permits", 'decided = "2015-02-30"'),
        ("permits", 'colour = "红"'),
        ("permits", 'name = "示例"'),  # a column, too
        ("penalties", 'kinds = "示例"'),
        ("annual_checks", 'year = "去年"'),
        ("inspectors", 'lead = "maybe"'),
    ],
)
def test_a_constant_that_its_column_cannot_hold_is_refused(
    tmp_path: Path, noun: str, constant: str
) -> None:
    columns = [to for to in NOUNS[noun] if to == "name" or not constant.startswith(f"{to} ")]
    with pytest.raises(Misuse, match=r"own\.toml"):
        own(tmp_path, toml(noun, columns) + f"\n[constants]\n{constant}")


LIST = ["name", "uscc", "certificate"]
FIRMS = ("列name,列uscc,列certificate", "示例甲律师事务所,31990000XXXX000012,律师事务所执业许可证")


def test_a_list_without_days_counts_from_the_as_of_day_once(tmp_path: Path, home: Home) -> None:
    """D-032: the same list read again later, or beside another row, brings no second decision."""
    folder = home.path / "facts" / "layouts"
    folder.mkdir(parents=True, exist_ok=True)
    text = toml("permits", LIST, 'default_day = "as-of"') + '\n[constants]\nstate = "valid"'
    (folder / "own.toml").write_text(text, "utf-8")
    file = tmp_path / "名录.csv"
    file.write_text("\n".join(FIRMS), "utf-8")
    first = sync_registers(home, [file], AS_OF)
    assert first.files[0].accepted == 1
    sync_registers(home, [file], date(2017, 1, 31))
    file.write_text("\n".join([*FIRMS, FIRMS[1].replace("甲", "乙").replace("000012", "000025")]))
    sync_registers(home, [file], date(2017, 2, 28))
    with home.releases.read() as release:
        days = release.frame("SELECT name, decided FROM decisions ORDER BY name")
    assert sorted(days.rows()) == [
        ("示例乙律师事务所", date(2017, 2, 28)),
        ("示例甲律师事务所", date(2016, 12, 31)),
    ]


def test_a_default_day_is_for_lists_of_institutions_alone(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="default_day"):
        own(tmp_path, toml("penalties", ["name", "kinds"], 'default_day = "as-of"'))
    with pytest.raises(Misuse, match="default_day"):  # what to write, for a list that lacks days
        own(tmp_path, toml("permits", ["name", "state"]))


def test_the_order_of_dates_and_the_decimal_mark_are_the_layouts(tmp_path: Path) -> None:
    columns = ["name", "kinds", "decided", "fine_fen"]
    top = 'date_order = "dmy"\ndecimal_mark = ","'
    text = toml("penalties", columns, top).replace(
        'to = "fine_fen"\nform = "year"', 'to = "fine_fen"\nform = "money"'
    )
    layout = own(tmp_path, text)
    reading = read(
        tmp_path, layout, ";".join(f"列{to}" for to in columns),
        "示例甲;示例;03/05/2015;5.000,50", "示例乙;示例;3.5.2015;5000", "示例丙;示例;2015-05-03;5.5",
    )  # fmt: skip
    table = reading.tables["penalties"]
    assert table["decided"].to_list() == [date(2015, 5, 3)] * 2
    assert table["fine_fen"].to_list() == [500_050, 500_000]
    assert reading.issues["reason"].to_list() == [reasons.NO_SUCH_AMOUNT]


@pytest.mark.parametrize(
    "top", ['encoding = "klingon"', 'encoding = "base64"', 'date_order = "ydm"']
)
def test_an_unknown_encoding_or_order_is_refused(tmp_path: Path, top: str) -> None:
    with pytest.raises(Misuse, match=r"own\.toml"):
        own(tmp_path, toml("inspectors", ["name", "id"], top))


def test_the_documentation_names_what_each_noun_needs() -> None:
    page = (Path(data.__file__).parents[1] / "docs" / "reference" / "layout-format.md").read_text(
        "utf-8"
    )
    for noun, needed in NEEDED.items():
        assert f"`{noun}` {' '.join(needed)}" in page


def test_the_shipped_layouts_need_no_row_check() -> None:
    """Each asks for its needed cells itself, so that an empty one is named by its own heading."""
    for layout in load_shipped_layouts():
        asked = {c.to for c in layout.columns if c.required or c.default is not None}
        asked |= {to for group in layout.one_of for to in group}
        asked |= {to for to, other in INSTEAD.items() if other in asked}
        assert set(layout.needed) <= asked, layout.id
