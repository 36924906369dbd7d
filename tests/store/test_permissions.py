"""A home is closed: its owner and a group read it, the public site alone is for everybody, whatever the umask."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from double_random.inspection.verification import bundle
from double_random.publish.site import build
from double_random.store.home import Home
from double_random.store.permissions import PUBLIC, find_too_open
from tests.inspection.conftest import ask, carry_out, make


@pytest.fixture(params=[0o000, 0o002, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): mode(path)
        for path in sorted(folder.rglob("*"))
        if not path.is_symlink()
    }


def test_a_home_is_closed_whatever_the_umask(tmp_path: Path, umask: int) -> None:  # D-003
    home = make(tmp_path, 8, 6, ())
    carry_out(home, ask(), until="draw")
    build.build_site(home, ask().as_of)
    assert mode(home.path) == 0o750
    assert list(find_too_open(home.path)) == []
    found = modes(home.path)
    inside = {name: bits for name, bits in found.items() if name.split("/")[0] not in PUBLIC}
    assert not any(bits & 0o027 for bits in inside.values())
    assert found["keys/log.key"] == 0o600
    assert found["keys/log.pub"] == found["settings.toml"] == found["releases/current"] == 0o640
    assert found["draws/d1/sealed"] == found["draws/d1/result"] == 0o700
    assert found["draws/d1/sealed/secret"] == found["draws/d1/result/result.json"] == 0o600
    everybody = {name: bits for name, bits in found.items() if name.startswith("editions/0")}
    assert set(everybody.values()) == {0o755, 0o644}
    assert found["editions"] == 0o755


def test_bundles_are_as_open_as_what_they_hold(tmp_path: Path, umask: int) -> None:  # D-003
    home = make(tmp_path, 8, 6, ())
    carry_out(home, ask())
    for auditor, wanted in ((False, (0o755, 0o644)), (True, (0o700, 0o600))):
        folder = bundle.write_bundle(
            bundle.gather_bundle(home, "d1", auditor), tmp_path / f"b{auditor}", auditor
        )
        assert (mode(folder), mode(folder / "plan.json")) == wanted
        packed = tmp_path / f"b{auditor}.zip"
        bundle.write_bundle(bundle.gather_bundle(home, "d1", auditor), packed, auditor)
        assert mode(packed) == wanted[1]


def test_an_older_home_that_was_open_is_closed_when_it_is_opened(tmp_path: Path) -> None:  # D-003
    home = Home.create(tmp_path / "bureau")
    home.log.entries()
    for path in (home.path, *home.path.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    assert list(find_too_open(home.path))
    Home.open(home.path)
    assert list(find_too_open(home.path)) == []
    assert mode(home.path) == 0o750
    assert mode(home.path / "keys" / "log.key") == 0o600
    assert mode(home.path / "log" / "log.jsonl") == 0o640 if home.log.file.exists() else True


@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv"),
    reason="a reader of another user's home can be made by root alone",
)
def test_whoever_only_reads_needs_no_private_key(tmp_path: Path) -> None:  # D-004
    home = make(tmp_path, 8, 6, ())
    carry_out(home, ask())
    for path in (home.path, *home.path.rglob("*")):
        os.chown(path, 65534, 0, follow_symlinks=False)  # this process's group is the analysts'
    asked = (
        ["status"],
        ["log", "show"],
        ["log", "verify"],
        ["inspection", "show", "d1"],
        ["inspection", "open"],
        ["registry", "list"],
        ["sql", "select 1"],
    )
    for command in asked:
        done = as_reader(home, command)
        assert done.returncode == 0, (command, done.stderr)
    refused = as_reader(home, ["log", "rotate-key"])
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr


def as_reader(home: Home, command: list[str]) -> subprocess.CompletedProcess[str]:
    """A command as root without root's right to read everything: what is not its own or its group's is closed."""
    return subprocess.run(
        [
            *("setpriv", "--bounding-set=-dac_override,-dac_read_search"),
            *(
                sys.executable,
                "-m",
                "double_random.cli",
                "--lang",
                "en",
                "--home",
                str(home.path),
                *command,
            ),
        ],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent.parent,
    )
