"""verify.html as a stranger uses it: from the disk, without a network, with files dropped on it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.verification import bundle
from double_random.inspection.verification.inclusion_proof import prove_inclusion
from double_random.store.home import Home
from tests.verifiers.conftest import PAGE
from tests.verifiers.mutants import wholes
from tests.verifiers.seal import sealed

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def fresh(page: Page) -> Page:
    """The page with nothing on it, in English."""
    page.click("#clear")
    for field in ("#key", "#code"):
        page.fill(field, "")
    assert page.inner_text("#dropped") == "Nothing has been dropped yet."
    return page


def drop(page: Page, *files: Path) -> str:
    """Put files on the page; its first line."""
    page.set_input_files("#files", [str(file) for file in files])
    page.locator("#verdict:not(:empty)").wait_for()
    return page.inner_text("#verdict")


def ask(page: Page, id: str) -> str:
    page.fill("#id", id)
    page.click("#ask button")
    return page.inner_text("#answer")


def packed(home: Home, folder: Path, auditor: bool = False) -> Path:
    return bundle.write_bundle(
        bundle.gather_bundle(home, "d1", auditor), folder / ("a.zip" if auditor else "p.zip")
    )


def test_its_policy_is_sealed_and_lets_nothing_in() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert sealed(text) == text, "run: python -m tests.verifiers.seal"
    policy = re.search(r'Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1] and "http" not in policy[1]
    assert not re.search(
        r"(?:src|href|action)=|https?://|@import|url\(|fetch\(|XMLHttpRequest|eval\(|innerHTML",
        text,
    )


def test_it_shows_its_own_hash(fresh: Page) -> None:
    assert hashlib.sha256(PAGE.read_bytes()).hexdigest() in fresh.inner_text("#self")


def test_its_hashes_are_right_at_every_length(fresh: Page) -> None:
    lengths = [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 1000]
    found: list[list[str]] = fresh.evaluate(
        """(lengths) => lengths.map((n) => {
            const bytes = Uint8Array.from({ length: n }, (_, i) => i % 251);
            const lot = new Lot("5".repeat(64), SHA256);
            return [H(SHA256, bytes), H(SM3, bytes), hex(sha512(bytes)), lot.ticket("visit", "x".repeat(n))];
        })""",
        lengths,
    )
    for length, (sha256, sm3, sha512, ticket) in zip(lengths, found, strict=True):
        data = bytes(i % 251 for i in range(length))
        assert sha256 == hashlib.sha256(data).hexdigest()
        assert sm3 == hashlib.new("sm3", data).hexdigest()
        assert sha512 == hashlib.sha512(data).hexdigest()
        assert ticket == hashlib.sha256(f"{'5' * 64}:visit:{'x' * length}".encode()).hexdigest()


def test_its_order_is_that_of_code_points(fresh: Page) -> None:
    texts = ["", "a", "aa", "é", "示例", "\ue000", "\uffff", "😀", "😀a", "\U0010ffff", "z"]
    assert fresh.evaluate("(texts) => [...texts].reverse().sort(compare)", texts) == sorted(texts)


def test_a_dropped_archive_is_checked(fresh: Page, draws: dict[str, Home], tmp_path: Path) -> None:
    line = drop(fresh, packed(draws["plain"], tmp_path))
    assert line.startswith("intact, but not checked: 顺序未证明")
    assert "signature" in line
    fresh.fill("#key", draws["plain"].log.public.text)
    fresh.fill("#code", DrawFolder.find(draws["plain"], "d1").read_plan().code)
    fresh.click("#run")
    line = fresh.inner_text("#verdict")
    assert "signature" not in line and "顺序未证明" not in line
    fresh.fill("#code", "2" * 32)
    fresh.click("#run")
    assert fresh.inner_text("#verdict").startswith("WRONG: plan.json:")
    assert fresh.inner_text("#sheet") == ""


def test_files_dragged_onto_it_are_taken(fresh: Page, draws: dict[str, Home]) -> None:
    files = bundle.gather_bundle(draws["plain"], "d1")
    coded = {name: base64.b64encode(content).decode() for name, content in files.items()}
    carried = fresh.evaluate_handle(
        """(coded) => {
            const carried = new DataTransfer();
            for (const [name, text] of Object.entries(coded))
                carried.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
            return carried;
        }""",
        coded,
    )
    fresh.dispatch_event("#drop", "drop", {"dataTransfer": carried})
    fresh.locator("#verdict.part").wait_for()
    assert fresh.inner_text("#verdict").startswith("intact, but not checked:")


def test_a_dropped_folder_of_files_is_checked(
    fresh: Page, draws: dict[str, Home], tmp_path: Path
) -> None:
    folder = bundle.write_bundle(bundle.gather_bundle(draws["plain"], "d1", True), tmp_path / "b")
    fresh.set_input_files("#folder", str(folder))
    fresh.locator("#verdict:not(:empty)").wait_for()
    assert fresh.inner_text("#verdict").startswith("intact, but not checked:")
    assert "2 of 8 drawn, by the rule 1/10" in fresh.inner_text("#notes")


def test_a_changed_file_is_named_and_nothing_is_shown_of_it(
    fresh: Page, draws: dict[str, Home], tmp_path: Path
) -> None:
    folder = bundle.write_bundle(bundle.gather_bundle(draws["plain"], "d1"), tmp_path / "b")
    content = (folder / "list.csv").read_bytes()
    (folder / "list.csv").write_bytes(content.replace("示例".encode(), "伪造".encode(), 1))
    assert drop(fresh, *folder.iterdir()).startswith("WRONG: list.csv:")
    assert fresh.inner_text("#sheet") == "" and fresh.locator("#print").is_hidden()


@pytest.mark.parametrize("breakage", ["double", "strange", "cut", "nothing"])
def test_a_broken_archive_is_refused(
    fresh: Page, draws: dict[str, Home], tmp_path: Path, breakage: str
) -> None:
    path = packed(draws["plain"], tmp_path)
    if breakage == "nothing":
        path.write_bytes(b"")
    elif breakage == "cut":
        path.write_bytes(path.read_bytes()[:-30])
    else:
        with zipfile.ZipFile(path, "a") as archive:
            if breakage == "double":
                with pytest.warns(UserWarning, match="Duplicate"):
                    archive.writestr("list.csv", b"x")
            else:
                archive.writestr("note.txt", b"x")
    wanted = {"double": "list.csv", "strange": "note.txt", "cut": "p.zip", "nothing": "p.zip"}[
        breakage
    ]
    word = "cannot be judged" if wanted == "p.zip" else "WRONG"
    assert drop(fresh, path).startswith(f"{word}: {wanted}:")


def test_an_institution_sees_its_ticket_its_place_and_why(
    fresh: Page, draws: dict[str, Home], tmp_path: Path
) -> None:
    drop(fresh, packed(draws["plain"], tmp_path, auditor=True))
    rows = bundle.gather_bundle(draws["plain"], "d1", True)["targets.csv"].decode().splitlines()[1:]
    listed = {row.split(",")[0]: row.split(",") for row in rows}
    frame = bundle.gather_bundle(draws["plain"], "d1", True)["frame.csv"].decode().splitlines()[1:]
    for id in (row.split(",")[0] for row in frame):
        told = ask(fresh, id)
        proof = prove_inclusion(draws["plain"], "d1", id)
        assert proof.ticket in told and proof.cutoff in told
        _id, _stratum, role, place, _ticket = listed.get(id, (id, "", "none", "", ""))
        if place:
            assert f"number {place} from the smallest" in told
        assert ("it had to be drawn" in told) is (role == "drawn")
        assert ("a reserve" in told) is (role == "reserve")
        assert ("Visited by" in told) is (role == "drawn")
    assert "in none of the lists" in ask(fresh, "L:NOBODY")
    assert ask(fresh, " nobody ").startswith("nobody is in none of the lists")  # P-017
    row = next(iter(listed.values()))
    full = "".join(chr(ord(letter) + 0xFEE0) for letter in row[0].lower())
    assert row[4] in ask(fresh, full)


def test_a_draw_of_version_2_is_checked_explained_and_printed(fresh: Page, tmp_path: Path) -> None:
    for name, part in (("kinds public", "place"), ("plain auditor", "place"), ("plain public", "")):
        files = wholes()[name]
        path = bundle.write_bundle(files, tmp_path / f"{name}.zip")
        fresh.click("#clear")
        assert drop(fresh, path).startswith("intact, but not checked: nothing shows when the plan")
        assert "known from 2026-03-02T13:15:00Z (2026-03-02 21:15:00 +08:00)" in fresh.inner_text(
            "#notes"
        )
        id, named = files["list.csv"].decode().splitlines()[1].split(",")
        told = ask(fresh, named)
        assert "took part in the draw" in told and ("Its ticket is" in told) == bool(part)
        assert id in fresh.inner_text("#sheet")
        with_code = json.loads(files["result.json"])["commitment"]
        fresh.fill("#code", fresh.evaluate("(commitment) => codeOf(commitment)", with_code))
        fresh.click("#run")
        assert "nothing shows when" not in fresh.inner_text("#verdict")
        fresh.fill("#code", "")
    fresh.click("#clear")
    fresh.click("#run")
    assert fresh.inner_text("#verdict") == "Nothing has been dropped yet."  # P-018
    fresh.click("#clear")


def test_with_a_public_bundle_an_institution_needs_its_own_proof(
    fresh: Page, draws: dict[str, Home], tmp_path: Path
) -> None:
    home = draws["plain"]
    drop(fresh, packed(home, tmp_path))
    ids = [
        row.split(",")[0]
        for row in bundle.gather_bundle(home, "d1")["pool.csv"].decode().splitlines()[1:]
    ]
    assert "own proof" in ask(fresh, ids[0])
    for id in ids:
        proof = prove_inclusion(home, "d1", id)
        file = tmp_path / "proof.json"
        file.write_text(json.dumps(proof.to_dict(), ensure_ascii=False), encoding="utf-8")
        drop(fresh, file)
        told = ask(fresh, id)
        assert "stands in the frame that the plan sealed" in told and proof.ticket in told
        assert ("it had to be drawn" in told) is proof.drawn
        forged: dict[str, Any] = {**proof.to_dict(), "row": proof.line.replace("示例", "伪造")}
        file.write_text(json.dumps(forged, ensure_ascii=False), encoding="utf-8")
        drop(fresh, file)
        assert ask(fresh, id).startswith("WRONG: proof:")
        for false in ({"cutoff": "f" * 64}, {"cutoff": ""}, {"cutoff_salt": "0" * 64}):  # P-011
            file.write_text(json.dumps({**proof.to_dict(), **false}), encoding="utf-8")
            drop(fresh, file)
            assert ask(fresh, id).startswith("WRONG: proof:"), false


def test_the_record_of_the_draw_can_be_printed_and_signed(
    fresh: Page, draws: dict[str, Home], tmp_path: Path
) -> None:
    home = draws["changed"]
    drop(fresh, packed(home, tmp_path, auditor=True))
    fresh.click("#lang")
    try:
        sheet = fresh.inner_text("#sheet")
        plan = DrawFolder.find(home, "d1").read_plan()
        for part in ("抽取记录表", "公开随机号码", "方案校验码", plan.code, "结果校验码", "监督人"):
            assert part in sheet
        assert "balls:示例摇号室:7 = 0730915" in sheet
        shown = fresh.inner_text("body")  # D-048
        assert " +08:00" in sheet and not re.search(r"T\d\d:\d\d(:\d\d)?Z|UTC", shown)
        assert fresh.inner_text("#verdict").startswith("完好，但未能核对：")
        assert fresh.evaluate("document.documentElement.lang") == "zh-CN"
        fresh.emulate_media(media="print")
        assert fresh.locator("#drop").is_hidden() and fresh.locator("#sheet").is_visible()
    finally:
        fresh.emulate_media(media="screen")
        fresh.click("#lang")


def test_what_stands_in_a_file_never_becomes_markup(
    fresh: Page, draws: dict[str, Home], tmp_path: Path
) -> None:
    folder = bundle.write_bundle(bundle.gather_bundle(draws["plain"], "d1"), tmp_path / "b")
    (folder / "<img src=x onerror=alert(1)>.txt").write_bytes(b"x")
    line = drop(fresh, *folder.iterdir())
    assert "<img src=x onerror=alert(1)>.txt" in line
    assert fresh.locator("img").count() == 0


def test_what_is_no_bundle_is_told(fresh: Page, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(b"{}")
    assert "revealed values are missing" in drop(fresh, tmp_path / "plan.json")
    fresh.fill("#key", "nonsense")
    fresh.click("#run")
    assert "no public key" in fresh.inner_text("#verdict")


def test_every_sentence_has_both_languages(fresh: Page) -> None:
    holes = fresh.evaluate(
        """() => [WORDS, UNCHECKED, SAID].flatMap(Object.entries).filter(([, both]) => both.length !== 2
            || !both.every(Boolean) || !/[\\u4e00-\\u9fff]/.test(both[1])
            || String(both[0].match(/\\{\\d\\}/g)?.sort()) !== String(both[1].match(/\\{\\d\\}/g)?.sort()))"""
    )
    assert holes == []
    text = PAGE.read_text(encoding="utf-8")
    asked = set(re.findall(r'new Wrong\([^,()]+(?:\([^)]*\))?, "([^"]+)"', text)) | set(
        re.findall(r'\bbad\("([^"]+)"', text)
    )
    assert len(asked) > 40
    assert asked <= set(fresh.evaluate("Object.keys(WORDS)"))
    placed = set(re.findall(r'data-say="([^"]+)"', text))
    assert placed <= set(fresh.evaluate("Object.keys(SAID)"))


def test_its_signatures_are_those_of_rfc_8032(fresh: Page) -> None:
    """RFC 8032, 7.1, test 3."""
    key = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
    signature = bytes.fromhex(
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )

    def holds(message: bytes, signature: bytes) -> bool:
        parts = [base64.b64encode(part).decode() for part in (key, message, signature)]
        found: bool = fresh.evaluate(
            "(parts) => signed(...parts.map((t) => Uint8Array.from(atob(t), (l) => l.charCodeAt(0))))",
            parts,
        )
        return found

    assert holds(bytes.fromhex("af82"), signature)
    assert not holds(bytes.fromhex("af83"), signature)
    for place in (0, 31, 32, 63):
        changed = bytearray(signature)
        changed[place] ^= 1
        assert not holds(bytes.fromhex("af82"), bytes(changed))
