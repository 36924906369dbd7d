"""Worker processes: same results, same order; a killed one is told, none outlives the process that began it."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from double_random.core import translation
from double_random.core.errors import BadFile, DoubleRandomError, Stopped
from double_random.core.translation import _
from double_random.core.worker_processes import WorkerProcesses, count_cores, take_result


def square_numbers(folder: str, numbers: Sequence[int]) -> list[tuple[int, int]]:
    """The squares, and who reckoned them."""
    return [(number * number, os.getpid()) for number in numbers]


def write_file(folder: str) -> str:
    """Write a file; return a sentence in the language in use."""
    (Path(folder) / "written").write_text("示例", encoding="utf-8")
    return _("correct that line, or take the shipped file as a model")


def refuse_file(_folder: str) -> None:
    """Fail with an error that has more than a message."""
    raise BadFile("示例.toml", "示例", "示例提示")


def end_itself(_folder: str) -> None:
    """Die as a process dies whose memory the system takes."""
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_in_the_order_of_the_tasks(count: int, tmp_path: Path) -> None:
    with WorkerProcesses(count) as workers:
        found = list(workers.map_batches(square_numbers, (str(tmp_path),), range(100), 7))
    assert [square for square, _pid in found] == [number * number for number in range(100)]
    assert ({pid for _square, pid in found} == {os.getpid()}) == (count == 1)


def test_workers_begin_only_where_they_repay_their_start(tmp_path: Path) -> None:
    assert not WorkerProcesses(1).repay_start(10**6, 10)
    with WorkerProcesses(2) as workers:
        assert not workers.repay_start(9, 10)
        assert workers.repay_start(10, 10)
        take_result(workers.submit(square_numbers, str(tmp_path), [1]))
        assert workers.repay_start(9, 10)  # they have begun
    assert 1 <= WorkerProcesses().count <= count_cores()


def test_a_worker_has_the_umask_and_language_of_the_process_that_began_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translation, "_current", "zh_CN")
    before = os.umask(0o027)
    try:
        with WorkerProcesses(2) as workers:
            said = take_result(workers.submit(write_file, str(tmp_path)))
    finally:
        os.umask(before)
    assert "请" in said or "文件" in said
    assert stat.S_IMODE((tmp_path / "written").stat().st_mode) == 0o640


def test_an_error_of_a_worker_is_raised_here_with_its_hint(tmp_path: Path) -> None:
    with WorkerProcesses(2) as workers, pytest.raises(BadFile) as told:
        take_result(workers.submit(refuse_file, str(tmp_path)))
    assert (told.value.file, told.value.reason, told.value.hint) == (
        "示例.toml",
        "示例",
        "示例提示",
    )


def test_a_killed_worker_is_told_plainly(tmp_path: Path) -> None:
    with WorkerProcesses(2) as workers, pytest.raises(DoubleRandomError) as told:
        take_result(workers.submit(end_itself, str(tmp_path)))
    assert "nothing has changed" in told.value.message and told.value.hint
    assert not isinstance(told.value, Stopped)


PARENT = """
import os, time
from tests.core.test_worker_processes import square_numbers
from double_random.core.worker_processes import WorkerProcesses, take_result
if __name__ == "__main__":
    workers = WorkerProcesses(2)
    print(take_result(workers.submit(square_numbers, "", [1]))[0][1], flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="asks /proc for a process")
def test_no_worker_outlives_a_process_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    root = Path(__file__).parent.parent.parent
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    assert Path(f"/proc/{worker}").exists()
    parent.kill()
    parent.wait()
    for _try in range(600):
        if not Path(f"/proc/{worker}").exists():
            break
        time.sleep(0.05)
    assert not Path(f"/proc/{worker}").exists()
