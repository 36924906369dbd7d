"""One changed byte, and the check names the file; and what an operator with the key could try is found as well."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from double_random.core.errors import Misuse
from double_random.inspection.draw import lifecycle, verifier_files
from double_random.inspection.planning.plan_builder import FrozenPlan, freeze_plan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.verification import bundle
from double_random.inspection.verification.verdict import Verdict
from double_random.inspection.verification.verify import verify_bundle, verify_files
from double_random.store.home import Home
from double_random.store.log import signed_log
from double_random.store.log.checkpoint import Checkpoint, PublicKey
from tests.clock import stopped

if TYPE_CHECKING:
    from tests.inspection.conftest import Finished

Bureau = Callable[..., Home]
Asking = Callable[..., DrawRequest]
Running = Callable[..., FrozenPlan]


def fault(verdict: Verdict) -> str:
    """The file that a verdict names; "" where nothing is wrong."""
    return verdict.fault[0] if verdict.fault else ""


@pytest.mark.parametrize("which", ["public", "auditor"])
def test_every_flipped_byte_is_found_and_its_file_named(finished: Finished, which: str) -> None:
    """Every byte of what this draw made; of what goes along, the same in each bundle, each 1,009th.

    What goes along is held by its hash alone, which the second assertion tries at each 101st byte.
    """
    files: dict[str, bytes] = getattr(finished, which)
    assert verify_files(files, finished.key).intact
    own = sum(len(content) for name, content in files.items() if name not in verifier_files.NAMES)
    assert own > 4_000
    said = json.loads(files["result.json"])["files"]
    for name, content in files.items():
        for place in range(0, len(content), 101 if name in verifier_files.NAMES else 1):
            changed = bytearray(content)
            changed[place] ^= 1 << (place % 8)
            if name in verifier_files.NAMES and place % 1009:
                assert Digest("sha256").hash_bytes(bytes(changed)) != said[name]
                continue
            assert fault(verify_files({**files, name: bytes(changed)}, finished.key)) == name, (
                name,
                place,
            )


@pytest.mark.parametrize("which", ["public", "auditor"])
def test_a_file_taken_away_is_named(finished: Finished, which: str) -> None:
    files: dict[str, bytes] = getattr(finished, which)
    for name in files:
        rest = {other: content for other, content in files.items() if other != name}
        verdict = verify_files(rest, finished.key)
        if name in ("plan.json", "checkpoint"):
            assert verdict.word == "cannot be judged" and name in verdict.first_line
        else:
            assert fault(verdict) == name


@pytest.mark.parametrize("which", ["public", "auditor"])
def test_a_line_more_or_less_is_found(finished: Finished, which: str) -> None:
    files: dict[str, bytes] = getattr(finished, which)
    for name, content in files.items():
        for changed in (content + b"\n", content + b" ", content[:-1], b""):
            if changed != content:
                assert fault(verify_files({**files, name: changed}, finished.key)) == name


def test_the_first_line_names_what_was_not_checked(finished: Finished) -> None:
    line = verify_files(finished.public).first_line
    assert "顺序未证明" in line and "唯一性未证明" in line and "signature" in line
    with_key = verify_files(finished.public, finished.key).first_line
    assert "顺序未证明" in with_key and "signature" not in with_key
    with_code = verify_files(finished.public, finished.key, finished.planned.plan.code).first_line
    assert "顺序未证明" not in with_code and "唯一性未证明" not in with_code


def test_a_code_may_be_written_as_people_write(finished: Finished) -> None:
    code = finished.planned.plan.code
    for written in (code.lower(), code.replace("-", " "), code.replace("-", "")):
        assert verify_files(finished.public, finished.key, written).intact


def test_another_code_is_a_fault_and_no_code_at_all_is_misuse(finished: Finished) -> None:
    other = finished.planned.plan.code.translate(str.maketrans("23", "32"))
    if other == finished.planned.plan.code:
        other = "2" * 32
    assert fault(verify_files(finished.public, finished.key, other)) == "plan.json"
    with pytest.raises(Misuse):
        verify_files(finished.public, finished.key, "12")


def test_another_key_is_a_fault(finished: Finished) -> None:
    raw = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    assert fault(verify_files(finished.public, PublicKey(finished.key.name, raw))) == "checkpoint"
    assert (
        fault(verify_files(finished.public, PublicKey("double-random/other", raw))) == "checkpoint"
    )


def test_local_randomness_is_said_first(bureau: Bureau, wish: Asking) -> None:
    home = bureau()
    freeze_plan(home, wish(sources=("local",)))
    lifecycle.commit_plan(home, "d1", "2026-11-02T01:00:00Z")
    lifecycle.run_draw(home, "d1", "2026-11-03T06:10:00Z")
    lifecycle.publish_draw(home, "d1", "2026-11-06T08:00:00Z")
    verdict = verify_files(bundle.gather_bundle(home, "d1"), home.log.public)
    assert verdict.intact
    assert verdict.unchecked[0].startswith("the operator is trusted")


def test_an_outside_list_that_has_more_is_a_fault_of_the_pool(
    finished: Finished, tmp_path: Path, firm: Callable[[int], str]
) -> None:
    register = tmp_path / "list.csv"
    codes = [firm(number) for number in range(1, 9)]
    register.write_text(
        "名称,统一社会信用代码\n" + "".join(f"示例,{code}\n" for code in codes), "utf-8"
    )
    assert verify_files(finished.public, finished.key, None, register).intact
    register.write_text("\n".join([*codes, firm(77)]), "utf-8")
    verdict = verify_files(finished.public, finished.key, None, register)
    assert verdict.fault is not None
    assert verdict.fault[0] == "pool.csv" and firm(77) in verdict.fault[1]
    register.write_text("\n".join(codes[1:]), "utf-8")
    verdict = verify_files(finished.public, finished.key, None, register)
    assert verdict.intact and any(codes[0] in note for note in verdict.notes)


def test_an_outside_list_that_is_none_is_refused(finished: Finished, tmp_path: Path) -> None:
    register = tmp_path / "list.csv"
    register.write_text("示例律师事务所\n", "utf-8")
    assert fault(verify_files(finished.public, finished.key, None, register)) == str(register)


def test_a_small_group_that_rounding_favours_is_marked_for_the_auditor(finished: Finished) -> None:
    notes = verify_files(finished.auditor, finished.key).notes
    assert any("2 of 8 drawn, by the rule 1/10" in note and "doubles" in note for note in notes)


def test_groups_are_checked_by_the_public_too(bureau: Bureau, wish: Asking, run: Running) -> None:
    home = bureau(inspectors=6)
    run(home, wish(team=TeamRule(2, 1, 2, False, False)))
    files = bundle.gather_bundle(home, "d1")
    assert json.loads(files["result.json"])["groups"] is not None
    assert verify_files(files, home.log.public).intact
    assert verify_files(bundle.gather_bundle(home, "d1", auditor=True), home.log.public).intact


def test_groups_that_were_dealt_anew_are_told_with_those_who_stood_in_the_way(
    bureau: Bureau, wish: Asking, run: Running, firm: Callable[[int], str]
) -> None:
    """Inspectors 1 and 2 may go nowhere, so groups work only where 3 and 4 come together: every second dealing."""
    home = bureau(8, 5, tuple((number, one) for number in range(1, 9) for one in (1, 2)))
    with stopped("2027-12-31"):  # its weeks may be still to come
        for number in range(40):  # none dealt anew in 40 draws: one in 2^40
            week = date(2026, 11, 3) + timedelta(weeks=number)
            asked = wish(
                f"d{number}",
                team=TeamRule(2, 1, 2, False, False),
                not_before=f"{week}T06:00:00Z",
                publish_by=week + timedelta(weeks=1),
            )
            run(home, asked, value=f"{number:07d}")
            files = bundle.gather_bundle(home, f"d{number}", auditor=True)
            verdict = verify_files(files, home.log.public)
            assert verdict.intact
            told = [
                note for note in verdict.notes if note.startswith("dealing 1 of the groups failed")
            ]
            if told:
                break
        assert any(firm(one) in told[0] for one in range(1, 9))
        public = verify_files(bundle.gather_bundle(home, f"d{number}"), home.log.public)
        assert public.intact and any(note.startswith("groups were dealt") for note in public.notes)


def test_every_other_plan_of_the_same_area_is_told(
    bureau: Bureau, wish: Asking, run: Running
) -> None:
    home = bureau()
    run(home, wish("d0"), until="entropy")
    lifecycle.void_draw(home, "d0", "institutions changed", "2026-11-03T06:06:00Z")
    freeze_plan(home, wish("d1", not_before="2026-11-04T06:00:00Z"))
    lifecycle.commit_plan(home, "d1", "2026-11-03T07:00:00Z")
    lifecycle.log_entropy(home, "d1", "balls:示例摇号室:7=1234567", "2026-11-04T06:00:00Z")
    lifecycle.run_draw(home, "d1", "2026-11-04T06:00:00Z")
    lifecycle.publish_draw(home, "d1", "2026-11-04T06:00:00Z")
    verdict = verify_files(bundle.gather_bundle(home, "d1"), home.log.public)
    assert verdict.intact
    assert any("d0" in note and "institutions changed" in note for note in verdict.notes)


def test_a_void_draw_is_shown_and_recounted_like_any_other(
    bureau: Bureau, wish: Asking, run: Running
) -> None:
    home = bureau()
    run(home, wish(), until="draw")
    lifecycle.void_draw(home, "d1", "inspectors unavailable", "2026-11-03T07:00:00Z")
    for auditor in (False, True):
        verdict = verify_files(bundle.gather_bundle(home, "d1", auditor), home.log.public)
        assert verdict.intact
        assert any("void: inspectors unavailable" in note for note in verdict.notes)


# --- The operator holds the log's key: what he forges is signed, and every hash is made to fit. ---


class Forger:
    """An operator who rewrites an auditor's bundle: files, result, log and checkpoint fit one another again."""

    def __init__(self, finished: Finished) -> None:
        self.origin = finished
        self.files = dict(finished.auditor)
        self.private = Ed25519PrivateKey.generate()
        self.key = PublicKey("double-random/forger", self.private.public_key().public_bytes_raw())

    def entries(self) -> list[dict[str, Any]]:
        return [signed_log.decode_entry(line) for line in self.files["log.jsonl"].split(b"\n")[:-1]]

    def sign(self, entries: list[dict[str, Any]]) -> dict[str, bytes]:
        lines = [signed_log.encode_entry(entry) for entry in entries]
        head = Checkpoint(self.key.name, len(lines), signed_log.tree_root(lines))
        return {
            **self.files,
            "log.jsonl": b"".join(line + b"\n" for line in lines),
            "checkpoint": head.sign(self.private, self.key),
        }

    def result(self, **changes: Any) -> list[dict[str, Any]]:
        """Write result.json anew with the files' hashes and these fields; the log's entries fit it."""
        value = json.loads(self.files["result.json"])
        digest = Digest("sha256")
        value["files"] = {name: digest.hash_bytes(self.files[name]) for name in value["files"]}
        self.files["result.json"] = canonical_json.dump_canonical({**value, **changes})
        entries = self.entries()
        for entry in entries:
            if entry["kind"] == "draw":
                entry["result"] = digest.hash_bytes(self.files["result.json"])
        return entries


