"""An institution's own proof: it holds alone, and no field of it can be changed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.protocol.selection import LIST
from double_random.inspection.verification.inclusion_proof import InclusionProof, prove_inclusion
from double_random.store.home import Home
from double_random.store.log import merkle
from tests.inspection.verification.drawn import drawn

DRAW = drawn()


def proof(index: int = 3) -> InclusionProof:
    """The proof of a row of the frame, made by hand from the draw's parts."""
    plan, selection = DRAW.plan, DRAW.draw.selection
    rows = DRAW.files["frame.csv"].split(b"\n")[1:-1]
    leaves = [merkle.hash_leaf(row, plan.digest.hash_raw) for row in rows]
    row = selection.files.frame[index]
    return InclusionProof(
        draw=plan.draw,
        line=rows[index].decode(),
        index=index,
        rows=len(rows),
        path=tuple(
            step.hex() for step in merkle.inclusion_path(leaves, index, plan.digest.hash_raw)
        ),
        root=plan.files["frame.csv"].root or "",
        hash=plan.hash,
        commitment=plan.commitment,
        seed=selection.seed,
        id=row.id,
        salt=row.salt,
        ticket=selection.tickets.target_ticket(row.id, row.salt),
        cutoff=selection.cutoffs[0],
        cutoff_salt="",
    )


def test_every_row_of_the_frame_has_a_proof_that_tells_whether_it_was_drawn() -> None:
    proofs = [proof(index) for index in range(12)]
    assert all(one.is_valid for one in proofs)
    assert {one.id for one in proofs if one.drawn} == set(DRAW.draw.selection.drawn)


@pytest.mark.parametrize(
    "other",
    [
        {"index": 4},
        {"rows": 4},
        {"path": ()},
        {"root": "0" * 64},
        {"hash": "sm3"},
        {"seed": "0" * 64},
        {"id": "31310000XXXX00004A"},
        {"salt": "0" * 32},
        {"ticket": "0" * 64},
    ],
)
def test_a_changed_proof_does_not_hold(other: dict[str, Any]) -> None:
    assert proof().is_valid
    assert not replace(proof(), **other).is_valid


def test_nobody_is_drawn_without_a_cut_off() -> None:
    assert not replace(proof(), cutoff="").drawn
    assert replace(proof(), cutoff=proof().ticket).drawn


def test_a_proof_has_the_command_that_checks_its_ticket() -> None:
    one = proof()
    content = one.to_dict()
    assert content["format"] == "double-random/proof-1"
    assert (content["row"], content["drawn"]) == (one.line, one.drawn)
    assert content["by hand"] == f'printf %s "{one.seed}:target:{one.id}:{one.salt}" | sha256sum'


def test_every_row_is_proven_alone_and_tells_whether_it_had_to_be_drawn(
    bureau: Callable[..., Home],
    wish: Callable[..., Any],
    run: Callable[..., Any],
    firm: Callable[[int], str],
) -> None:
    home = bureau(firms=12, inspectors=8)
    run(home, wish())
    drawn = {row[0] for row in LIST.load(DrawFolder.find(home, "d1").read_result()["list.csv"])}
    for number in range(1, 13):
        proof = prove_inclusion(home, "d1", firm(number))
        assert proof.is_valid
        assert proof.drawn == (firm(number) in drawn)
        other = proof.line.replace(f"示例{number:03d}", "示例999")
        assert not type(proof)(**{**vars(proof), "line": other}).is_valid
        by_hand = subprocess.run(
            ["sh", "-c", proof.to_dict()["by hand"]], capture_output=True, text=True, check=True
        )
        assert by_hand.stdout.split()[0] == proof.ticket


def test_an_open_or_unknown_draw_gives_no_proof(
    bureau: Callable[..., Home],
    wish: Callable[..., Any],
    run: Callable[..., Any],
    firm: Callable[[int], str],
) -> None:
    home = bureau()
    run(home, wish(), until="draw")
    with pytest.raises(Misuse, match="d1 has not been published"):
        prove_inclusion(home, "d1", firm(1))
    with pytest.raises(Misuse, match="there is no draw d2"):
        prove_inclusion(home, "d2", firm(1))
