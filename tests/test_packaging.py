"""The wheel carries everything and meets nobody: it runs away from the checkout, its rooms' names are its own."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {
    "cli",
    "doors",
    "demo",
    "publish",
    "inspection",
    "credit",
    "registry",
    "intake",
    "store",
} | {
    "errors",
    "language",
    "data",
}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built and unpacked away from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--no-build-isolation",
            "--wheel-dir",
            str(folder),
            str(ROOT),
        ],
        check=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_holds_every_file_of_the_rooms(unpacked: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", *sorted(ROOMS), "cli.py", "errors.py", "language.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "core.quotePath",
            "GIT_CONFIG_VALUE_0": "false",
        },
    )
    assert tracked.returncode == 0, tracked.stderr
    missing = [name for name in tracked.stdout.splitlines() if not (unpacked / name).exists()]
    assert not missing


def test_the_wheel_runs_away_from_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(unpacked)!r}); import cli, data; print(cli.__file__, data.__file__); "
    code += "sys.argv = ['double-random', '--home', 'h', 'init']; cli.main()"
    (tmp_path / "data" / "policies").mkdir(
        parents=True
    )  # a stranger's folder must not replace the shipped facts
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == [str(unpacked / "cli.py"), str(unpacked / "data" / "__init__.py")]
    assert (tmp_path / "h" / "settings.toml").exists()


def test_no_locked_dependency_ships_a_room_of_ours() -> None:
    for distribution in importlib.metadata.distributions():
        if distribution.metadata["Name"] == "double-random":
            continue
        tops = {
            str(file).partition("/")[0].removesuffix(".py") for file in distribution.files or []
        }
        assert not tops & ROOMS, distribution.metadata["Name"]


def test_the_lock_pins_everything_by_hash_and_names_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    pinned = re.findall(r"^[a-z0-9][a-z0-9._-]*==\S+", lock, re.MULTILINE)
    assert len(pinned) > 20
    for entry in re.split(r"\n(?=[a-z0-9])", lock.strip()):
        assert "--hash=sha256:" in entry, entry
