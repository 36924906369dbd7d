"""Draws of a home by version 2: all three verifiers find their bundles intact, and name what an insider alters."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import rfc8785
import typer

from double_random.commands.current_home import use_home
from double_random.commands.draw import commit_plan
from double_random.commands.registry import prove_row
from double_random.commands.release_logging import log_new_release
from double_random.commands.verification import show_verdict
from double_random.core.errors import DoubleRandomError, Misuse
from double_random.inspection.case import case_file
from double_random.inspection.casework.draw_forms import fill_draw_forms
from double_random.inspection.casework.preview import preview_plan
from double_random.inspection.draw import attestations, changes, lifecycle, versions
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.draw.draw_history import compute_draw_history
from double_random.inspection.planning import pools
from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.inspection.planning.selection_odds import estimate_odds
from double_random.inspection.protocol.text import epoch_seconds
from double_random.inspection.verification import bundle
from double_random.inspection.verification.inclusion_proof import prove_inclusion
from double_random.inspection.verification.register_proof import prove_register_row
from double_random.inspection.verification.time_evidence import Trust
from double_random.inspection.verification.verify import verify_files
from double_random.publish.content.published_draws import load_draws
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from double_random.store.log import cosignature, external_evidence
from double_random.store.log.checkpoint import WITNESS, PublicKey
from tests.inspection.conftest import DAY, ask, carry_out, code, drop
from tests.inspection.planning.test_visit_limits import write_list
from tests.publish import editions
from tests.templates import make_once
from tests.verifiers.corpus import Case

Page = Callable[[Case], dict[str, Any]]
HAPPY = ".".join(f"{number:02d}" for number in range(1, 21))
MISTYPED = ".".join(f"{number:02d}" for number in range(2, 22))


def seal(home: Home, draw: str, day: int, *sources: str, **other: Any) -> list[str]:
    """Freeze and commit a plan for a day of November; returns the spellings of its sources."""
    moment = f"2026-11-{day:02d}T06:00:00Z"
    freeze_plan(home, ask(draw, sources=sources, not_before=moment, protocol=2, **other))
    lifecycle.commit_plan(home, draw, f"2026-11-{day:02d}T01:00:00Z")
    return [source.text for source in DrawFolder.find(home, draw).read_sources()]


def end(home: Home, draw: str, day: int) -> None:
    lifecycle.run_draw(home, draw, f"2026-11-{day:02d}T14:10:00Z")
    lifecycle.publish_draw(home, draw, f"2026-11-{day:02d}T15:00:00Z")


def make_homes(folder: Path) -> None:
    """A home with one draw of each kind, all in one log, some of them of version 1."""
    home = Home.create(folder / "bureau", "示例市司法局", "11310000XXXX00071R")
    with log_new_release(home, "sync", "2026-10-31T01:00:00Z"):
        report = sync_registers(home, [drop(folder / "drop", 30, 8, [(1, 2)])], DAY)
    assert not report.refused
    (home.path / "facts").mkdir(exist_ok=True)

    (lottery,) = seal(home, "lottery", 2, "lottery:快乐8", replaces=None)
    for value, minute in ((MISTYPED, 0), (HAPPY, 5)):
        lifecycle.log_entropy(home, "lottery", f"{lottery}={value}", f"2026-11-02T14:0{minute}:00Z")
    _step, drawn = lifecycle.run_draw(home, "lottery", "2026-11-02T14:10:00Z")
    first, second = drawn.visits[:2]
    changes.replace_target(home, "lottery", first, "ceased", "2026-11-03", "2026-11-03T01:00:00Z")
    leaves = drawn.members[second][0]
    changes.substitute_inspector(
        home, "lottery", second, leaves, "illness", "2026-11-03", "2026-11-03T02:00:00Z"
    )
    lifecycle.publish_draw(home, "lottery", "2026-11-03T08:00:00Z")

    carry_out(home, ask("former", not_before="2026-11-05T06:00:00Z"), until="publish")

    (dice,) = seal(home, "ceremony", 9, "ceremony:dice:现场")
    lifecycle.log_entropy(home, "ceremony", f"{dice}=1.2.3.4.5.6.1.2", "2026-11-09T06:05:00Z")
    scan = folder / "record.pdf"
    scan.write_bytes(b"signed")
    witness = ["示例见证人，示例市公证处"]
    attestations.log_attestation(home, "ceremony", scan, witness, "2026-11-09T06:30:00Z")
    end(home, "ceremony", 9)

    dice, lottery = seal(home, "both", 10, "ceremony:dice:现场", "lottery:快乐8")
    lifecycle.log_entropy(home, "both", f"{dice}=1.2.3.4.5.6.1.2", "2026-11-10T05:30:00Z")
    lifecycle.log_entropy(home, "both", f"{lottery}={HAPPY}", "2026-11-10T14:00:00Z")
    end(home, "both", 10)

    seal(home, "undrawn", 11, "lottery:快乐8")
    lifecycle.void_draw(home, "undrawn", "source not drawn", "2026-11-11T15:00:00Z")

    (lottery,) = seal(home, "mistyped", 12, "lottery:快乐8", replaces=("undrawn", "示例"))
    lifecycle.log_entropy(home, "mistyped", f"{lottery}={MISTYPED}", "2026-11-12T14:00:00Z")
    lifecycle.run_draw(home, "mistyped", "2026-11-12T14:10:00Z")
    lifecycle.void_draw(home, "mistyped", "number mistyped", "2026-11-12T15:00:00Z")

    (home.path / "facts" / "items.toml").write_text(write_list(ratio="[1, 10]"), "utf-8")
    drand, _beacon = seal(home, "internal", 13, "drand:quicknet", "beacon:NIST", hash="sm3")
    for source, value in zip((drand, _beacon), ("7" * 64, "8" * 128), strict=True):
        lifecycle.log_entropy(home, "internal", f"{source}={value}", "2026-11-13T06:05:00Z")
    end(home, "internal", 13)

    seal(home, "local", 16, "local")
    end(home, "local", 16)


NAMES = ("lottery", "former", "ceremony", "both", "undrawn", "mistyped", "internal", "local")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home.open(make_once(tmp_path_factory, "home-draws", make_homes) / "bureau")


def judge(
    standalone: ModuleType,
    in_page: Page,
    files: dict[str, bytes],
    key: str,
    code: str = "",
    proof: bytes | None = None,
) -> tuple[str, str]:
    """Word and file, which all three say alike; and what they say first."""
    letters = code.replace("-", "")
    ours = verify_files(files, PublicKey.parse(key), code or None, trust=Trust(proof=proof))
    alone = standalone.check(files, standalone.Key(key), letters or None, proof=proof)
    page = in_page(Case("", files, key, letters, proof=proof or b""))
    assert page["unchecked"] == (alone.unchecked if alone.word == "intact" else [])
    said = {
        (ours.word, ours.fault[0] if ours.fault else ""),
        (alone.word, alone.fault.file if alone.fault else ""),
        (page["word"], page["file"]),
    }
    assert len(said) == 1, (said, ours.fault, alone.fault)
    return said.pop()


@pytest.mark.parametrize("draw", NAMES)
def test_every_bundle_of_a_home_is_intact_to_all(
    standalone: ModuleType, in_page: Page, home: Home, draw: str
) -> None:
    letters = DrawFolder.find(home, draw).read_plan().code
    for auditor in (True, False):
        files = bundle.gather_bundle(home, draw, auditor)
        assert judge(standalone, in_page, files, home.log.public.text, letters) == ("intact", "")
        assert {"verify.py", "verify.html", "CHECK.md"} <= set(files) or draw == "former"
        internal = {"frame.csv", "strata.json"} & set(files)
        assert bool(internal) == (auditor or draw not in ("internal", "local", "former"))
        assert ("inner" in files) == auditor


def test_what_a_reader_is_told_of_each_draw(home: Home) -> None:
    def say(draw: str) -> str:
        verdict = verify_files(bundle.gather_bundle(home, draw), home.log.public)
        return " ".join((*verdict.unchecked, *verdict.notes))

    assert "numbers were entered more than once" in say("lottery")
    assert f"entered 2026-11-02 22:00:00 +08:00: lottery:快乐8:2026292 = {MISTYPED}" in say(
        "lottery"
    )
    assert "changed after the draw: replace" in say("lottery")
    assert "example" not in say("ceremony") and "attested 2026-11-09" in say("ceremony")
    assert "public entropy 20 bits" in say("ceremony")
    assert "nobody attested the ceremony" in say("both")
    assert "this draw is void: source not drawn" in say("undrawn")
    assert "this draw is void: number entered wrongly" in say("mistyped")
    assert "who had to be drawn" not in say("lottery")
    assert "which targets had to be drawn" in say("internal")
    assert "the operator is trusted" in say("local")


def change_text(files: dict[str, bytes], name: str, change: Callable[[Any], None]) -> None:
    value = json.loads(files[name])
    change(value)
    files[name] = rfc8785.dumps(value)


FRAUDS: dict[str, tuple[str, Callable[[dict[str, bytes]], None]]] = {
    "another secret": (
        "result.json",
        lambda f: change_text(f, "result.json", lambda v: v.update(secret="0" * 64)),
    ),
    "another plan": (
        "plan.json",
        lambda f: change_text(f, "plan.json", lambda v: v.update(title="示例")),
    ),
    "a source moved": (
        "sources.json",
        lambda f: change_text(
            f, "sources.json", lambda v: v["sources"][0].update(published="示例")
        ),
    ),
    "a firm taken from the frame": (
        "frame.csv",
        lambda f: f.update({"frame.csv": f["frame.csv"][:-200]}),
    ),
    "a sheet that says otherwise": ("CHECK.md", lambda f: f.update({"CHECK.md": b"#\n"})),
    "another verifier": ("verify.py", lambda f: f.update({"verify.py": b"print('intact')\n"})),
    "a change taken out": ("records.jsonl", lambda f: f.update({"records.jsonl": b""})),
}


@pytest.mark.parametrize("fraud", FRAUDS)
def test_every_verifier_names_the_file_that_was_altered(
    standalone: ModuleType, in_page: Page, home: Home, fraud: str
) -> None:
    file, change = FRAUDS[fraud]
    files = bundle.gather_bundle(home, "lottery")
    change(files)
    word, named = judge(standalone, in_page, files, home.log.public.text)
    assert (word, named) == ("wrong", "result.json" if fraud == "another secret" else file)


def edit(home: Home, draw: str, change: Callable[[dict[str, Any], Path], None]) -> None:
    """Change a frozen plan as somebody with an editor does."""
    folder = home.draws / draw
    plan = json.loads((folder / "plan.json").read_bytes())
    change(plan, folder)
    (folder / "plan.json").write_bytes(rfc8785.dumps(plan))


def add_reason(plan: dict[str, Any], folder: Path) -> None:
    rules = json.loads((folder / "rules.json").read_bytes())
    rules["left_out"] = sorted([*rules["left_out"], "the director does not want it"])
    data = rfc8785.dumps(rules)
    (folder / "rules.json").write_bytes(data)
    plan["rules"]["sha256"] = versions.read_plan(rfc8785.dumps(plan)).digest.hash_bytes(data)


EDITS: dict[str, Callable[[dict[str, Any], Path], None]] = {
    "a head that this log never had": lambda plan, _f: plan["log"].update(root="0" * 64),
    "the log has no release": lambda plan, _f: plan.update(release="0" * 64),
    "is no reason of the closed list": add_reason,
    "before the plan's not_before": lambda plan, _f: plan.update(not_before="2026-11-20T14:00:00Z"),
    "the plan's lists are of 2026-11-30": lambda plan, _f: plan.update(as_of="2026-11-30"),
}


@pytest.mark.parametrize("why", EDITS)
def test_commit_refuses_a_plan_that_was_edited(home: Home, tmp_path: Path, why: str) -> None:
    copy = Home.open(shutil.copytree(home.path, tmp_path / "copy", symlinks=True))
    moment = "2026-11-20T06:00:00Z"
    freeze_plan(copy, ask("edited", sources=("lottery:快乐8",), not_before=moment, protocol=2))
    edit(copy, "edited", EDITS[why])
    with pytest.raises(DoubleRandomError, match=why):
        lifecycle.commit_plan(copy, "edited", "2026-11-20T01:00:00Z")
    assert "edited" not in {entry.get("draw") for entry in copy.log.entries()}


def test_a_step_at_the_wrong_time_is_refused(home: Home, tmp_path: Path) -> None:
    copy = Home.open(shutil.copytree(home.path, tmp_path / "copy", symlinks=True))
    dice, lottery = seal(copy, "late", 20, "ceremony:dice:现场", "lottery:快乐8")
    with pytest.raises(Misuse, match="it is too early"):
        lifecycle.log_entropy(copy, "late", f"{lottery}={HAPPY}", "2026-11-20T13:00:00Z")
    with pytest.raises(Misuse, match="a ceremony beside other sources comes before"):
        lifecycle.log_entropy(copy, "late", f"{dice}=1.2.3.4.5.6.1.2", "2026-11-20T06:00:00Z")
    with pytest.raises(Misuse, match="is how the first protocol spells it"):
        freeze_plan(copy, ask("old", sources=("dice:现场:8",), protocol=2))
    with pytest.raises(Misuse, match="the day on which the numbers are drawn"):
        wish = ask(
            "x",
            sources=("lottery:快乐8",),
            protocol=2,
            not_before="2026-11-21T20:00:00Z",
            publish_by=date(2026, 11, 21),
        )
        freeze_plan(copy, wish)


def test_a_home_works_with_a_draw_of_version_2(home: Home) -> None:
    day = date(2026, 11, 30)
    odds = estimate_odds(home, "lottery", trials=2)
    assert [(group.stratum, group.rows) for group in odds.groups] == [("law_firm", 30)]
    papers = dict(fill_draw_forms(home, "lottery", day))
    assert papers and all(papers.values())
    for draw, hidden in (("lottery", False), ("internal", True)):
        targets = DrawFolder.find(home, draw).read_result()["targets.csv"].decode().split("\n")
        drawn = next(line for line in targets if ",drawn," in line).partition(",")[0]
        proof = prove_inclusion(home, draw, drawn)
        assert proof.is_valid and proof.drawn and bool(proof.cutoff_salt) == hidden
    history = compute_draw_history(home, drawn, until=day)
    assert {turn.draw for turn in history.turns} >= {"lottery", "internal", "mistyped"}
    case = case_file.read_case(home, "lottery")
    assert len(case.active_targets) == 3 and [t.end for t in case.targets.values()].count(None) == 3
    wish = ask("next", sources=("local",), protocol=2)
    assert preview_plan(home, wish).in_pool == 30


def test_the_site_shows_draws_of_both_versions(home: Home) -> None:
    cases = case_file.read_cases(home)
    loaded = load_draws(home, home.log.entries(), date(2026, 11, 30), editions.LIST, cases)
    found = {draw.row["draw"]: draw for draw in loaded}
    assert set(found) == set(NAMES)
    assert found["lottery"].row["drawn"] == 3 and len(found["lottery"].bundle) > 15
    assert found["undrawn"].row["reason"] == "source not drawn"


def notes_on(files: dict[str, bytes], proof: bytes) -> str:
    verdict = verify_files(files, trust=Trust(proof=proof))
    return " ".join((*verdict.unchecked, *verdict.notes))


@pytest.mark.parametrize("draw", ["lottery", "internal", "undrawn"])
def test_a_firm_checks_its_own_row_of_the_register(
    standalone: ModuleType, in_page: Page, home: Home, draw: str
) -> None:
    files = bundle.gather_bundle(home, draw)
    proof = prove_register_row(home, code(7), draw)
    assert proof.tree == "institutions" and code(7) in proof.leaf
    key = home.log.public.text
    assert judge(standalone, in_page, files, key, proof=proof.dump()) == ("intact", "")
    assert "it stands in the pool" in notes_on(files, proof.dump())


ROW_FRAUDS: dict[str, tuple[str, str, Callable[[dict[str, Any]], None]]] = {
    "another name": (
        "wrong",
        "proof.json",
        lambda p: p.update(leaf=p["leaf"].replace("示例", "别家")),
    ),
    "another place": ("wrong", "proof.json", lambda p: p.update(index=p["index"] ^ 1)),
    "a longer path": ("wrong", "proof.json", lambda p: p["path"].append("0" * 64)),
    "a shorter path": ("wrong", "proof.json", lambda p: p["path"].pop()),
    "another number of rows": ("wrong", "proof.json", lambda p: p.update(size=p["size"] + 1)),
    "an index beyond": ("wrong", "proof.json", lambda p: p.update(index=p["size"])),
    "another register": ("wrong", "proof.json", lambda p: p.update(tree="inspectors")),
    "a register that is not there": ("cannot be judged", "", lambda p: p.update(tree="persons")),
    "the frame's root": ("wrong", "proof.json", lambda p: p.update(tree="frame")),
    "the notices' root": ("wrong", "proof.json", lambda p: p.update(tree="notices")),
    "an unknown tree": ("wrong", "proof.json", lambda p: p.update(tree="kinds")),
    "a field more": ("wrong", "proof.json", lambda p: p.update(more=1)),
    "a path of words": ("wrong", "proof.json", lambda p: p.update(path=["示例"])),
    "no rows": ("wrong", "proof.json", lambda p: p.update(size=0)),
}


@pytest.mark.parametrize("fraud", ROW_FRAUDS)
def test_a_forged_row_is_named_by_all(
    standalone: ModuleType, in_page: Page, home: Home, fraud: str
) -> None:
    word, file, change = ROW_FRAUDS[fraud]
    proof = json.loads(prove_register_row(home, code(7), "lottery").dump())
    change(proof)
    files = bundle.gather_bundle(home, "lottery")
    key = home.log.public.text
    assert judge(standalone, in_page, files, key, proof=rfc8785.dumps(proof)) == (word, file)
    for text in (b"{}", b"[1]", b"\xff", rfc8785.dumps(proof) + b"\n"):
        assert judge(standalone, in_page, files, key, proof=text) == ("wrong", "proof.json")


def test_a_firm_that_was_dropped_finds_it_out(
    standalone: ModuleType,
    in_page: Page,
    home: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An operator takes a firm out of the pool before the plan is frozen: every other check passes."""
    copy = Home.open(shutil.copytree(home.path, tmp_path / "copy", symlinks=True))
    whole = pools.build_frame

    def without_one(*given: Any, **named: Any) -> Any:
        scope, frame, left_out = whole(*given, **named)
        return scope, [row for row in frame if row.id != code(7)], left_out

    monkeypatch.setattr(pools, "build_frame", without_one)
    seal(copy, "friend", 18, "local")
    end(copy, "friend", 18)
    files, key = bundle.gather_bundle(copy, "friend"), copy.log.public.text
    assert judge(standalone, in_page, files, key) == ("intact", "")
    proof = prove_register_row(copy, code(7), "friend").dump()
    assert judge(standalone, in_page, files, key, proof=proof) == ("intact", "")
    assert "stands in neither list: ask why" in notes_on(files, proof)
    assert "absent" in standalone.check(files, proof=proof).unchecked
    other = prove_register_row(copy, code(8), "friend").dump()
    assert "stands in neither list" not in notes_on(files, other)


