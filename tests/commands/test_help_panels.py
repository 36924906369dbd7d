"""Large groups show their commands by stages of the work, each command once."""

from __future__ import annotations

import pytest
from typer.main import get_command

from double_random.cli import build_application
from double_random.commands.help_pages import HelpContext
from double_random.commands.help_panels import PANELS
from double_random.core import translation

GROUPS = get_command(build_application()).commands


@pytest.mark.parametrize("group", PANELS)
def test_every_command_of_the_group_stands_under_one_heading(group: str) -> None:
    """S-006."""
    shown = [name for _title, names in PANELS[group] for name in names]
    assert sorted(shown) == sorted(GROUPS[group].commands)


def test_no_other_group_has_more_commands_than_one_list_can_show() -> None:
    """S-006."""
    large = {name for name, one in GROUPS.items() if len(getattr(one, "commands", {})) > 14}
    assert large <= set(PANELS)


@pytest.mark.parametrize(("lang", "title"), [("en", "Drawing:"), ("zh_CN", "抽取:")])
def test_the_page_has_the_headings_and_all_commands(lang: str, title: str) -> None:
    """S-006."""
    translation.choose_language(lang)
    page = GROUPS["inspection"].get_help(HelpContext(GROUPS["inspection"], info_name="inspection"))
    translation.choose_language("en")
    lines = [line.strip() for line in page.splitlines()]
    assert title in lines
    assert set(GROUPS["inspection"].commands) <= {line.partition(" ")[0] for line in lines}
