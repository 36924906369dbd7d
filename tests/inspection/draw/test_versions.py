"""Plans of both versions behind one set of calls."""

from __future__ import annotations

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.draw import versions
from double_random.inspection.protocol.plan import FILES
from tests.inspection.protocol.conftest import make_case as make_first
from tests.inspection.protocol.v2.cases import make_case as make_second


def test_a_plan_is_read_as_the_version_that_it_names() -> None:
    first, second = make_first(), make_second()
    assert versions.read_plan(first.plan.data) == first.plan
    assert versions.read_plan(second.plan.data) == second.plan
    assert [versions.is_second(one.plan) for one in (first, second)] == [False, True]
    assert versions.frozen_names(first.plan) == tuple(FILES)
    assert versions.frozen_names(second.plan) == ("sources.json", *FILES)


def test_a_draw_is_made_checked_and_written_by_its_own_version() -> None:
    for case in (make_first(), make_second()):
        plan, reveal = case.plan, case.reveal
        files = versions.read_files(plan, case.files)
        selection = versions.select_targets(plan, files, reveal.entropy, reveal.secret)
        draw = versions.assign_teams(selection, files, reveal.inner)
        made = draw.result_files
        again = versions.check_teams(
            selection, files, reveal.inner, made["teams.csv"], made["certificate.json"]
        )
        assert again.members == draw.members and draw.members
        data = versions.make_result(draw, reveal.secret, reveal.inner, {}, made)
        result = versions.read_result(plan, data)
        assert (result.seed, result.secret) == (draw.seed, reveal.secret)
        trial = versions.select_by_tickets(plan, files, selection.tickets)
        assert trial.drawn == selection.drawn
        values = dict(line.split("=", 1) for line in reveal.entropy.split("\n"))
        sources = versions.read_sources(plan, case.files)
        assert versions.format_entropy(plan, sources, values)[0] == reveal.entropy
        with pytest.raises(Misuse, match=r"The value of .* is missing"):
            versions.format_entropy(plan, sources, {})
