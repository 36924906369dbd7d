"""The wheels that a machine without a network needs: the lock's runtime part for its platform and Python."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker

ROOT = Path(__file__).parent.parent
EXTRAS = ("beacon", "postgres", "timestamps")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
GLIBC = 28  # 2.28, as on Kylin V10, UOS 20, openEuler 20.03, RHEL 8
MISSING = (  # checked on the index for the pinned versions, package by package
    (
        "LoongArch (loongarch64)",
        "no wheel of duckdb, polars, ortools, pyarrow, numpy and most others",
    ),
    ("musl (Alpine)", "no wheel of duckdb, ortools, adbc-driver-manager"),
    ("glibc older than 2.28 (CentOS 7)", "no wheel of duckdb, ortools, pyarrow, numpy, pandas"),
    ("Windows on Arm", "no wheel of ortools, pyarrow, cryptography"),
    ("32-bit Windows", "no wheel of duckdb, polars, ortools, pyarrow, cryptography"),
    ("macOS", "its wheels are there, but the kit does not take them: use the lock, with a network"),
)


@dataclass(frozen=True)
class Platform:
    """A kind of machine: its name in the kit, and its names in wheels and markers."""

    name: str
    system: str
    machine: str
    tags: tuple[str, ...]


def _linux_platform(machine: str) -> Platform:
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC, 4, -1)]
    old = ["manylinux2014", *(["manylinux2010", "manylinux1"] if machine == "x86_64" else [])]
    return Platform(
        f"linux-{machine}", "linux", machine, (*tags, *(f"{tag}_{machine}" for tag in old))
    )


PLATFORMS = (
    _linux_platform("x86_64"),
    _linux_platform("aarch64"),
    Platform("windows-amd64", "win32", "AMD64", ("win_amd64",)),
)


@dataclass(frozen=True)
class LockedPackage:
    """One line of the lock: a package, its version, its marker, its hashes, and the packages that require it."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    wanted_by: frozenset[str]

    def applies_to(self, platform: Platform, python: str) -> bool:
        """Whether the marker applies to a platform and a Python."""
        windows = platform.system == "win32"
        return not self.marker or Marker(self.marker).evaluate(
            {
                "sys_platform": platform.system,
                "platform_system": "Windows" if windows else "Linux",
                "os_name": "nt" if windows else "posix",
                "platform_machine": platform.machine,
                "python_version": python,
                "python_full_version": f"{python}.0",
                "implementation_name": "cpython",
                "platform_python_implementation": "CPython",
            }
        )

    def requirement_line(self) -> str:
        """Format the pin as a line of a requirements file."""
        return " ".join(
            [f"{self.name}=={self.version}", *(f"--hash={digest}" for digest in self.hashes)]
        )


def parse_pins(lock: str) -> Iterator[LockedPackage]:
    """Parse every line of requirements.lock."""
    for block in re.split(r"\n(?=[a-z0-9])", lock):
        first = re.match(r"([a-z0-9._-]+)==([^\s;]+)(?: ; ([^\\]+))?", block)
        if first:
            name, version, marker = first.groups()
            hashes = tuple(re.findall(r"--hash=(sha256:[0-9a-f]{64})", block))
            reasons = block.partition("# via")[2]
            parents = frozenset(
                re.findall(r"[a-z0-9._-]+(?: \([^)]*\))?", reasons.replace("#", ""))
            )
            yield LockedPackage(name, version, (marker or "").strip(), hashes, parents)


def runtime_pins(lock: str, project: str) -> list[LockedPackage]:
    """The pins that the program needs with the kit's extras, without development dependencies."""
    table = tomllib.loads(project)["project"]
    requirements = [
        *table["dependencies"],
        *(x for name in EXTRAS for x in table["optional-dependencies"][name]),
    ]
    names = {_package_name(line) for line in requirements}
    all_pins = list(parse_pins(lock))
    while True:
        more = {pin.name for pin in all_pins if pin.wanted_by & names} - names
        if not more:
            return [pin for pin in all_pins if pin.name in names]
        names |= more


def needed_pins(platform: Platform, python: str) -> list[LockedPackage]:
    """The pins for one platform and Python."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    return [pin for pin in runtime_pins(lock, project) if pin.applies_to(platform, python)]


def _package_name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match, requirement
    return match.group().lower().replace("_", "-")


if __name__ == "__main__":  # print the runtime pins for the list of components
    LOCK, PROJECT = (
        (ROOT / name).read_text("utf-8") for name in ("requirements.lock", "pyproject.toml")
    )
    for one in runtime_pins(LOCK, PROJECT):
        print(one.requirement_line())
