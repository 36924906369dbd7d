"""Files that were read before (读过的文件): the same bytes under the same reading rules bring nothing new.

A run records the rules by which it has read its files. The record is in its release, so after an undo or a restored
backup the existing release decides. It follows from the program, not from the bureau: a rebuild writes the record as
it was (docs/decisions/0057).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from double_random import data
from double_random.core.errors import DoubleRandomError
from double_random.core.translation import _
from double_random.intake.reasons import DATE_IN_FUTURE, DECIDED_IN_FUTURE
from double_random.store.undo import effective_runs_condition

if TYPE_CHECKING:
    import duckdb

    from double_random.intake.layouts import Layout
    from double_random.registry.quality.file_report import FileReport
    from double_random.store.releases import Release

OF_THE_DAY = (DATE_IN_FUTURE, DECIDED_IN_FUTURE)  # such a row may be read differently tomorrow
READERS = ("registry/sync/sync_run.py", "credit/records/load.py")  # they and all their imports
IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)|import[ \t]+([^\n]+))", re.M
)
FACT = re.compile(r"""["']([\w/.-]+\.toml)["']""")


def hash_reading_rules(layouts: Sequence[Layout], fact: Callable[[str], Path] = data.path) -> str:
    """The reading rules as one SHA-256: the layouts, this program's reading sources, and the facts they name.

    `fact` finds a fact: `home.fact` if a bureau may have its own.
    """
    digest = hashlib.sha256(_spell_layouts(tuple(layouts)))
    program = Path(__file__).parents[2]
    facts = program / "data"
    for source in _known_reader_sources(program):
        named = source.suffix == ".toml"
        file = fact(source.relative_to(facts).as_posix()) if named else source
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def hash_program_sources(program: Path, roots: Sequence[str]) -> str:
    """These sources of a program with all that they import of it, and the facts they name, as one SHA-256."""
    digest = hashlib.sha256()
    for source in list_reader_sources(program, roots):
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()


@lru_cache(maxsize=8)
def _spell_layouts(layouts: tuple[Layout, ...]) -> bytes:
    """All that layouts say, as JSON; layouts that say the same are equal."""
    shapes = [asdict(layout) for layout in layouts]
    return json.dumps(shapes, default=sorted, ensure_ascii=False).encode()


_found: dict[Path, tuple[list[Path], tuple[int, ...]]] = {}


def _known_reader_sources(program: Path) -> list[Path]:
    """The sources that decide how a file is read; looked for again if one of them or of their folders has changed."""
    sources, times = _found.get(program, ([], ()))
    if not sources or _list_change_times(sources) != times:
        sources = list_reader_sources(program)
        _found[program] = sources, _list_change_times(sources)
    return sources


def _list_change_times(sources: Sequence[Path]) -> tuple[int, ...]:
    """When each source was changed, and each folder with a source; 0 for one that is gone."""
    everything = [*sources, *sorted({source.parent for source in sources})]
    return tuple(_change_time(path) for path in everything)


def _change_time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def list_reader_sources(program: Path, roots: Sequence[str] = READERS) -> list[Path]:
    """The sources that decide how a file is read: the commands that read, all that they import of this program, the
    SQL beside these, and the facts that they name. DoubleRandomError if a root is not there.
    """
    waiting = [program / root for root in roots]
    for root in waiting:
        if not root.is_file():
            raise DoubleRandomError(
                _("{file} is missing: which files were read before cannot be said").format(
                    file=root
                ),
                _("install the program again"),
            )
    visited: set[Path] = set()
    folders: set[Path] = set()
    looked: set[str] = set()  # the modules and facts that were already looked up
    while waiting:
        file = waiting.pop()
        if file in visited:
            continue
        visited.add(file)
        if file.suffix != ".py":
            continue
        if file.parent not in folders:
            folders.add(file.parent)
            waiting += file.parent.rglob("*.sql")
        modules, facts = _imported_names(file.read_text("utf-8"))
        candidates = (program / "data" / fact for fact in facts - looked)
        waiting += [candidate for candidate in candidates if candidate.is_file()]
        for module in modules - looked - {"double_random"}:  # it loads what others ask of it
            candidate = program.joinpath(*module.removeprefix("double_random.").split("."))
            sources = (candidate.with_suffix(".py"), candidate / "__init__.py")
            waiting += [source for source in sources if source.is_file()]
        looked |= modules | facts
    return sorted(visited)


@lru_cache(maxsize=512)
def _imported_names(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The modules that a source may import, and the facts in it."""
    modules: set[str] = set()
    for module, names, plain in IMPORT.findall(text):
        if module:
            modules |= {module, *(f"{module}.{name}" for name in re.findall(r"\w+", names))}
        else:
            modules |= set(re.findall(r"[\w.]+", plain))
    return frozenset(modules), frozenset(FACT.findall(text))


def record_reading_rules(
    connection: duckdb.DuckDBPyConnection, run: int, files: Sequence[FileReport], by: str
) -> None:
    """Record the rules by which a run has read its files."""
    read = sorted({(run, file.sha256, by) for file in files if file.sha256})
    if read:
        connection.executemany("INSERT INTO added.readings VALUES (?, ?, ?)", read)


def find_known_files(release: Release, kind: Literal["sync", "load"], by: str) -> dict[str, int]:
    """SHA-256 → rows of the files that a sync or load can skip under these rules.

    For a sync these are files without rows of its own: a register's list is always read completely.
    """
    if not release.has("readings"):
        return {}
    question = KNOWN.format(
        standing=effective_runs_condition(release), days=", ".join(["?"] * len(OF_THE_DAY))
    )
    parameters: list[Any] = [kind, by, kind == "load", *OF_THE_DAY]
    return dict(release.frame(question, parameters).iter_rows())


# All files of a ZIP have the SHA-256 of the archive: it is known if all of them are.
KNOWN = """
SELECT n.sha256, CAST(max(n.rows) AS BIGINT) AS rows
FROM (
    SELECT n.run, n.sha256, sum(f.rows) AS rows
    FROM (SELECT DISTINCT run, sha256, rules FROM readings WHERE {standing}) n
    JOIN runs r ON r.run = n.run AND r.kind = ?
    JOIN files f ON f.run = n.run AND f.sha256 = n.sha256
    WHERE n.rules = ?
    GROUP BY n.run, n.sha256
    HAVING bool_and(f.result = 'other' OR f.result = 'read' AND ?)
) n
WHERE n.sha256 NOT IN (SELECT sha256 FROM issues WHERE reason IN ({days}))
GROUP BY n.sha256
"""
