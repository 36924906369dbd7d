"""Progress of a long run on stderr: a bar on a terminal, else one JSON line per event."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from double_random.commands.render.terminal import make_console
from double_random.core.translation import _
from double_random.publish.disclosure.sanitise import escape_json_marks

Event = dict[str, Any]


@contextmanager
def show_progress(stages: Sequence[str]) -> Iterator[Callable[[Event], None]]:
    """Give a function that shows an event (`event`: begin or done; `stage`) of a run of these stages."""
    if not sys.stderr.isatty():
        yield _print_event
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=make_console(stderr=True),
    ) as bar:
        task = bar.add_task("", total=len(stages))

        def show_event(event: Event) -> None:
            if event["event"] == "begin":
                bar.update(task, description=_(event["stage"]))
            elif event["event"] == "done":
                bar.advance(task)

        yield show_event


def _print_event(event: Event) -> None:
    text = escape_json_marks(json.dumps(event, ensure_ascii=False))
    print(text, file=sys.stderr, flush=True)
