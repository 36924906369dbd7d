"""The lock's runtime part, as each platform and Python reads it: closed, without developers' tools."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import requires

import pytest

from kit.targets import (
    EXTRAS,
    PLATFORMS,
    PYTHONS,
    ROOT,
    Platform,
    needed_pins,
    parse_pins,
    runtime_pins,
)

LOCK = (ROOT / "requirements.lock").read_text("utf-8")

SMALL = """\
alpha==1.0 \\
    --hash=sha256:aaaa \\
    --hash=sha256:{a}
    # via double-random (pyproject.toml)
beta==2.0 ; python_full_version < '3.12' \\
    --hash=sha256:{b}
    # via
    #   alpha
    #   gamma
delta==3.0 ; sys_platform == 'win32' \\
    --hash=sha256:{b}
    # via double-random (pyproject.toml:dev)
""".format(a="a" * 64, b="b" * 64)
PROJECT = """\
[project]
dependencies = ["Alpha>=1"]
[project.optional-dependencies]
beacon = []
postgres = []
timestamps = []
"""


def canonical(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return found.group().lower().replace("_", "-")


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda one: one.name)
def test_a_list_is_closed_under_what_its_packages_need(platform: Platform) -> None:
    """Held against the packages' own metadata, which the list is not made from."""
    for python in PYTHONS:
        names = {pin.name for pin in needed_pins(platform, python)}
        assert len(names) == len(needed_pins(platform, python))  # each at one version
        for name in names - {"colorama"}:  # that one is not installed here
            for line in requires(name) or []:
                if ";" not in line:
                    assert canonical(line) in names, f"{name} needs {line}"


def test_what_the_project_asks_for_is_there_and_no_tool_of_developers() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    names = {pin.name for pin in needed_pins(PLATFORMS[0], "3.11")}
    asked = {canonical(line) for line in told["project"]["dependencies"]}
    extras = told["project"]["optional-dependencies"]
    asked |= {canonical(line) for name in EXTRAS for line in extras[name]}
    assert asked <= names
    assert names.isdisjoint({"pytest", "mypy", "ruff", "playwright", "hypothesis", "pysail"})


def test_a_package_for_windows_alone_is_in_its_list_alone() -> None:
    found = {one.name: {pin.name for pin in needed_pins(one, "3.11")} for one in PLATFORMS}
    assert {name for name, names in found.items() if "colorama" in names} == {"windows-amd64"}


def test_each_python_gets_the_version_that_the_lock_chose_for_it() -> None:
    versions = {pin.version for pin in parse_pins(LOCK) if pin.name == "numpy"}
    old, new = (
        [pin.version for pin in needed_pins(PLATFORMS[0], python) if pin.name == "numpy"]
        for python in ("3.11", "3.12")
    )
    assert len(versions) == 2 and {*old, *new} == versions


def test_a_pin_of_the_lock_has_version_marker_hashes_and_who_wants_it() -> None:
    alpha, beta, delta = parse_pins(SMALL)
    assert (alpha.name, alpha.version, alpha.marker) == ("alpha", "1.0", "")
    assert alpha.requirement_line() == f"alpha==1.0 --hash=sha256:{'a' * 64}"
    assert beta.marker == "python_full_version < '3.12'"
    assert beta.wanted_by == {"alpha", "gamma"}
    assert delta.hashes == (f"sha256:{'b' * 64}",)


def test_a_marker_is_read_for_another_machine_than_this_one() -> None:
    _alpha, beta, delta = parse_pins(SMALL)
    linux, windows = PLATFORMS[0], PLATFORMS[-1]
    assert beta.applies_to(linux, "3.11") and not beta.applies_to(linux, "3.12")
    assert delta.applies_to(windows, "3.11") and not delta.applies_to(linux, "3.11")


def test_what_a_package_needs_comes_along_and_a_developers_tool_does_not() -> None:
    assert [pin.name for pin in runtime_pins(SMALL, PROJECT)] == ["alpha", "beta"]


def test_linux_takes_wheels_for_glibc_2_28_and_older() -> None:
    tags = PLATFORMS[0].tags
    assert tags[0] == "manylinux_2_28_x86_64" and "manylinux2014_x86_64" in tags
    assert "manylinux1_aarch64" not in PLATFORMS[1].tags
