"""The nine files agree with the plan and with each other; each contradiction names its file."""

from __future__ import annotations

from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.files import TABLES
from double_random.inspection.protocol.v2.files import TARGET_FILES, Files, TargetFiles
from double_random.inspection.protocol.v2.plan import FILES
from tests.inspection.protocol.v2.cases import (
    REASONS,
    Case,
    change_json,
    change_rows,
    frame_and_pool,
    make_case,
)

CASE = make_case()
SALT = "0" * 32


def read(case: Case) -> Files:
    return Files.read(case.plan, case.files)


def refuse(file: str, files: dict[str, bytes], plan: dict[str, Any] | None = None) -> None:
    """Files that are sealed with the plan, but contradict it or each other."""
    case = make_case(files=files, plan=plan)
    with pytest.raises(BadFile) as refused:
        read(case)
    assert refused.value.file == file


def test_the_target_files_are_read_without_the_people() -> None:
    targets = TargetFiles.read(CASE.plan, {name: CASE.files[name] for name in TARGET_FILES})
    files = read(CASE)
    assert targets.frame == files.frame and targets.rules == files.rules
    assert files.target(files.frame[0].id) == files.frame[0]
    with pytest.raises(KeyError):
        targets.target("nobody")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing_or_not_the_sealed_one_is_named(name: str) -> None:
    without = {file: data for file, data in CASE.files.items() if file != name}
    for files in (without, {**CASE.files, name: CASE.files[name] + b"\n"}):
        with pytest.raises(BadFile) as refused:
            Files.read(CASE.plan, files)
        assert refused.value.file == name


@pytest.mark.parametrize("field", ["rows", "root"])
def test_rows_and_root_are_those_of_the_plan(field: str) -> None:
    frame = {"sha256": CASE.plan.files["frame.csv"].sha256}
    frame |= {"rows": 12, "root": CASE.plan.files["frame.csv"].root or ""}  # type: ignore[dict-item]
    frame |= {field: 13 if field == "rows" else SALT * 2}  # type: ignore[dict-item]
    with pytest.raises(BadFile) as refused:
        read(make_case(plan={"frame": frame}))
    assert refused.value.file == "frame.csv"


@pytest.mark.parametrize(
    "fields",
    [
        {"stratum": "law_firm/B"},
        {"district": "310199"},
        {"district": ""},
        {"kind": "notary_office"},
        {"id": "N:case"},
        {"id": "31310000XXXX0000"},
        {"salt": "0"},
        {"salt": "A" * 32},
    ],
)
def test_a_row_outside_scope_or_stratum_is_refused(fields: dict[str, str]) -> None:
    refuse("frame.csv", frame_and_pool(CASE, **fields))


def test_an_empty_list_of_the_scope_sets_no_bound() -> None:
    files = frame_and_pool(CASE, district="", kind="", id="N:甲")
    made = read(make_case(files=files, plan={"scope": {"districts": [], "kinds": []}}, recusals=()))
    assert any((row.id, row.kind, row.district) == ("N:甲", "", "") for row in made.frame)
    refuse("frame.csv", files, {"scope": {"districts": [], "kinds": ["law_firm"]}})


@pytest.mark.parametrize("strata_by", ["all", "kind", "district", "kind/district"])
def test_strata_of_public_columns_bind_every_row(strata_by: str) -> None:
    refuse("frame.csv", {}, {"strata_by": strata_by})
    public = make_case(strata=(("law_firm", 12, [1, 3], 0, "up"),), plan={"strata_by": "kind"})
    assert len(read(public).frame) == 12


@pytest.mark.parametrize(
    "strata",
    [
        {"population": 11},
        {"population": 0},
        {"ratio": [1, 2]},
        {"minimum": 1},
        {"rounding": "unbiased"},
        {"stratum": "law_firm/B"},
    ],
)
def test_strata_have_the_rows_of_the_frame_and_the_rule_of_every_item(
    strata: dict[str, Any],
) -> None:
    row = {"stratum": "law_firm/A", "population": 12, "ratio": [1, 3], "minimum": 0}
    row |= {"rounding": "up", **strata}
    file = "frame.csv" if "stratum" in strata else "strata.json"
    refuse(file, {"strata.json": change_json(CASE, "strata.json", strata=[row])})


def test_a_stratum_without_rows_is_in_the_rules_alone() -> None:
    rows = [
        {"stratum": name, "ratio": [1, 3], "minimum": 0, "rounding": "up"}
        for name in ("law_firm/A", "law_firm/B")
    ]
    rules = change_json(CASE, "rules.json", items=[{"id": "示例事项", "strata": rows}])
    assert read(make_case(files={"rules.json": rules})).rules.strata == ("law_firm/A", "law_firm/B")
    empty = [{**rows[0], "population": 12}, {**rows[1], "population": 0}]
    strata = change_json(CASE, "strata.json", strata=empty)
    refuse("strata.json", {"rules.json": rules, "strata.json": strata})


def test_rules_have_the_items_of_the_plan() -> None:
    rules = {"items": [{"id": "另一事项", "strata": []}], **REASONS}
    item = {"id": "另一事项", "title": "示例", "basis": "示例"}
    refuse("rules.json", {}, {"items": [item]})
    refuse("strata.json", {"rules.json": canonical_json.dump_canonical(rules)}, {"items": [item]})


def test_the_pool_is_the_frame_for_the_public() -> None:
    refuse("pool.csv", {"pool.csv": change_rows(CASE, "pool.csv", name="示例乙律师事务所")})
    rows = TABLES["pool.csv"].load(CASE.files["pool.csv"])
    refuse("pool.csv", {"pool.csv": TABLES["pool.csv"].dump(rows[1:])})


@pytest.mark.parametrize(
    ("file", "fields"),
    [
        ("left_out.csv", {"reason": "the director does not want him"}),
        ("left_out.csv", {"id": "31310000XXXX00000A"}),
        ("left_out.csv", {"id": "nobody"}),
        ("inspectors_left_out.csv", {"reason": "the director does not want him"}),
        ("inspectors_left_out.csv", {"id": "SL000"}),
        ("inspectors_left_out.csv", {"id": "示例"}),
        ("inspectors_left_out.csv", {"salt": "0"}),
        ("inspectors.csv", {"lead": "2"}),
        ("inspectors.csv", {"kinds": "a  b"}),
        ("inspectors.csv", {"kinds": "a a"}),
        ("inspectors.csv", {"id": "示例"}),
        ("recusals.csv", {"target": "31310000XXXX99999A"}),
        ("recusals.csv", {"inspector": "SLAWAY"}),
        ("recusals.csv", {"salt": "0"}),
    ],
)
def test_a_row_that_contradicts_the_others_is_refused(file: str, fields: dict[str, str]) -> None:
    refuse(file, {file: change_rows(CASE, file, **fields)})
