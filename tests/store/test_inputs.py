"""Raw inputs: each content is kept once, under its SHA-256."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from double_random.store.inputs import Inputs, file_sha256


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    return Inputs(tmp_path / "inputs")


def write(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def test_a_file_is_kept_under_its_hash(tmp_path: Path, inputs: Inputs) -> None:
    file = write(tmp_path, "许可.csv", "示例".encode())
    digest = inputs.keep(file)
    assert digest == file_sha256(file) == hashlib.sha256("示例".encode()).hexdigest()
    assert inputs.path(digest) == inputs.folder / digest[:2] / digest
    assert inputs.path(digest).read_bytes() == "示例".encode()


def test_the_same_content_under_another_name_is_kept_once(tmp_path: Path, inputs: Inputs) -> None:
    digests = {inputs.keep(write(tmp_path, name, b"same")) for name in ("a.csv", "b.csv")}
    assert len(digests) == 1
    (digest,) = digests
    assert os.listdir(inputs.folder / digest[:2]) == [digest]


def test_a_missing_file_leaves_nothing_behind(tmp_path: Path, inputs: Inputs) -> None:
    with pytest.raises(FileNotFoundError):
        inputs.keep(tmp_path / "missing.csv")
    assert not inputs.folder.exists()
