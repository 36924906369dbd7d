"""A bundle is read as file managers leave it; damage of transport is told from fraud."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from double_random.core.errors import BadFile, Misuse
from double_random.inspection.verification import bundle, bundle_reader
from double_random.inspection.verification.bundle_reader import read_bundle
from double_random.inspection.verification.verdict import CannotJudge
from double_random.inspection.verification.verify import verify_bundle

if TYPE_CHECKING:
    from tests.inspection.conftest import Finished


@pytest.mark.parametrize(
    "name", ["note.txt", "../frame.csv", "FRAME.CSV", "frame.csv ", "a/plan.json", ""]
)
def test_an_unknown_member_is_refused(finished: Finished, tmp_path: Path, name: str) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for known, content in finished.public.items():
            archive.writestr(known, content)
        archive.writestr(zipfile.ZipInfo(name), b"x")
    verdict = verify_bundle(path, finished.key)
    assert verdict.fault is not None
    assert verdict.fault[0] in (name, "plan.json")  # a second one in a folder stands twice


def test_a_double_member_is_refused_and_named(finished: Finished, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in finished.public.items():
            archive.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("list.csv", finished.public["list.csv"])
    with pytest.raises(BadFile, match=r"list\.csv.*twice"):
        read_bundle(path)


def test_a_folder_inside_or_a_link_is_refused(finished: Finished, tmp_path: Path) -> None:
    path = bundle.write_bundle(finished.public, tmp_path / "b")
    (path / "records.jsonl").unlink()
    os.symlink("/etc/passwd", path / "records.jsonl")
    with pytest.raises(BadFile, match=r"records\.jsonl"):
        read_bundle(path)
    (path / "records.jsonl").unlink()
    (path / "records.jsonl").mkdir()
    with pytest.raises(BadFile, match=r"records\.jsonl"):
        read_bundle(path)


def test_an_archive_that_unfolds_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle_reader, "LARGEST", 1 << 20)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("checkpoint", bytes(2 << 20))
    assert path.stat().st_size < 10_000
    with pytest.raises(BadFile, match="too large"):
        read_bundle(path)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_archive_is_no_bundle(tmp_path: Path, content: bytes) -> None:
    """D-078: it was never a bundle, so nothing in it is wrong."""
    path = tmp_path / "b.zip"
    path.write_bytes(content)
    with pytest.raises(Misuse, match=r"this is no bundle: .*b\.zip"):
        read_bundle(path)


@pytest.mark.parametrize("which", ["public", "auditor"])
def test_a_bundle_that_was_cut_off_is_damaged(
    finished: Finished, tmp_path: Path, which: str
) -> None:
    packed = bundle.pack_zip(getattr(finished, which))
    path = tmp_path / "b.zip"
    path.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(CannotJudge, match="the archive is damaged") as error:
        read_bundle(path)
    assert error.value.hint == "take the .zip as it was published"


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
