"""隔离行: every row that a load or sync has counted as quarantined is listed, whatever the drop (D-015)."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from double_random.credit.records.load import load_records
from double_random.intake.credit_codes import check_character
from double_random.intake.layouts import Layout, LayoutColumn, load_shipped_layouts
from double_random.pipeline.status import collect_status
from double_random.registry.quality.issues import count_open_issues, list_issues
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from tests.thorough import examples

DAY = date(2016, 12, 31)
FIRMS = ("示例甲律师事务所", "示例乙律师事务所")
CODES = tuple(
    f"{body}{check_character(body)}" for body in ("31990000XXXX00001", "31990000XXXX00002")
)
LAYOUTS = {
    shape.noun: shape
    for shape in load_shipped_layouts()
    if shape.noun != "past_draws" and "2016" not in shape.id
}


def cell(column: LayoutColumn, drop: int) -> st.SearchStrategy[str]:
    """What may stand in a column: sound or not, and telling of its drop, so that no later row is an earlier one."""
    known = next((word for word, _code in column.values), "示例")
    by_form = {
        "uscc": [*CODES, "31990000XXXX00001A", "", "暂无"],
        "identifier": [f"2990020101000{drop:04}", "", "2.99E+16"],
        "name": [*FIRMS, f"示例不在册{drop}律师事务所", ""],
        "document": [f"示文{drop}号", f"示文{drop}之二号", ""],
        "date": ["2016-01-05", f"2016-13-0{drop}", ""],
        "end": ["2016-12-30", "长期", f"2016-13-0{drop}", ""],
        "year": ["2015", f"乱{drop}"],
        "number": ["1", f"乱{drop}"],
        "money": ["1", f"乱{drop}"],
        "choice": [known, f"乱{drop}", ""],
        "flag": [known, f"乱{drop}", ""],
        "kinds": ["警告", "罚款", f"乱{drop}", ""],
        "words": [f"示例{drop}", ""],
        "text": [f"文{drop}"],
    }
    return st.sampled_from(by_form[column.form])


def sheet(shape: Layout, drop: int) -> st.SearchStrategy[str]:
    """A file of a layout with up to five rows, of which some may be alike."""
    row = st.tuples(*(cell(column, drop) for column in shape.columns))
    return st.lists(row, max_size=5).map(lambda rows: written(shape, rows))


def written(shape: Layout, rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow([column.headers[0] for column in shape.columns])
    lines.writerows(rows)
    return text.getvalue()


def drop_of(number: int) -> st.SearchStrategy[dict[str, str]]:
    nouns = st.sets(st.sampled_from(sorted(LAYOUTS)), min_size=1, max_size=4)
    return nouns.flatmap(
        lambda some: st.fixed_dictionaries({noun: sheet(LAYOUTS[noun], number) for noun in some})
    )


@settings(
    max_examples=examples(3, 40), phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(st.tuples(drop_of(1), drop_of(2), drop_of(3)))
def test_rows_counted_as_quarantined_are_rows_listed(drops):
    with tempfile.TemporaryDirectory() as folder:
        home = Home.create(Path(folder, "bureau"), "示例市司法局", "11310000XXXX00071R")
        counted = 0
        for number, files in enumerate(drops):
            place = Path(folder, f"drop{number}")
            place.mkdir()
            for noun, text in files.items():
                (place / f"{noun}{number}.csv").write_text(text, "utf-8")
            for run in (partial(sync_registers, accept=True), load_records):
                report = run(home, [place], DAY)
                counted += sum(file.quarantined for file in report.files)
                if report.release:
                    assert listed(home) == counted


def listed(home: Home) -> int:
    """How many quarantined rows are listed; status says the same."""
    with home.releases.read() as release:
        found = list_issues(release).filter(severity="quarantined")
        count = found.select("id", "file", "sheet", "row").n_unique()
        assert found["id"].n_unique() == count and "" not in found["id"]
        assert count_open_issues(release)["quarantined"] == count
    assert collect_status(home, DAY)["quarantined"] == count
    return count
