"""result.json has exactly its fields, and is written back byte for byte."""

from __future__ import annotations

import json
from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.v2.result import ResultFile
from tests.inspection.protocol.v2.cases import make_case

CASE = make_case()
RESULT = ResultFile.from_draw(
    CASE.draw(), CASE.reveal.secret, CASE.reveal.inner, {}, {"plan.json": CASE.plan.data}
)


def test_a_result_is_read_as_it_was_written() -> None:
    assert ResultFile.read(RESULT.dump()) == RESULT
    assert RESULT.commitment == RESULT.files["plan.json"] == CASE.plan.commitment


@pytest.mark.parametrize(
    "fields",
    [
        {"protocol": "double-random/1"},
        {"draw": "示例"},
        {"commitment": "0"},
        {"entropy": ""},
        {"proofs": []},
        {"proofs": {"local": 1}},
        {"secret": "A" * 64},
        {"seed": None},
        {"cutoffs": ["0"]},
        {"cutoffs": [None]},
        {"groups": ["a"]},
        {"groups": [[1]]},
        {"files": {"plan.json": None}},
        {"cutoffs_hidden": True},
    ],
)
def test_a_field_that_breaks_a_rule_is_refused(fields: dict[str, Any]) -> None:
    value = {**json.loads(RESULT.dump()), **fields}
    with pytest.raises(BadFile) as refused:
        ResultFile.read(canonical_json.dump_canonical(value))
    assert refused.value.file == "result.json"
