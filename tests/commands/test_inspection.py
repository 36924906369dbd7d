"""The commands, as a supervisor types them: from the plan to a bundle that somebody else checks."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from double_random import cli
from double_random.store.home import Home

PLAN = (
    *("inspection", "plan", "law-firm-archives", "--as-of", "2026-10-31", "--draw", "d1"),
    *("--source", "balls:示例摇号室:7", "--protocol", "1", "--not-before", "2026-11-03T06:00:00Z"),
    *("--publish-by", "2026-11-30"),
)


@dataclass(frozen=True)
class Said:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def typed(
    bureau: Callable[..., Home], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """Type a command in a small bureau."""
    home = bureau(firms=12, inspectors=8)

    def type_(*words: str) -> Said:
        monkeypatch.setattr(
            sys, "argv", ["double-random", "--home", str(home.path), "--lang", "en", *words]
        )
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return type_


def to_publication(typed: Callable[..., Said]) -> str:
    """Plan to publish; returns the 方案校验码 that was written down."""
    assert typed(*PLAN).code == 0
    code = typed("inspection", "commit", "d1", "--at", "2026-11-02T01:00:00Z").data["code"]
    given = "balls:示例摇号室:7=0730915"
    typed("inspection", "entropy", "d1", given, "--at", "2026-11-03T06:05:00Z")
    assert typed("inspection", "draw", "d1", "--at", "2026-11-03T06:10:00Z").code == 0
    assert typed("inspection", "publish", "d1", "--at", "2026-11-06T08:00:00Z").code == 0
    return str(code)


def test_the_whole_way_by_command(typed: Callable[..., Said], tmp_path: Path) -> None:
    code = to_publication(typed)
    for which, options in (("public", ()), ("auditor", ("--auditor",))):
        for place in (tmp_path / which, tmp_path / f"{which}.zip"):
            packed = ("--zip",) if place.suffix else ()
            made = typed("inspection", "bundle", "d1", *options, *packed, "--output", str(place))
            assert made.out == f"{place}\n"
            said = typed("verify", str(place), "--code", code)
            assert said.code == 0
            assert "signature" in said.out.split("\n")[0]


def test_the_first_line_is_for_people_even_when_piped(
    typed: Callable[..., Said], tmp_path: Path
) -> None:
    to_publication(typed)
    typed("inspection", "bundle", "d1", "--output", str(tmp_path / "b"))
    first = typed("verify", str(tmp_path / "b")).out.split("\n")[0]
    assert first.startswith("intact") and "顺序未证明" in first and "唯一性未证明" in first
    told = typed("verify", str(tmp_path / "b"), "--format", "json").data
    assert told["intact"] and told["first_line"] == first


def test_a_changed_file_ends_with_1_and_its_name(
    typed: Callable[..., Said], tmp_path: Path
) -> None:
    to_publication(typed)
    typed("inspection", "bundle", "d1", "--output", str(tmp_path / "b"))
    key = next(
        line.split(": ")[1] for line in typed("log", "show").err.split("\n") if "public key" in line
    )
    assert typed("verify", str(tmp_path / "b"), "--key", key).code == 0
    path = tmp_path / "b" / "list.csv"
    content = path.read_bytes()
    path.write_bytes(
        content.replace(b"\n", b"\r\n", 1)
    )  # as a program does that rewrites line ends
    said = typed("verify", str(tmp_path / "b"), "--key", key)
    assert said.code == 3
    assert "list.csv" in said.out.split("\n")[0]
    path.write_bytes(content.replace(b"\n", b"x\n", 1))
    said = typed("verify", str(tmp_path / "b"), "--key", key)
    assert said.code == 1
    assert "list.csv" in said.out.split("\n")[0]


def test_items_are_listed_with_basis_and_mark(typed: Callable[..., Said]) -> None:
    listed = {one["id"]: one for one in typed("inspection", "items").data}
    assert listed["law-firm-practice"]["basis"]
    assert listed["law-firm-practice"]["confirmed"] is False


def test_what_is_open_is_listed_until_it_ends(typed: Callable[..., Said]) -> None:
    typed(*PLAN)
    assert typed("inspection", "open").data == []
    typed("inspection", "commit", "d1", "--at", "2026-11-02T01:00:00Z")
    (one,) = typed("inspection", "open", "--as-of", "2026-12-01").data
    assert (one["draw"], one["stage"], one["overdue"]) == ("d1", "committed", True)
    typed(*("inspection", "void", "d1", "--reason", "wrong plan", "--at", "2026-11-02T02:00:00Z"))
    assert typed("inspection", "open").data == []


def test_replace_and_substitute_by_command(typed: Callable[..., Said]) -> None:
    to_publication(typed)
    first, second = typed("inspection", "show", "d1").data
    gone = first["team"][0]["id"]
    said = typed(
        *("inspection", "substitute", "d1", first["id"], gone, "--reason", "illness"),
        *("--at", "2026-11-07T01:00:00Z"),
    )
    assert gone not in said.data["inspectors"]
    said = typed(
        *("inspection", "replace", "d1", second["id"], "--reason", "ceased"),
        *("--at", "2026-11-07T01:00:00Z"),
    )
    now = {row["id"] for row in typed("inspection", "show", "d1").data}
    assert now == {first["id"], said.data["new"]}
    assert typed("log", "verify").data["changes"] == [
        "d1: substitute 2026-11-07T01:00:00Z",
        "d1: replace 2026-11-07T01:00:00Z",
    ]


def test_the_log_against_an_earlier_checkpoint(typed: Callable[..., Said], tmp_path: Path) -> None:
    shown = typed("log", "show").err
    earlier = tmp_path / "checkpoint"
    earlier.write_text(shown[shown.index("double-random/", shown.index("checkpoint")) :], "utf-8")
    to_publication(typed)
    assert typed("log", "verify", "--checkpoint", str(earlier)).data["entries"] == 4
    earlier.write_text(earlier.read_text("utf-8").replace("\n0\n", "\n1\n"), "utf-8")
    assert typed("log", "verify", "--checkpoint", str(earlier)).code == 1


def test_nobody_gets_a_proof_before_publication(
    typed: Callable[..., Said], firm: Callable[[int], str]
) -> None:
    typed(*PLAN)
    typed("inspection", "commit", "d1", "--at", "2026-11-02T01:00:00Z")
    said = typed("inspection", "proof", firm(1), "--draw", "d1")
    assert said.code == 2 and "not been published" in said.err


def test_the_published_vectors_replay_by_command(typed: Callable[..., Said], shared: Path) -> None:
    folders = sorted((shared / "design" / "vectors").iterdir())
    assert len(folders) >= 8
    for folder in folders:
        said = typed("replay", str(folder), "--format", "json")
        expected = json.loads((folder / "expected.json").read_text("utf-8"))
        for name in ("counts", "targets", "load", "cost", "groups", "teams"):
            assert said.data[name] == expected[name], (folder.name, name)


@pytest.mark.parametrize(
    "words",
    [
        ("inspection", "commit", "nothing"),
        ("inspection", "commit", ".."),
        ("inspection", "draw", "d1"),
        ("inspection", "bundle", "d1"),
        ("inspection", "entropy", "d1", "balls:1=2"),
        ("inspection", "plan", "no-such-item", *PLAN[3:]),
        (*PLAN, "--reserve", "half"),
        (*PLAN, "--hash", "md5"),
        (*PLAN, "--replaces", "d0"),
        ("inspection", "bundle", "d1", "--zip", "--output", "b.tar"),
        ("verify", "/nowhere"),
        ("verify", "/nowhere", "--key", "x"),
        ("verify", "/nowhere", "--register", "/nowhere"),
        ("replay", "/nowhere"),
        ("log", "verify", "--checkpoint", "/nowhere"),
    ],
)
def test_a_mistake_is_told_without_a_traceback(
    typed: Callable[..., Said], words: tuple[str, ...]
) -> None:
    said = typed(*words)
    assert said.code in (1, 2)
    assert said.err.startswith("error: ")
    assert "Traceback" not in said.err
