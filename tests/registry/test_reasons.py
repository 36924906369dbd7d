"""The register's reasons are a closed list: each is there once, and has its translation."""

from __future__ import annotations

from double_random.core import translation
from double_random.intake import reasons as of_intake
from double_random.registry import reasons


def sentences(module: object) -> list[str]:
    """The reasons that a module lists."""
    listed = ((name, value) for name, value in vars(module).items() if name.isupper())
    return [value for name, value in listed if name != "N_"]


def test_every_reason_is_there_once() -> None:
    found = sentences(reasons)
    assert len(found) == len(set(found)) >= 10


def test_no_reason_is_one_of_intake() -> None:
    assert not set(sentences(reasons)) & set(sentences(of_intake))


def test_every_reason_is_translated() -> None:
    translation.choose_language("zh")
    for reason in sentences(reasons):
        assert translation._(reason) != reason
