"""A bundle is an allow-list: nothing unknown goes in, nothing that must stay inside goes out."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from double_random.core.errors import BadFile, Misuse
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.verification import bundle
from double_random.inspection.verification.verify import verify_bundle
from double_random.store import output_files
from double_random.store.home import Home

if TYPE_CHECKING:
    from tests.inspection.conftest import Finished

KEPT_BACK = {
    "inner",
    "recusals.csv",
    "inspectors_left_out.csv",
    "certificate.json",
    "strata.json",
    "frame.csv",
    "targets.csv",
}


def test_the_public_bundle_is_the_auditors_without_what_stays_inside(finished: Finished) -> None:
    assert set(finished.auditor) - set(finished.public) == KEPT_BACK
    assert all(finished.auditor[name] == content for name, content in finished.public.items())


def test_nothing_of_what_stays_inside_stands_in_a_public_file(finished: Finished) -> None:
    folder = DrawFolder.find(finished.home, "d1")
    everything = b"".join(finished.public.values())
    assert folder.secret.encode() in everything, "the secret is public after publication"
    assert folder.inner.encode() not in everything
    rows = (finished.auditor[name] for name in ("frame.csv", "recusals.csv"))
    salts = [line.rsplit(b",", 1)[1] for rest in rows for line in rest.split(b"\n")[1:-1]]
    assert len(salts) == 9
    for salt in salts:
        assert salt not in everything
    assert b"ZFXXXX" not in everything, "certificate numbers stay in the house"
    assert b"J06" not in everything, "who is on leave is not told"


def test_there_is_no_public_bundle_before_publication(
    bureau: Callable[..., Home], wish: Callable[..., object], run: Callable[..., object]
) -> None:
    home = bureau()
    run(home, wish(), until="entropy")
    for auditor in (False, True):
        with pytest.raises(Misuse, match="no bundle yet"):
            bundle.gather_bundle(home, "d1", auditor)
    from double_random.inspection.draw import lifecycle

    lifecycle.run_draw(home, "d1", "2026-11-03T06:10:00Z")
    with pytest.raises(Misuse, match="no bundle yet"):
        bundle.gather_bundle(home, "d1")
    assert "inner" in bundle.gather_bundle(home, "d1", auditor=True)


def test_folder_and_zip_hold_the_same(finished: Finished, tmp_path: Path) -> None:
    for files in (finished.public, finished.auditor):
        place = tmp_path / str(len(files))
        assert bundle.read_bundle(bundle.write_bundle(files, place)) == files
        assert bundle.read_bundle(bundle.write_bundle(files, place.with_suffix(".zip"))) == files


def test_the_same_files_make_the_same_zip(finished: Finished) -> None:
    assert bundle.pack_zip(finished.public) == bundle.pack_zip(
        dict(reversed(list(finished.public.items())))
    )


def test_a_bundle_is_never_written_over(finished: Finished, tmp_path: Path) -> None:
    bundle.write_bundle(finished.public, tmp_path / "b")
    with pytest.raises(Misuse, match="already there"):
        bundle.write_bundle(finished.public, tmp_path / "b")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "工作.txt").write_text("示例", "utf-8")
    output_files.set_force_flag(True)  # D-024: not even with --force beside somebody's own files
    try:
        with pytest.raises(Misuse, match="no part of this bundle"):
            bundle.write_bundle(finished.public, tmp_path / "mine")
    finally:
        output_files.set_force_flag(False)
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["工作.txt"]


@pytest.mark.parametrize(
    "name", ["note.txt", "../frame.csv", "FRAME.CSV", "frame.csv ", "a/plan.json", ""]
)
def test_an_unknown_member_is_refused(finished: Finished, tmp_path: Path, name: str) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for known, content in finished.public.items():
            archive.writestr(known, content)
        archive.writestr(zipfile.ZipInfo(name), b"x")
    with pytest.raises(BadFile):
        bundle.read_bundle(path)
    assert not verify_bundle(path, finished.key).intact


def test_a_double_member_is_refused_and_named(finished: Finished, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in finished.public.items():
            archive.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("list.csv", finished.public["list.csv"])
    with pytest.raises(BadFile, match=r"list\.csv.*twice"):
        bundle.read_bundle(path)


def test_a_folder_inside_or_a_link_is_refused(finished: Finished, tmp_path: Path) -> None:
    path = bundle.write_bundle(finished.public, tmp_path / "b")
    (path / "records.jsonl").unlink()
    os.symlink("/etc/passwd", path / "records.jsonl")
    with pytest.raises(BadFile, match=r"records\.jsonl"):
        bundle.read_bundle(path)
    (path / "records.jsonl").unlink()
    (path / "records.jsonl").mkdir()
    with pytest.raises(BadFile, match=r"records\.jsonl"):
        bundle.read_bundle(path)


def test_an_archive_that_unfolds_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "LARGEST", 1 << 20)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("checkpoint", bytes(2 << 20))
    assert path.stat().st_size < 10_000
    with pytest.raises(BadFile, match="too large"):
        bundle.read_bundle(path)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_archive_is_no_bundle(tmp_path: Path, content: bytes) -> None:
    """D-078: it was never a bundle, so nothing in it is wrong."""
    path = tmp_path / "b.zip"
    path.write_bytes(content)
    with pytest.raises(Misuse, match=r"this is no bundle: .*b\.zip"):
        bundle.read_bundle(path)


@pytest.mark.parametrize("which", ["public", "auditor"])
def test_a_bundle_that_was_cut_off_is_damaged(
    finished: Finished, tmp_path: Path, which: str
) -> None:
    packed = bundle.pack_zip(getattr(finished, which))
    path = tmp_path / "b.zip"
    path.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(BadFile, match="this archive is damaged"):
        bundle.read_bundle(path)


def test_any_byte_of_an_archive_changed_never_ends_in_a_traceback(
    finished: Finished, tmp_path: Path
) -> None:
    packed = bundle.pack_zip(finished.public)
    path = tmp_path / "b.zip"
    ends = range(len(packed) - 2_000, len(packed))  # the directory of the archive: every byte
    for place in sorted({*range(0, len(packed), 97), *ends}):
        changed = bytearray(packed)
        changed[place] ^= 0xFF
        path.write_bytes(changed)
        verdict = verify_bundle(path, finished.key)
        if verdict.intact:  # a date or an attribute of a member: then the content is the same
            with zipfile.ZipFile(io.BytesIO(bytes(changed))) as archive:
                assert {n: archive.read(n) for n in archive.namelist()} == finished.public
