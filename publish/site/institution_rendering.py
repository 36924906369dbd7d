"""Rendering of institutions' pages from their rows: in this process, or in workers that write the files themselves."""

from __future__ import annotations

import hashlib
import pickle
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from double_random.core.translation import N_
from double_random.core.worker_processes import AHEAD, WorkerProcesses, take_result
from double_random.publish.content import urls
from double_random.publish.content.labels import format_yuan
from double_random.publish.content.page_setting import PageSetting
from double_random.publish.site.templates import Page, Templates

if TYPE_CHECKING:
    from concurrent.futures import Future

COMPLAIN = N_(
    "About this institution: the justice bureau that registered it, or the hotline 12348 of public legal services."
)
BATCH = 200  # pages handed to a worker at once
LEAST = 1_000  # pages from which on the start of the workers is repaid

Written = list[tuple[str, str]]  # path and SHA-256 of each file


class PageContent(NamedTuple):
    """The rows of one institution's page."""

    row: dict[str, Any]
    register: str
    approvals: list[dict[str, Any]]
    penalties: list[dict[str, Any]]
    grades: list[str]
    drawn: list[dict[str, Any]]
    past: list[dict[str, Any]]


@dataclass(frozen=True)
class InstitutionRenderer:
    """Renders the pages of institutions in the setting of one edition."""

    setting: PageSetting
    templates: Templates

    def render_page(self, content: PageContent) -> Page:
        """Render one institution's page."""
        words, row = self.setting.words, content.row
        return self.templates.render_page(
            "institution.html",
            urls.institution_path(row["id"]),
            "institutions",
            name=row["name"] or row["id"],
            register=content.register,
            district=words.district(row["district"]),
            kind=words.kind(row["kind"]),
            status=row["status"],
            status_word=words.status(row["status"]),
            licence=self._licence_facts(row),
            grades=content.grades,
            approvals=[
                record | {"event": words.event(record["event"])} for record in content.approvals
            ],
            penalties=[
                record | {"facts": self._penalty_facts(record)} for record in content.penalties
            ],
            drawn=content.drawn,
            past=content.past,
            complain=self.setting.complain or words.say(COMPLAIN),
        )

    def _licence_facts(self, row: dict[str, Any]) -> list[tuple[str, str]]:
        words = self.setting.words
        special = {
            "kind": words.kind(row["kind"]),
            "district": words.district(row["district"]),
            "former": "\n".join(row["former"] or ()),
            "licence_to": row["licence_to"] or words.say(N_("no end")),
        }
        return [
            (title, special.get(name) or str(row[name]))
            for name, title in self._licence_titles
            if special.get(name) or row[name]
        ]

    def _penalty_facts(self, row: dict[str, Any]) -> list[tuple[str, str]]:
        special = {"kinds": self.setting.words.penalty(row["kinds"] or "")}
        return [
            (
                title,
                format_yuan(row[name])
                if name in self._money_titles
                else special.get(name) or str(row[name]),
            )
            for name, title in self._penalty_titles
            if row[name] is not None
        ]

    @cached_property
    def _licence_titles(self) -> list[tuple[str, str]]:
        say = self.setting.words.say
        own = {"district": say(N_("District")), "licence_to": say(N_("Licence until"))}
        return self._field_titles("institution", ("id", "name", "status"), own)

    @cached_property
    def _money_titles(self) -> dict[str, str]:
        say = self.setting.words.say
        return {
            "fine_fen": say(N_("Fine (yuan)")),
            "confiscated_fen": say(N_("Confiscated (yuan)")),
        }

    @cached_property
    def _penalty_titles(self) -> list[tuple[str, str]]:
        return self._field_titles(
            "penalty", ("institution", "record", "document"), self._money_titles
        )

    def _field_titles(
        self, which: str, skip: tuple[str, ...], own: dict[str, str]
    ) -> list[tuple[str, str]]:
        """List the fields of a class with their titles; `own` titles come before those of the allow-list."""
        return [
            (field.name, own.get(field.name) or self.setting.words.title(field))
            for field in self.setting.classes[which].fields
            if field.name not in skip
        ]


@dataclass(kw_only=True)
class PageWriting:
    """Writes institutions' pages to a folder: by workers if there are many, else in this process."""

    folder: Path
    setting: PageSetting
    workers: WorkerProcesses
    _pending: list[PageContent] = field(default_factory=list)
    _handed: deque[Future[Written]] = field(default_factory=deque)
    _written: Written = field(default_factory=list)

    def add_page(self, content: PageContent) -> None:
        """Add a page; it is written at some time before `finish_pages` returns."""
        self._pending.append(content)
        begun = bool(self._handed or self._written)
        if len(self._pending) >= BATCH and (
            begun or self.workers.repay_start(len(self._pending), LEAST)
        ):
            self._hand_out()

    def finish_pages(self) -> dict[str, str]:
        """Write what is left; return the SHA-256 of every page by its path."""
        if self._handed or self._written:
            self._hand_out()
        else:
            self._written += write_pages(self._shared, str(self.folder), self._pending)
        self._collect_written(0)
        hashes = dict(self._written)
        if len(hashes) < len(self._written):
            raise ValueError("two institutions' pages at one path")
        return hashes

    def _hand_out(self) -> None:
        pending, self._pending = self._pending, []
        for start in range(0, len(pending), BATCH):
            batch = pending[start : start + BATCH]
            self._handed.append(
                self.workers.submit(write_pages, self._shared, str(self.folder), batch)
            )
        self._collect_written(AHEAD * self.workers.count)

    def _collect_written(self, left: int) -> None:
        """Wait until no more than so many batches are left with the workers: memory stays bounded."""
        while len(self._handed) > left:
            written: Written = take_result(self._handed.popleft())
            self._written += written

    @cached_property
    def _shared(self) -> bytes:
        return pickle.dumps(self.setting)


def write_pages(setting: bytes, folder: str, contents: Sequence[PageContent]) -> Written:
    """Render and write pages in a pickled setting; return path and SHA-256 of each."""
    renderer = _load_renderer(setting)
    written = []
    for content in contents:
        path, page = renderer.render_page(content)
        assert page is not None
        file = f"{folder}/{path}"
        try:
            _write_new(file, page)
        except FileNotFoundError:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            _write_new(file, page)
        written.append((path, hashlib.sha256(page).hexdigest()))
    return written


def _write_new(file: str, content: bytes) -> None:
    """Write a file that must not exist yet."""
    with open(file, "xb", buffering=0) as opened:
        opened.write(content)


@lru_cache(maxsize=1)
def _load_renderer(setting: bytes) -> InstitutionRenderer:
    loaded: PageSetting = pickle.loads(setting)
    return InstitutionRenderer(loaded, Templates(loaded))
