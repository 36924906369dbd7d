"""Sources of randomness for tests, as rows of sources.json."""

from __future__ import annotations

from typing import Any

from double_random.inspection.protocol import canonical_json

NOT_BEFORE = "2026-03-02T12:00:00Z"
LOTTERY: dict[str, Any] = {
    "source": "lottery:示例:2026001",
    "kind": "lottery",
    "format": {
        "groups": [
            {
                "count": 6,
                "low": 1,
                "high": 33,
                "digits": 2,
                "distinct": True,
                "order": "ascending",
                "rest": False,
            },
            {
                "count": 1,
                "low": 1,
                "high": 16,
                "digits": 2,
                "distinct": True,
                "order": "ascending",
                "rest": False,
            },
        ]
    },
    "outcomes": "17721088",
    "known_from": "2026-03-02T13:15:00Z",
    "published": "示例公告",
    "chain": None,
}
NUMBERS = "02.07.11.19.26.33.16"
LOCAL: dict[str, Any] = {
    "source": "local",
    "kind": "local",
    "format": None,
    "outcomes": "1",
    "known_from": None,
    "published": "",
    "chain": None,
}


def dice(**fields: Any) -> dict[str, Any]:
    """A ceremony: eight dice."""
    group = {"count": 8, "low": 1, "high": 6, "digits": 1}
    group |= {"distinct": False, "order": "drawn", "rest": False}
    return {
        "source": "ceremony:示例会议室:1",
        "kind": "ceremony",
        "format": {"groups": [group]},
        "outcomes": "1679616",
        "known_from": NOT_BEFORE,
        "published": "示例记录",
        "chain": None,
        **fields,
    }


def source_bytes(*sources: dict[str, Any]) -> bytes:
    """The bytes of sources.json."""
    return canonical_json.dump_canonical({"sources": list(sources)})
