"""result.json is read strictly, and says what the draw says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.draw.draw_result import DrawResult
from double_random.inspection.protocol import canonical_json
from tests.inspection.protocol.conftest import Case, make_case


@pytest.fixture(scope="module")
def made() -> Case:
    return make_case(seed=3)


@pytest.fixture(scope="module")
def result(made: Case) -> DrawResult:
    draw = made.draw()
    return DrawResult.from_draw(
        draw, made.reveal.secret, made.reveal.inner, {}, {**made.files, **draw.result_files}
    )


def changed(result: DrawResult, **fields: Any) -> bytes:
    return canonical_json.dump_canonical({**json.loads(result.dump()), **fields})


def test_a_result_names_seed_and_hash_of_every_file(made: Case, result: DrawResult) -> None:
    draw = made.draw()
    assert (result.draw, result.seed) == (made.plan.draw, draw.seed)
    assert result.commitment == made.plan.commitment
    assert result.files["teams.csv"] == made.plan.digest.hash_bytes(draw.result_files["teams.csv"])
    assert set(result.files) == {*made.files, *draw.result_files}
    assert result.cutoffs != draw.cutoffs  # hidden


def test_a_result_is_read_as_it_was_written(result: DrawResult) -> None:
    assert DrawResult.read(result.dump()) == result


def test_an_older_result_shows_its_cutoffs(result: DrawResult) -> None:
    fields = json.loads(result.dump())
    del fields["cutoffs_hidden"]
    old = DrawResult.read(canonical_json.dump_canonical(fields))
    assert not old.cutoffs_hidden and b"cutoffs_hidden" not in old.dump()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"protocol": "double-random/2"}, "protocol"),
        ({"seed": "00"}, "seed: 64 lower-case hex digits"),
        ({"files": {"a": 1}}, "files: an object of texts"),
        ({"proofs": []}, "proofs: an object of texts"),
        ({"groups": [["J01", 2]]}, "groups: a list of texts"),
        ({"cutoffs": "x"}, "cutoffs: a list was expected"),
        ({"cutoffs": [1]}, "cutoffs: a list of texts"),
        ({"cutoffs": ["x"]}, "cutoffs: hashes of 64"),
        ({"cutoffs_hidden": False}, "cutoffs_hidden: true was expected"),
        ({"extra": 1}, "extra: this field is unknown"),
    ],
)
def test_an_invalid_field_is_named(
    result: DrawResult, fields: dict[str, Any], expected: str
) -> None:
    with pytest.raises(BadFile, match=rf"result\.json.*{expected}"):
        DrawResult.read(changed(result, **fields))
