"""`registry proof`: whom it finds, and what it refuses to prove."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from double_random.commands.release_logging import log_new_release
from double_random.core.errors import DoubleRandomError, Misuse
from double_random.inspection.draw.register_roots import SECRET
from double_random.inspection.verification.register_proof import prove_register_row
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from tests.inspection.conftest import DAY, code, drop


def test_a_row_is_found_by_code_and_by_name(
    home: Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.raises(Misuse, match="the log has no roots"):
        prove_register_row(home, code(1))
    folder = tmp_path_factory.mktemp("drop") / "drop"
    with log_new_release(home, "sync"):
        assert not sync_registers(home, [drop(folder, 5, 4)], DAY).refused
    by_code, by_name = (
        prove_register_row(home, text) for text in (code(3), "上海示例003律师事务所")
    )
    assert by_code == by_name and by_code.size == 5 and code(3) in by_code.leaf
    with pytest.raises(Misuse):
        prove_register_row(home, "示例查无此所")
    (home.log.keys / SECRET).write_text("0" * 64)
    with pytest.raises(DoubleRandomError, match="gives another root"):
        prove_register_row(home, code(3))


def test_a_release_without_roots_is_not_proven(bureau: Callable[..., Home]) -> None:
    with pytest.raises(Misuse, match="the log has no roots"):
        prove_register_row(bureau(), code(1))
