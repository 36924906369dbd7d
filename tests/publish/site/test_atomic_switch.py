"""The switch replaces a link in one step, never a folder, and knows which editions must go."""

from __future__ import annotations

from pathlib import Path

import polars
import pytest

from double_random.core.errors import DoubleRandomError
from double_random.publish.site import atomic_switch
from double_random.store.home import Home


def edition(home: Path, name: str, *records: str) -> Path:
    """A folder of an edition that shows these penalties."""
    folder = home / "editions" / name
    (folder / "data").mkdir(parents=True)
    table = polars.DataFrame({"record": records}, schema={"record": polars.String})
    table.write_parquet(folder / "data" / "penalty.parquet")
    return folder


def test_a_folder_of_somebody_else_is_not_replaced(home: Home) -> None:
    home.public.mkdir()
    (home.public / "theirs.txt").write_text("keep")
    with pytest.raises(DoubleRandomError, match="did not make"):
        atomic_switch.switch_link(home.public, home.path / "editions" / "x")
    assert (home.public / "theirs.txt").read_text() == "keep"


def test_a_link_is_turned_and_no_other_is_left_over(tmp_path: Path) -> None:
    first, second = (edition(tmp_path, name) for name in ("000001-2017-01-21", "000002-2017-01-22"))
    public = tmp_path / "public"
    assert atomic_switch.shown_folder(public) == ""
    for folder in (first, second):
        atomic_switch.switch_link(public, folder)
        assert atomic_switch.shown_folder(public) == folder.name
    assert public.readlink() == Path("editions", second.name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["editions", "public"]


def test_a_link_that_a_killed_switch_left_is_no_hindrance(tmp_path: Path) -> None:
    folder = edition(tmp_path, "000001-2017-01-21")
    (tmp_path / ".public").symlink_to("elsewhere")
    atomic_switch.switch_link(tmp_path / "public", folder)
    assert atomic_switch.shown_folder(tmp_path / "public") == folder.name


def test_an_edition_must_go_once_the_next_one_shows_a_penalty_no_more(tmp_path: Path) -> None:
    both = edition(tmp_path, "000001-2017-01-21", "a", "b")
    one = edition(tmp_path, "000002-2017-01-22", "a")
    assert atomic_switch.shows_ended_penalty(both, one)
    assert not atomic_switch.shows_ended_penalty(one, both)
    assert not atomic_switch.shows_ended_penalty(tmp_path / "none", one)