@pytest.fixture
def forger(finished: Finished) -> Forger:
    return Forger(finished)


def test_the_forgers_own_copy_without_a_change_is_intact(forger: Forger) -> None:
    assert verify_files(forger.sign(forger.result()), forger.key).intact


def test_a_target_swapped_after_the_draw_is_found(forger: Forger) -> None:
    rows = forger.files["list.csv"].split(b"\n")
    drawn = {row.split(b",")[0] for row in rows[1:-1]}
    pool = forger.files["pool.csv"].split(b"\n")[1:-1]
    friend = next(row for row in pool if row.split(b",")[0] not in drawn)
    forger.files["list.csv"] = b"\n".join([rows[0], *sorted([friend, rows[2]]), b""])
    assert fault(verify_files(forger.sign(forger.result()), forger.key)) == "list.csv"


def test_an_inspector_swapped_after_the_draw_is_found(forger: Forger) -> None:
    rows = [row.split(b",") for row in forger.files["teams.csv"].split(b"\n")[1:-1]]
    people = [row.split(b",") for row in forger.files["inspectors.csv"].split(b"\n")[1:-1]]
    target, old, role = rows[0]
    team = {row[1] for row in rows if row[0] == target}
    lead = b"1" if role == b"lead" else b"0"
    friend = next(row[0] for row in people if row[0] not in team and row[1] == lead)
    rows[0] = [target, friend, role]
    lines = sorted(b",".join(row) for row in rows)
    forger.files["teams.csv"] = b"\n".join([b"target,inspector,role", *lines, b""])
    assert old != friend
    assert fault(verify_files(forger.sign(forger.result()), forger.key)) in (
        "teams.csv",
        "certificate.json",
    )


