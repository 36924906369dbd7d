"""Merkle trees of RFC 6962: published heads, every proof checks, and nothing else does."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.store.log import merkle

# The leaves of Certificate Transparency's reference tests, and the heads that every implementation gives.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
HEADS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
ENTRIES = st.lists(st.binary(max_size=4), min_size=1, max_size=40)


@pytest.mark.parametrize("size", range(9))
def test_published_heads(size: int) -> None:
    assert merkle.tree_head(LEAVES[:size]).hex() == HEADS[size]


def recursive(entries: list[bytes]) -> bytes:
    """The definition of RFC 6962, 2.1, word by word."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\0" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return hashlib.sha256(b"\1" + recursive(entries[:split]) + recursive(entries[split:])).digest()


@given(ENTRIES)
def test_the_head_is_that_of_the_definition(entries: list[bytes]) -> None:
    assert merkle.tree_head(entries) == recursive(entries)


@given(ENTRIES, st.data())
def test_every_leaf_is_proven_at_its_place_alone(entries: list[bytes], data: st.DataObject) -> None:
    leaves = [merkle.hash_leaf(entry) for entry in entries]
    root, size = merkle.head_of_leaves(leaves), len(leaves)
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_path(leaves, index)
    assert merkle.verify_inclusion(root, size, index, leaves[index], path)
    assert not merkle.verify_inclusion(root, size, index, merkle.hash_leaf(b"other entry"), path)
    assert not merkle.verify_inclusion(root, size, index, leaves[index], [*path, root])
    assert not merkle.verify_inclusion(root, size, size, leaves[index], path)
    if path:
        assert not merkle.verify_inclusion(root, size, index, leaves[index], path[:-1])
        at = data.draw(st.integers(0, len(path) - 1))
        wrong = [*path[:at], bytes(32), *path[at + 1 :]]
        assert not merkle.verify_inclusion(root, size, index, leaves[index], wrong)
    elsewhere = data.draw(st.integers(0, size - 1))
    if leaves[elsewhere] != leaves[index]:
        assert not merkle.verify_inclusion(root, size, elsewhere, leaves[index], path)


@given(ENTRIES, st.data())
def test_a_log_that_only_appends_is_proven(entries: list[bytes], data: st.DataObject) -> None:
    leaves = [merkle.hash_leaf(entry) for entry in entries]
    root, size = merkle.head_of_leaves(leaves), len(leaves)
    earlier = data.draw(st.integers(1, size))
    before = merkle.head_of_leaves(leaves[:earlier])
    proof = merkle.consistency_path(leaves, earlier)
    assert merkle.verify_consistency(before, earlier, root, size, proof)
    assert not merkle.verify_consistency(bytes(32), earlier, root, size, proof)
    assert not merkle.verify_consistency(before, earlier, bytes(32), size, proof)
    assert not merkle.verify_consistency(before, earlier, root, size, [*proof, root])
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        wrong = [*proof[:at], bytes(32), *proof[at + 1 :]]
        assert not merkle.verify_consistency(before, earlier, root, size, wrong)
        assert not merkle.verify_consistency(before, earlier, root, size, proof[:-1])


@given(ENTRIES, st.data())
def test_a_log_that_was_edited_cannot_be_proven(entries: list[bytes], data: st.DataObject) -> None:
    earlier = data.draw(st.integers(1, len(entries)))
    at = data.draw(st.integers(0, earlier - 1))
    edited = [*entries[:at], entries[at] + b"!", *entries[at + 1 :]]
    before = merkle.tree_head(entries[:earlier])
    leaves = [merkle.hash_leaf(entry) for entry in edited]
    proof = merkle.consistency_path(leaves, earlier)
    assert not merkle.verify_consistency(
        before, earlier, merkle.head_of_leaves(leaves), len(leaves), proof
    )


def test_places_that_do_not_exist() -> None:
    leaves = [merkle.hash_leaf(b"a")]
    for index in (-1, 1):
        with pytest.raises(IndexError):
            merkle.inclusion_path(leaves, index)
    for earlier in (0, 2):
        with pytest.raises(IndexError):
            merkle.consistency_path(leaves, earlier)
    assert not merkle.verify_consistency(
        merkle.tree_head([]), 0, merkle.head_of_leaves(leaves), 1, []
    )


def test_the_hash_is_a_parameter() -> None:
    def other(data: bytes) -> bytes:
        return hashlib.sha512(data).digest()[:32]

    leaves = [merkle.hash_leaf(entry, other) for entry in LEAVES]
    root = merkle.tree_head(LEAVES, other)
    assert root != merkle.tree_head(LEAVES)
    assert merkle.verify_inclusion(
        root, 8, 3, leaves[3], merkle.inclusion_path(leaves, 3, other), other
    )
    proof = merkle.consistency_path(leaves, 5, other)
    assert merkle.verify_consistency(merkle.tree_head(LEAVES[:5], other), 5, root, 8, proof, other)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13])
def test_a_tree_has_the_path_of_every_leaf(size: int) -> None:
    leaves = [merkle.hash_leaf(bytes([number])) for number in range(size)]
    tree, root = merkle.Tree(leaves), merkle.head_of_leaves(leaves)
    for index, entry in enumerate(leaves):
        assert merkle.verify_inclusion(root, size, index, entry, tree.path(index))
    with pytest.raises(IndexError):
        tree.path(size)
