"""The kit holds what the program needs on each platform, nothing else, and no address of an index."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest

from kit.__main__ import requirement
from kit.targets import EXTRAS, MISSING, PLATFORMS, PYTHONS, ROOT, Platform, needed, pins

KIT = ROOT / "kit"
LOCK = (ROOT / "requirements.lock").read_text("utf-8")


def canonical(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return found.group().lower().replace("_", "-")


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda one: one.name)
def test_a_list_is_closed_under_what_its_packages_need(platform: Platform) -> None:
    """Held against the packages' own metadata, which the list is not made from."""
    for python in PYTHONS:
        names = {pin.name for pin in needed(platform, python)}
        assert len(names) == len(needed(platform, python))  # each at one version
        for name in names - {"colorama"}:  # that one is not installed here
            for line in requires(name) or []:
                if ";" not in line:
                    assert canonical(line) in names, f"{name} needs {line}"


def test_what_the_project_asks_for_is_there_and_no_tool_of_developers() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    names = {pin.name for pin in needed(PLATFORMS[0], "3.11")}
    asked = {canonical(line) for line in told["project"]["dependencies"]}
    extras = told["project"]["optional-dependencies"]
    asked |= {canonical(line) for name in EXTRAS for line in extras[name]}
    assert asked <= names
    assert names.isdisjoint({"pytest", "mypy", "ruff", "playwright", "hypothesis", "pysail"})


def test_a_package_for_windows_alone_is_in_its_list_alone() -> None:
    found = {one.name: {pin.name for pin in needed(one, "3.11")} for one in PLATFORMS}
    assert {name for name, names in found.items() if "colorama" in names} == {"windows-amd64"}


def test_each_python_gets_the_version_that_the_lock_chose_for_it() -> None:
    versions = {pin.version for pin in pins(LOCK) if pin.name == "numpy"}
    old, new = (
        [pin.version for pin in needed(PLATFORMS[0], python) if pin.name == "numpy"]
        for python in ("3.11", "3.12")
    )
    assert len(versions) == 2 and {*old, *new} == versions


def test_a_wheel_is_listed_by_name_version_and_hash(tmp_path: Path) -> None:
    wheel = tmp_path / "py_ecc-8.0.0-py3-none-any.whl"
    wheel.write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert requirement(wheel) == f"py-ecc==8.0.0 --hash=sha256:{empty}"


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
