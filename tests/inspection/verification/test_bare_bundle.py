"""A bare draw's bundle is judged from its files alone, and every fraud in it is named by its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.draw import Reveal
from double_random.inspection.protocol.files import TABLES
from double_random.inspection.protocol.teams import TEAMS
from double_random.inspection.protocol.v2.certificate import EvenCertificate
from double_random.inspection.protocol.v2.plan import Plan
from double_random.inspection.verification.bare_bundle import verify_bare_bundle
from double_random.inspection.verification.time_evidence import Trust
from double_random.inspection.verification.verdict import Verdict
from double_random.inspection.verification.verify import verify_bundle, verify_files
from double_random.store.log.checkpoint import PublicKey
from tests.inspection.protocol.v2.cases import Case, change_rows, make_case
from tests.inspection.protocol.v2.sources import LOCAL, LOTTERY, dice
from tests.inspection.protocol.v2.test_draw import VECTORS
from tests.inspection.verification.bare import (
    bundle_of,
    make_uneven_bundles,
    publish,
    read_vector,
    seal_bundle,
)

CASE = make_case()
BUNDLE = bundle_of(CASE)
PUBLIC_STRATA: dict[str, Any] = {
    "strata": (("law_firm", 12, [1, 3], 0, "up"),),
    "plan": {"strata_by": "kind"},
}


def named(files: dict[str, bytes], file: str, text: str = "") -> None:
    """The verdict is wrong, and names this file."""
    verdict = verify_bare_bundle(files)
    assert verdict.fault is not None, verdict.first_line
    assert verdict.fault[0] == file, verdict.first_line
    assert text in verdict.fault[1], verdict.first_line


def seal_again(files: dict[str, bytes], **changed: Any) -> dict[str, bytes]:
    """The same bundle with other fields in result.json, and the hashes of its files."""
    result = json.loads(files["result.json"])
    digest = Plan.read(files["plan.json"]).digest
    hashes = {
        name: digest.hash_bytes(data) for name, data in files.items() if name != "result.json"
    }
    result = {**result, "files": {**result["files"], **hashes}, **changed}
    return {**files, "result.json": canonical_json.dump_canonical(result)}


@pytest.mark.parametrize("name", VECTORS)
def test_bundles_of_the_published_vectors_are_intact(shared: Path, name: str) -> None:
    case = read_vector(shared / "design" / "vectors2" / name)
    files = bundle_of(case)
    for bundle in (files, publish(files)):
        verdict = verify_files(bundle, code=case.plan.code)
        assert verdict.intact, verdict.first_line
        assert (verdict.draw, verdict.code) == (case.plan.draw, case.plan.code)
    assert verify_bare_bundle(files).kind == "auditor"
    assert verify_bare_bundle(publish(files)).kind == "public"


@pytest.mark.parametrize("name", VECTORS)
def test_a_folder_for_replay_is_no_bundle(shared: Path, name: str) -> None:
    verdict = verify_bundle(shared / "design" / "vectors2" / name)
    assert verdict.word == "cannot be judged" and "replay" in verdict.first_line


def test_a_key_or_a_witness_demands_a_log() -> None:
    """Whoever takes the log out of a bundle cannot have it called intact by a reader with the log's key."""
    key = PublicKey("double-random/0123456789abcdef", bytes(range(32)))
    for asked in ({"key": key}, {"trust": Trust(witnesses=(key,))}):
        verdict = verify_files(BUNDLE, **asked)
        assert (verdict.word, verdict.exit_code) == ("cannot be judged", 3)
        assert "no log" in verdict.first_line
    wrong = {**BUNDLE, "list.csv": BUNDLE["list.csv"] + b"x"}
    assert verify_files(wrong, key=key).word == "wrong"
    assert verify_files(BUNDLE).intact


def test_a_bundle_on_disk_is_read_as_folder_and_archive(tmp_path: Path) -> None:
    from double_random.inspection.verification.bundle import pack_zip

    for name, data in BUNDLE.items():
        (tmp_path / name).write_bytes(data)
    packed = tmp_path.with_suffix(".zip")
    packed.write_bytes(pack_zip(BUNDLE))
    assert verify_bundle(tmp_path).intact and verify_bundle(packed).intact
    (tmp_path / "notes.txt").write_bytes(b"")
    assert verify_bundle(tmp_path).fault == (
        "notes.txt",
        "no file of this name belongs into a bundle",
    )


