"""A chain's hash binds its period and genesis; a round's value is the hash of its signature."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.protocol.fields import StrictObject
from double_random.inspection.protocol.v2.drand_chains import CHAINED, DrandChain

CHAIN = {
    "period": 3,
    "genesis": 1692803367,
    "public_key": "83cf",
    "group_hash": "f477",
    "beacon": "quicknet",
    "scheme": "bls-unchained-g1-rfc9380",
}


def read(**fields: object) -> DrandChain:
    value = {"chain": {**CHAIN, **fields}}
    return DrandChain.read(StrictObject("sources.json", value, ("chain",)), "chain")


@pytest.mark.parametrize("name", ["w1-up-drand", "w6-generic-ids-all-leads"])
def test_hash_of_a_real_chain(shared: Path, name: str) -> None:
    file = shared / "design" / "vectors2" / name / "sources.json"
    chains = [part for part in json.loads(file.read_text())["sources"] if part["chain"]]
    for part in chains:
        assert read(**part["chain"]).hash == part["source"].split(":")[1]
    assert chains


def test_every_field_but_the_scheme_changes_the_hash() -> None:
    chain = read()
    for field, value in (
        ("period", 4),
        ("genesis", 1),
        ("public_key", "83d0"),
        ("group_hash", "f478"),
        ("beacon", "default"),
    ):
        assert replace(chain, **{field: value}).hash != chain.hash  # type: ignore[arg-type]
    assert replace(chain, scheme=CHAINED).hash == chain.hash


def test_a_round_is_made_one_period_after_the_one_before() -> None:
    assert read().round_seconds(1) == 1692803367
    assert read().round_seconds(1000) == 1692803367 + 3 * 999


@pytest.mark.parametrize(
    "fields",
    [
        {"period": 0},
        {"period": 2**32},
        {"genesis": -1},
        {"public_key": ""},
        {"public_key": "83c"},
        {"group_hash": "F477"},
        {"beacon": ""},
        {"scheme": None},
        {"more": 1},
    ],
)
def test_a_chain_that_breaks_a_rule_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(BadFile, match=r"chain\."):
        read(**fields)


def test_a_proof_has_the_form_of_its_scheme_and_hashes_to_the_value() -> None:
    signature, before = "ab" * 48, "cd" * 48
    value = hashlib.sha256(bytes.fromhex(signature)).hexdigest()
    plain, chained = read(), read(scheme=CHAINED)
    assert plain.is_proof(value, signature)
    assert chained.is_proof(value, f"{signature}:{before}")
    assert not plain.is_proof(value, f"{signature}:{before}")
    assert not chained.is_proof(value, signature)
    assert not chained.is_proof(value, f"{before}:{signature}")
    for proof in ("", "ab", signature.upper(), signature[:-1], signature + ":", f" {signature}"):
        assert not plain.is_proof(value, proof)
    assert not plain.is_proof(value.upper(), signature)
