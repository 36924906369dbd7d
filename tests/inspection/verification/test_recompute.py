"""A draw recomputed from a bundle's files: each file that differs is named, and what cannot be checked is noted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.draw import bundle_files
from double_random.inspection.draw.draw_result import DrawResult
from double_random.inspection.draw.draw_state import DrawState
from double_random.inspection.protocol import canonical_json
from double_random.inspection.verification.recompute import (
    DrawRemarks,
    check_covered_files,
    check_reasons,
    check_result,
    read_hex_digits,
    recompute_draw,
    recompute_public_part,
)
from tests.inspection.verification.drawn import drawn

DRAW = drawn()
GROUPED = drawn(groups=3)
PUBLIC = {name: content for name, content in DRAW.files.items() if name in set(bundle_files.PUBLIC)}
STATE = DRAW.state
Fields = dict[str, Any]


def entry(**fields: Any) -> DrawState:
    """The state after a draw whose log entry has other fields."""
    assert STATE.drawn is not None
    return replace(STATE, drawn={**STATE.drawn, **fields})


def test_a_bundle_has_the_files_of_its_result() -> None:
    assert check_covered_files(DRAW.plan, DRAW.files) == DRAW.result
    assert check_covered_files(DRAW.plan, PUBLIC) == DRAW.result  # the public one leaves some out


@pytest.mark.parametrize(
    ("files", "name", "reason"),
    [
        ({**DRAW.files, "extra.csv": b""}, "extra.csv", "does not name it"),
        ({**DRAW.files, "list.csv": b"id,name\n"}, "list.csv", "its hash differs"),
        (
            {name: DRAW.files[name] for name in DRAW.files if name != "recusals.csv"},
            "recusals.csv",
            "missing",
        ),
        ({name: PUBLIC[name] for name in PUBLIC if name != "pool.csv"}, "pool.csv", "missing"),
    ],
)
def test_a_file_too_many_or_too_few_is_named(
    files: dict[str, bytes], name: str, reason: str
) -> None:
    with pytest.raises(BadFile, match=reason) as refused:
        check_covered_files(DRAW.plan, files)
    assert refused.value.file == name


def test_a_result_that_agrees_with_plan_and_log_gives_the_tickets() -> None:
    assert check_result(DRAW.plan, DRAW.result, STATE).seed == DRAW.draw.seed


@pytest.mark.parametrize(
    ("result", "state", "file", "reason"),
    [
        ({"draw": "other"}, STATE, "result.json", "another plan"),
        ({"commitment": "0" * 64}, STATE, "result.json", "another plan"),
        ({"secret": "0" * 64}, STATE, "result.json", "secret is not the one"),
        ({"seed": "0" * 64}, STATE, "result.json", "seed is not what"),
        ({"proofs": {"drand": "00"}}, STATE, "result.json", "randomness is not the one in the log"),
        (
            {"proofs": {"drand": "00"}},
            entry(proofs={"drand": "00"}),
            "result.json",
            "proof without a source",
        ),
        ({}, entry(entropy="balls:示例:6=111111"), "result.json", "not the one in the log"),
        (
            {"entropy": "balls:示例:6=1"},
            entry(entropy="balls:示例:6=1"),
            "result.json",
            "exactly 6 digits",
        ),
        ({}, replace(STATE, entropy={"balls:示例:6": "111111"}), "log.jsonl", "not those that"),
        ({}, replace(STATE, end={"secret": "0" * 64}), "log.jsonl", "secret that was published"),
    ],
)
def test_a_result_that_differs_from_plan_or_log_is_refused(
    result: Fields, state: DrawState, file: str, reason: str
) -> None:
    with pytest.raises(BadFile, match=reason) as refused:
        check_result(DRAW.plan, replace(DRAW.result, **result), state)
    assert refused.value.file == file


def recount(
    files: dict[str, bytes] | None = None,
    result: DrawResult | None = None,
    state: DrawState | None = None,
) -> DrawRemarks:
    """Recompute the draw from an auditor's bundle, with some of its parts changed."""
    findings = DrawRemarks({"law_firm": "律师事务所"})
    bundle = {**DRAW.files, **(files or {})}
    recompute_draw(DRAW.plan, bundle, result or DRAW.result, state or STATE, findings)
    return findings


def test_an_auditor_counts_the_whole_draw_again() -> None:
    findings = recount()
    assert findings.unchecked == []
    assert "律师事务所/A: 4 of 12 drawn, by the rule 1/3" in findings.notes


def test_what_the_tickets_do_not_give_is_named() -> None:
    rows = DRAW.files["list.csv"].split(b"\n")
    with pytest.raises(BadFile, match="the tickets say otherwise") as refused:
        recount({"list.csv": b"\n".join([*rows[:-2], b""])})
    assert refused.value.file == "list.csv"
    with pytest.raises(BadFile, match="cutoffs: the tickets say otherwise"):
        recount(result=replace(DRAW.result, cutoffs=("0" * 64,)))
    with pytest.raises(BadFile, match="groups: the tickets say otherwise"):
        recount(result=replace(DRAW.result, groups=(("SL000", "SL001"),)))
    with pytest.raises(BadFile, match="notices of the draw are not those of its teams"):
        recount(state=entry(notices="0" * 64))
    with pytest.raises(BadFile, match="inner value") as refused:
        recount({"inner": b"0" * 64})
    assert refused.value.file == "inner"


