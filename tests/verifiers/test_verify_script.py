"""verify.py as a stranger runs it: one file, any Python from 3.8, any folder, its answer in the first line."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from double_random.inspection.verification import bundle
from double_random.store.home import Home
from tests.inspection.protocol.v2.cases import make_case
from tests.inspection.verification.bare import bundle_of
from tests.verifiers.conftest import SCRIPT
from tests.verifiers.corpus import Case

Cases = Callable[[str, str], tuple[Case, ...]]


def run(
    *arguments: str | Path, script: Path = SCRIPT, lang: str = "C"
) -> subprocess.CompletedProcess[str]:
    """The script in a Python that sees neither this project nor any package."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(script), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"LANG": lang, "PYTHONIOENCODING": "utf-8"},
    )


@pytest.fixture(scope="session")
def unpacked(draws: dict[str, Home], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A public bundle as a folder on the disk."""
    return bundle.write_bundle(
        bundle.gather_bundle(draws["plain"], "d1"), tmp_path_factory.mktemp("bundle") / "b"
    )


def test_it_is_python_3_8_and_imports_the_standard_library_alone() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 8))
    named = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in named} <= set(sys.stdlib_module_names) | {
        "__future__"
    }


def test_it_runs_out_of_the_bundle_that_it_lies_in(unpacked: Path) -> None:
    ran = run(script=unpacked / "verify.py")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("intact, but not checked: 顺序未证明")
    assert not (unpacked / "__pycache__").exists()


def test_folder_and_archive_are_the_same_to_it(
    unpacked: Path, draws: dict[str, Home], tmp_path: Path
) -> None:
    archive = bundle.write_bundle(bundle.gather_bundle(draws["plain"], "d1"), tmp_path / "b.zip")
    key = tmp_path / "log.pub"
    key.write_text(draws["plain"].log.public.text + "\n", encoding="utf-8")
    assert run(unpacked, "--key", key).stdout == run(archive, "--key", key).stdout
    assert "signature" not in run(archive, "--key", key).stdout.splitlines()[0]


def test_a_code_that_was_written_down_proves_the_order(unpacked: Path) -> None:
    code = json.loads(run(unpacked, "--json").stdout)["lines"][1].rpartition(" ")[2]
    ran = run(unpacked, "--code", code.lower().replace("-", " "))
    assert ran.returncode == 0 and "顺序未证明" not in ran.stdout
    other = "2" * 32
    ran = run(unpacked, "--code", other)
    assert ran.returncode == 1 and ran.stdout.startswith("WRONG: plan.json:")


def test_it_speaks_chinese_where_the_user_does(unpacked: Path) -> None:
    assert run(unpacked, lang="zh_CN.UTF-8").stdout.startswith("完好，但未能核对：")
    assert run(unpacked, "--lang", "zh").stdout.startswith("完好，但未能核对：")


@pytest.mark.parametrize(
    "arguments",
    [["--key"], ["--key", "nothing"], ["--code", "12"], ["--what"], ["a", "b"], ["no/such/place"]],
)
def test_a_wrong_call_is_told_from_a_wrong_bundle(arguments: list[str]) -> None:
    ran = run(*arguments)
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr


def test_every_sentence_has_its_chinese(standalone: ModuleType) -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    said = {*standalone.UNCHECKED.values(), standalone.AS_PUBLISHED, standalone.ASK_PROOF}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        places = {"Wrong": (1,), "NoBundle": (0,), "note": (0,), "say": (0,), "Undecided": (0, 1)}
        said |= {
            part.value
            for place in places.get(name, ())
            for part in ast.walk(node.args[place])
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        }
    assert len(said) > 60
    assert said == set(standalone.CHINESE)


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_its_own_sm3_gives_the_standards_examples(
    standalone: ModuleType, message: bytes, digest: str
) -> None:
    """GB/T 32905-2016, appendix A."""
    assert standalone.sm3(message).hex() == digest


def test_its_own_sm3_is_that_of_the_product_at_every_length(standalone: ModuleType) -> None:
    from double_random.inspection.protocol.digest import Digest

    for length in range(0, 200, 7):
        assert standalone.sm3(bytes(range(length))) == Digest("sm3").hash_raw(bytes(range(length)))


def test_without_openssl_sm3_draws_are_checked_too(
    standalone: ModuleType, cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(name: str, *_data: bytes) -> None:
        raise ValueError(name)

    bundles = cases("whole", "sm3")
    monkeypatch.setattr(standalone.hashlib, "new", none)
    assert standalone.raw_hash("sm3") is standalone.sm3
    for case in bundles:
        assert standalone.check(case.files).fault is None


def test_its_signatures_are_those_of_rfc_8032(standalone: ModuleType) -> None:
    """RFC 8032, 7.1, test 3; and nothing next to it."""
    key = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
    message = bytes.fromhex("af82")
    signature = bytes.fromhex(
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )
    assert standalone.ed25519(key, message, signature)
    assert not standalone.ed25519(key, message + b"\0", signature)
    for place in range(64):
        changed = bytearray(signature)
        changed[place] ^= 1
        assert not standalone.ed25519(key, message, bytes(changed))
    order = standalone.ORDER + int.from_bytes(signature[32:], "little")
    assert not standalone.ed25519(key, message, signature[:32] + order.to_bytes(32, "little"))


@pytest.mark.parametrize(
    ("breakage", "code"), [("double", 1), ("strange", 1), ("cut", 3), ("crc", 3), ("inside", 0)]
)
def test_a_broken_archive_is_refused_without_a_traceback(
    breakage: str, code: int, draws: dict[str, Home], tmp_path: Path
) -> None:
    files = bundle.gather_bundle(draws["plain"], "d1")
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"b/{name}" if breakage == "inside" else name, content)
        if breakage == "double":
            with pytest.warns(UserWarning, match="Duplicate"):
                archive.writestr("list.csv", files["list.csv"])
        if breakage == "strange":
            archive.writestr("note.txt", b"x")
    if breakage == "cut":
        path.write_bytes(path.read_bytes()[:-30])
    if breakage == "crc":
        path.write_bytes(path.read_bytes().replace(files["list.csv"][8:24], bytes(16)))
    ran = run(path)
    assert (ran.returncode, ran.stderr) == (code, "")
    assert ran.stdout.startswith(("intact", "WRONG: ", "", "cannot be judged: ")[code])


def test_a_later_version_of_the_protocol_cannot_be_judged(tmp_path: Path) -> None:
    """Neither intact nor wrong, as the product says; a log that never had the plan is wrong all the same."""
    files = bundle_of(make_case())
    files["plan.json"] = files["plan.json"].replace(b"double-random/2", b"double-random/3")
    folder = tmp_path / "bundle"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    for lang, words in (("C", "cannot be judged"), ("zh_CN.UTF-8", "无法判定")):
        said = run(folder, lang=lang)
        assert (said.returncode, said.stdout.partition(":")[0].partition("：")[0]) == (3, words)
        assert "double-random/3" in said.stdout
    told = json.loads(run(folder, "--json").stdout)
    assert (told["intact"], told["verdict"]) == (False, "cannot be judged")
    replayed = run("--replay", folder)
    assert (replayed.returncode, replayed.stdout) == (3, run(folder).stdout)
    (folder / "log.jsonl").write_bytes(b"")
    assert run(folder).returncode == 1
