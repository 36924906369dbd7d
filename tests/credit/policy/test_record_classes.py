"""The classes of records are read from the list, a bureau's own kinds before the shipped ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from double_random.core.errors import BadFile
from double_random.credit.policy.record_classes import RecordClass, load_record_classes


def test_the_shipped_classes_have_their_states_and_kinds() -> None:
    classes = load_record_classes()
    assert list(classes)[:2] == ["penalty", "complaint"]
    assert "fine" in classes["penalty"].kinds and classes["penalty"].sign == "minus"
    assert classes["complaint"].states == ("upheld", "partly_upheld")
    assert classes["complaint"].kinds == ()


def record_class(states: tuple[str, ...], kinds: tuple[str, ...]) -> RecordClass:
    return RecordClass(id="示例", name="示例", sign="both", states=states, kinds=kinds)


def test_a_class_concerns_the_subjects_that_have_its_records() -> None:
    classes = load_record_classes()
    assert not classes["assessment"].concerns({"institutions"})
    assert classes["assessment"].concerns({"persons", "institutions"})
    assert not classes["annual_check"].concerns({"persons"})
    assert classes["penalty"].concerns({"persons"}) and classes["penalty"].concerns(set())


def test_every_kind_in_every_state_is_a_case() -> None:
    two = record_class(("decided", "open"), ("a", "b"))
    assert two.cases() == [("a", "decided"), ("a", "open"), ("b", "decided"), ("b", "open")]
    none = record_class(("decided",), ())
    assert none.cases() == [("", "decided")]


def test_a_bureaus_own_list_of_kinds_goes_before_the_shipped_one(tmp_path: Path) -> None:
    kinds = '[[kind]]\ncode = "示例"\nseverity = 1\nreference = "示例"\nwords = ["示例"]\n'
    (tmp_path / "penalty_kinds.toml").write_text(kinds, encoding="utf-8")
    own = load_record_classes(tmp_path)
    assert own["penalty"].kinds == ("示例",)
    assert own["sanction"] == load_record_classes()["sanction"]


def test_a_class_without_kinds_is_refused_with_its_name(tmp_path: Path) -> None:
    text = '[[class]]\nid = "示例"\nname = "示例"\nsign = "minus"\nstates = ["decided"]\n'
    (tmp_path / "record_kinds.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadFile, match="class 示例: kinds or kinds_file is missing"):
        load_record_classes(tmp_path)


def test_an_unknown_sign_is_refused(tmp_path: Path) -> None:
    text = '[[class]]\nid = "x"\nname = "x"\nsign = "up"\nstates = ["decided"]\nkinds = []\n'
    (tmp_path / "record_kinds.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadFile, match="sign"):
        load_record_classes(tmp_path)
