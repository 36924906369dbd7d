"""A delivery folder is replaced as a whole, tells what differs, and never touches what somebody else wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from double_random.core.errors import Misuse, Stopped
from double_random.publish.disclosure.output_checks import LISTING
from double_random.publish.exports import delivery


def test_a_phone_number_stops_it_and_the_folder_stays(tmp_path: Path) -> None:
    delivery.write_delivery(tmp_path / "out", [("a.html", b"one")], set())
    with pytest.raises(Stopped, match=r"b\.html"):
        delivery.write_delivery(tmp_path / "out", [("b.html", "电话13800138000".encode())], set())
    assert (tmp_path / "out" / "a.html").read_bytes() == b"one"
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


def test_what_differs_from_the_folder_before_is_told_file_by_file(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    first = delivery.write_delivery(
        folder, [("a.html", b"1"), ("b.html", b"1"), ("c/d.csv", b"1")], set()
    )
    assert first.new == ("a.html", "b.html", "c/d.csv")
    second = delivery.write_delivery(
        folder, [("a.html", b"1"), ("b.html", b"2"), ("e.csv", b"")], set()
    )
    assert (second.new, second.rewritten, second.same, second.gone) == (
        *(("e.csv",), ("b.html",)),
        *(("a.html",), ("c/d.csv",)),
    )
    assert (folder / LISTING).read_text().splitlines()[0].endswith("  a.html")
    assert not (folder / "c").exists()


def test_a_file_that_this_program_did_not_write_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    delivery.write_delivery(folder, [("a.html", b"1")], set())
    (folder / "own.txt").write_text("示例")
    with pytest.raises(Misuse, match=r"own\.txt.*did not write"):
        delivery.write_delivery(folder, [("a.html", b"2")], set())
    assert (folder / "a.html").read_bytes() == b"1"
    assert (folder / "own.txt").read_text() == "示例"


def test_a_file_that_was_changed_since_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    delivery.write_delivery(folder, [("a.html", b"1")], set())
    (folder / "a.html").write_bytes(b"by hand")
    with pytest.raises(Misuse, match=r"a\.html.*changed"):
        delivery.write_delivery(folder, [("a.html", b"2")], set())
    assert (folder / "a.html").read_bytes() == b"by hand"


def test_digits_that_are_public_by_nature_pass(tmp_path: Path) -> None:
    licence = "13800138000"
    delivery.write_delivery(tmp_path / "out", [("a.csv", licence.encode())], {licence})
    assert (tmp_path / "out" / "a.csv").read_text() == licence


def test_two_files_at_one_path_are_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"a\.csv"):
        delivery.write_delivery(tmp_path / "out", [("a.csv", b"1"), ("a.csv", b"2")], set())
    assert list(tmp_path.iterdir()) == []
