"""The attacks and draws that others tried (../shared/cases/redteam and draw), each by the real program.

The program is forked from one that has been loaded (tests/forked.py); in one script Python starts it anew.

What a later protocol has to mend is listed as open, with what is seen today; so no file is left out.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from double_random.store.home import Home
from tests import forked
from tests.conftest import ROOT
from tests.releases import alter_release, list_segments
from tests.verifiers.conftest import SCRIPT
from tests.verifiers.corpus import Case

PROGRAM = Path(sys.executable).with_name("double-random")
BY_A_NEW_PYTHON = "gbk_file_name.sh"

# script, what its output shows, what it must not show
REFUSED = {
    "future_time.sh": (("lies in the future", '"stage": "void"'), ("accepted\n",)),  # D-030
    "lost_draw.sh": (("void d1 --reason lost",), ()),  # D-031
    "moved_away.sh": (
        ("310104", "the address names no known district", "\nid,reason,name\n"),
        ("district not known",),
    ),  # D-020
    "gbk_file_name.sh": (("}\n",), ("error:",)),  # D-034
    "many_newlines.sh": (("the sources bring no row at all",), ()),  # D-033
}
TRIED_BELOW = {
    *("redteam/spoofed_terminal.py", "redteam/bit_flips.py", "redteam/changed_release.sh"),
    "redteam/cutoffs.py",  # in tests/inspection/test_attacks.py
    *("draw/past_drand_round.zip", "draw/past_drand_round.pub", "draw/pack_again.py"),
    *("redteam/text_not_in_normal_form.zip", "draw/past_lottery_issue.zip"),
    *("draw/odd_recusals.csv", "draw/odd_names.csv", "draw/leap_scenarios.toml"),
}
# open: needs protocol 2, or a rule of publication; what is seen today
OPEN = {
    "redteam/old_lottery_issue.sh": "P-001: intact; the day of an issue is not known",
    "redteam/unwitnessed_balls.sh": "P-002: intact, though nobody attests",
    "redteam/second_plan_under_another_item.sh": "P-005: accepted beside the open first plan",
    "redteam/unbound_fields.py": "P-006: fields that the log does not bind may change",
    "draw/uneven_loads.sh": "P-024: one bound for all; with the three files beside it",
    "draw/items_all_kinds.toml": "P-024: the items of uneven_loads.sh",
    "draw/loads.py": "P-024: counts the visits of uneven_loads.sh",
    "draw/even_loads.py": "P-024: the most even loads of uneven_loads.sh",
}
INPUTS = {  # what the scripts read
    *("redteam/LOG.md", "redteam/common.sh", "draw/LOG.md", "redteam/moved_away/许可_变更.csv"),
    *(f"redteam/bureau_of_twelve/{name}.csv" for name in ("回避", "检查人员", "许可")),
}

OPENS_A_DATABASE = "changed_release.sh"
Run = Callable[..., tuple[int, str]]


@pytest.fixture(scope="session")
def forking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for PATH with a `double-random` that forks."""
    return forked.write_shim(tmp_path_factory.mktemp("forking") / "bin")


