"""A home after one good night, the next night's drop, and how the next night ends when nothing disturbs it."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from double_random import data
from double_random.demo.bureau import DISTRICT_CODE
from double_random.demo.demo_home import AUTHORITY
from double_random.pipeline.nightly import run_nightly
from double_random.store.home import Home
from tests.pipeline.state import FIRST, SECOND, Nights, look
from tests.templates import make_once


@pytest.fixture(scope="session")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """The sample's home after a first night, and an undisturbed second one beside it."""
    folder = make_once(tmp_path_factory, "nights", _run_nights)
    states = pickle.loads((folder / "states").read_bytes())
    undisturbed = tmp_path_factory.mktemp("undisturbed") / "home"  # tests go on in it
    shutil.copytree(folder / "undisturbed", undisturbed, symlinks=True)
    return Nights(folder / "model", folder / "second", *states, Home.open(undisturbed))


def _run_nights(folder: Path) -> None:
    """The homes, the drops, and what was seen after each night."""
    home = Home.create(folder / "model", AUTHORITY, DISTRICT_CODE)
    shutil.copytree(data.path("sample_home", "facts"), home.path / "facts", dirs_exist_ok=True)
    first, second = folder / "first", folder / "second"
    shutil.copytree(data.path("sample"), first)
    shutil.copytree(data.path("sample"), second)
    (first / "投诉.csv").unlink()  # the second night brings the complaints
    (first / "处罚.csv").unlink()
    assert run_nightly(home, [first], FIRST)["end"] == "published"
    before = look(home.path)
    shutil.copytree(home.path, folder / "undisturbed", symlinks=True)
    undisturbed = Home.open(folder / "undisturbed")
    assert run_nightly(undisturbed, [second], SECOND)["end"] == "published"
    after = look(undisturbed.path)
    assert run_nightly(undisturbed, [second], SECOND)["end"] == "published"
    states = (before, after, look(undisturbed.path))
    (folder / "states").write_bytes(pickle.dumps(states))


@pytest.fixture
def one(nights: Nights, tmp_path: Path) -> Callable[[], Path]:
    """A fresh copy of the home, as often as it is called; the former one goes."""

    def copy() -> Path:
        shutil.rmtree(tmp_path / "home", ignore_errors=True)
        return nights.copy(tmp_path / "home")

    return copy
