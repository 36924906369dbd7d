"""The benchmarks' page says what the frozen results say, and nothing else."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
if not (ROOT / "benchmarks").is_dir():
    pytest.skip("a source distribution has no benchmarks", allow_module_level=True)

from benchmarks import book, scale  # noqa: E402
from benchmarks.pictures import picture  # noqa: E402


def test_the_page_is_what_the_results_say() -> None:
    again = "write it again: python -m benchmarks.book"
    assert book.PAGE.read_text("utf-8") == book.page(), again
    drawn = {file.name: file.read_text("utf-8") for file in book.PICTURES.glob("*.svg")}
    assert drawn == book.pictures(), again


@pytest.mark.parametrize("one", book.results(), ids=lambda one: str(one["name"]))
def test_a_result_names_its_module_machine_and_goals(one: dict[str, object]) -> None:
    assert (ROOT / "benchmarks" / f"{one['name']}.py").exists()
    assert one["machine"] and one["measured"] and one["title"] and one["rows"]
    for row in one["rows"]:  # type: ignore[attr-defined]
        assert (row["met"] is None) == (not row["goal"]), row


def test_a_picture_is_well_formed_and_shows_every_ratio_and_goal() -> None:
    row = {"value": 3.0, "unit": "s", "note": "", "what": "a < b", "goal": "at most 6 x the floor"}
    rows = [row | {"ratio": 4.0, "met": True}, row | {"ratio": 0.25, "met": False}]
    drawn = picture({"title": "示例 & co", "rows": rows})
    assert drawn is not None
    tree = ElementTree.fromstring(drawn)
    name = "{http://www.w3.org/2000/svg}"
    assert len(tree.findall(f"{name}rect")) == 3  # the sheet and two bars
    assert len(tree.findall(f"{name}path")) == 3  # two goals and the even line
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_curves_are_drawn_over_both_scales() -> None:
    curve = {"sync": [[1, 0.1], [4, 0.4], [16, 1.7]], "score": [[1, 0.2], [4, 0.3], [16, 0.9]]}
    drawn = picture({"title": "growth", "rows": [], "curves": curve})
    assert drawn is not None
    tree = ElementTree.fromstring(drawn)
    assert len(tree.findall("{http://www.w3.org/2000/svg}polyline")) == 2


def test_the_page_on_the_nation_is_computed_from_the_results() -> None:
    assert scale.PAGE.read_text("utf-8") == scale.page(), (
        "write it again: python -m benchmarks.scale"
    )
