"""`double-random publish`: what a user types, and what comes back."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from double_random.store.home import Home

ROOT = Path(__file__).parent.parent.parent


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, in English."""
    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "--home", str(home), "--lang", "en", *words],
        capture_output=True,
        text=True,
        check=False,
    )


def test_build_then_check(district_home: Home, district_site: Path) -> None:
    built = run(district_home.path, "publish", "build", "--as-of", "2017-01-21")
    assert built.returncode == 0, built.stderr
    assert str(district_home.public / "index.html") in built.stderr
    assert built.stdout == ""
    checked = run(district_home.path, "publish", "check", "--format", "json")
    assert checked.returncode == 0, checked.stderr
    assert json.loads(checked.stdout)["pages"] > 60


def test_the_day_is_never_guessed(district_home: Home) -> None:
    assert run(district_home.path, "publish", "build").returncode == 2


def test_a_spoilt_site_ends_with_three(district_home: Home, district_site: Path) -> None:
    page = district_site / "index.html"
    was = page.read_bytes()
    try:
        page.write_bytes(was.replace(b"<h1>", b"<h1> "))
        checked = run(district_home.path, "publish", "check")
    finally:
        page.write_bytes(was)
    assert checked.returncode == 3
    assert "index.html" in checked.stderr and "Traceback" not in checked.stderr


def test_without_a_home_the_hint_says_init(tmp_path: Path) -> None:
    missing = run(tmp_path / "none", "publish", "build", "--as-of", "2017-01-21")
    assert missing.returncode == 2
    assert "init" in missing.stderr
