"""The options of the whole program reach the home, the output and the database."""

from __future__ import annotations

from pathlib import Path

import pytest

from double_random.commands.current_home import home_path
from double_random.commands.global_options import use_global_options
from double_random.commands.render.format_writers import Format
from double_random.commands.render.output import is_for_people
from double_random.core.errors import Misuse
from double_random.store import memory_limit
from double_random.store.home import Home


def test_the_home_is_kept_for_the_command_that_follows() -> None:
    use_global_options(Path("示例"))
    assert home_path() == Path("示例")


def test_labels_make_csv_and_xlsx_answers_for_people() -> None:
    use_global_options(None)
    assert not is_for_people(Format.csv, None)
    use_global_options(None, labels=True)
    assert is_for_people(Format.csv, None) and is_for_people(Format.xlsx, None)
    assert not is_for_people(Format.json, None)


def test_the_memory_reaches_the_database_and_a_wrong_one_is_refused(
    home: Home, tmp_path: Path
) -> None:
    try:
        use_global_options(home.path, memory="512MB")
        assert memory_limit.database_config(home, tmp_path)["memory_limit"] == "512MB"
        use_global_options(home.path, memory="lots")
        with pytest.raises(Misuse, match="memory must be a size: lots"):
            memory_limit.database_config(home, tmp_path)
    finally:
        memory_limit.set_memory_flag(None)
