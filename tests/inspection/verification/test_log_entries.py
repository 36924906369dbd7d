"""Each entry of a stranger's log has the fields and forms of the protocol, or is refused by number and field."""

from __future__ import annotations

from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.verification.log_entries import check_log_entry
from double_random.store.log.signed_log import FIELDS

HASH, TIME = "0" * 64, "2026-03-02T12:00:00Z"
PLAN: dict[str, Any] = {
    "kind": "plan",
    "time": TIME,
    "draw": "d1",
    "plan": HASH,
    "items": [{"id": "示例事项", "title": "示例", "basis": "示例"}],
    "scope": {"districts": ["310101"], "kinds": ["law_firm"]},
    "not_before": TIME,
    "publish_by": "2026-12-31",
    "replaces": None,
}
OTHERS: tuple[dict[str, Any], ...] = (
    {"kind": "entropy", "draw": "d1", "source": "balls:示例:6", "value": "034075"},
    {"kind": "draw", "draw": "d1", "entropy": "x", "proofs": {}, "result": HASH, "notices": HASH},
    {"kind": "replace", "draw": "d1", "record": HASH, "notice": HASH},
    {"kind": "substitute", "draw": "d1", "record": HASH, "notice": ""},
    {"kind": "attest", "draw": "d1", "sha256": HASH, "witnesses": ["示例见证人"]},
    {"kind": "publish", "draw": "d1", "secret": HASH},
    {
        "kind": "void",
        "draw": "d1",
        "reason": "lost",
        "secret": "",
        "entropy": "",
        "proofs": {},
    },
    {"kind": "sync", "release": "1"},
    {"kind": "score", "release": "1"},
    {"kind": "undo", "release": "1"},
    {"kind": "key", "old": "a", "new": "b"},
    {"kind": "clock", "newest": TIME, "reason": "示例"},
    {"kind": "correct", "entry": 0, "is": TIME},
)
ENTRIES = {entry["kind"]: {"time": TIME, **entry} for entry in (PLAN, *OTHERS)}


def test_there_is_an_example_of_each_kind() -> None:
    assert set(ENTRIES) == set(FIELDS)


@pytest.mark.parametrize("kind", ENTRIES)
def test_an_entry_of_the_protocols_form_is_taken(kind: str) -> None:
    check_log_entry(ENTRIES[kind], 0)


@pytest.mark.parametrize("kind", ENTRIES)
def test_an_unknown_and_a_missing_field_are_named(kind: str) -> None:
    with pytest.raises(BadFile, match=r"entry 7\.extra: this field is unknown") as refused:
        check_log_entry({**ENTRIES[kind], "extra": 1}, 7)
    assert refused.value.file == "log.jsonl"
    for name in FIELDS[kind]:
        rest = {key: value for key, value in ENTRIES[kind].items() if key != name}
        with pytest.raises((BadFile, KeyError)):
            check_log_entry(rest, 7)


@pytest.mark.parametrize(
    ("kind", "field", "value", "named"),
    [
        ("plan", "plan", "A" * 64, "plan: 64 lower-case hex digits"),
        ("plan", "draw", "d 1", "draw"),
        ("plan", "items", [{"id": "a", "title": "b"}], r"items\[0\]\.basis"),
        ("plan", "scope", {"districts": "310101", "kinds": []}, r"scope\.districts"),
        ("plan", "not_before", "2026-03-02", "not_before"),
        ("plan", "publish_by", "2026-02-30", "publish_by"),
        ("plan", "replaces", {"draw": "d0", "reason": ""}, r"replaces\.reason"),
        ("entropy", "source", "", "source: text was expected"),
        ("draw", "proofs", {"a": 1}, "proofs: an object of texts"),
        ("draw", "result", "0" * 63, "result"),
        ("replace", "notice", "x", "notice"),
        ("attest", "witnesses", ["a", 1], "witnesses"),
        ("publish", "secret", "", "secret"),
        ("void", "reason", "source not drawn", "secret"),  # only a lost draw has no secret
        ("void", "proofs", [], "proofs: an object of texts"),
        ("clock", "newest", "now", "newest"),
        ("sync", "release", 1, "release: text was expected"),
        ("sync", "time", "2026-13-01T00:00:00Z", "time"),
    ],
)
def test_a_field_of_another_form_is_named(kind: str, field: str, value: Any, named: str) -> None:
    with pytest.raises(BadFile, match=rf"entry 3\.{named}"):
        check_log_entry({**ENTRIES[kind], field: value}, 3)
