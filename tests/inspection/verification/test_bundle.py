"""A bundle is an allow-list: nothing unknown goes in, nothing that must stay inside goes out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.verification import bundle
from double_random.inspection.verification.bundle_reader import read_bundle
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
        for target in (place, place.with_suffix(".zip")):
            found = read_bundle(bundle.write_bundle(files, target))
            assert (found.files, found.strays) == (files, ())


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
