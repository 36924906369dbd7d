"""The hash that a plan names: SHA-256, or SM3 (GB/T 32905—2016) if a bureau must use national algorithms."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

NAMES = ("sha256", "sm3")


def _new_sm3(data: bytes = b"") -> Any:
    """SM3 from OpenSSL; from `cryptography` if Python's OpenSSL was built without SM3."""
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3", data)
    return _OwnOpenSsl(data)


class _OwnOpenSsl:
    """SM3 of the library `cryptography` with those methods of a hashlib object that this program uses."""

    def __init__(self, data: bytes = b"", context: Any = None) -> None:
        from cryptography.hazmat.primitives import hashes

        self._context = context or hashes.Hash(hashes.SM3())
        self._context.update(data)

    def update(self, data: bytes) -> None:
        self._context.update(data)

    def copy(self) -> _OwnOpenSsl:
        return _OwnOpenSsl(context=self._context.copy())

    def digest(self) -> bytes:
        raw_digest: bytes = self._context.copy().finalize()
        return raw_digest

    def hexdigest(self) -> str:
        return self.digest().hex()


@dataclass(frozen=True)
class Digest:
    """H of the protocol: `sha256` or `sm3`; a call with text returns 64 lower-case hex digits."""

    name: str

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise ValueError(f"no such hash: {self.name}")

    def __call__(self, text: str) -> str:
        """H(text): the hash of its UTF-8 bytes, as 64 lower-case hex digits."""
        return self.hash_bytes(text.encode("utf-8"))

    def hash_bytes(self, data: bytes) -> str:
        """H of bytes, as 64 lower-case hex digits: the output of `sha256sum FILE`."""
        hex_digest: str = self.new_hash(data).hexdigest()
        return hex_digest

    def hash_raw(self, data: bytes) -> bytes:
        """H of bytes, as 32 bytes: the form that Merkle trees use."""
        raw_digest: bytes = self.new_hash(data).digest()
        return raw_digest

    @property
    def new_hash(self) -> Callable[[bytes], Any]:
        """Creates a hashlib-like object from a prefix; copies of it hash many texts with that prefix."""
        return hashlib.sha256 if self.name == "sha256" else _new_sm3
