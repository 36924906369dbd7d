"""Proofreading stops what must not go out, wherever in the folder it hides, and names the file."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars
import pytest

from double_random.core.errors import Stopped
from double_random.core.worker_processes import WorkerProcesses
from double_random.publish.content.workbook import build_workbook
from double_random.publish.content.writers import to_parquet
from double_random.publish.disclosure import output_checks
from double_random.publish.disclosure.output_checks import LISTING, format_listing, proofread_folder

ID = "31010119800101001X"


@pytest.fixture
def folder(district_site: Path, tmp_path: Path) -> Path:
    """A copy of a built site, to be spoilt."""
    return Path(shutil.copytree(district_site.resolve(), tmp_path / "site"))


def relist(folder: Path) -> None:
    """List every file anew, as a build does."""
    (folder / LISTING).write_bytes(
        format_listing(
            {
                file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
                for file in folder.rglob("*")
                if file.is_file() and file.name != LISTING
            }
        )
    )


def zipped(name: str, text: str) -> bytes:
    """An archive of one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return buffer.getvalue()


def test_an_untouched_site_passes(folder: Path) -> None:
    proof = proofread_folder(folder)
    assert proof.pages > 60 and proof.links > 1000


def test_workers_find_what_one_process_finds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output_checks, "LEAST", 1)
    monkeypatch.setattr(output_checks, "BATCH", 10)
    alone = proofread_folder(folder)
    with WorkerProcesses(2) as workers:
        assert proofread_folder(folder, workers=workers) == alone
        (folder / "about" / "a.txt").write_text(f"身份证{ID}。", encoding="utf-8")
        relist(folder)
        with pytest.raises(Stopped, match=r"about/a\.txt") as told:
            proofread_folder(folder, workers=workers)
        assert told.value.hint


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", f"身份证{ID}。".encode()),
        ("a.json", b'{"phone":"13800138000"}'),
        ("a.csv", b"id,card\n1,6222020200112233445\n"),
        ("a.zip", zipped("inside.csv", f"示例,{ID}\n")),
        ("a.xlsx", build_workbook(polars.DataFrame({"号码": [ID]}), ["号码"])),
        ("a.parquet", to_parquet(polars.DataFrame({"号码": ["13800138000"]}))),
    ],
)
def test_a_personal_number_is_found_in_every_form(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    relist(folder)
    with pytest.raises(Stopped) as stopped:
        proofread_folder(folder)
    assert stopped.value.exit_code == 3
    assert ID not in stopped.value.message and "13800138000" not in stopped.value.message


FORM = re.compile(rb'<form class="find"[^>]*>')
CODE = "990101198709080026"  # passes as a credit code, and is an ID number with its own check character


@pytest.mark.parametrize(
    "written",
    [
        CODE,
        "９９０１０１１９８７０９０８００２６",
        "990101 19870908 0026",
        "990101-19870908-0026",
        "9901 0119 8709 0800 26",
        "990101\u30001987\u30000908\u30000026",
        "990101\u200b198709080026",
        "990101.19870908.0026",
        "99010119870908&#48;026",
        "310101 900101 123",
        "310101900101123",
        "138 0013 8000",
        "138-0013-8000",
        "１３８００１３８０００",
        "١٣٨٠٠١٣٨٠٠٠",
        "990101&nbsp;19870908&nbsp;0026",
    ],
)
def test_a_number_is_found_however_it_is_written(folder: Path, written: str) -> None:
    """D-002."""
    page = folder / "about" / "index.html"
    if not page.exists():
        page = folder / "index.html"
    content = page.read_bytes()
    page.write_bytes(content.replace(b"</main>", f"<p>{written}</p></main>".encode()))
    relist(folder)
    with pytest.raises(Stopped, match="personal number"):
        proofread_folder(folder)


def test_a_number_in_an_address_or_a_name_in_an_archive_is_found(folder: Path) -> None:
    """D-002."""
    (folder / "institutions" / f"{CODE}.txt").write_text("示例", encoding="utf-8")
    relist(folder)
    with pytest.raises(Stopped, match="personal number") as stopped:
        proofread_folder(folder)
    assert CODE not in stopped.value.message
    (folder / "institutions" / f"{CODE}.txt").unlink()
    (folder / "a.zip").write_bytes(zipped(f"{CODE}.csv", "示例"))
    relist(folder)
    with pytest.raises(Stopped, match="personal number"):
        proofread_folder(folder)


def test_an_id_number_that_is_an_institutions_code_does_not_pass(folder: Path) -> None:
    """D-002."""
    file = folder / "data" / "institution.parquet"
    table = polars.read_parquet(file)
    id_, uscc = polars.lit(CODE).alias("id"), polars.lit(CODE).alias("uscc")
    file.write_bytes(to_parquet(polars.concat([table, table.head(1).with_columns(id_, uscc)])))
    relist(folder)
    with pytest.raises(Stopped, match="personal number"):
        proofread_folder(folder)


@pytest.mark.parametrize(
    "text",
    [
        "2025-06-01 2025-06-30 2026-01-01",
        "2025.06.01-2026.05.31",
        "12 34 56 78 90 12 34 56 78 90",
        "021-62345678",
        "1.5 2.5 3.5 4.5 5.5 6.5",
        "2024 2025 2026 2027",
        "2026-11-13 08 00 00 2026",
        "12310000XXXX3055X7",
    ],
)
def test_days_figures_and_codes_are_no_numbers_of_persons(folder: Path, text: str) -> None:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    relist(folder)
    assert proofread_folder(folder).files


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda page: page.replace(b"draws/index.html", b"draws/none.html"), "leads nowhere"),
        (lambda page: page.replace(b"style.css", b"https://example.org/x.css"), "leads nowhere"),
        (lambda page: page.replace(b"</main>", b"<script>1</script></main>"), "active markup"),
        (lambda page: page.replace(b"<h1>", b'<h1 onclick="x">'), "active markup"),
        (lambda page: page.replace(b"<h1>", b'<form action="x"><h1>'), "active markup"),
        (
            lambda page: page.replace(b'institutions/index.html" method', b'x" method'),
            "active markup",
        ),
        (lambda page: page.replace(b"<h1>", FORM.search(page).group() + b"<h1>"), "active markup"),
        (lambda page: page.replace(b"Content-Security-Policy", b"x"), "forbid scripts"),
    ],
)
def test_a_page_that_is_not_as_it_must_be_is_named(
    folder: Path, spoil: Callable[[bytes], bytes], named: str
) -> None:
    page = folder / "index.html"
    before = page.read_bytes()
    page.write_bytes(spoil(before))
    assert page.read_bytes() != before
    relist(folder)
    with pytest.raises(Stopped, match=rf"index\.html.*{named}"):
        proofread_folder(folder)


