"""Institutions' pages are the same by one process and by several; a page is written once."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

import pytest

from double_random.core.worker_processes import WorkerProcesses
from double_random.publish.content import urls
from double_random.publish.content.page_setting import PageSetting
from double_random.publish.site import institution_rendering
from double_random.publish.site.institution_rendering import (
    InstitutionRenderer,
    PageContent,
    PageWriting,
    write_pages,
)
from double_random.publish.site.templates import Templates
from tests.publish import editions

SETTING = PageSetting.of_edition(editions.edition())
BLANK = dict.fromkeys(field.name for field in SETTING.classes["institution"].fields)


def contents(count: int) -> list[PageContent]:
    """The contents of so many institutions' pages."""
    register = urls.register_path("310104", "law_firm", 1)
    return [
        PageContent(
            row=BLANK | editions.FIRM | {"id": f"示例{number:04d}"},
            register=register,
            approvals=[],
            penalties=[],
            grades=[],
            drawn=[],
            past=[],
        )
        for number in range(count)
    ]


def files(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_written_pages_are_what_is_rendered(tmp_path: Path) -> None:
    written = write_pages(pickle.dumps(SETTING), str(tmp_path), contents(3))
    renderer = InstitutionRenderer(SETTING, Templates(SETTING))
    rendered = dict(renderer.render_page(content) for content in contents(3))
    assert files(tmp_path) == rendered
    assert dict(written) == {
        path: hashlib.sha256(page or b"").hexdigest() for path, page in rendered.items()
    }


@pytest.mark.parametrize("pages", [5, 61])
def test_workers_write_what_one_process_writes(
    pages: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(institution_rendering, "BATCH", 4)
    monkeypatch.setattr(institution_rendering, "LEAST", 20)
    hashes = {}
    for count in (1, 2):
        folder = tmp_path / str(count)
        folder.mkdir()
        with WorkerProcesses(count) as workers:
            writing = PageWriting(folder=folder, setting=SETTING, workers=workers)
            for content in contents(pages):
                writing.add_page(content)
            hashes[count] = writing.finish_pages()
    assert files(tmp_path / "1") == files(tmp_path / "2")
    assert len(hashes[1]) == pages and sorted(hashes[1].items()) == sorted(hashes[2].items())


def test_two_pages_at_one_path_are_refused(tmp_path: Path) -> None:
    writing = PageWriting(folder=tmp_path, setting=SETTING, workers=WorkerProcesses(1))
    for content in contents(1) * 2:
        writing.add_page(content)
    with pytest.raises(FileExistsError):
        writing.finish_pages()
