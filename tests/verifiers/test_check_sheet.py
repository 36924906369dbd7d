"""CHECK.md: what it tells to type is typed here, in the bundle that it came with, and shows what it says."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from double_random.inspection.verification import bundle
from double_random.store.home import Home


def unpacked(home: Home, folder: Path) -> tuple[Path, str]:
    place = bundle.write_bundle(bundle.gather_bundle(home, "d1", auditor=True), folder / "b")
    return place, (place / "CHECK.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["plain", "sm3", "several", "local"])
def test_each_command_shows_what_it_says(draws: dict[str, Home], tmp_path: Path, kind: str) -> None:
    folder, text = unpacked(draws[kind], tmp_path)
    steps = re.findall(r"```sh\n(.*?)\n```(?:\n\n```text\n(.*?)\n```)?", text, re.DOTALL)
    shown = 0
    for command, expected in steps:
        if "机构编号" in command or "界线" in command:
            continue  # tried below, with an institution
        ran = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True)
        assert ran.returncode == 0, (command, ran.stderr)
        if expected:
            assert ran.stdout.split()[0] == expected, command
            shown += 1
    assert shown == 3


def test_the_hashes_of_all_files_are_those_of_the_result(
    draws: dict[str, Home], tmp_path: Path
) -> None:
    folder, text = unpacked(draws["plain"], tmp_path)
    command = next(
        one for one in re.findall(r"```sh\n(.*?)\n```", text, re.DOTALL) if "*.csv" in one
    )
    ran = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True)
    typed = {line.split()[1]: line.split()[0] for line in ran.stdout.splitlines()}
    named = json.loads((folder / "result.json").read_bytes())["files"]
    assert {name for name in named if name.endswith((".csv", ".json"))} == set(typed) - {
        "result.json"
    }
    assert all(named[name] == typed[name] for name in set(typed) - {"result.json"})
    log = [json.loads(line) for line in (folder / "log.jsonl").read_bytes().splitlines()]
    assert typed["result.json"] == next(entry["result"] for entry in log if entry["kind"] == "draw")
    for name in ("verify.py", "verify.html"):
        assert f"{named[name]}  {name}" in text


def test_an_institutions_ticket_by_hand_is_that_of_the_list(
    draws: dict[str, Home], tmp_path: Path
) -> None:
    folder, text = unpacked(draws["plain"], tmp_path)
    command = next(
        one for one in re.findall(r"```sh\n(.*?)\n```", text, re.DOTALL) if "机构编号" in one
    )
    salts = {
        row.split(",")[0]: row.split(",")[-1]
        for row in (folder / "frame.csv").read_text().splitlines()[1:]
    }
    for row in (folder / "targets.csv").read_text().splitlines()[1:]:
        id, *_rest, ticket = row.split(",")
        typed = command.replace("机构编号", id).replace("随机盐", salts[id])
        ran = subprocess.run(["sh", "-c", typed], capture_output=True, text=True)
        assert ran.stdout.split()[0] == ticket


@pytest.mark.parametrize("kind", ["plain", "sm3"])
def test_a_hidden_cut_off_by_hand_is_that_of_the_result(
    draws: dict[str, Home], tmp_path: Path, kind: str
) -> None:
    """P-011."""
    folder, text = unpacked(draws[kind], tmp_path)
    block = next(one for one in re.findall(r"```sh\n(.*?)\n```", text, re.DOTALL) if "界线" in one)

    def typed(command: str, **said: str) -> str:
        for name, value in said.items():
            command = command.replace(name, value)
        ran = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
        return ran.stdout.split()[0]

    salting, hiding = block.splitlines()
    found = []
    for one in json.loads((folder / "strata.json").read_bytes())["strata"]:
        rows = (folder / "targets.csv").read_text().splitlines()[1:]
        tickets = [row.split(",")[4] for row in rows if f",{one['stratum']},drawn," in row]
        inner = (folder / "inner").read_text()
        salt = typed(salting, inner的内容=inner, 抽取分组=one["stratum"])
        found.append(typed(hiding, 界线=max(tickets, default=""), 盐=salt))
    assert json.loads((folder / "result.json").read_bytes())["cutoffs"] == found


def test_it_is_chinese_and_leaves_no_hole(draws: dict[str, Home], tmp_path: Path) -> None:
    _folder, text = unpacked(draws["plain"], tmp_path)
    assert text.startswith("# 不用本系统，怎样核验这次抽取")
    assert not re.search(r"\$[a-z_]+\b(?<!\$t)(?<!\$_)", text)
    assert "certutil -hashfile plan.json SHA256" in text