def test_a_proof_of_another_release_cannot_be_judged(
    standalone: ModuleType, in_page: Page, home: Home, tmp_path: Path
) -> None:
    copy = Home.open(shutil.copytree(home.path, tmp_path / "copy", symlinks=True))
    with log_new_release(copy, "sync", "2026-11-17T01:00:00Z"):
        assert not sync_registers(
            copy, [drop(tmp_path / "drop", 31, 8, [])], date(2026, 11, 16)
        ).refused
    newest = prove_register_row(copy, code(7))
    assert newest.size == 31
    files, key = bundle.gather_bundle(copy, "lottery"), copy.log.public.text
    word = judge(standalone, in_page, files, key, proof=newest.dump())
    assert word == ("cannot be judged", "")
    own = prove_register_row(copy, code(7), "lottery").dump()
    assert judge(standalone, in_page, files, key, proof=own) == ("intact", "")


def test_k_of_n_witnesses_signed_the_sealed_plan(
    standalone: ModuleType, in_page: Page, home: Home, tmp_path: Path
) -> None:
    copy = Home.open(shutil.copytree(home.path, tmp_path / "copy", symlinks=True))
    seal(copy, "seen", 19, "local")
    texts = []
    for number, moment in enumerate(("02:00:00", "05:59:59", "06:00:00")):
        folder = tmp_path / f"witness-{number}"
        witness = cosignature.create_witness(folder, f"示例见证人{number}")
        checkpoint, lines = copy.log.signed_lines()
        seconds = epoch_seconds(f"2026-11-19T{moment}Z")
        line = cosignature.sign_checkpoint(folder, checkpoint, copy.log.public, lines, seconds)
        external_evidence.attach_cosignature(copy.log, None, line.decode(), witness)
        texts.append(witness.text)
    stranger = cosignature.create_witness(tmp_path / "stranger", "示例").text
    end(copy, "seen", 19)
    files, key = bundle.gather_bundle(copy, "seen"), copy.log.public.text

    def word(given: list[str], least: int, files: dict[str, bytes]) -> tuple[str, str]:
        keys = tuple(PublicKey.parse(text, WITNESS) for text in given)
        ours = verify_files(files, PublicKey.parse(key), trust=Trust((), keys, least=least))
        held = [standalone.Key(text, b"\4") for text in given]
        alone = standalone.check(files, standalone.Key(key), None, held, least=least)
        page = in_page(Case("", files, key, "", " ".join(given), least=least))
        said = {(one.word, one.fault[0] if one.fault else "") for one in (ours,)}
        said |= {
            (alone.word, alone.fault.file if alone.fault else ""),
            (page["word"], page["file"]),
        }
        assert len(said) == 1, said
        return said.pop()

    good, few = ("intact", ""), ("cannot be judged", "")
    assert word(texts, 2, files) == good  # the third one signed when the numbers could be known
    assert word(texts, 3, files) == few
    assert word(texts[:1], 1, files) == good and word(texts[2:], 1, files) == few
    assert word([texts[0], texts[0]], 2, files) == few  # one witness twice is one witness
    assert word([texts[0], stranger], 2, files) == few
    without = {name: data for name, data in files.items() if not name.startswith("cosigned")}
    assert word(texts, 1, without) == few and word(texts, 0, without) == good
    name = next(one for one in files if one.startswith("cosigned"))
    forged = {**files, name: files[name].replace(b"\xe2\x80\x94 " + "示例见证人0".encode(), b"x")}
    assert word(texts, 1, forged)[0] == "wrong"


