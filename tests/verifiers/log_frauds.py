"""Frauds in the log of a draw of version 2: each breaks one rule, and everything around it is signed again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.inspection.protocol.v2.sources import LOTTERY, NUMBERS, dice
from tests.verifiers.corpus import KEY, WITNESS_KEY
from tests.verifiers.logged import (
    OTHER_KEY,
    SYNC,
    Bureau,
    Entry,
    Files,
    carry_out,
    change_key,
    cosign,
    make_changes,
    make_void,
)

BESIDE: dict[str, Any] = {
    "sources": (dice(known_from="2026-03-02T11:00:00Z"), LOTTERY),
    "values": ("1.2.3.4.5.6.1.2", NUMBERS),
}
ALONE: dict[str, Any] = {"sources": (dice(),), "values": ("1.2.3.4.5.6.1.2",)}
OPEN = {"strata": (("law_firm", 12, [1, 3], 0, "up"),)}
BY_KIND = {"strata_by": "kind"}


@dataclass(frozen=True)
class LogFraud:
    """A bundle, what the reader holds, and the word, the file or the remark that every verifier gives."""

    name: str
    files: Files
    word: str = "wrong"
    file: str = ""
    remark: str = ""
    key: str = KEY.text
    witness: str = ""
    kept: bytes = b""


def shift(bureau: Bureau, kind: str, **fields: Any) -> Bureau:
    """Other fields in the first entry of a kind."""
    bureau.entry(kind).update(fields)
    return bureau


def second_plan(bureau: Bureau, at: int, **fields: Any) -> Bureau:
    """Another plan in the log, like this one but for some fields."""
    entry = {**bureau.entry("plan"), "draw": "other", "plan": "8" * 64, **fields}
    if at <= bureau.entries.index(bureau.entry("plan")):
        entry["time"] = "2026-02-28T02:00:00Z"
    bureau.entries.insert(at, entry)
    return bureau


def ended(entry: Entry, time: str, **fields: Any) -> Entry:
    """The void of another draw."""
    void = {"kind": "void", "time": time, "draw": entry["draw"], "reason": "source not drawn"}
    return {**void, "secret": "9" * 64, "entropy": "", "proofs": {}, **fields}


def frauds_on_the_plan() -> Iterator[LogFraud]:
    """What an operator does with the plan and its entry."""
    sync_old = {**SYNC, "time": "2026-02-20T00:00:00Z", "release": "4" * 64}
    yield LogFraud(
        "P-006: an older release",
        carry_out((sync_old, SYNC), {"release": "4" * 64}).bundle(),
        file="plan.json",
    )
    yield LogFraud(
        "P-006: a release that the log never had",
        carry_out(plan={"release": "1" * 64}).bundle(),
        file="plan.json",
    )
    yield LogFraud(
        "P-006: as_of long after the seal",
        carry_out(plan={"as_of": "2026-03-03"}).bundle(),
        file="plan.json",
    )
    yield LogFraud(
        "P-006: as_of in 1900",
        carry_out(plan={"as_of": "1900-01-01"}).bundle(),
        "intact",
        remark="old lists",
    )
    yield LogFraud(
        "P-006: published in 9999",
        carry_out(plan={"publish_by": "9999-12-31"}).bundle(),
        "intact",
        remark="publish late",
    )
    yield LogFraud(
        "lists of no register",
        carry_out(plan={"release": ""}).bundle(),
        "intact",
        remark="no register",
    )
    yield LogFraud(
        "a plan that binds no log",
        carry_out(plan={"log": None}).bundle(),
        "intact",
        remark="no head",
    )
    head = {"origin": KEY.name, "size": 1, "root": "0" * 64}
    yield LogFraud(
        "the head of another log", carry_out(plan={"log": head}).bundle(), file="plan.json"
    )
    other = {**head, "origin": "another/log"}
    yield LogFraud(
        "a log of another name", carry_out(plan={"log": other}).bundle(), file="plan.json"
    )
    yield LogFraud(
        "a head of the future",
        carry_out(plan={"log": {**head, "size": 9}}).bundle(),
        file="plan.json",
    )
    for name, value in (
        ("not_before", "2026-03-02T11:00:00Z"),
        ("publish_by", "2026-12-30"),
        ("protocol", "double-random/1"),
        ("items", []),
        ("scope", {"districts": [], "kinds": []}),
        ("replaces", {"draw": "d0", "reason": "wrong plan"}),
        ("sources", [{"source": LOTTERY["source"], "known_from": "2026-03-02T13:15:01Z"}]),
    ):
        yield LogFraud(
            f"another {name} in the log",
            shift(carry_out(), "plan", **{name: value}).bundle(),
            file="log.jsonl",
        )
    yield LogFraud(
        "another plan in the log",
        shift(carry_out(), "plan", plan="0" * 64).bundle(),
        file="plan.json",
    )
    yield LogFraud(
        "P-007: sealed when the numbers could be known",
        shift(carry_out(), "plan", time="2026-03-02T12:00:00Z").bundle(),
        file="log.jsonl",
    )
    yield LogFraud(
        "P-005: a second plan under another item's id",
        second_plan(
            carry_out(), 1, items=[{"id": "other", "title": "示例", "basis": "示例"}]
        ).bundle(),
        file="log.jsonl",
    )
    yield LogFraud(
        "a second plan for the same item",
        second_plan(
            carry_out(), 1, items=[{"id": "示例事项", "title": "别的", "basis": "示例"}]
        ).bundle(),
        file="log.jsonl",
    )
    yield LogFraud(
        "a second plan of no bound",
        second_plan(carry_out(), 1, scope={"districts": [], "kinds": []}).bundle(),
        file="log.jsonl",
    )
    other_item = [{"id": "other", "title": "别的", "basis": "示例"}]
    yield LogFraud(
        "P-005: a plan of another item beside",
        second_plan(carry_out(), 1, items=other_item).bundle(),
        "intact",
        remark="beside",
    )
    yield LogFraud(
        "P-005: a later plan beside",
        second_plan(carry_out(), 3).bundle(),
        "intact",
        remark="beside",
    )
    late = second_plan(carry_out(), 1)
    late.entries.insert(2, ended(late.entries[1], "2026-02-28T03:00:00Z"))
    yield LogFraud("P-008: void before, and again", late.bundle(), "intact", remark="order")
    lost = second_plan(carry_out(), 1)
    lost.entries.insert(
        2, ended(lost.entries[1], "2026-02-28T03:00:00Z", reason="records lost", secret="")
    )
    yield LogFraud("a lost plan before", lost.bundle(), "intact", remark="lost")


def frauds_on_numbers() -> Iterator[LogFraud]:
    """What an operator does with numbers, ceremonies and times."""
    yield LogFraud(
        "numbers before they can be known",
        shift(carry_out(), "entropy", time="2026-03-02T13:14:59Z").bundle(),
        file="log.jsonl",
    )
    yield LogFraud(
        "the draw before not_before",
        shift(carry_out(), "draw", time="2026-03-02T11:59:59Z").bundle(),
        file="log.jsonl",
    )
    yield LogFraud(
        "other numbers logged",
        shift(carry_out(), "entropy", value="02.07.11.19.26.33.15").bundle(),
        file="log.jsonl",
    )
    yield LogFraud(
        "a source that the plan does not name",
        shift(carry_out(), "entropy", source="lottery:别的:1").bundle(),
        file="log.jsonl",
    )
    gone = carry_out()
    gone.entries.remove(gone.entry("entropy"))
    yield LogFraud("numbers never logged", gone.bundle(), file="log.jsonl")
    again = carry_out()
    again.entries.insert(2, {**again.entry("entropy"), "value": "01.07.11.19.26.33.16"})
    yield LogFraud("a number entered twice", again.bundle(), "intact", remark="again")
    after = carry_out()
    after.entries.insert(4, dict(after.entry("entropy")))
    yield LogFraud("a number entered after the draw", after.bundle(), file="log.jsonl")
    yield LogFraud(
        "P-002: a ceremony that nobody attested",
        carry_out(**ALONE).bundle(),
        "intact",
        remark="ceremony",
    )
    yield LogFraud(
        "P-002: a ceremony beside, not attested",
        carry_out(**BESIDE).bundle(),
        "intact",
        remark="ceremony",
    )
    seen = carry_out(witnesses=("示例公证处",), **ALONE)
    yield LogFraud("a ceremony with its witnesses", seen.bundle(), "intact", remark="numbers")
    early = carry_out(witnesses=("示例公证处",), **ALONE)
    early.entries.insert(2, early.entries.pop(3))
    early.entry("attest")["time"] = "2026-03-02T01:00:00Z"
    yield LogFraud(
        "P-002: attested before it was thrown", early.bundle(), "intact", remark="ceremony"
    )
    nobody = shift(carry_out(witnesses=("示例",), **ALONE), "attest", witnesses=[])
    yield LogFraud("P-002: attested by nobody", nobody.bundle(), "intact", remark="ceremony")
    last = carry_out(**BESIDE)
    ceremony = next(one for one in last.entries if one.get("source", "").startswith("ceremony"))
    ceremony["time"] = "2026-03-02T12:00:00Z"
    yield LogFraud("P-003: a ceremony thrown last", last.bundle(), file="log.jsonl")
    before = carry_out(
        sources=(dice(known_from="2026-03-01T01:00:00Z"), LOTTERY), values=BESIDE["values"]
    )
    yield LogFraud("P-003: a ceremony before the seal", before.bundle(), file="log.jsonl")
    fixed = cosign(carry_out(**BESIDE).bundle(), 3, "2026-03-02T11:45:00Z")
    yield LogFraud(
        "a ceremony that a witness fixed",
        fixed,
        "intact",
        remark="numbers",
        witness=WITNESS_KEY.text,
    )
    spied = cosign(carry_out().bundle(), 3, "2026-03-02T13:00:00Z")
    yield LogFraud(
        "numbers that a witness saw too early", spied, file="log.jsonl", witness=WITNESS_KEY.text
    )
    spied = cosign(carry_out().bundle(), 4, "2026-03-02T11:50:00Z")
    yield LogFraud(
        "a draw that a witness saw too early", spied, file="log.jsonl", witness=WITNESS_KEY.text
    )
    fast = cosign(carry_out().bundle(), 3, "2026-03-02T13:10:00Z")
    yield LogFraud(
        "a clock five minutes ahead", fast, "intact", remark="numbers", witness=WITNESS_KEY.text
    )


def frauds_after_the_draw() -> Iterator[LogFraud]:
    """What an operator does after the draw, with its end, and with heads and keys."""
    yield LogFraud(
        "changes by the rules", make_changes(carry_out()).bundle(), "intact", remark="numbers"
    )
    yield LogFraud(
        "changes by the rules, public",
        make_changes(carry_out()).bundle(False),
        "intact",
        remark="whole",
    )
    by_kind = carry_out(plan=BY_KIND, **OPEN)
    yield LogFraud(
        "changes where strata are public",
        make_changes(by_kind).bundle(False),
        "intact",
        remark="visits",
    )
    yield LogFraud(
        "a change for no reason",
        make_changes(carry_out(), reason="force majeure").bundle(),
        "intact",
        remark="numbers",
    )
    yield LogFraud(
        "a change entered later",
        make_changes(carry_out(), date="2026-03-01").bundle(),
        "intact",
        remark="later",
    )
    yield LogFraud(
        "a change of the future",
        make_changes(carry_out(), date="2026-03-06").bundle(),
        file="records.jsonl",
    )
    lines = make_changes(carry_out())
    lines.entry("replace")["record"] = "0" * 64
    yield LogFraud("a record that was not logged", lines.bundle(), file="records.jsonl")
    lines = make_changes(carry_out())
    lines.entry("replace")["notice"] = "0" * 64
    yield LogFraud("a notice of another team", lines.bundle(), file="records.jsonl")
    lines = make_changes(carry_out())
    lines.entries.remove(lines.entry("substitute"))
    yield LogFraud("a record too many", lines.bundle(), file="records.jsonl")
    yield LogFraud(
        "other notices, auditor",
        shift(carry_out(), "draw", notices="0" * 64).bundle(),
        file="log.jsonl",
    )
    yield LogFraud(
        "other notices, public",
        shift(carry_out(), "draw", notices="0" * 64).bundle(False),
        file="teams.csv",
    )
    yield LogFraud(
        "another secret published",
        shift(carry_out(), "publish", secret="0" * 64).bundle(),
        file="log.jsonl",
    )
    yield LogFraud(
        "published before it was drawn",
        shift(carry_out(), "publish", time="2026-03-02T12:30:00Z").bundle(),
        file="log.jsonl",
    )
    yield LogFraud(
        "P-008: void after the list was seen",
        carry_out(end="void").bundle(),
        "intact",
        remark="void",
    )
    yield LogFraud(
        "a void for no reason",
        shift(carry_out(end="void"), "void", reason="a friend").bundle(),
        file="log.jsonl",
    )
    yield LogFraud(
        "a void with other numbers",
        shift(carry_out(end="void"), "void", entropy="").bundle(),
        file="log.jsonl",
    )
    yield LogFraud(
        "a void without its secret",
        shift(carry_out(end="void"), "void", secret="").bundle(),
        file="log.jsonl",
    )
    yield LogFraud(
        "P-015: a plan that was never drawn",
        make_void(carry_out()).bundle(),
        "intact",
        remark="numbers",
    )
    yield LogFraud(
        "P-015: never drawn, public",
        make_void(carry_out()).bundle(False),
        "intact",
        remark="numbers",
    )
    undrawn = make_void(carry_out())
    undrawn.entry("void")["secret"] = "0" * 64
    yield LogFraud("never drawn, another secret", undrawn.bundle(), file="log.jsonl")
    undrawn = make_void(carry_out())
    yield LogFraud(
        "never drawn, with a list", {**undrawn.bundle(), "list.csv": b"id,name\n"}, file="list.csv"
    )
    hidden = carry_out()
    files = hidden.bundle()
    del files["result.json"]
    for name in ("targets.csv", "teams.csv", "list.csv", "certificate.json"):
        del files[name]
    yield LogFraud("a drawn list that is not shown", files, file="result.json")
    yield LogFraud("another key", carry_out().bundle(), "cannot be judged", key=OTHER_KEY.text)
    yield LogFraud(
        "P-014: a key that was followed", change_key(carry_out()), "intact", remark="followed"
    )
    yield LogFraud(
        "P-014: a change without the owner's proof",
        change_key(carry_out(), False),
        "cannot be judged",
    )
    torn = carry_out().bundle()
    del torn["checkpoint"]
    yield LogFraud("a copy without its head", torn, "cannot be judged")
    ahead = carry_out()
    ahead.entries.append({**SYNC, "time": "2999-01-01T00:00:00Z"})
    yield LogFraud("an act of the future", ahead.bundle(), "cannot be judged")
    ahead.entries.append(
        {
            "kind": "correct",
            "time": "2026-03-09T00:00:00Z",
            "entry": len(ahead.entries) - 1,
            "is": "2026-03-08T00:00:00Z",
        }
    )
    yield LogFraud("an act of the future, corrected", ahead.bundle(), "intact", remark="order")
    wrong = carry_out()
    wrong.entries.append(
        {
            "kind": "correct",
            "time": "2026-03-09T00:00:00Z",
            "entry": 1,
            "is": "2026-02-28T00:00:00Z",
        }
    )
    yield LogFraud("an honest time corrected", wrong.bundle(), file="log.jsonl")
    back = carry_out()
    back.entry("publish")["time"] = "2026-03-02T14:59:59Z"
    yield LogFraud("an end before its draw", back.bundle(), file="log.jsonl")
    dated = carry_out((SYNC, {**SYNC, "time": "2026-03-04T00:00:00Z"}))
    yield LogFraud("dated before what stands above", dated.bundle(), "intact", remark="times")
    fork = carry_out().bundle()
    yield LogFraud(
        "P-014: a newer head kept",
        fork,
        "cannot be judged",
        kept=carry_out(end="publish").bundle()["checkpoint"].replace(b"\n5\n", b"\n6\n"),
    )
    yield LogFraud(
        "two logs under one key",
        fork,
        file="log.jsonl",
        kept=shift(carry_out(), "sync", release="3" * 64).bundle()["checkpoint"],
    )
    yield LogFraud(
        "P-016: text of the log not in normal form",
        shift(carry_out(witnesses=("示例",)), "attest", witnesses=["e\u0301"]).bundle(),
        file="log.jsonl",
    )


def log_frauds() -> list[LogFraud]:
    """Every fraud in a log."""
    return [*frauds_on_the_plan(), *frauds_on_numbers(), *frauds_after_the_draw()]