def test_a_certificate_of_another_load_is_found(forger: Forger) -> None:
    value = json.loads(forger.files["certificate.json"])
    forger.files["certificate.json"] = canonical_json.dump_canonical(
        {**value, "load": value["load"] + 1}
    )
    assert fault(verify_files(forger.sign(forger.result()), forger.key)) == "certificate.json"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seed", "0" * 64),
        ("secret", "0" * 64),
        ("commitment", "0" * 64),
        ("entropy", "balls:示例摇号室:7=1111111"),
        ("cutoffs", ["0" * 64]),
        ("groups", [["J01", "J02"]]),
        ("proofs", {"balls:示例摇号室:7": "00"}),
        ("draw", "d2"),
    ],
)
def test_a_result_that_says_something_else_is_found(forger: Forger, field: str, value: Any) -> None:
    assert (
        fault(verify_files(forger.sign(forger.result(**{field: value})), forger.key))
        == "result.json"
    )


def test_a_firm_dropped_from_the_frame_after_the_commit_is_found(forger: Forger) -> None:
    rows = forger.files["frame.csv"].split(b"\n")
    forger.files["frame.csv"] = b"\n".join([*rows[:3], *rows[4:]])
    assert fault(verify_files(forger.sign(forger.result()), forger.key)) == "frame.csv"


