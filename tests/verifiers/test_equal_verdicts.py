"""Three verifiers that share no code say the same of every bundle, whole or broken, and name the same file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import pytest

from double_random.inspection.draw import bundle_files
from double_random.inspection.verification import bundle
from double_random.inspection.verification.time_evidence import Trust
from double_random.inspection.verification.verdict import Verdict
from double_random.inspection.verification.verify import verify_bundle, verify_files
from double_random.store.log.checkpoint import WITNESS, PublicKey
from double_random.store.log.external_evidence import parse_evidence_name
from tests.verifiers import corpus

Cases = Callable[[str, str], tuple[corpus.Case, ...]]
# Every kind of draw is checked whole; what can be broken is broken on those that differ in how they are checked.
WHOLE = (
    "plain",
    "groups",
    "sm3",
    "local",
    "void",
    "drawn",
    "kinds",
    "several",
    "drand",
    "changed",
    "second",
    "undrawn",
    "witnessed",
    "after_lost",
    "unbound",
    "set_right",
)
TRIED = [
    *(("whole", kind) for kind in WHOLE),
    *(("broken", kind) for kind in ("plain", "sm3", "undrawn", "unbound")),
    *(("forged", kind) for kind in ("plain", "groups", "changed", "unbound")),
]


def of_the_product(case: corpus.Case) -> Verdict:
    """The verdict of `double-random verify`."""
    witnesses = (PublicKey.parse(case.witness, WITNESS),) if case.witness else ()
    key = PublicKey.parse(case.key) if case.key else None
    trust = Trust((), witnesses, case.kept or None)
    if all(name in bundle_files.NAMES or parse_evidence_name(name) for name in case.files):
        return verify_files(case.files, key, case.code or None, None, trust)
    with TemporaryDirectory() as folder:  # names are looked at where a bundle is read
        return verify_bundle(
            bundle.write_bundle(case.files, Path(folder) / "b"), key, case.code or None, None, trust
        )


def of_the_script(standalone: ModuleType, case: corpus.Case) -> dict[str, Any]:
    """The verdict of verify.py."""
    key = standalone.Key(case.key) if case.key else None
    witnesses = [standalone.Key(case.witness, b"\4")] if case.witness else []
    verdict = standalone.check(case.files, key, case.code or None, witnesses, case.kept or None)
    return {
        "word": verdict.word,
        "file": verdict.fault.file if verdict.fault else "",
        "unchecked": verdict.unchecked if verdict.word == "intact" else [],
        "kind": verdict.kind,
    }


@pytest.mark.parametrize(("maker", "kind"), TRIED)
def test_the_product_and_the_script_agree(
    cases: Cases, standalone: ModuleType, maker: str, kind: str
) -> None:
    differ = []
    for case in cases(maker, kind):
        verdict = of_the_product(case)
        assert verdict.intact is case.intact, (case.name, verdict.fault)
        ours = verdict.fault[0] if verdict.fault else ""
        theirs = of_the_script(standalone, case)["file"]
        if ours != theirs:
            differ.append((case.name, ours, theirs))
    assert not differ


@pytest.mark.parametrize(("maker", "kind"), TRIED)
def test_the_script_and_the_page_agree(
    cases: Cases,
    standalone: ModuleType,
    in_page: Callable[[corpus.Case], dict[str, Any]],
    maker: str,
    kind: str,
) -> None:
    differ = []
    for case in cases(maker, kind):
        if case.kept:
            continue  # the page takes no head that somebody kept
        theirs, page = of_the_script(standalone, case), in_page(case)
        if theirs != page:
            differ.append((case.name, theirs, page))
    assert not differ


def test_recusals_that_bind_nobody_are_told_to_the_auditor_alone(
    cases: Cases, standalone: ModuleType
) -> None:
    """D-014."""
    found = {case.name: case for case in cases("whole", "unbound")}
    inside, public = found["unbound auditor"], found["unbound public"]
    said = [note for note in of_the_product(inside).notes if "binds nobody was accepted" in note]
    assert len(said) == 2 and "ZF99XXXX99" in said[0]
    key = standalone.Key(inside.key)
    notes = standalone.check(inside.files, key, None, [], None).notes
    assert [named["one"] for _said, named in notes if "one" in named] == [
        note.partition(": ")[2] for note in said
    ]
    assert "unbound_recusals.json" not in public.files
    assert not any(b"ZF99XXXX99" in content for content in public.files.values())


def test_groups_are_told_by_the_names_that_are_given(cases: Cases) -> None:
    """Finding: `inspection verify` told an official of law_firm/A."""
    case = next(one for one in cases("whole", "kinds") if one.name == "kinds auditor")
    key = PublicKey.parse(case.key)
    kinds = {"law_firm": "律师事务所", "notary_office": "公证机构"}
    named = verify_files(case.files, key, case.code or None, kinds=kinds).notes
    coded = verify_files(case.files, key, case.code or None).notes
    assert any(note.startswith("律师事务所") for note in named)
    assert any(note.startswith("law_firm") for note in coded)
    assert not any("law_firm" in note or "notary_office" in note for note in named)


def test_there_is_enough_to_disagree_on(cases: Cases) -> None:
    assert sum(len(cases(maker, kind)) for maker, kind in TRIED) > 1_000


def test_each_says_first_what_it_could_not_check(cases: Cases, standalone: ModuleType) -> None:
    by_name = {case.name: case for kind in WHOLE for case in cases("whole", kind)}
    for name, wanted in {
        "plain auditor": ["order", "uniqueness", "numbers"],
        "plain auditor without a key": ["order", "uniqueness", "signature", "numbers"],
        "plain public": ["order", "uniqueness", "numbers", "whole"],
        "local auditor": ["local", "order", "uniqueness"],
        "drawn auditor": ["order", "uniqueness", "published", "numbers"],
        "drand auditor": ["order", "uniqueness", "drand"],
        "witnessed: by a witness": ["numbers"],
        "witnessed: a head kept alone": ["order", "numbers"],
        "witnessed: by a stranger": ["order", "uniqueness", "numbers"],
        "undrawn public": ["order", "uniqueness", "numbers"],
        "after_lost auditor": ["order", "uniqueness", "numbers", "lost"],  # D-031
        "after_lost public": ["order", "uniqueness", "numbers", "lost", "whole"],
        "set_right auditor": ["times", "order", "uniqueness", "numbers"],  # D-030
        "changed public": ["order", "uniqueness", "numbers", "whole", "changes"],
    }.items():
        assert of_the_script(standalone, by_name[name])["unchecked"] == wanted, name
        case = by_name[name]
        product = of_the_product(case)
        # With the extra `beacon` the product checks drand's signature, which the other two only name.
        told = " ".join(product.unchecked)
        ours = len(product.unchecked) + ("drand" in wanted and "drand" not in told)
        assert ours == len(wanted), (name, product.unchecked)
        line = standalone.shown(standalone.check(case.files), True)[0]
        assert "顺序未证明" in line and "唯一性未证明" in line


def test_all_three_say_first_that_an_act_is_dated_before_what_stands_above_it(
    cases: Cases, standalone: ModuleType, in_page: Callable[[corpus.Case], dict[str, Any]]
) -> None:
    case = next(one for one in cases("forged", "plain") if "dated before" in one.name)
    wanted = ["times", "order", "uniqueness", "numbers"]
    assert of_the_script(standalone, case)["unchecked"] == in_page(case)["unchecked"] == wanted
    product = of_the_product(case)
    assert product.intact and product.first_line.count("时间次序有误") == 1
    assert "时间次序有误" in standalone.shown(standalone.check(case.files), True)[0]
