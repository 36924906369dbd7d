"""The kit holds what the program needs on each platform, nothing else, and no address of an index."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from kit.targets import MISSING, ROOT

KIT = ROOT / "kit"


def test_no_file_names_an_index_or_any_address() -> None:
    for file in KIT.rglob("*"):
        if file.suffix in (".py", ".sh", ".cmd", ".md"):
            text = file.read_text("utf-8")
            assert "://" not in text and "index-url" not in text, file


def installed(kit: Path, **machine: str) -> subprocess.CompletedProcess[str]:
    """Runs install.sh of a kit on a machine that says of itself what it is told to."""
    tools = kit.parent / "tools"
    tools.mkdir()
    for name, says in machine.items():
        (tools / name).write_text(f"#!/bin/sh\n{says}\n")
        (tools / name).chmod(0o755)
    path = f"{tools}:{os.environ['PATH']}"
    return subprocess.run(
        ["sh", str(kit / "install.sh"), str(kit.parent / "program")],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": path},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    kit = tmp_path / "kit"
    (kit / "lists").mkdir(parents=True)
    (kit / "lists" / "linux-x86_64-3.11.txt").write_text("")
    (kit / "install.sh").write_bytes((KIT / "install.sh").read_bytes())
    (kit / "SHA256SUMS").write_text("0" * 64 + "  install.sh\n")
    return kit


LINUX = 'if [ "$1" = -s ]; then echo Linux; else echo {}; fi'


@pytest.mark.parametrize(
    ("machine", "glibc", "word"),
    [
        ("loongarch64", "glibc 2.38", "loongarch64"),
        ("x86_64", "glibc 2.17", "2.28"),
        ("x86_64", "", "glibc"),
        ("x86_64", "glibc 2.28", "SHA256SUMS"),
    ],
)
def test_a_machine_or_a_copy_that_will_not_do_is_told_before_anything_is_made(
    folder: Path, machine: str, glibc: str, word: str
) -> None:
    python = "echo 3.11"
    said = installed(
        folder, uname=LINUX.format(machine), getconf=f"echo {glibc}", **{"python3.14": python}
    )
    assert said.returncode == 1
    assert "错误：" in said.stderr and word in said.stderr and "提示：" in said.stderr
    assert not (folder.parent / "program").exists()


def test_what_has_no_kit_is_named_to_those_who_read_about_it() -> None:
    text = (KIT / "README.zh-CN.md").read_text("utf-8")
    assert all(word in text for word in ("loongarch64", "musl", "CentOS 7", "Arm版Windows"))
    assert len(MISSING) == 6