def test_a_recusal_added_after_the_commit_is_found(forger: Forger) -> None:
    row = forger.files["recusals.csv"].split(b"\n")[1]
    other = row.replace(b"J02", b"J03")
    forger.files["recusals.csv"] += other + b"\n"
    assert fault(verify_files(forger.sign(forger.result()), forger.key)) == "recusals.csv"


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("plan", "time", "2026-11-03T06:00:00Z"),
        ("entropy", "time", "2026-11-03T05:00:00Z"),
        ("draw", "time", "2026-11-03T05:00:00Z"),
        ("publish", "time", "2026-11-03T06:09:59Z"),
        ("publish", "secret", "0" * 64),
        ("entropy", "value", "1111111"),
        ("entropy", "source", "balls:示例:7"),
        ("draw", "notices", "0" * 64),
        ("plan", "not_before", "2026-11-03T05:00:00Z"),
        ("plan", "publish_by", "2027-11-03"),
        ("plan", "scope", {"districts": [], "kinds": []}),
        ("plan", "items", []),
        ("plan", "replaces", {"draw": "d0", "reason": "wrong plan"}),
    ],
)
def test_a_log_that_tells_another_story_is_found(
    forger: Forger, kind: str, field: str, value: Any
) -> None:
    entries = forger.result()
    for entry in entries:
        if entry["kind"] == kind:
            entry[field] = value
    assert fault(verify_files(forger.sign(entries), forger.key)) == "log.jsonl"


def test_the_plan_logged_after_the_numbers_is_found(forger: Forger) -> None:
    plan_, entropy, *rest = forger.result()
    assert fault(verify_files(forger.sign([entropy, plan_, *rest]), forger.key)) == "log.jsonl"


def test_an_entry_taken_out_is_found(forger: Forger) -> None:
    entries = forger.result()
    for gone in range(3):  # without `publish` the draw is simply not public yet
        rest = [entry for number, entry in enumerate(entries) if number != gone]
        assert not verify_files(forger.sign(rest), forger.key).intact


def test_a_second_open_plan_of_the_same_area_is_found(forger: Forger) -> None:
    entries = forger.result()
    second = {**entries[0], "draw": "d0", "plan": "0" * 64}
    assert fault(verify_files(forger.sign([second, *entries]), forger.key)) == "log.jsonl"


ODD: tuple[Any, ...] = (
    None,
    True,
    1,
    -1,
    "",
    "x",
    "0" * 64,
    [],
    [1],
    ["x"],
    {},
    {"x": 1},
    {"draw": []},
)


def test_a_log_of_any_other_form_is_refused_and_never_a_traceback(forger: Forger) -> None:
    for number, entry in enumerate(forger.result()):
        for name, was in entry.items():
            for odd in ODD:
                entries = forger.result()
                if odd == was:
                    continue
                entries[number][name] = odd
                lines = [canonical_json.dump_canonical(one) for one in entries]
                head = Checkpoint(forger.key.name, len(lines), signed_log.tree_root(lines))
                files = {
                    **forger.files,
                    "log.jsonl": b"".join(line + b"\n" for line in lines),
                    "checkpoint": head.sign(forger.private, forger.key),
                }
                named = fault(verify_files(files, forger.key))
                assert named in ("log.jsonl", "result.json", "plan.json"), (name, odd, named)


def test_a_result_of_any_other_form_is_refused_and_never_a_traceback(forger: Forger) -> None:
    for name, was in json.loads(forger.files["result.json"]).items():
        for odd in ODD:
            if odd != was:
                again = Forger(finished=forger.origin)
                signed = again.sign(again.result(**{name: odd}))
                assert fault(verify_files(signed, again.key)), (name, odd)


def test_an_unknown_field_anywhere_is_refused(forger: Forger) -> None:
    for name in ("plan.json", "strata.json", "rules.json", "certificate.json", "result.json"):
        value = json.loads(forger.files[name])
        files = {**forger.files, name: canonical_json.dump_canonical({**value, "extra": 1})}
        assert fault(verify_files(files)) == name


def test_what_is_not_there_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(Misuse):
        verify_bundle(tmp_path / "nothing")