@pytest.fixture
def run(tmp_path: Path, forking: Path) -> Run:
    """Run words in an empty folder with `double-random` on the path; exit code and all that it printed."""
    place = tmp_path / "run"
    place.mkdir()

    def ran(*words: str | Path, **environment: str) -> tuple[int, str]:
        first = [forking / PROGRAM.name] if words[0] == PROGRAM else [words[0]]
        programs = PROGRAM.parent if Path(words[-1]).name == BY_A_NEW_PYTHON else forking
        done = subprocess.run(
            [str(word) for word in (*first, *words[1:])],
            cwd=place,
            env={
                "PATH": f"{programs}{os.pathsep}{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}",
                "LANG": "C.UTF-8",
                "HOME": str(place),
                "TMPDIR": str(place),
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said = done.stdout.decode(environment.get("PYTHONIOENCODING", "utf-8"))
        own = 1 if Path(words[-1]).name == OPENS_A_DATABASE else 0
        assert said.count("Traceback") == own
        return done.returncode, said

    return ran


@pytest.fixture
def product(run: Run) -> Run:
    """The real program, in English, with a home of its own."""
    return lambda *words, **env: run(PROGRAM, "--lang", "en", "--home", "home", *words, **env)


@pytest.fixture
def register(product: Run, shared: Path) -> None:
    """The register of twelve firms in that home."""
    assert product("init", "--authority", "示例市司法局", "--code", "11990000XXXX00019X")[0] == 0
    drop = shared / "cases/redteam/bureau_of_twelve"
    assert product("registry", "sync", drop, "--as-of", "2026-10-31")[0] == 0


def plan(*more: str) -> tuple[str, ...]:
    return (
        *("inspection", "plan", "law-firm-archives", "--as-of", "2026-11-01", "--draw", "d1"),
        *(
            "--source",
            "balls:示例摇号室:7",
            "--protocol",
            "1",
            "--not-before",
            "2099-11-03T06:00:00Z",
        ),
        *("--publish-by", "2099-11-30", "--team-size", "2", "--leads", "1", *more),
    )


def test_every_file_of_the_cases_is_named_here(shared: Path) -> None:
    cases = shared / "cases"
    found = {
        path.relative_to(cases).as_posix()
        for folder in ("redteam", "draw")
        for path in (cases / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    named = {*(f"redteam/{name}" for name in REFUSED), *TRIED_BELOW, *OPEN, *INPUTS}
    assert found == named


SPELT = {  # the scripts were written when version 1 was the only one
    "1": ('inspection plan "', 'inspection plan --protocol 1 "'),
    "2": ("balls:示例摇号室:7", "ceremony:balls:示例摇号室"),
}


@pytest.mark.parametrize("protocol", SPELT)
@pytest.mark.parametrize("script", REFUSED)
def test_an_attack_on_the_home_ends_as_it_should(
    script: str, protocol: str, run: Run, shared: Path, tmp_path: Path
) -> None:
    scripts = Path(shutil.copytree(shared / "cases/redteam", tmp_path / "scripts"))
    common = (scripts / "common.sh").read_text("utf-8")
    assert SPELT[protocol][0] in common
    (scripts / "common.sh").write_text(common.replace(*SPELT[protocol]), "utf-8")
    _code, said = run("sh", scripts / script)
    shown, hidden = REFUSED[script]
    if (script, protocol) == (
        "future_time.sh",
        "2",
    ):  # a void after the numbers could be known brings them too
        shown = ("lies in the future", "log them first")
    assert [one for one in shown if one not in said] == []
    assert [one for one in hidden if one in said] == []


def test_a_release_is_no_database_that_a_script_could_change(run: Run, shared: Path) -> None:
    """D-035: the script looks for the one file that a release was, and finds no table in it."""
    _code, said = run("sh", shared / "cases/redteam" / OPENS_A_DATABASE)
    assert "Table with name institutions does not exist" in said
    assert "the plan was frozen" not in said


@pytest.mark.usefixtures("register")
def test_a_database_laid_beside_a_release_is_refused(product: Run, tmp_path: Path) -> None:
    """Two files say what the release holds: neither is believed."""
    home = Home.open(tmp_path / "run" / "home")
    name = home.releases.current()
    duckdb.connect(str(home.releases.folder / f"{name}.duckdb")).close()
    code, said = product(*plan())
    assert code and "is damaged" in said and "store rebuild" in said
    assert product("store", "rebuild")[0] == 0 and product(*plan())[0] == 0


@pytest.mark.usefixtures("register")
def test_a_register_changed_in_its_segments_is_refused(product: Run, tmp_path: Path) -> None:
    """D-035."""
    home = Home.open(tmp_path / "run" / "home")
    alter_release(
        home, "institutions", "UPDATE rows SET status = 'suspended' WHERE name LIKE '%003%'"
    )
    code, said = product(*plan())
    assert code and "is damaged" in said and "store rebuild" in said
    assert product("store", "rebuild")[0] == 0 and product(*plan())[0] == 0


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("seed", range(4))
def test_a_flipped_bit_of_a_release_is_refused_in_words(
    seed: int, product: Run, tmp_path: Path
) -> None:
    """D-035: in the manifest, and in a segment."""
    home = Home.open(tmp_path / "run" / "home")
    name = home.releases.current()
    assert name is not None
    institutions = next(one for one in list_segments(home) if "-institutions-" in one.name)
    file = institutions if seed % 2 else home.releases.manifest_file(name)
    content = bytearray(file.read_bytes())
    content[random.Random(seed).randrange(len(content))] ^= 1 << seed
    file.write_bytes(content)
    for words in (("status",), ("registry", "list"), plan()):
        code, said = product(*words)
        assert code and "is damaged" in said, words


def test_a_flipped_bit_of_an_earlier_version_s_release_is_refused_in_words(
    run: Run, shared: Path, tmp_path: Path
) -> None:
    """D-035."""
    with tarfile.open(ROOT / "tests" / "homes" / "before-one-package.tar.xz") as archive:
        archive.extractall(tmp_path / "run", filter="data")
    _code, said = run(sys.executable, shared / "cases/redteam/bit_flips.py", "home", "1")
    assert said.endswith("status: in words; list: in words; plan: in words\n")


def test_a_name_cannot_write_a_verdict_on_the_terminal(run: Run, shared: Path) -> None:
    """D-005."""
    whole = shared / "cases/draw/past_lottery_issue.zip"
    run(sys.executable, shared / "cases/redteam/spoofed_terminal.py", whole, "spoofed.zip")
    for checker in ((PROGRAM, "--lang", "en", "verify"), (sys.executable, SCRIPT)):
        code, said = run(*checker, "spoofed.zip")
        assert code == 1
        assert said.startswith("WRONG: ") and "\x1b" not in said


def test_a_round_known_before_the_plan_is_refused_by_product_and_script(
    run: Run, shared: Path
) -> None:
    """P-004."""
    path, key = (shared / f"cases/draw/past_drand_round.{end}" for end in ("zip", "pub"))
    for checker in ((PROGRAM, "--lang", "en", "verify"), (sys.executable, SCRIPT)):
        code, said = run(*checker, path, "--key", key)
        assert code == 1
        assert said.startswith("WRONG: plan.json: drand:quicknet:1000 was made before the plan's")


def test_all_say_first_that_the_day_of_an_issue_is_not_known(
    run: Run, in_page: Callable[[Case], dict[str, Any]], shared: Path
) -> None:
    """P-001: version 1 has no time of an issue; the reader has to compare it."""
    path = shared / "cases/draw/past_lottery_issue.zip"
    for checker in ((PROGRAM, "--lang", "en", "verify"), (sys.executable, SCRIPT)):
        code, said = run(*checker, path)
        assert code == 0 and "does not say when this issue was drawn" in said.splitlines()[0]
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert "issue" in in_page(Case("an old issue", files, ""))["unchecked"]


def test_text_that_is_not_in_normal_form_is_refused_by_all(
    run: Run, in_page: Callable[[Case], dict[str, Any]], shared: Path
) -> None:
    """P-016."""
    path = shared / "cases/redteam/text_not_in_normal_form.zip"
    for checker in ((PROGRAM, "--lang", "en", "verify"), (sys.executable, SCRIPT)):
        code, said = run(*checker, path)
        assert code == 1 and said.startswith("WRONG: log.jsonl: ")
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    found = in_page(Case("unclean", files, ""))
    assert (found["word"], found["file"]) == ("wrong", "log.jsonl")


def test_a_round_known_before_the_plan_is_refused_by_the_page(
    in_page: Callable[[Case], dict[str, Any]], shared: Path
) -> None:
    """P-004."""
    with zipfile.ZipFile(shared / "cases/draw/past_drand_round.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    key = (shared / "cases/draw/past_drand_round.pub").read_text(encoding="utf-8").strip()
    found = in_page(Case("a past round", files, key))
    assert (found["word"], found["file"]) == ("wrong", "plan.json")


def test_a_bundle_packed_again_is_the_same_bundle(run: Run, shared: Path) -> None:
    """P-013: a top folder is looked into, a file manager's own files are passed over and told."""
    whole = shared / "cases/draw/past_lottery_issue.zip"
    run(sys.executable, shared / "cases/draw/pack_again.py", whole, "out")
    for checker in ((PROGRAM, "--lang", "en", "verify"), (sys.executable, SCRIPT)):
        _code, before = run(*checker, whole)
        for name in ("folder.zip", "finder.zip"):
            code, said = run(*checker, f"out/{name}")
            assert code == 0 and said.splitlines()[0] == before.splitlines()[0]
            assert ("passed over" in said) == (name == "finder.zip")


@pytest.mark.usefixtures("register")
def test_recusals_that_name_nobody_are_named_by_the_plan(
    product: Run, shared: Path, tmp_path: Path
) -> None:
    """D-014."""
    drop = tmp_path / "回避.csv"
    drop.write_bytes((shared / "cases/draw/odd_recusals.csv").read_bytes())
    assert product("registry", "sync", drop, "--as-of", "2026-11-01")[0] == 0
    code, said = product(*plan())
    assert code != 0
    for odd in ("ZF99XXXX77", "检查员示例戊", "示例查无律师事务所", "示例桂橙杏律师所"):
        assert odd in said


@pytest.mark.usefixtures("register")
def test_names_that_a_code_page_lacks_are_shown_with_replaced_signs(
    product: Run, shared: Path, tmp_path: Path
) -> None:
    """D-038, D-062."""
    drop = tmp_path / "许可.csv"
    drop.write_bytes((shared / "cases/draw/odd_names.csv").read_bytes())
    assert product("registry", "sync", drop, "--as-of", "2026-11-01")[0] == 0
    code, said = product("registry", "list", "--format", "table", PYTHONIOENCODING="gbk")
    assert code == 0
    assert "示例?律师事务所" in said and ":key:示例律师事务所" in said


@pytest.mark.usefixtures("register")
def test_a_double_record_of_a_scenario_is_told(product: Run, shared: Path) -> None:
    """D-053: the file's own 92.00 is not the rule; the other fourteen hold."""
    scenarios = shared / "cases/draw/leap_scenarios.toml"
    code, said = product("credit", "policies", "risk-100", "--scenarios", scenarios)
    assert code != 0 and "this record stands already in line 35" in said
