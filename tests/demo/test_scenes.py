"""The tour's two draws have an order of times and numbers of the length that their sources name."""

from __future__ import annotations

import pytest

from double_random.demo.bureau import DISTRICT
from double_random.demo.scenes import ARCHIVES, PRACTICE, SECTION, Scene
from double_random.inspection.protocol.sources import read_sources

SCENES = (ARCHIVES, PRACTICE)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.draw)
def test_each_act_comes_after_the_one_before(scene: Scene) -> None:
    times = [scene.committed, scene.not_before, scene.drawn, scene.published]
    assert times == sorted(times) and len(set(times)) == 4
    assert scene.published[:10] <= scene.publish_by.isoformat()


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.draw)
def test_the_value_is_one_that_its_source_can_give(scene: Scene) -> None:
    (source,) = read_sources((scene.source,))
    source.check_value(scene.value)
    assert len(scene.value) == int(scene.source.rpartition(":")[2])


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.draw)
def test_everything_in_words_is_plainly_fictitious(scene: Scene) -> None:
    assert "示例" in scene.title and "示例" in scene.number and "示例" in scene.source


def test_the_first_draw_is_one_section_in_groups_and_the_second_the_whole_roster() -> None:
    assert ARCHIVES.groups == 2 and ARCHIVES.unit == SECTION and SECTION.startswith(DISTRICT)
    assert PRACTICE.groups is None and PRACTICE.unit == ""
    assert ARCHIVES.draw != PRACTICE.draw