def test_a_file_that_is_not_listed_or_not_there_is_named(folder: Path) -> None:
    (folder / "extra.txt").write_text("示例", encoding="utf-8")
    with pytest.raises(Stopped, match=r"extra\.txt"):
        proofread_folder(folder)
    (folder / "extra.txt").unlink()
    (folder / "data" / "drawn.csv").unlink()
    with pytest.raises(Stopped, match=r"data/drawn\.csv"):
        proofread_folder(folder)


def test_a_licence_number_that_is_an_id_number_does_not_pass(folder: Path) -> None:
    file = folder / "data" / "institution.parquet"
    table = polars.read_parquet(file).with_columns(polars.lit(ID).alias("licence"))
    file.write_bytes(to_parquet(table))
    relist(folder)
    with pytest.raises(Stopped, match="personal number"):
        proofread_folder(folder)


def test_a_log_whose_name_has_decimal_digits_alone_is_no_personal_number(folder: Path) -> None:
    page = folder / "index.html"
    named = b"double-random/1413620512345678"
    page.write_bytes(page.read_bytes().replace(b"</main>", b"<p>" + named + b"</p></main>"))
    relist(folder)
    with pytest.raises(Stopped, match="personal number"):
        proofread_folder(folder)
    checkpoint = folder / "log" / "checkpoint"
    checkpoint.write_bytes(named + b"\n" + checkpoint.read_bytes().split(b"\n", 1)[1])
    relist(folder)
    proofread_folder(folder)