def test_commit_names_the_witnesses_who_are_missing(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = Home.open(shutil.copytree(home.path, tmp_path / "copy", symlinks=True))
    keys = [
        cosignature.create_witness(tmp_path / name, name).text for name in ("notary", "council")
    ]
    with (copy.path / "settings.toml").open("a", encoding="utf-8") as settings:
        settings.write(f"\n[witnesses]\nleast = 1\nkeys = {json.dumps(keys)}\n")
    copy = Home.open(copy.path)
    use_home(copy.path)
    moment = "2026-11-20T06:00:00Z"
    freeze_plan(copy, ask("asked", sources=("lottery:快乐8",), not_before=moment, protocol=2))
    commit_plan("asked", at="2026-11-20T01:00:00Z")
    said = " ".join(capsys.readouterr().err.split())
    assert "1 of 2 witnesses sign this head before" in said and "notary, council" in said
    checkpoint, lines = copy.log.signed_lines()
    public = copy.log.public
    line = cosignature.sign_checkpoint(tmp_path / "notary", checkpoint, public, lines, 1)
    witnesses = [PublicKey.parse(text, WITNESS) for text in keys]
    external_evidence.attach_cosignature(copy.log, None, line.decode(), witnesses[0])
    missing = external_evidence.missing_witnesses(copy.log, witnesses, len(lines))
    assert [one.name for one in missing] == ["council"]
    later = external_evidence.missing_witnesses(copy.log, witnesses, len(lines) + 1)
    assert [one.name for one in later] == ["notary", "council"]


def test_a_reader_with_the_former_key_is_led_to_the_new_one(
    standalone: ModuleType, in_page: Page, home: Home, tmp_path: Path
) -> None:
    copy = Home.open(shutil.copytree(home.path, tmp_path / "copy", symlinks=True))
    seal(copy, "rotated", 19, "local")
    old, new = copy.log.change_key("2026-11-19T02:00:00Z")
    copy = Home.open(copy.path)
    end(copy, "rotated", 19)
    files = bundle.gather_bundle(copy, "rotated")
    for key in (old, new):
        assert judge(standalone, in_page, files, key.text) == ("intact", "")
    assert "followed" in standalone.check(files, standalone.Key(old.text)).unchecked


def test_a_firm_s_proof_is_written_and_checked_by_commands(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use_home(home.path)
    packed = bundle.write_bundle(bundle.gather_bundle(home, "lottery"), tmp_path / "bundle.zip")
    file = tmp_path / "proof.json"
    prove_row(code(7), draw="lottery", output=file)
    assert file.read_bytes() == prove_register_row(home, code(7), "lottery").dump()
    show_verdict(packed, row=file)
    assert "it stands in the pool: it could be drawn" in capsys.readouterr().out
    with pytest.raises(Misuse, match="there is no file"):
        show_verdict(packed, row=tmp_path / "nowhere")
    with pytest.raises(typer.Exit):
        show_verdict(packed, least=1)
