"""Inspectors are numbered by the order of their certificate numbers."""

from __future__ import annotations

from double_random.inspection.draw.inspector_numbers import number_inspectors


def test_numbers_follow_the_order_of_certificates() -> None:
    assert number_inspectors(["ZFXXXX20", "ZFXXXX03"]) == {"ZFXXXX03": "J01", "ZFXXXX20": "J02"}
    assert number_inspectors([]) == {}


def test_all_numbers_of_a_large_roster_have_the_same_width() -> None:
    found = number_inspectors(f"ZF{number:04d}" for number in range(120))
    assert found["ZF0000"] == "J001" and found["ZF0119"] == "J120"
    assert sorted(found.values()) == list(found.values())
