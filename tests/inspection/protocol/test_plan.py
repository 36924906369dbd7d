"""A plan has exactly its fields, and its files are exactly those that it froze."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from double_random.core.errors import BadFile, Misuse
from double_random.inspection.protocol import canonical_json, feasibility
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.draw import Reveal, compute
from double_random.inspection.protocol.files import Files
from double_random.inspection.protocol.plan import FILES, Plan, is_short_form_of, short_form
from double_random.store.log import merkle

Make = Callable[..., Any]


def refrozen(plan: Plan, name: str, data: bytes) -> Plan:
    """The same plan, with the hash of another file in it."""
    fields = json.loads(plan.data)
    fields[FILES[name][0]]["sha256"] = plan.digest.of(data)
    return Plan.read(canonical_json.dump(fields))


def test_a_plan_is_what_its_bytes_say(case: Make) -> None:
    plan = case().plan
    assert Plan.read(plan.data) == plan
    assert plan.commitment == Digest("sha256").of(plan.data)
    assert plan.team.size == 2 and plan.not_before == "2026-03-02T12:00:00Z"


@pytest.mark.parametrize(
    "change",
    [
        {"protocol": "double-random/2"},
        {"hash": "md5"},
        {"draw": "../x"},
        {"title": ""},
        {"extra": 1},
        {"as_of": "2026-02-30"},
        {"release": "00"},
        {"secret": "A" * 64},
        {"items": []},
        {"items": [{"id": "a", "title": "t", "basis": "b"}] * 2},
        {"scope": {"districts": ["1", "1"], "kinds": ["a"]}},
        {
            "team": {
                "size": 0,
                "leads": 0,
                "groups": None,
                "match_kind": True,
                "other_district": True,
            }
        },
        {
            "team": {
                "size": 2,
                "leads": 3,
                "groups": None,
                "match_kind": True,
                "other_district": True,
            }
        },
        {"team": {"size": 2, "leads": 1, "groups": 0, "match_kind": True, "other_district": True}},
        {
            "team": {
                "size": True,
                "leads": 1,
                "groups": None,
                "match_kind": True,
                "other_district": True,
            }
        },
        {"team": {"size": 2, "leads": 1, "groups": None, "match_kind": 1, "other_district": True}},
        {"entropy": {"sources": ["local", "balls:a:6"], "not_before": "2026-03-02T12:00:00Z"}},
        {"entropy": {"sources": ["balls:a:6"], "not_before": "2026-03-02"}},
        {"entropy": {"sources": [], "not_before": "2026-03-02T12:00:00Z"}},
        {"replaces": {"draw": "x"}},
        {"rules": {"sha256": "0" * 64, "rows": 1}},
        {"frame": {"sha256": "0" * 64, "rows": 1}},
    ],
    ids=lambda change: json.dumps(change)[:40],
)
def test_other_fields_are_refused(case: Make, change: dict[str, Any]) -> None:
    fields = {**json.loads(case().plan.data), **change}
    with pytest.raises(BadFile, match=r"plan\.json"):
        Plan.read(canonical_json.dump(fields))


def test_a_missing_field_is_named(case: Make) -> None:
    fields = json.loads(case().plan.data)
    del fields["publish_by"]
    with pytest.raises(BadFile, match="publish_by"):
        Plan.read(canonical_json.dump(fields))


def test_the_code_on_paper_belongs_to_one_commitment() -> None:
    commitment = Digest("sha256")("示例")
    code = short_form(commitment)
    assert len(code) == 39 and not set(code) & set("0O1I")
    assert is_short_form_of(code, commitment)
    assert is_short_form_of(code.lower().replace("-", " "), commitment)
    assert not is_short_form_of(code[:-1] + ("2" if code[-1] != "2" else "3"), commitment)
    for wrong in ("", code[:-1], "O" + code[1:]):
        with pytest.raises(Misuse):
            is_short_form_of(wrong, commitment)


def test_the_code_is_the_first_160_bits() -> None:
    assert short_form("0" * 39 + "1" + "f" * 24) == "2222-2222-2222-2222-2222-2222-2222-2223"
    assert short_form("f" * 40 + "0" * 24) == "-".join(["ZZZZ"] * 8)


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
        Files.read(Plan.read(canonical_json.dump(fields)), made.files)
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
        fields["frame"]["root"] = merkle.head(
            [row.encode() for row in changed.split("\n")[1:-1]]
        ).hex()
        plan = Plan.read(canonical_json.dump(fields))
    with pytest.raises(BadFile) as refused:
        Files.read(plan, {**made.files, name: changed.encode()})
    assert refused.value.file in (name, "strata.json")


def test_values_that_are_not_the_plans_own_are_refused(case: Make) -> None:
    made = case()
    files, good = Files.read(made.plan, made.files), made.reveal
    wrong = {
        "secret": Reveal(good.entropy, "0" * 64, good.inner),
        "inner": Reveal(good.entropy, good.secret, "0" * 64),
        "entropy": Reveal(good.entropy[:-1], good.secret, good.inner),
    }
    for name, reveal in wrong.items():
        with pytest.raises(BadFile) as refused:
            compute(made.plan, files, reveal)
        assert refused.value.file == name


def test_rows_without_a_team_and_forced_teams_are_found_beforehand(case: Make) -> None:
    made = case(inspectors=3, leads=(0,), recusals=((0, 0), (1, 2)))
    files = Files.read(made.plan, made.files)
    assert [row.target for row in feasibility.lacking(files, made.plan.team)] == [
        "31310000XXXX00000A"
    ]
    assert feasibility.forced(files, made.plan.team) == ("31310000XXXX00001A",)


def test_groups_need_enough_inspectors(case: Make) -> None:
    made = case(inspectors=4, leads=(0,), team={"groups": 2})
    files = Files.read(made.plan, made.files)
    assert not feasibility.can_deal(files.inspectors, made.plan.team)
