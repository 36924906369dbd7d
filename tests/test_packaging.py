"""The wheel carries everything under one name, and runs away from the checkout beside other packages."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from functools import partial
from pathlib import Path

import pytest

from tests.packages import LAYERS, NAME

ROOT = Path(__file__).parent.parent
PARTS = tuple(name for names in LAYERS for name in names if name != "cli")


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


def test_the_wheel_holds_every_file_of_the_packages(unpacked: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", *PARTS, "cli.py"],
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
    missing = [
        name for name in tracked.stdout.splitlines() if not (unpacked / NAME / name).exists()
    ]
    assert not missing


def test_the_wheel_runs_away_from_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(unpacked)!r})\n"
    code += "from double_random import cli, data; print(cli.__file__, data.__file__)\n"
    code += "sys.argv = ['double-random', '--home', 'h', 'init']; cli.main()"
    (tmp_path / "data" / "policies").mkdir(
        parents=True
    )  # a stranger's folder must not replace the shipped facts
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == [
        str(unpacked / NAME / "cli.py"),
        str(unpacked / NAME / "data" / "__init__.py"),
    ]
    assert (tmp_path / "h" / "settings.toml").exists()


def test_the_wheel_has_one_name(unpacked: Path) -> None:
    tops = {path.name for path in unpacked.iterdir() if not path.name.endswith(".dist-info")}
    assert tops == {NAME}
    assert (unpacked / NAME / "py.typed").exists()
    for distribution in importlib.metadata.distributions():
        if distribution.metadata["Name"] != "double-random":
            assert NAME not in {str(file).partition("/")[0] for file in distribution.files or []}


def test_it_runs_beside_packages_of_common_names(unpacked: Path, tmp_path: Path) -> None:
    """Others have an `intake`, a `store`, a `data` or an `errors.py` of their own; both work."""
    for name in (*PARTS, "errors", "cli"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"WHOSE = 'theirs: {name}'\n", "utf-8")
    code = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(unpacked)!r}]\n"
        "import intake, store, data, errors, cli\n"
        "from double_random import cli as ours\n"
        "import double_random.intake.drop_reader, double_random.store.home\n"
        "assert intake.WHOSE == 'theirs: intake' and data.WHOSE == 'theirs: data'\n"
        "sys.argv = ['double-random', '--home', 'h', 'init']; ours.main()"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "h" / "settings.toml").exists()


def locked(name: str) -> dict[str, str]:
    """The entries of a lock by package: version, marker and hashes as they stand there."""
    blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text("utf-8").strip())
    bare = (re.sub(r"\n    #.*", "", block).strip() for block in blocks)
    return {block.partition("==")[0]: block for block in bare}


def test_the_demo_installs_the_runtime_part_of_the_lock() -> None:
    """F-012."""
    runtime, everything = locked("runtime.lock"), locked("requirements.lock")
    assert runtime.items() < everything.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["build"]]
    names = {re.split(r"[<>=~!\[ ]", line)[0].lower().replace("_", "-") for line in wanted}
    assert names <= runtime.keys()
    assert not {"pytest", "mypy", "ruff", "playwright", "pyspark-client", "pysail"} & runtime.keys()


def test_the_demo_needs_no_tool_of_developers(tmp_path: Path) -> None:
    """F-012."""

    def steps(target: str) -> str:
        command = ["make", "--dry-run", f"VENV={tmp_path / 'none'}", target]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "-r runtime.lock" in steps("demo") and "requirements.lock" not in steps("demo")
    assert "-r runtime.lock" in steps("test") and "-r requirements.lock" in steps("test")


FROM_SOURCE = (  # what runs from a source distribution, and one file whose subject is not in it
    "tests/commands/render/test_output.py",
    "tests/inspection/protocol/test_sources.py",
    "tests/registry/institutions/test_linking.py",
    "tests/test_benchmarks.py",
)


def test_the_source_distribution_installs_and_runs_its_tests(tmp_path: Path) -> None:
    """Built, unpacked, installed in its folder into an environment of its own, which borrows the dependencies here."""
    build = f"from hatchling.build import build_sdist; print(build_sdist({str(tmp_path)!r}))"
    run = partial(subprocess.run, check=True, capture_output=True, text=True)
    name = run([sys.executable, "-c", build], cwd=ROOT).stdout.split()[-1]
    with tarfile.open(tmp_path / name) as archive:
        archive.extractall(tmp_path, filter="data")
    folder, environment = tmp_path / name.removesuffix(".tar.gz"), tmp_path / "venv"
    run([sys.executable, "-m", "venv", str(environment)])
    python = str(environment / "bin" / "python")
    paths = run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).stdout
    here = sysconfig.get_path("purelib")  # a path in a .pth file: its own .pth files are not read
    (Path(paths.strip()) / "dependencies.pth").write_text(f"{here}\n", "utf-8")
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--editable")
    run([python, "-m", "pip", "install", *options, str(folder)])
    where = run([python, "-c", "import double_random.cli as c; print(c.__file__)"], cwd=tmp_path)
    assert where.stdout.strip() == str(folder / "cli.py")
    ran = subprocess.run(
        [python, "-m", "pytest", "-p", "no:cacheprovider", *FROM_SOURCE],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    skipped = [line for line in ran.stdout.splitlines() if line.startswith("SKIPPED")]
    assert any(line.endswith("a source distribution has no benchmarks") for line in skipped)


def test_the_lock_pins_everything_by_hash_and_names_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    pinned = re.findall(r"^[a-z0-9][a-z0-9._-]*==\S+", lock, re.MULTILINE)
    assert len(pinned) > 20
    for entry in re.split(r"\n(?=[a-z0-9])", lock.strip()):
        assert "--hash=sha256:" in entry, entry


def test_every_dependency_has_a_lower_bound() -> None:
    """`make test-lowest` runs the tests with them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [entry for group in project["optional-dependencies"].values() for entry in group]
    assert [entry for entry in (*project["dependencies"], *extras) if ">=" not in entry] == []
