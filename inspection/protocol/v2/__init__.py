"""The draw protocol `double-random/2` as pure mathematics: no database, no clock, no files.

The specification is docs/reference/draw-protocol-2.md. What it shares with version 1 (hashes, canonical CSV and JSON,
tickets, allocation, groups, notices) is imported from there.
"""

from double_random.inspection.protocol import canonical_json

PROTOCOL = "double-random/2"
SOURCES = "sources.json"  # the file that version 1 has not
REGISTERS = ("institutions", "persons", "inspectors")  # whose roots a log entry may have


def find_protocol(data: bytes) -> str:
    """The protocol that a plan.json names, or "" if it names none; its other content is not looked at."""
    try:
        value = canonical_json.parse_strict(data)
    except (ValueError, RecursionError):
        return ""
    named = value.get("protocol") if type(value) is dict else None
    return named if type(named) is str else ""
