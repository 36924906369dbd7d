"""Files that were read before are left out of a night, and nothing is lost by that."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from double_random.pipeline.new_inputs import DropFile, open_new_inputs
from double_random.pipeline.nightly import run_nightly
from double_random.registry.sync import processed_files
from double_random.store.home import Home
from tests import forked
from tests.pipeline.state import SECOND, Nights, look, run

Copy = Callable[[], Path]


def done(stderr: str, stage: str) -> dict[str, int]:
    """What a stage said when it was done."""
    events = map(json.loads, stderr.splitlines())
    return next(one for one in events if (one["event"], one.get("stage")) == ("done", stage))


def test_only_what_is_new_is_read(nights: Nights, one: Copy, tmp_path: Path) -> None:
    home, drop = one(), tmp_path / "drop"
    shutil.copytree(nights.drop, drop)
    assert run(home, drop).returncode == 0
    assert look(home) == nights.after
    lines = (drop / "处罚.csv").read_text(encoding="gb18030").splitlines()
    more = lines[1].replace("示例司罚", "示例司再罚")
    (drop / "处罚2.csv").write_text(f"{lines[0]}\n{more}\n", encoding="utf-8")
    night = run(home, drop)
    assert night.returncode == 0, night.stderr
    sync, load = done(night.stderr, "sync"), done(night.stderr, "load")
    assert (load["rows"], load["accepted"]) == (1, 1)
    assert load["known_files"] == len(list(nights.drop.iterdir())) and load["known_rows"] > 100
    assert (
        sync["known_files"] == 2
    )  # penalties and complaints; a register's own lists are read every night
    assert look(home).rows["records"] == nights.after.rows["records"] + 1


def test_a_night_that_reads_everything_ends_the_same(
    nights: Nights, one: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home.open(one())
    monkeypatch.setattr(
        "double_random.registry.sync.processed_files.find_known_files", lambda *_: {}
    )
    assert run_nightly(home, [nights.drop], SECOND)["end"] == "published"
    apart = {
        "files": 0,
        "readings": 0,
        "issues": 0,
    }  # what a run says of each file that it was given
    assert look(home.path).rows | apart == nights.after.rows | apart
    with home.releases.read() as release, nights.undisturbed.releases.read() as other:
        for question in ("records", "claims", "links", "institutions", "scores", "score_lines"):
            asked = f"SELECT * FROM {question} ORDER BY ALL"
            assert release.frame(asked).equals(other.frame(asked)), question


def test_a_row_of_tomorrow_is_read_again_tomorrow(
    nights: Nights, one: Copy, tmp_path: Path
) -> None:
    home, drop = one(), tmp_path / "drop"
    shutil.copytree(nights.drop, drop)
    lines = (drop / "处罚.csv").read_text(encoding="gb18030").splitlines()
    header, cells = csv.reader([lines[0], lines[1].replace("示例司罚", "示例司再罚")])
    cells[header.index("CF_JDRQ")] = "2026-11-04"
    with (drop / "处罚2.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, cells])
    assert run(home, drop).returncode == 0
    before = look(home).rows["records"]
    again = forked.run(["--home", home, "--lang", "en", "nightly", drop, "--as-of", "2026-11-04"])
    assert again.returncode == 0, again.stderr
    assert look(home).rows["records"] == before + 1


def test_what_was_undone_is_read_again(nights: Nights, one: Copy) -> None:
    home = one()
    assert run(home, nights.drop).returncode == 0
    records = look(home).rows["records"]
    back = [nights.before.release, "--as-of", str(SECOND)]
    undone = forked.run(["--home", home, "registry", "undo", *back])
    assert undone.returncode == 0, undone.stderr
    night = run(home, nights.drop)
    assert night.returncode == 0, night.stderr
    assert done(night.stderr, "load")["rows"] > 0
    assert look(home).rows["records"] >= records
    with Home.open(home).releases.read() as release:
        open_ = release.frame("SELECT count(*) FROM records WHERE known_to IS NULL").item()
    assert open_ == records


def test_a_home_without_a_release_reads_every_file_under_its_name(
    home: Home, tmp_path: Path
) -> None:
    inputs = written(tmp_path, "甲/处罚.csv", "乙/处罚.csv", "乙/投诉.csv")
    with open_new_inputs(home, inputs, "load") as found:
        assert (found.known_files, found.known_rows) == (0, 0)
        links = sorted(link for source in found.sources for link in source.rglob("*.csv"))
        assert [link.name for link in links] == ["处罚.csv", "投诉.csv", "处罚.csv"]
        assert len(found.sources) == 2  # one name twice: a folder each
        assert {link.resolve() for link in links} == {one.path for one in inputs}
    assert not any(source.exists() for source in found.sources)


def test_if_nothing_is_new_the_smallest_file_is_read_again(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = written(tmp_path, "投诉.csv", "处罚.csv", "检查.csv")
    inputs[1].path.write_text("短", "utf-8")
    with home.releases.write("load", SECOND):
        pass
    rows = {one.sha256: 5 for one in inputs}
    monkeypatch.setattr(processed_files, processed_files.find_known_files.__name__, lambda *_: rows)
    with open_new_inputs(home, inputs, "load") as found:
        assert [link.name for link in found.sources[0].iterdir()] == ["处罚.csv"]
        assert (found.known_files, found.known_rows) == (2, 10)


def written(folder: Path, *names: str) -> list[DropFile]:
    """Files with their own content, as inputs under their last name."""
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(f"示例:{name}", "utf-8")
    return [DropFile(Path(name).name, folder / name, name) for name in names]