@pytest.mark.parametrize("name", sorted(set(BUNDLE) - {"result.json"}))
def test_a_changed_byte_names_its_file(name: str) -> None:
    data = BUNDLE[name]
    for at in range(0, len(data), max(1, len(data) // 40)):
        for bundle in (BUNDLE, publish(BUNDLE)):
            if name in bundle:
                flipped = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
                verdict = verify_files({**bundle, name: flipped})
                assert not verdict.intact
                assert verdict.undecided or (verdict.fault or ("",))[0] == name


def test_no_changed_byte_of_the_result_stays_unseen() -> None:
    data = BUNDLE["result.json"]
    for at in range(0, len(data), 7):
        flipped = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert verify_files({**BUNDLE, "result.json": flipped}).word == "wrong", at


@pytest.mark.parametrize("name", sorted(set(BUNDLE) - {"plan.json"}))
def test_a_missing_file_is_named(name: str) -> None:
    bundles = [BUNDLE, publish(BUNDLE)]
    if name in ("inner", "recusals.csv", "inspectors_left_out.csv", "certificate.json"):
        bundles = [BUNDLE]
    elif name in ("strata.json", "frame.csv", "targets.csv"):
        bundles = [BUNDLE, publish(bundle_of(make_case(**PUBLIC_STRATA)))]
    for bundle in bundles:
        named({file: data for file, data in bundle.items() if file != name}, name, "missing")


def test_target_files_are_public_exactly_where_strata_are() -> None:
    assert "frame.csv" in publish(bundle_of(make_case(**PUBLIC_STRATA)))
    told = {**publish(BUNDLE), "frame.csv": BUNDLE["frame.csv"]}
    named(told, "frame.csv", "strata are internal")


def test_everybody_draws_the_targets_again_where_strata_are_public() -> None:
    files = bundle_of(make_case(**PUBLIC_STRATA))
    verdict = verify_bare_bundle(publish(files))
    assert verdict.intact and "which targets" not in verdict.first_line
    targets = TABLES["pool.csv"].load(files["pool.csv"])
    listed = TABLES["pool.csv"].load(files["list.csv"])
    friend = next(row for row in targets if row not in listed)
    teams = [
        (friend[0] if row[0] == listed[0][0] else row[0], *row[1:])
        for row in TEAMS.load(files["teams.csv"])
    ]
    lists = {
        "list.csv": TABLES["pool.csv"].dump([friend, *listed[1:]]),
        "teams.csv": TEAMS.dump(teams),
    }
    named(publish(seal_again({**files, **lists})), "list.csv", "the tickets say otherwise")


def fraud(**case: Any) -> dict[str, bytes]:
    return bundle_of(make_case(**case))


def test_a_lottery_drawn_long_ago_is_wrong() -> None:
    old = {**LOTTERY, "source": "lottery:示例:2003001", "known_from": "2003-01-01T13:15:00Z"}
    named(fraud(sources=(old,)), "sources.json", "can be known before not_before")


def test_a_past_round_of_drand_is_wrong(shared: Path) -> None:
    case = read_vector(shared / "design" / "vectors2" / "w1-up-drand")
    fields = {**json.loads(case.plan.data), "not_before": "2026-03-02T12:00:00Z"}
    late = Case(Plan.read(canonical_json.dump_canonical(fields)), case.files, case.reveal)
    named(bundle_of(late), "sources.json", "can be known before not_before")


def test_a_ceremony_last_beside_a_lottery_is_wrong() -> None:
    last = {"sources": (LOTTERY, dice(known_from="2026-03-03T12:00:00Z"))}
    numbers = ("02.07.11.19.26.33.16", "1.2.3.4.5.6.1.2")
    named(fraud(**last, values=numbers), "sources.json", "comes before not_before")


def test_a_ceremony_that_nobody_attested_counts_nothing() -> None:
    first = (dice(known_from="2026-03-02T11:00:00Z"), LOTTERY)
    numbers = ("1.2.3.4.5.6.1.2", "02.07.11.19.26.33.16")
    for case in (
        make_case(sources=first, values=numbers),
        make_case(sources=(dice(),), values=numbers[:1]),
    ):
        verdict = verify_bare_bundle(bundle_of(case))
        assert verdict.intact and verdict.unchecked[0].startswith("the operator is trusted")
        assert "public entropy 0 bits" in verdict.notes


def test_local_and_few_outcomes_are_said_first() -> None:
    few = {**LOTTERY, "format": {"hex": 4}, "outcomes": "65536"}
    for source, value, words in ((LOCAL, "", "(local)"), (few, "0a1b", "few outcomes")):
        verdict = verify_bare_bundle(fraud(sources=(source,), values=(value,)))
        assert verdict.intact and words in verdict.unchecked[0]


def test_nothing_shows_the_time_of_the_seal_but_a_code_from_outside() -> None:
    assert any("when the plan was sealed" in one for one in verify_bare_bundle(BUNDLE).unchecked)
    with_code = verify_bare_bundle(BUNDLE, CASE.plan.code.lower().replace("-", " "))
    assert not any("when the plan was sealed" in one for one in with_code.unchecked)
    other = make_case(seed=1).plan.code
    verdict = verify_bare_bundle(BUNDLE, other)
    assert verdict.fault is not None and verdict.fault[0] == "plan.json"
    with pytest.raises(Misuse):
        verify_bare_bundle(BUNDLE, "no code")


def test_a_reason_of_ones_own_is_wrong() -> None:
    for file in ("left_out.csv", "inspectors_left_out.csv"):
        rows = change_rows(CASE, file, reason="the director does not want him")
        case = make_case(files={file: rows})
        bundle = seal_bundle(case, CASE.draw())
        named(seal_again(bundle, **sealed(case)), file, "is no reason of rules.json")


def sealed(case: Case) -> dict[str, str]:
    """The fields of result.json that follow from this plan, with the draw of another one."""
    from double_random.inspection.protocol.v2.draw import compute_seed

    seed = compute_seed(
        case.plan.digest, case.plan.commitment, case.reveal.entropy, case.reveal.secret
    )
    return {"commitment": case.plan.commitment, "seed": seed}


def test_the_loads_of_the_first_protocol_are_not_even_enough() -> None:
    """One bound for all is kept by both sides; the certificate of squares refuses what lies under it."""
    honest, lying = make_uneven_bundles()
    named(honest, "certificate.json", "loads")
    named(lying, "certificate.json")


def test_a_roster_cut_to_two_is_said() -> None:
    files = fraud(inspectors=2, leads=(0, 1), recusals=())
    for bundle in (files, publish(files)):
        verdict = verify_bare_bundle(bundle)
        assert verdict.intact
        assert any("few teams are possible at all: 1" in one for one in verdict.unchecked)
    forced = [one for one in verify_bare_bundle(files).unchecked if "only one team" in one]
    assert len(forced) == 1


def test_cutoffs_of_internal_strata_are_hidden() -> None:
    plain = list(CASE.draw().selection.cutoffs)
    for cutoffs in (plain, [""], [], ["0" * 64] * 2):
        named(seal_again(BUNDLE, cutoffs=cutoffs), "result.json", "cutoffs")
    named(seal_again(publish(BUNDLE), cutoffs=[""]), "result.json", "cutoffs")
    named(seal_again(publish(BUNDLE), cutoffs=[]), "result.json", "cutoffs")


@pytest.mark.parametrize(
    "changed",
    [
        {"draw": "another"},
        {"commitment": "0" * 64},
        {"entropy": "lottery:示例:2026001=02.07.11.19.26.33.17"},
        {"entropy": "lottery:示例:2026001=7"},
        {"secret": "0" * 64},
        {"seed": "0" * 64},
        {"proofs": {"lottery:示例:2026001": "ab"}},
        {"proofs": {"drand:示例:1": "ab"}},
        {"groups": []},
        {"protocol": "double-random/1"},
    ],
)
def test_a_result_that_is_not_of_this_plan_is_wrong(changed: dict[str, Any]) -> None:
    for bundle in (BUNDLE, publish(BUNDLE)):
        named(seal_again(bundle, **changed), "result.json")


@pytest.mark.parametrize("change", ["stranger", "role", "alone", "unknown"])
def test_the_public_sees_teams_that_break_a_rule(change: str) -> None:
    rows = [tuple(row) for row in TEAMS.load(BUNDLE["teams.csv"])]
    target, inspector, role = rows[0]
    changed = {
        "stranger": ("31310000XXXX99999A", inspector, role),
        "role": (target, inspector, "member" if role == "lead" else "lead"),
        "unknown": (target, "SL999", role),
    }
    first = [changed[change]] if change in changed else []
    teams = TEAMS.dump([*first, *rows[1:]])
    for bundle in (BUNDLE, publish(BUNDLE)):
        named(seal_again({**bundle, "teams.csv": teams}), "teams.csv")


def test_groups_are_one_of_the_nine_dealings() -> None:
    case = make_case(inspectors=8, leads=(0, 1, 2, 3, 4), recusals=(), team={"groups": 3})
    files = bundle_of(case)
    assert verify_bare_bundle(files).intact and verify_bare_bundle(publish(files)).intact
    groups = json.loads(files["result.json"])["groups"]
    for bundle in (files, publish(files)):
        named(seal_again(bundle, groups=groups[::-1]), "result.json", "groups")
    assert verify_bare_bundle(publish(BUNDLE)).intact
    named(seal_again(publish(BUNDLE), groups=groups), "result.json", "groups")


def test_a_false_inner_value_is_named() -> None:
    for inner in (b"0" * 64, b"\xff" * 64, b""):
        named(seal_again({**BUNDLE, "inner": inner}), "inner")


def test_the_real_signature_of_a_round_is_checked(shared: Path) -> None:
    case = read_vector(shared / "design" / "vectors2" / "w1-up-drand")
    rounds = json.loads((shared / "reference" / "drand_vectors.json").read_text())["quicknet"]
    signature = next(one["signature"] for one in rounds["valid"] if one["round"] == 1000)
    source = case.reveal.entropy.partition("=")[0]
    draw = case.draw()
    verdict = verify_bare_bundle(seal_bundle(case, draw, {source: signature}))
    assert verdict.intact, verdict.first_line
    said = [*verdict.notes, *verdict.unchecked]
    assert any("drand signed round 1000 itself" in one or "beacon" in one for one in said)
    without = verify_bare_bundle(seal_bundle(case, draw))
    assert any("drand's own signature: it is not in the bundle" in one for one in without.unchecked)
    false = "ab" * 48
    named(seal_bundle(case, draw, {source: false}), "result.json", "does not hash to the value")


def test_what_this_program_does_not_know_cannot_be_judged() -> None:
    log = {"origin": "example.cn/log", "size": 0, "root": "0" * 64}
    with_log = bundle_of(make_case(plan={"log": log}))
    later = BUNDLE["plan.json"].replace(b"double-random/2", b"double-random/3")
    headless = {name: data for name, data in BUNDLE.items() if name != "plan.json"}
    entry = CASE.plan.commitment.encode()
    of_a_log = {**BUNDLE, "log.jsonl": entry}
    for files in (with_log, of_a_log, headless, {**BUNDLE, "plan.json": later}):
        verdict = verify_files(files)
        assert (verdict.word, verdict.exit_code) == ("cannot be judged", 3), verdict.first_line
    named_by_log = verify_files({**BUNDLE, "plan.json": later, "log.jsonl": entry})
    assert named_by_log.fault == ("plan.json", "this is not the plan that was committed")
    other = BUNDLE["plan.json"].replace(b"double-random/2", b"another/2")
    assert verify_files({**BUNDLE, "plan.json": other}).fault == (
        "plan.json",
        "this names no protocol of double-random",
    )


def test_an_outside_list_finds_a_friend_who_was_left_out_of_both(tmp_path: Path) -> None:
    register = tmp_path / "list.csv"
    codes = [row[0] for row in TABLES["pool.csv"].load(BUNDLE["pool.csv"])]
    register.write_text("\n".join(["统一社会信用代码", *codes]) + "\n")
    assert verify_bare_bundle(BUNDLE, register=register).intact
    register.write_text("\n".join(["统一社会信用代码", *codes, "31310000XXXX88888A"]) + "\n")
    verdict: Verdict = verify_bare_bundle(BUNDLE, register=register)
    assert verdict.fault is not None and verdict.fault[0] == "pool.csv"


def test_a_certificate_of_another_draw_proves_nothing() -> None:
    other = make_case(seed=2).draw().certificate
    assert isinstance(other, EvenCertificate)
    named(seal_again({**BUNDLE, "certificate.json": other.dump()}), "certificate.json")


def test_an_old_secret_does_not_open_a_new_plan() -> None:
    first = make_case(seed=3)
    stolen = Case(CASE.plan, CASE.files, Reveal(CASE.reveal.entropy, first.reveal.secret, "0" * 64))
    named(seal_again(BUNDLE, secret=stolen.reveal.secret), "result.json", "sealed with")
