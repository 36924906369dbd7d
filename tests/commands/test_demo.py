"""`demo` makes its own home and touches no folder that holds anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from double_random.commands import demo
from double_random.commands.current_home import use_home
from double_random.core.errors import Misuse


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "示例.txt").write_text("示例", "utf-8")
    use_home(tmp_path)
    with pytest.raises(Misuse, match="is not empty, and no demo made it") as error:
        demo.run_demo()
    assert "--home FOLDER demo" in error.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["示例.txt"]


def test_a_file_is_no_home(tmp_path: Path) -> None:
    use_home(tmp_path / "示例.txt")
    (tmp_path / "示例.txt").write_text("示例", "utf-8")
    with pytest.raises(Misuse, match="no demo made it"):
        demo.run_demo()
    assert (tmp_path / "示例.txt").read_text("utf-8") == "示例"
