"""Three verifiers that share no code say the same of every bundle of version 2 without a log."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from double_random.inspection.verification.verify import verify_bundle, verify_files
from tests.inspection.verification.bare import bundle_of, publish, read_vector
from tests.thorough import THOROUGH, examples
from tests.verifiers.corpus import Case
from tests.verifiers.frauds import Fraud, frauds
from tests.verifiers.mutants import Files, mutant, wholes
from tests.verifiers.test_vectors_everywhere import SECOND
from tests.verifiers.test_verify_page import drop
from tests.verifiers.test_verify_script import run

if TYPE_CHECKING:
    from playwright.sync_api import Page

Told = tuple[str, str]
Three = Callable[[Files], list[Told]]


@pytest.fixture(scope="session")
def three(standalone: ModuleType, in_page: Callable[[Case], dict[str, Any]]) -> Three:
    """The word and the named file of each verifier, for a bundle without key or code."""

    def told(files: Files) -> list[Told]:
        ours, alone = verify_files(files), standalone.check(files)
        page = in_page(Case("", files, key=""))
        return [
            (ours.word, ours.fault[0] if ours.fault else ""),
            (alone.word, alone.fault.file if alone.fault else ""),
            (page["word"], page["file"]),
        ]

    return told


def test_honest_bundles_are_intact_to_all(three: Three) -> None:
    for name, files in wholes().items():
        assert three(files) == [("intact", "")] * 3, name


@pytest.mark.parametrize("folder", SECOND, ids=lambda folder: folder.name)
def test_bundles_of_the_vectors_are_intact_to_all(three: Three, folder: Path) -> None:
    files = bundle_of(read_vector(folder))
    assert three(files) == three(publish(files)) == [("intact", "")] * 3


FRAUDS = list(frauds())


@pytest.mark.parametrize("fraud", FRAUDS, ids=[fraud.name for fraud in FRAUDS])
def test_every_verifier_names_the_fraud(
    three: Three,
    standalone: ModuleType,
    in_page: Callable[[Case], dict[str, Any]],
    fraud: Fraud,
) -> None:
    word = "wrong" if fraud.file else "intact"
    assert three(fraud.files) == [(word, fraud.file)] * 3
    if fraud.remark:
        alone = standalone.check(fraud.files).unchecked
        assert fraud.remark in alone
        assert alone == in_page(Case("", fraud.files, key=""))["unchecked"]


def test_there_are_fifty_frauds_and_every_finding_of_a_verifier() -> None:
    assert len(FRAUDS) > 80
    named = {fraud.name[:5] for fraud in FRAUDS if fraud.name.startswith("P-")}
    findings = ("01", "02", "03", "04", "06", "09", "10", "11", "12", "16", "22", "24")
    assert named >= {f"P-0{number}" for number in findings}


def test_each_byte_of_a_bundle_names_the_same_file(three: Three) -> None:
    """Every byte in the thorough run; in the suite every 29th."""
    files = wholes()["kinds auditor"]
    for name, data in files.items():
        for at in range(0, len(data), 1 if THOROUGH else 29):
            flipped = data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]
            told = three({**files, name: flipped})
            assert told[0][0] != "intact", (name, at)
            assert told == told[:1] * 3, (name, at, told)


@pytest.mark.parametrize("part", range(10))
def test_the_three_agree_on_changed_bundles(three: Three, part: int) -> None:
    """10,000 of them in the thorough run."""
    differ = []
    number = examples(40, 1_000)
    for at in range(part * number, (part + 1) * number):
        name, files = mutant(2, at)
        told = three(files)
        if told != told[:1] * 3:
            differ.append((name, told))
    assert not differ


def pack(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


BUNDLE = wholes()["kinds public"]
PACKED: dict[str, dict[str, bytes]] = {
    "a top folder": {"包/": b"", **{f"包/{name}": data for name, data in BUNDLE.items()}},
    "Finder": {
        **{f"b/{name}": data for name, data in BUNDLE.items()},
        "b/.DS_Store": b"x",
        **{f"__MACOSX/b/._{name}": bytes(120) for name in BUNDLE},
    },
    "Explorer": {**BUNDLE, "Thumbs.db": b"x", "desktop.ini": b"[.ShellClassInfo]\r\n"},
    "separators of Windows": {f"b\\{name}": data for name, data in BUNDLE.items()},
    "a leading dot": {f"./{name}": data for name, data in BUNDLE.items()},
}


@pytest.mark.parametrize("how", PACKED)
def test_a_bundle_packed_again_is_the_same_to_all(how: str, page: Page, tmp_path: Path) -> None:
    """P-013."""
    path = pack(tmp_path / "b.zip", PACKED[how])
    ours, alone = verify_bundle(path), run(path)
    page.click("#clear")
    first = drop(page, path)
    assert ours.intact and alone.returncode == 0 and first.startswith("intact, but")
    strays = how in ("Finder", "Explorer")
    notes = page.inner_text("#notes")
    for told in (" ".join(ours.notes), alone.stdout, notes):
        assert ("as a file manager wrote it" in told) == strays


def test_a_folder_of_file_managers_is_the_same_folder(tmp_path: Path) -> None:
    """P-013."""
    inside = tmp_path / "out" / "b"
    inside.mkdir(parents=True)
    for name, data in {**BUNDLE, "Thumbs.db": b"x", "._list.csv": b"x"}.items():
        (inside / name).write_bytes(data)
    (tmp_path / "out" / ".DS_Store").write_bytes(b"x")
    ours, alone = verify_bundle(tmp_path / "out"), run(tmp_path / "out")
    assert ours.intact and alone.returncode == 0
    for told in (" ".join(ours.notes), alone.stdout):
        assert "._list.csv" in told and ".DS_Store" in told


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "line ends of Windows": lambda data: data.replace(b"\n", b"\r\n"),
    "a mark at the beginning": lambda data: b"\xef\xbb\xbf" + data,
}


@pytest.mark.parametrize("how", DAMAGED)
@pytest.mark.parametrize("name", ["plan.json", "list.csv", "CHECK.md", "verify.py"])
def test_what_a_program_rewrote_cannot_be_judged(
    how: str, name: str, three: Three, tmp_path: Path
) -> None:
    """P-013: it is neither fraud nor intact, and the next step is named."""
    changed = DAMAGED[how](BUNDLE[name] + b"\n")
    files = {**BUNDLE, name: changed}
    assert three(files) == [("cannot be judged", "")] * 3
    said = run(pack(tmp_path / "b.zip", files))
    assert said.returncode == 3
    assert "next step: take the .zip as it was published" in said.stdout


def test_every_byte_of_an_archive_says_the_same_to_all(
    standalone: ModuleType, page: Page, tmp_path: Path
) -> None:
    """Directory, names, sizes and CRC-32: damage cannot be judged; in the thorough run every byte."""
    path = pack(tmp_path / "b.zip", BUNDLE)
    data = path.read_bytes()
    differ = []
    for at in range(0, len(data), 1 if THOROUGH else 37):
        changed = data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]
        path.write_bytes(changed)
        ours = verify_bundle(path)
        try:
            files, _strays = standalone.read_bundle(str(path))
            alone = standalone.check(files).word
        except standalone.Undecided:
            alone = "cannot be judged"
        except standalone.Wrong:
            alone = "wrong"
        shown = page.evaluate(
            """async (bytes) => {
                try {
                    const { files } = await unzip("b.zip", Uint8Array.from(bytes));
                    const verdict = check(new Map(files));
                    return verdict.fault ? "wrong" : verdict.undecided ? "cannot be judged" : "intact";
                } catch (error) { return error instanceof Undecided ? "cannot be judged" : "wrong"; }
            }""",
            list(changed),
        )
        if not ours.word == alone == shown:
            differ.append((at, ours.word, alone, shown))
    assert not differ


def test_a_key_demands_a_log_of_all(
    standalone: ModuleType, in_page: Callable[[Case], dict[str, Any]]
) -> None:
    key = "double-random/example+"
    from tests.verifiers.corpus import KEY

    assert KEY.text.startswith(key)
    found = standalone.check(BUNDLE, standalone.Key(KEY.text))
    assert found.word == in_page(Case("", BUNDLE))["word"] == "cannot be judged"
    assert verify_files(BUNDLE, KEY).word == "cannot be judged"