def test_shown_cut_offs_of_an_older_result_are_checked_too() -> None:
    shown = replace(DRAW.result, cutoffs=DRAW.draw.cutoffs, cutoffs_hidden=False)
    recount(result=shown)
    with pytest.raises(BadFile, match="cutoffs"):
        recount(result=replace(shown, cutoffs=("",)))


def test_a_recusal_that_binds_nobody_is_noted_if_its_salt_is_the_draws() -> None:
    salt = DRAW.draw.selection.tickets.unbound_salt(DRAW.reveal.inner)
    name = bundle_files.UNBOUND
    right = canonical_json.dump_canonical(
        {"recusals": ["示例检查员甲 · 示例律师事务所甲"], "salt": salt}
    )
    findings = recount({name: right})
    assert any("示例检查员甲 · 示例律师事务所甲" in note for note in findings.notes)
    wrong = right.replace(salt.encode(), b"0" * 64)
    with pytest.raises(BadFile) as refused:
        recount({name: wrong})
    assert refused.value.file == name


def public(
    files: dict[str, bytes] | None = None,
    result: DrawResult | None = None,
    state: DrawState | None = None,
) -> DrawRemarks:
    """Recompute what a public bundle shows, with some of its parts changed."""
    findings = DrawRemarks()
    tickets = check_result(DRAW.plan, DRAW.result, STATE)
    bundle = {**PUBLIC, **(files or {})}
    recompute_public_part(
        DRAW.plan, bundle, result or DRAW.result, state or STATE, tickets, findings
    )
    return findings


def test_the_public_part_is_checked_and_the_rest_is_named() -> None:
    (unchecked,) = public().unchecked
    assert "the auditor's bundle shows it" in unchecked


def swapped(name: str, old: str, new: str) -> dict[str, bytes]:
    content = PUBLIC[name].decode()
    assert old in content
    return {name: content.replace(old, new, 1).encode()}


def test_lists_of_the_public_bundle_fit_one_another() -> None:
    id, name = DRAW.files["list.csv"].decode().splitlines()[1].split(",")
    with pytest.raises(BadFile, match=f"{id} does not stand so in pool.csv") as refused:
        public(swapped("list.csv", name, "示例别的律师事务所"))
    assert refused.value.file == "list.csv"
    _header, first, *_others, last = DRAW.files["teams.csv"].decode().splitlines()
    target, inspector, role = first.split(",")
    other = "member" if role == "lead" else "lead"
    with pytest.raises(BadFile, match="a role is not the inspector's own"):
        public(swapped("teams.csv", first, f"{target},{inspector},{other}"))
    with pytest.raises(BadFile, match="not drawn, or unknown"):
        public(swapped("teams.csv", last, last.replace(last.split(",")[1], "SL999")))
    with pytest.raises(BadFile, match="a team of 2 with at least 1 leads was expected"):
        public(swapped("teams.csv", first + "\n", ""))
    with pytest.raises(BadFile, match="the notices in the log name other teams"):
        public(state=entry(notices="0" * 64))


def test_fixed_groups_are_dealt_by_the_tickets() -> None:
    files = {name: content for name, content in GROUPED.files.items() if name in PUBLIC}
    tickets = check_result(GROUPED.plan, GROUPED.result, GROUPED.state)

    def check(result: DrawResult) -> None:
        recompute_public_part(GROUPED.plan, files, result, GROUPED.state, tickets, DrawRemarks())

    assert GROUPED.result.groups is not None
    check(GROUPED.result)
    with pytest.raises(BadFile, match="groups: the tickets say otherwise"):
        check(
            replace(
                GROUPED.result, groups=(("SL000", "SL002"), ("SL001", "SL003"), ("SL004", "SL005"))
            )
        )
    with pytest.raises(BadFile, match="groups: the plan has none"):
        public(result=replace(DRAW.result, groups=GROUPED.result.groups))


def test_a_reason_outside_the_list_is_named() -> None:
    check_reasons(DRAW.files)
    content = DRAW.files["left_out.csv"].replace(b"inspected within 12 months", b"a friend")
    with pytest.raises(BadFile, match="no such reason: a friend") as refused:
        check_reasons({"left_out.csv": content})
    assert refused.value.file == "left_out.csv"


def test_secrets_are_read_as_ascii_alone() -> None:
    assert read_hex_digits("inner", b"0" * 64) == "0" * 64
    with pytest.raises(BadFile, match="64 hex digits") as refused:
        read_hex_digits("inner", b"\xff" * 64)
    assert refused.value.file == "inner"
