"""The hash of a plan is SHA-256 or SM3, over the exact bytes, as any tool computes it."""

from __future__ import annotations

import hashlib

import pytest

from double_random.inspection.protocol import digest
from double_random.inspection.protocol.digest import Digest

# GB/T 32905—2016, appendix A.1: SM3 of "abc".
SM3_OF_ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_text_is_hashed_as_utf_8() -> None:
    expected = hashlib.sha256("示例".encode()).hexdigest()
    assert Digest("sha256")("示例") == expected == Digest("sha256").hash_bytes("示例".encode())
    assert Digest("sha256").hash_raw("示例".encode()).hex() == expected


def test_sm3_is_that_of_the_standard() -> None:
    assert Digest("sm3")("abc") == SM3_OF_ABC


def test_sm3_without_openssls_own_is_the_same() -> None:
    own = digest._OwnOpenSsl(b"a")
    copy = own.copy()
    own.update(b"bc")
    assert own.hexdigest() == SM3_OF_ABC
    copy.update(b"bc")
    assert copy.digest().hex() == SM3_OF_ABC


@pytest.mark.parametrize("name", digest.NAMES)
def test_a_prefix_is_hashed_once_for_many_texts(name: str) -> None:
    begun = Digest(name).new_hash(b"seed:")
    for text in (b"one", b"two"):
        copy = begun.copy()
        copy.update(text)
        assert copy.hexdigest() == Digest(name).hash_bytes(b"seed:" + text)


def test_another_hash_is_refused() -> None:
    with pytest.raises(ValueError, match="md5"):
        Digest("md5")
