"""Three verifiers that share no code say the same of every bundle of version 2 with its log."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from double_random.inspection.verification.time_evidence import Trust
from double_random.inspection.verification.verify import verify_files
from double_random.store.log.checkpoint import WITNESS, PublicKey
from tests.thorough import examples
from tests.verifiers.corpus import KEY, Case
from tests.verifiers.log_frauds import LogFraud, log_frauds
from tests.verifiers.logged import log_mutant, whole_logs

Page = Callable[[Case], dict[str, Any]]


def tell(standalone: ModuleType, in_page: Page, fraud: LogFraud) -> list[tuple[str, str]]:
    """The word and the named file of each verifier; the page takes no head that somebody kept."""
    witnesses = (PublicKey.parse(fraud.witness, WITNESS),) if fraud.witness else ()
    trust = Trust((), witnesses, fraud.kept or None)
    ours = verify_files(fraud.files, PublicKey.parse(fraud.key), trust=trust)
    held = [standalone.Key(fraud.witness, b"\4")] if fraud.witness else []
    alone = standalone.check(fraud.files, standalone.Key(fraud.key), None, held, fraud.kept or None)
    told = [
        (ours.word, ours.fault[0] if ours.fault else ""),
        (alone.word, alone.fault.file if alone.fault else ""),
    ]
    if not fraud.kept:
        page = in_page(Case("", fraud.files, fraud.key, "", fraud.witness))
        told.append((page["word"], page["file"]))
        if alone.word == "intact":
            assert page["unchecked"] == alone.unchecked
            assert not fraud.remark or fraud.remark in alone.unchecked
    return told


FRAUDS = log_frauds()


@pytest.mark.parametrize("fraud", FRAUDS, ids=[fraud.name for fraud in FRAUDS])
def test_every_verifier_names_the_fraud_in_the_log(
    standalone: ModuleType, in_page: Page, fraud: LogFraud
) -> None:
    assert set(tell(standalone, in_page, fraud)) == {(fraud.word, fraud.file)}


def test_every_finding_on_logs_is_tried() -> None:
    named = {fraud.name[:5] for fraud in FRAUDS if fraud.name.startswith("P-")}
    findings = ("02", "03", "05", "06", "07", "08", "14", "15", "16")
    assert named >= {f"P-0{number}" for number in findings}
    assert len(FRAUDS) > 70


@pytest.mark.parametrize("name", whole_logs())
def test_honest_logs_are_intact_to_all(standalone: ModuleType, in_page: Page, name: str) -> None:
    for auditor in (True, False):
        whole = LogFraud(name, whole_logs()[name].bundle(auditor), "intact")
        assert set(tell(standalone, in_page, whole)) == {("intact", "")}


@pytest.mark.parametrize("part", range(4))
def test_the_three_agree_on_changed_logs(standalone: ModuleType, in_page: Page, part: int) -> None:
    differ = []
    number = examples(30, 1_000)
    for at in range(part * number, (part + 1) * number):
        name, files = log_mutant(0, at)
        told = tell(standalone, in_page, LogFraud(name, files, key=KEY.text))
        if len(set(told)) > 1:
            differ.append((name, told))
    assert not differ
