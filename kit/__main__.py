"""`make kit`: builds a folder that installs the program on a machine without a network.

python -m kit [--output dist/kit] [--python 3.11 …] [--platform linux-x86_64 …] [--check]

It contains the wheels of every platform (wheels/), a list of them with hashes for each platform and Python (lists/),
install scripts (install.sh, install.cmd), a README in Chinese and SHA256SUMS. --check resolves everything, downloads
nothing and reports which platforms and Pythons have all their wheels.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from kit.targets import EXTRAS, MISSING, PLATFORMS, PYTHONS, ROOT, Platform, needed_pins

HERE = Path(__file__).parent


def run_pip(*words: str) -> subprocess.CompletedProcess[str]:
    """Run pip quietly and without dependencies."""
    fixed = ["--quiet", "--disable-pip-version-check", "--no-deps"]
    return subprocess.run(
        [sys.executable, "-m", "pip", words[0], *fixed, *words[1:]], capture_output=True, text=True
    )


def pip_arguments(platform: Platform, python: str, folder: Path) -> list[str]:
    """The arguments of pip for the wheels of any platform and Python."""
    short = python.replace(".", "")
    requirements = folder / f"{platform.name}-{python}.txt"
    requirements.write_text(
        "\n".join(pin.requirement_line() for pin in needed_pins(platform, python)) + "\n"
    )
    tags = [word for tag in platform.tags for word in ("--platform", tag)]
    abis = [word for abi in (f"cp{short}", "abi3", "none") for word in ("--abi", abi)]
    return [
        "--only-binary=:all:", "--ignore-requires-python",  # the lock already selects for each Python
        "--implementation", "cp", "--python-version", python,
        *abis, *tags, "--require-hashes", "-r", str(requirements),
    ]  # fmt: skip


def find_resolve_error(platform: Platform, python: str) -> str:
    """The last line of pip's error; "" if every wheel is available."""
    with tempfile.TemporaryDirectory() as folder:
        done = run_pip(
            "install", "--dry-run", "--ignore-installed", "--target", folder,
            *pip_arguments(platform, python, Path(folder)),
        )  # fmt: skip
    return "" if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


def download_wheels(platform: Platform, python: str, kit: Path) -> int:
    """Download the wheels of one platform and Python, write their list, and return their number."""
    with tempfile.TemporaryDirectory() as folder:
        wheels = Path(folder) / "wheels"
        done = run_pip(
            "download", "--dest", str(wheels), *pip_arguments(platform, python, Path(folder))
        )
        if done.returncode:
            raise SystemExit(f"{platform.name}, Python {python}: {done.stderr.strip()}")
        wheel_files = sorted(wheels.iterdir())
        own = sorted((kit / "wheels").glob("double_random-*.whl"))
        lines = [format_requirement(file) for file in [*wheel_files, *own]]
        for file in wheel_files:
            shutil.move(file, kit / "wheels" / file.name)
    (kit / "lists" / f"{platform.name}-{python}.txt").write_text("\n".join(lines) + "\n", "utf-8")
    return len(lines)


def format_requirement(wheel: Path) -> str:
    """Format a wheel as a requirement with name, version and hash."""
    name, version, *_tags = wheel.name.split("-")
    return f"{name.replace('_', '-')}=={version} --hash=sha256:{hash_file(wheel)}"


def build_own_wheel(kit: Path) -> None:
    """Build the wheel of the program itself."""
    done = subprocess.run(
        [
            sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check",
            "--no-deps", "--no-build-isolation", "--wheel-dir", str(kit / "wheels"), str(ROOT),
        ],
        capture_output=True,
        text=True,
        env=os.environ | {"SOURCE_DATE_EPOCH": "1767225600"},  # same sources, same wheel
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)


def copy_install_files(kit: Path, pythons: list[str]) -> None:
    """Copy the install scripts and the README."""
    shutil.copy(HERE / "install.sh", kit / "install.sh")
    (kit / "install.sh").chmod(0o755)
    batch = (HERE / "install.cmd").read_text("utf-8")
    (kit / "install.cmd").write_bytes(batch.replace("\n", "\r\n").encode())
    text = (HERE / "README.zh-CN.md").read_text("utf-8")
    (kit / "README.md").write_text(text.replace("{pythons}", "、".join(pythons)), "utf-8")


def write_checksums(kit: Path) -> None:
    """Write SHA256SUMS over every file for `sha256sum -c`."""
    files = sorted(path for path in kit.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{hash_file(path)}  {path.relative_to(kit).as_posix()}" for path in files]
    (kit / "SHA256SUMS").write_text("\n".join(lines) + "\n", "utf-8")


def hash_file(file: Path) -> str:
    """The SHA-256 of a file in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def main() -> int:
    """Build the kit, or check that it can be built."""
    parser = argparse.ArgumentParser(prog="python -m kit")
    parser.add_argument("--output", type=Path, default=ROOT / "dist" / "kit")
    parser.add_argument("--python", nargs="+", default=["3.11"], choices=PYTHONS)
    names = {platform.name: platform for platform in PLATFORMS}
    parser.add_argument("--platform", nargs="+", default=list(names), choices=names)
    parser.add_argument("--check", action="store_true", help="resolve only; no download")
    arguments = parser.parse_args()
    pairs = [(names[name], python) for name in arguments.platform for python in arguments.python]
    if arguments.check:
        missing = 0
        for platform, python in pairs:
            why = find_resolve_error(platform, python)
            missing += bool(why)
            count = len(needed_pins(platform, python))
            print(f"{platform.name}, Python {python}: {why or f'all {count} wheels'}", flush=True)
    else:
        kit: Path = arguments.output
        shutil.rmtree(kit, ignore_errors=True)
        for part in ("wheels", "lists"):
            (kit / part).mkdir(parents=True)
        build_own_wheel(kit)
        for platform, python in pairs:
            count = download_wheels(platform, python, kit)
            print(f"{platform.name}, Python {python}: {count} wheels", flush=True)
        copy_install_files(kit, arguments.python)
        write_checksums(kit)
        size = sum(path.stat().st_size for path in kit.rglob("*") if path.is_file())
        print(f"{kit}: {size / 1e6:.0f} MB, with the extras {', '.join(EXTRAS)}")
        missing = 0
    for name, why in MISSING:
        print(f"no kit for {name}: {why}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
