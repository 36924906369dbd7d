"""`verify` and `replay`: a list or folder that is not there, and a published vector."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from double_random.commands import verification
from double_random.commands.render.format_writers import Format
from double_random.core.errors import BadFile, DoubleRandomError, Misuse
from tests.inspection.protocol.v2.cases import make_case
from tests.inspection.verification.bare import bundle_of

VECTOR = Path(__file__).parent.parent / "vectors" / "lottery-groups"


def test_a_register_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="there is no list at"):
        verification.show_verdict(tmp_path, register=tmp_path / "nowhere.csv")


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DoubleRandomError, match="this is no public key of a log"):
        verification.show_verdict(tmp_path, key="示例")


def test_what_is_no_bundle_fails(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="this is no bundle"):
        verification.show_verdict(tmp_path, form=Format.json)


def test_a_published_vector_is_computed_again(capsys: pytest.CaptureFixture[str]) -> None:
    verification.show_replay(VECTOR, form=Format.json)
    shown = json.loads(capsys.readouterr().out)
    expected = json.loads((VECTOR / "expected.json").read_text("utf-8"))
    for name in ("counts", "targets", "load", "cost", "groups", "teams"):
        assert shown[name] == expected[name], name


def test_a_folder_without_its_files_cannot_be_computed(tmp_path: Path) -> None:
    with pytest.raises((BadFile, Misuse)) as error:
        verification.show_replay(tmp_path)
    assert "plan.json" in f"{error.value.message} {error.value.hint}"
    with pytest.raises(Misuse, match="is no folder"):
        verification.show_replay(tmp_path / "nowhere")


def test_the_three_verdicts_have_their_exit_codes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = bundle_of(make_case())
    wrong = {**bundle, "list.csv": bundle["list.csv"] + b"\n"}
    torn = {name: data for name, data in bundle.items() if name != "plan.json"}
    for number, (files, word) in enumerate(
        [(bundle, "intact"), (wrong, "wrong"), (torn, "cannot be judged")]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        code = 0
        try:
            verification.show_verdict(folder, form=Format.json)
        except typer.Exit as end:
            code = end.exit_code
        shown = json.loads(capsys.readouterr().out)
        assert (shown["verdict"], code) == (word, {"intact": 0, "wrong": 1}.get(word, 3))
        assert bool(shown["next_step"]) == (word == "cannot be judged")
