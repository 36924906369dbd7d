"""The files of a plan are exactly those that it froze, agree with each other, and are looked up by id."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.files import (
    FRAME,
    INSPECTORS,
    Files,
    check_frozen,
    read_frame,
    read_inspectors,
)
from double_random.inspection.protocol.plan import FILES, Plan
from double_random.store.log import merkle

Make = Callable[..., Any]


def refrozen(plan: Plan, name: str, data: bytes) -> Plan:
    """The same plan, with the hash of another file in it."""
    fields = json.loads(plan.data)
    fields[FILES[name][0]]["sha256"] = plan.digest.hash_bytes(data)
    return Plan.read(canonical_json.dump_canonical(fields))


@pytest.mark.parametrize("name", list(FILES))
def test_a_changed_file_is_named(case: Make, name: str) -> None:
    made = case()
    for data in (made.files[name] + b"\n", made.files[name][:-1], b""):
        with pytest.raises(BadFile) as refused:
            Files.read(made.plan, {**made.files, name: data})
        assert refused.value.file == name
    with pytest.raises(BadFile) as refused:
        Files.read(made.plan, {key: data for key, data in made.files.items() if key != name})
    assert refused.value.file == name


@pytest.mark.parametrize("field", ["rows", "root"])
def test_the_frame_has_its_rows_and_its_tree_head(case: Make, field: str) -> None:
    made = case()
    fields = json.loads(made.plan.data)
    fields["frame"][field] = 11 if field == "rows" else "0" * 64
    with pytest.raises(BadFile) as refused:
        Files.read(Plan.read(canonical_json.dump_canonical(fields)), made.files)
    assert refused.value.file == "frame.csv"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("pool.csv", "示例律师事务所3", "示例律师事务所4"),
        ("frame.csv", ",310101,", ",999999,"),
        ("frame.csv", ",law_firm,", ",tax_firm,"),
        ("frame.csv", ",law_firm/A,", ",law_firm/B,"),
        ("strata.json", '"population":12', '"population":13'),
        ("strata.json", '"ratio":[1,3]', '"ratio":[1,2]'),
        ("strata.json", '"minimum":0', '"minimum":1'),
        ("rules.json", "示例事项", "另一示例"),
        ("left_out.csv", "31310000XXXX99999A", "31310000XXXX00001A"),
        ("left_out.csv", "31310000XXXX99999A", "31310000XXXX"),
        ("inspectors_left_out.csv", "SLAWAY", "SL001"),
        ("inspectors.csv", ",1,", ",2,"),
        ("inspectors.csv", "law_firm notary_office", "law_firm  notary_office"),
        ("recusals.csv", "SL000", "SL777"),
        ("recusals.csv", "31310000XXXX00000A", "31310000XXXX77777A"),
    ],
)
def test_files_that_do_not_agree_are_refused(case: Make, name: str, old: str, new: str) -> None:
    made = case()
    text = made.files[name].decode()
    assert old in text
    head, *rows = text.split("\n")[:-1] if name.endswith(".csv") else [text]
    changed = "\n".join([head, *sorted(row.replace(old, new, 1) for row in rows)])
    changed = changed + "\n" if name.endswith(".csv") else head.replace(old, new, 1)
    plan = refrozen(made.plan, name, changed.encode())
    if name == "frame.csv":
        fields = json.loads(plan.data)
        fields["frame"]["root"] = merkle.tree_head(
            [row.encode() for row in changed.split("\n")[1:-1]]
        ).hex()
        plan = Plan.read(canonical_json.dump_canonical(fields))
    with pytest.raises(BadFile) as refused:
        Files.read(plan, {**made.files, name: changed.encode()})
    assert refused.value.file in (name, "strata.json")


class Counted(tuple[Any, ...]):
    """A frame that counts how often somebody walks it."""

    walks = 0

    def __iter__(self) -> Any:
        Counted.walks += 1
        return super().__iter__()


def test_rows_of_the_frame_are_found_by_id_with_one_walk(case: Make) -> None:
    """D-080."""
    made = case(strata=(("law_firm/A", 60, [1, 3], 0, "up"),))
    read = Files.read(made.plan, made.files)
    files = Files(read.strata, read.rules, Counted(read.frame), read.inspectors, read.recusals)
    Counted.walks = 0
    assert [files.target(row.id) for row in read.frame] == list(read.frame)
    assert Counted.walks == 1
    with pytest.raises(KeyError):
        files.target("nobody")


def test_a_frozen_file_is_refused_by_hash_rows_or_tree_head(case: Make) -> None:
    made = case()
    check_frozen(made.plan, "frame.csv", made.files["frame.csv"])
    with pytest.raises(BadFile, match="its hash differs"):
        check_frozen(made.plan, "frame.csv", made.files["frame.csv"] + b"\n")
    fields = json.loads(made.plan.data)
    fields["frame"]["rows"] += 1
    with pytest.raises(BadFile, match="another number of rows"):
        check_frozen(
            Plan.read(canonical_json.dump_canonical(fields)), "frame.csv", made.files["frame.csv"]
        )


def test_a_frame_needs_institution_ids_and_salts() -> None:
    row = ["31310000XXXX00001A", "law_firm/A", "law_firm", "310101", "示例律师事务所", "0" * 32]
    assert read_frame(FRAME.dump([row]))[0].name == "示例律师事务所"
    with pytest.raises(BadFile, match="no institution's id"):
        read_frame(FRAME.dump([["示例", *row[1:]]]))
    with pytest.raises(BadFile, match="no salt of 32 hex digits"):
        read_frame(FRAME.dump([[*row[:5], "0" * 31]]))


def test_an_inspector_without_kinds_has_none() -> None:
    found = read_inspectors(INSPECTORS.dump([["J01", "1", "", "", "示例检查员"]]))
    assert (found[0].lead, found[0].kinds) == (True, frozenset())
    with pytest.raises(BadFile, match="lead is not 0 or 1"):
        read_inspectors(INSPECTORS.dump([["J01", "yes", "", "", "示例检查员"]]))
    with pytest.raises(BadFile, match="kinds joined by one blank"):
        read_inspectors(INSPECTORS.dump([["J01", "1", "law_firm law_firm", "", "示例检查员"]]))
