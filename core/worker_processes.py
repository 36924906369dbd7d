"""Worker processes: a long piece of work in batches on every core, or in this process where that is quicker.

Workers begin empty (forkserver, else spawn), never as a copy of a process in which DuckDB or Polars have threads. They
take functions of modules with arguments that can be pickled, and end with the process that began them.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from double_random.core import translation
from double_random.core.errors import DoubleRandomError
from double_random.core.translation import _

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

Result = TypeVar("Result")

MOST = 8  # workers; the process that feeds them keeps no more of them busy
AHEAD = 3  # batches handed out for each worker: memory stays bounded whatever the work


def count_cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class WorkerProcesses:
    """Workers that begin with the first batch handed out; a context that ends them.

    `count` below 2: no process is begun. `modules`: imported once, before the workers divide.
    """

    def __init__(self, count: int | None = None, modules: Sequence[str] = ()) -> None:
        self.count = min(count_cores(), MOST) if count is None else count
        self.modules = modules
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> WorkerProcesses:
        """Begin nothing yet."""
        return self

    def __exit__(self, *_error: object) -> None:
        """End the workers; calls that none of them has begun are dropped."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def repay_start(self, tasks: int, least: int) -> bool:
        """Whether handing out so many tasks is quicker; `least`: from how many on, if no worker has begun yet."""
        return self.count > 1 and tasks >= (least if self._pool is None else least // 4)

    def map_batches(
        self,
        work: Callable[..., list[Result]],
        shared: tuple[Any, ...],
        tasks: Sequence[Any],
        size: int,
    ) -> Iterator[Result]:
        """Yield the results of `work(*shared, batch)` in the order of the tasks, `size` tasks a batch."""
        waiting: deque[Future[list[Result]]] = deque()
        for start in range(0, len(tasks), size):
            waiting.append(self.submit(work, *shared, tasks[start : start + size]))
            while len(waiting) > self.count * AHEAD:
                yield from take_result(waiting.popleft())
        while waiting:
            yield from take_result(waiting.popleft())

    def submit(self, work: Callable[..., Result], *arguments: Any) -> Future[Result]:
        """Hand out one call, of which `take_result` has the result; DoubleRandomError if a worker was killed."""
        pool = self._begin_workers() if self.count > 1 else None
        if pool is None:
            from concurrent.futures import Future

            done: Future[Result] = Future()
            done.set_result(work(*arguments))
            return done
        with _explain_killed_worker():
            return pool.submit(work, *arguments)

    def _begin_workers(self) -> ProcessPoolExecutor | None:
        """The workers; None where the system has none, as without shared memory."""
        if self._pool is None:
            import multiprocessing
            from concurrent.futures import ProcessPoolExecutor

            empty = "forkserver" in multiprocessing.get_all_start_methods()
            context = multiprocessing.get_context("forkserver" if empty else "spawn")
            if empty:
                context.set_forkserver_preload(["__main__", *self.modules])
            umask = os.umask(0o077)
            os.umask(umask)
            try:
                self._pool = ProcessPoolExecutor(
                    self.count, context, _prepare_worker, (umask, translation.current_language())
                )
            except (OSError, ImportError, NotImplementedError):
                self.count = 1
        return self._pool


def take_result(call: Future[Result]) -> Result:
    """The result of a call that was handed out; its exception is raised here."""
    with _explain_killed_worker():
        return call.result()


@contextmanager
def _explain_killed_worker() -> Iterator[None]:
    from concurrent.futures import BrokenExecutor

    try:
        yield
    except BrokenExecutor:
        raise DoubleRandomError(
            _("a worker process was ended from outside; nothing has changed"),
            _("if the memory was full, close other programs; then do it again"),
        ) from None


def _prepare_worker(umask: int, language: str) -> None:
    """Make a worker what the process that began it is; Ctrl-C is that one's to answer."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.umask(umask)
    translation.choose_language(language)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this worker when the process that began it has ended, even if that was killed."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
