"""The log's head as a signed note: C2SP's own example verifies, every changed byte does not."""

from __future__ import annotations

import contextlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from double_random.store.log.checkpoint import BadNote, Checkpoint, PublicKey, SignedNote

# The key and note of the signed-note specification's own example (golang.org/x/mod/sumdb/note).
EXAMPLE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def signed() -> tuple[PublicKey, bytes]:
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = PublicKey("示例-log", private.public_key().public_bytes_raw())
    return public, Checkpoint(public.name, 7, bytes(32)).sign(private, public)


def test_key_of_the_specification_is_read_as_it_is_written() -> None:
    assert PublicKey.parse(EXAMPLE_KEY).text == EXAMPLE_KEY


def test_note_of_the_specification_is_signed_by_its_key() -> None:
    text = (
        b"If you think cryptography is the answer to your problem,\n"
        b"then you don't know what your problem is.\n"
    )
    signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    import base64

    raw = base64.b64decode(signature)
    key = PublicKey.parse(EXAMPLE_KEY)
    assert raw[:4] == key.id
    assert key.verifies(text, raw[4:])
    assert not key.verifies(text + b" ", raw[4:])


def test_what_was_signed_is_read_back() -> None:
    public, note = signed()
    read = SignedNote.parse(note)
    assert read.is_signed_by(public)
    assert (read.head.origin, read.head.size, read.head.root) == (public.name, 7, bytes(32))


def test_every_flipped_bit_of_a_note_is_seen() -> None:
    public, note = signed()
    for place in range(len(note)):
        for bit in (0x01, 0x20, 0x80):
            changed = bytearray(note)
            changed[place] ^= bit
            with contextlib.suppress(BadNote):
                assert not SignedNote.parse(bytes(changed)).is_signed_by(public), (place, bit)


def test_a_witness_may_add_a_line() -> None:
    public, note = signed()
    witness = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
    key = PublicKey("witness", witness.public_key().public_bytes_raw())
    added = SignedNote.parse(note).head.sign(witness, key).split(b"\n\n")[1]
    both = SignedNote.parse(note + added)
    assert both.is_signed_by(public)
    assert len(both.signatures) == 2
    assert not both.is_signed_by(key), "a witness's signature is not the log's own"


def test_a_second_spelling_of_base64_is_refused() -> None:
    _public, note = signed()
    root = b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    assert root in note
    with pytest.raises(BadNote):
        SignedNote.parse(note.replace(root, root.replace(b"A=", b"B=")))


@pytest.mark.parametrize(
    "text", ["", "a+b", "name+00000000+AAAA", EXAMPLE_KEY[:-1], "x" + EXAMPLE_KEY]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        PublicKey.parse(text)
