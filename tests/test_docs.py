"""The documents speak of what is there: commands exist, checking by hand works as written, decisions are complete."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from double_random.cli import build_application
from double_random.commands.current_home import use_home
from double_random.demo.scenes import PRACTICE
from double_random.inspection.protocol.plan import Plan
from double_random.inspection.verification.inclusion_proof import prove_inclusion
from double_random.store.home import Home
from tests.commands import PAGE, commands, page
from tests.packages import LAYERS, modules

ROOT = Path(__file__).parent.parent
MODULES = modules()
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINKED = [*DOCS, *sorted((ROOT / "benchmarks").glob("*.md"))]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
HEADINGS = [
    "Context",
    "Decision",
    "Consequences",
    "Also looked at",
]  # of a decision; the last may be missing
FOLDERS = {layer for row in LAYERS for layer in row} | {"benchmarks", "docs", "kit", "tests"}
HAND = [
    ROOT / "docs" / "guides" / "check-by-hand.md",
    ROOT / "docs" / "guides" / "check-by-hand.zh-CN.md",
]


def named(text: str) -> set[str]:
    """Every `double-random …` in a text, without its options: the longest name that can be a command."""
    found = set()
    for line in re.findall(r"double-random((?: +[^\s`|;)]+)+)", text):
        words = [word for word in line.split() if word not in ("…", "...")]
        while words and words[0].startswith("--"):  # of the whole program: --home DIR, --lang zh_CN
            words = words[2:]
        if words and re.fullmatch(r"[a-z][a-z-]*", words[0]):
            found.add(" ".join(words[:2]))
    return found


@pytest.mark.parametrize("file", DOCS, ids=lambda file: file.name)
def test_every_command_that_a_page_names_is_there(file: Path) -> None:
    known = set(commands())
    groups = {name.partition(" ")[0] for name in known if " " in name}
    for name in named(file.read_text("utf-8")):
        first = name.partition(" ")[0]
        assert (name in known) if first in groups and " " in name else first in known | groups, name


def test_the_finder_of_commands_finds_them() -> None:
    text = "`double-random --home x registry sync DROP` and double-random verify BUNDLE --key K"
    assert named(text) == {"registry sync", "verify BUNDLE"}
    assert "no-such" in {name.partition(" ")[0] for name in named("double-random no-such thing")}


def test_every_command_is_documented_as_its_help_says() -> None:
    assert PAGE.read_text("utf-8") == page(), "write it again: python -m tests.commands"


def anchors(file: Path) -> set[str]:
    """The headings of a page as the ends of links: small letters, blanks as hyphens, without punctuation."""
    titles = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("file", LINKED, ids=lambda file: file.name)
def test_every_link_between_pages_leads_somewhere(file: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", file.read_text("utf-8")):
        if "://" not in target:
            there = file.parent / target if target else file
            assert there.exists(), target
            assert not anchor or anchor in anchors(there), f"{target}#{anchor}"


def test_the_entry_page_names_every_page() -> None:
    """Every page lies in a folder for its kind, and docs/README.md has it; of decisions their index."""
    entry = ROOT / "docs" / "README.md"
    assert list((ROOT / "docs").glob("*.md")) == [entry]
    linked = {
        (entry.parent / target).resolve()
        for target in re.findall(r"\]\(([^)#]+)\)", entry.read_text("utf-8"))
    }
    pages = {file for file in DOCS if ROOT / "docs" in file.parents and file not in DECISIONS}
    assert linked == pages - {entry}


def test_every_target_of_make_that_a_page_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    for file in DOCS:
        for name in re.findall(r"`make ([a-z-]+)", file.read_text("utf-8")):
            assert name in targets, f"{file.name}: make {name}"


def test_every_dependency_has_its_decision() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    written = "".join(
        file.read_text("utf-8") for file in (ROOT / "docs" / "decisions").glob("*.md")
    )
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    for line in wanted:
        name = re.match(r"[A-Za-z0-9_-]+", line)
        assert name and re.search(rf"\b{re.escape(name.group())}\b", written, re.IGNORECASE), line


@pytest.mark.parametrize("file", DECISIONS, ids=lambda file: file.name[:4])
def test_every_decision_follows_the_template(file: Path) -> None:
    number = int(file.name[:4])
    title, blank, status, *rest = file.read_text("utf-8").splitlines()
    assert re.fullmatch(rf"# {number}\. \S.*[^.]", title) and not blank, title
    links = r"\[(\d+)\]\((\d{4})-[a-z0-9-]+\.md\)"
    assert re.fullmatch(rf"Status: (accepted|(amended|superseded) by {links}(, {links})*)", status)
    later = [(int(shown), int(file)) for shown, file in re.findall(links, status)]
    assert all(shown == file > number for shown, file in later), status
    headings = [line.removeprefix("## ") for line in rest if line.startswith("#")]
    assert headings in (HEADINGS, HEADINGS[:-1]), headings


def test_the_index_has_every_decision_with_its_title_and_status() -> None:
    assert [int(file.name[:4]) for file in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    rows = []
    for number, file in enumerate(DECISIONS, 1):
        title, _blank, status = file.read_text("utf-8").splitlines()[:3]
        shown = title.removeprefix(f"# {number}. ")
        rows.append(f"| {number} | [{shown}]({file.name}) | {status.removeprefix('Status: ')} |")
    index = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    assert re.findall(r"^\| \d.*$", index, re.M) == rows


@pytest.mark.parametrize("file", DOCS, ids=lambda file: file.name)
def test_every_path_and_module_that_a_page_names_is_there(file: Path) -> None:
    """Paths in backticks that begin at a folder of the repository, and what `python -m` starts."""
    text = re.sub(r"```.*?```", "", file.read_text("utf-8"), flags=re.DOTALL)
    for path in re.findall(r"`([\w.-]+/[\w./*-]*)`", text):
        if path.partition("/")[0] in FOLDERS:
            assert any(ROOT.glob(path.rstrip("/"))), f"{file.name}: {path}"
    for module in re.findall(r"python (?:-P )?-m ([\w.]+)", text):
        path = module.removeprefix("double_random.").replace(".", "/")
        ours = path.partition("/")[0] in FOLDERS
        assert not ours or any(ROOT.glob(f"{path}.py")) or (ROOT / path / "__main__.py").exists(), (
            f"{file.name}: {module}"
        )


@pytest.mark.parametrize("file", ["README.md", "README.zh-CN.md"])
def test_every_number_of_the_readme_is_what_its_command_counts(toured: Path, file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    rows = re.findall(r"^\| [^|]+ \| (\d+) \| `double-random ([^`]+)` \|$", text, re.M)
    assert len(rows) == 9
    for number, command in rows:
        words = ["--home", str(toured), *command.split(), "--format", "json"]
        done = CliRunner().invoke(build_application(*command.split()[:2]), words)
        assert done.exit_code == 0, (command, done.output)
        assert len(json.loads(done.stdout)) == int(number), command


def test_both_languages_check_by_hand_with_the_same_commands() -> None:
    first, second = (blocks(file) for file in HAND)
    assert first == second and len(first) >= 8


def blocks(file: Path) -> list[str]:
    """The shell blocks of a page, in order."""
    return re.findall(r"```sh\n(.*?)```", file.read_text("utf-8"), re.DOTALL)


@pytest.fixture(autouse=True)
def _no_home_kept() -> Iterator[None]:
    """`--home` is kept for the command that follows; the next test starts without one."""
    yield
    use_home(None)


@pytest.fixture
def unpacked(toured: Path, tmp_path: Path) -> Path:
    """The public bundle of the tour's second draw, with one institution's proof beside it."""
    with zipfile.ZipFile(toured / "bundles" / f"{PRACTICE.draw}.zip") as archive:
        archive.extractall(tmp_path)
    rows = (tmp_path / "pool.csv").read_text("utf-8").splitlines()[1:]
    told = prove_inclusion(Home.open(toured), PRACTICE.draw, rows[-1].partition(",")[0]).to_dict()
    (tmp_path / "proof.json").write_text(json.dumps(told, ensure_ascii=False, indent=2), "utf-8")
    return tmp_path


def typed(folder: Path) -> list[list[str]]:
    """What each block prints when the page is typed from top to bottom."""
    mark = "=== next block ==="
    script = "\n".join(f"echo '{mark}'\n{block}" for block in blocks(HAND[0]))
    done = subprocess.run(
        ["bash", "-eu", "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )
    assert not done.stderr, done.stderr
    return [part.strip().splitlines() for part in done.stdout.split(mark)[1:]]


def test_an_intact_bundle_is_found_intact_by_hand(unpacked: Path) -> None:
    plan = Plan.read((unpacked / "plan.json").read_bytes())
    told = json.loads((unpacked / "proof.json").read_text("utf-8"))
    commitment, code, hashes, files, secret, entropy, seed, mine, row = typed(unpacked)
    assert commitment == [f"{plan.commitment}  plan.json"]
    assert code == [plan.code]
    assert len(hashes) == 6 and files == [f"ok {line.split()[1]}" for line in hashes]
    assert secret[0].split()[0] == secret[1] == plan.secret
    assert entropy == [f"{PRACTICE.source}={PRACTICE.value}"]
    assert seed[0].split()[0] == seed[1] == told["seed"]
    assert mine[0].split()[0] == mine[1] == told["ticket"] and mine[2] == told["cutoff"]
    assert mine[3] == "ok, the result holds this cut-off"  # P-011
    assert (mine[1] <= mine[2]) == told["drawn"]
    assert row == ["ok, the row stands in the plan"]


def test_every_row_of_the_frame_finds_its_way_to_the_root_by_hand(
    toured: Home, unpacked: Path
) -> None:
    """First, last and middle rows take different turns in the tree."""
    rows = (unpacked / "pool.csv").read_text("utf-8").splitlines()[1:]
    for line in (rows[0], rows[63], rows[64], rows[127], rows[128], rows[-2]):
        told = prove_inclusion(Home.open(toured), PRACTICE.draw, line.partition(",")[0]).to_dict()
        (unpacked / "proof.json").write_text(
            json.dumps(told, ensure_ascii=False, indent=2), "utf-8"
        )
        assert typed(unpacked)[-1] == ["ok, the row stands in the plan"], line


@pytest.mark.parametrize("file", ["pool.csv", "list.csv", "inspectors.csv", "left_out.csv"])
def test_a_changed_file_is_found_by_hand(unpacked: Path, file: str) -> None:
    content = (unpacked / file).read_bytes()
    (unpacked / file).write_bytes(content.replace(b",", b";", 1))
    assert f"WRONG {file}" in typed(unpacked)[3]


def test_a_changed_secret_number_or_row_is_found_by_hand(unpacked: Path) -> None:
    result, proof = unpacked / "result.json", unpacked / "proof.json"
    whole = result.read_text("utf-8")
    result.write_text(whole.replace(PRACTICE.value, "11111111"), "utf-8")
    _c, _p, _h, _f, _s, entropy, seed, _m, _r = typed(unpacked)
    assert entropy == [f"{PRACTICE.source}=11111111"]
    assert seed[0].split()[0] != seed[1]
    secret = json.loads(whole)["secret"]
    result.write_text(whole.replace(secret, "0" * 64), "utf-8")
    shown = typed(unpacked)[4]
    assert shown[0].split()[0] != shown[1]
    result.write_text(whole, "utf-8")
    told = json.loads(proof.read_text("utf-8"))
    proof.write_text(json.dumps(told | {"row": told["row"] + "0"}, indent=2), "utf-8")
    assert typed(unpacked)[-1] == ["WRONG"]


def is_there(dotted: str) -> bool:
    """Whether a dotted name, without `double_random.`, is a module or something in one."""
    words = dotted.split(".")
    for length in range(len(words), 0, -1):
        module = ".".join(words[:length])
        if module in MODULES:
            thing: object = importlib.import_module(f"double_random.{module}")
            for word in words[length:]:
                thing = getattr(thing, word, None)
            return thing is not None
    return False


@pytest.mark.parametrize("name", ["architecture.md", "interfaces.md", "tasks.md"])
def test_the_modules_and_files_that_a_page_names_are_there(name: str) -> None:
    text = (ROOT / "docs" / "development" / name).read_text("utf-8")
    packages = "|".join(layer for row in LAYERS for layer in row if layer != "cli")
    dotted = set(re.findall(rf"(?<![\w/.-])(?:{packages})(?:\.[a-zA-Z_]+)+", text))
    files = set(re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.(?:py|sql))`", text))
    missing = {one for one in dotted if not is_there(one)}
    missing |= {
        one for one in files if not any(ROOT.glob(one)) and not any(ROOT.glob(f"*/**/{one}"))
    }
    assert not missing
