"""Sources are data: spelling, format, outcomes and the time from which a value can be known are checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from double_random.core.errors import BadFile, Misuse
from double_random.inspection.protocol.v2.public_sources import (
    check_known_times,
    count_bits,
    format_entropy,
    parse_entropy,
    read_public_sources,
)
from tests.inspection.protocol.v2.sources import (
    LOCAL,
    LOTTERY,
    NOT_BEFORE,
    NUMBERS,
    dice,
    source_bytes,
)

PULSE: dict[str, Any] = {
    **LOTTERY,
    "source": "beacon:示例:2026-03-02T13:00:00Z",
    "kind": "beacon",
    "format": {"hex": 4},
    "outcomes": "65536",
    "known_from": "2026-03-02T13:00:00Z",
}


def read_drand(shared: Path, **fields: Any) -> bytes:
    file = shared / "design" / "vectors2" / "w1-up-drand" / "sources.json"
    return source_bytes({**json.loads(file.read_text())["sources"][0], **fields})


@pytest.mark.parametrize(
    "sources",
    [
        (),
        ({**LOTTERY, "source": "lottery:示例"},),
        ({**LOTTERY, "source": "lottery::1"},),
        ({**LOTTERY, "source": "lottery:示例:"},),
        ({**LOTTERY, "source": "lottery: 示例:1"},),
        ({**LOTTERY, "source": "lottery:示例:1\u3000"},),
        ({**LOTTERY, "source": "lottery:示例:a=b"},),
        ({**LOTTERY, "source": "public:示例:1"},),
        ({**LOTTERY, "source": "local"},),
        ({**LOTTERY, "kind": "dice", "source": "dice:示例:1"},),
        ({**LOTTERY, "outcomes": "17721089"},),
        ({**LOTTERY, "outcomes": 17721088},),
        ({**LOTTERY, "outcomes": "017721088"},),
        ({**LOTTERY, "known_from": None},),
        ({**LOTTERY, "known_from": "2026-02-30T12:00:00Z"},),
        ({**LOTTERY, "published": ""},),
        ({**LOTTERY, "format": None},),
        ({**LOTTERY, "chain": {}},),
        ({**LOTTERY, "kind": "drand", "source": "drand:示例:1"},),
        (LOTTERY, LOTTERY),
        ({**LOTTERY, "source": "lottery:abc:1"}, {**LOTTERY, "source": "lottery:ABC:1"}),
        (LOTTERY, LOCAL),
        ({**LOCAL, "source": "local:1:1"},),
        ({**LOCAL, "format": {"hex": 1}},),
        ({**LOCAL, "known_from": NOT_BEFORE},),
        ({**LOCAL, "published": "示例"},),
        ({**LOCAL, "outcomes": "2"},),
        ({**PULSE, "known_from": "2026-03-02T13:00:01Z"},),
        ({**PULSE, "source": "beacon:示例:13"},),
        ({**PULSE, "format": LOTTERY["format"], "outcomes": LOTTERY["outcomes"]},),
        ({**LOTTERY, "more": 1},),
    ],
)
def test_a_source_that_breaks_a_rule_is_refused(sources: tuple[dict[str, Any], ...]) -> None:
    with pytest.raises(BadFile) as refused:
        read_public_sources(source_bytes(*sources))
    assert refused.value.file == "sources.json"


def test_an_issue_may_hold_colons_and_names_differ_by_more_than_case() -> None:
    made = read_public_sources(source_bytes({**LOTTERY, "source": "lottery:示例:1:2 3"}, PULSE))
    assert [(source.name, source.issue) for source in made] == [
        ("示例", "1:2 3"),
        ("示例", "2026-03-02T13:00:00Z"),
    ]
    assert count_bits(made) == (17721088 * 65536).bit_length() - 1


@pytest.mark.parametrize(
    "fields",
    [
        {"source": "drand:" + "0" * 64 + ":1000"},
        {"source": "drand:52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971:01000"},
        {"source": "drand:52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971:1001"},
        {"known_from": "2023-08-23T15:59:25Z"},
        {"format": {"hex": 32}, "outcomes": str(16**32)},
        {"chain": None},
    ],
)
def test_a_drand_round_cannot_lie_about_its_time(shared: Path, fields: dict[str, Any]) -> None:
    assert read_public_sources(read_drand(shared))[0].outcomes == 2**256
    with pytest.raises(BadFile, match=r"sources\.json"):
        read_public_sources(read_drand(shared, **fields))


def check(*sources: dict[str, Any]) -> None:
    check_known_times(read_public_sources(source_bytes(*sources)), NOT_BEFORE)


def test_a_value_known_before_not_before_is_wrong() -> None:
    check({**LOTTERY, "known_from": NOT_BEFORE})
    with pytest.raises(BadFile, match="can be known before not_before"):
        check({**LOTTERY, "known_from": "2026-03-02T11:59:59Z"})
    with pytest.raises(BadFile, match="can be known before not_before"):
        check(
            LOTTERY,
            {
                **PULSE,
                "source": "beacon:示例:2003-01-01T00:00:00Z",
                "known_from": "2003-01-01T00:00:00Z",
            },
        )


def test_a_round_of_drand_made_before_not_before_is_wrong(shared: Path) -> None:
    with pytest.raises(BadFile, match="can be known before not_before"):
        check_known_times(read_public_sources(read_drand(shared)), NOT_BEFORE)


def test_a_ceremony_comes_first_beside_other_sources_and_from_not_before_on_alone() -> None:
    check(dice(known_from="2026-03-02T11:00:00Z"), LOTTERY)
    check(dice(), dice(source="ceremony:示例会议室:2"))
    with pytest.raises(BadFile, match="comes before not_before"):
        check(dice(known_from=NOT_BEFORE), LOTTERY)
    with pytest.raises(BadFile, match="can be known before not_before"):
        check(dice(known_from="2026-03-02T11:00:00Z"))


def test_local_has_no_time_no_bits_and_no_value() -> None:
    check(LOCAL)
    (local,) = sources = read_public_sources(source_bytes(LOCAL))
    assert count_bits(sources) == 0
    assert format_entropy(sources, {"local": ""}) == "local="
    with pytest.raises(Misuse):
        local.check_value("1")


def test_entropy_is_one_line_a_source_in_the_order_of_the_file() -> None:
    sources = read_public_sources(source_bytes(LOTTERY, PULSE))
    values = {"lottery:示例:2026001": NUMBERS, "beacon:示例:2026-03-02T13:00:00Z": "0a1b"}
    lines = format_entropy(sources, values)
    assert lines == f"lottery:示例:2026001={NUMBERS}\nbeacon:示例:2026-03-02T13:00:00Z=0a1b"
    assert parse_entropy(sources, lines) == values
    first, second = lines.split("\n")
    for wrong in ("", first, f"{second}\n{first}", f"{lines}\n", f"{lines}\n{second}", lines + "="):
        with pytest.raises(Misuse):
            parse_entropy(sources, wrong)
    with pytest.raises(Misuse, match="is missing"):
        format_entropy(sources, {"lottery:示例:2026001": NUMBERS})
