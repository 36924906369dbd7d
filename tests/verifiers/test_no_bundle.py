"""D-078: what is no bundle is called so, exit code 2; a bundle that lacks a file stays wrong, exit code 1."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from double_random import cli
from double_random.inspection.draw import bundle_files
from double_random.inspection.verification import bundle
from double_random.store.home import Home
from tests.verifiers.test_verify_script import run as script

Product = Callable[..., tuple[int, str, str]]


@pytest.fixture
def product(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Product:
    """Type `double-random verify`; its exit code, what it printed, and its error on one line."""

    def typed(path: Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["double-random", "--lang", "en", "verify", str(path)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err.replace("\n", "")

    return typed


def archive(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        for name in names:
            made.writestr(name, "示例")
    return path


def workbook(folder: Path) -> Path:
    return archive(folder / "s.xlsx", "[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml")


def document(folder: Path) -> Path:
    return archive(folder / "d.docx", "[Content_Types].xml", "word/document.xml")


def empty_archive(folder: Path) -> Path:
    return archive(folder / "e.zip")


def drop_archive(folder: Path) -> Path:
    return archive(folder / "许可.zip", "许可.csv", "list.csv")


def text(folder: Path) -> Path:
    path = folder / "t.txt"
    path.write_text("plan.json\n", encoding="utf-8")
    return path


def no_content(folder: Path) -> Path:
    path = folder / "z.zip"
    path.write_bytes(b"")
    return path


def broken_workbook(folder: Path) -> Path:
    path = workbook(folder)
    path.write_bytes(path.read_bytes()[:90])
    return path


def empty_folder(folder: Path) -> Path:
    (folder / "empty").mkdir()
    return folder / "empty"


def drop_folder(folder: Path) -> Path:
    (folder / "drop").mkdir()
    (folder / "drop" / "许可.csv").write_text("示例\n", encoding="utf-8")
    (folder / "drop" / "more").mkdir()
    return folder / "drop"


def home_folder(folder: Path) -> Path:
    return Home.create(folder / "bureau").path


OTHERS = (
    *(workbook, document, empty_archive, drop_archive, text, no_content, broken_workbook),
    *(empty_folder, drop_folder, home_folder),
)


@pytest.mark.parametrize("make", OTHERS)
def test_what_is_no_bundle_is_called_so(
    make: Callable[[Path], Path], product: Product, tmp_path: Path
) -> None:
    path = make(tmp_path)
    code, out, error = product(path)
    assert (code, out) == (2, "")
    assert f"this is no bundle: {path}" in error
    alone = script(path)
    assert (alone.returncode, alone.stdout) == (2, "")
    assert alone.stderr == f"this is no bundle: {path}\n"
    assert script(path, "--lang", "zh").stderr == f"这不是核验包：{path}\n"


def test_a_path_with_nothing_there_is_called_so(product: Product, tmp_path: Path) -> None:
    path = tmp_path / "nofile.zip"
    code, _out, error = product(path)
    assert code == 2
    assert f"there is no bundle at {path}" in error
    alone = script(path)
    assert (alone.returncode, alone.stderr) == (2, f"there is no bundle at {path}\n")


@pytest.mark.parametrize("packed", [False, True])
def test_a_bundle_without_one_of_its_files_is_no_other_thing(
    draws: dict[str, Home], product: Product, tmp_path: Path, packed: bool
) -> None:
    files = bundle.gather_bundle(draws["plain"], "d1")
    for name in files:
        path = tmp_path / (f"without-{name}" + (".zip" if packed else ""))
        bundle.write_bundle({other: files[other] for other in files if other != name}, path)
        code, out, _error = product(path)
        undecided = name in ("plan.json", "checkpoint")  # a copy that was torn
        assert code == (3 if undecided else 1)
        told = "cannot be judged: " if undecided else f"WRONG: {name}: this file is missing"
        assert out.startswith(told) and name in out.splitlines()[0]
        if name in bundle_files.MARKS:
            alone = script(path)
            assert alone.returncode == code
            assert alone.stdout.startswith(told) and name in alone.stdout.splitlines()[0]


def test_a_bundle_that_was_cut_off_cannot_be_judged(
    draws: dict[str, Home], product: Product, tmp_path: Path
) -> None:
    packed = bundle.pack_zip(bundle.gather_bundle(draws["plain"], "d1", auditor=True))
    path = tmp_path / "b.zip"
    path.write_bytes(packed[: len(packed) // 2])
    told = "cannot be judged: b.zip: the archive is damaged; next step: take the .zip as it was"
    assert product(path)[1].startswith(told)
    alone = script(path)
    assert alone.returncode == 3
    assert alone.stdout.startswith(told)
