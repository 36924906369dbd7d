"""The hash that a plan names: SHA-256, or SM3 (GB/T 32905—2016) where a bureau must use national algorithms."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

NAMES = ("sha256", "sm3")


def _sm3(data: bytes = b"") -> Any:
    """SM3 from OpenSSL; where Python's OpenSSL was built without it, the one in `cryptography`."""
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3", data)
    return _OwnOpenSsl(data)


class _OwnOpenSsl:
    """SM3 of the library `cryptography`, with the methods of a hashlib object that are used here."""

    def __init__(self, data: bytes = b"", context: Any = None) -> None:
        from cryptography.hazmat.primitives import hashes

        self._context = context or hashes.Hash(hashes.SM3())
        self._context.update(data)

    def update(self, data: bytes) -> None:
        self._context.update(data)

    def copy(self) -> _OwnOpenSsl:
        return _OwnOpenSsl(context=self._context.copy())

    def digest(self) -> bytes:
        found: bytes = self._context.copy().finalize()
        return found

    def hexdigest(self) -> str:
        return self.digest().hex()


@dataclass(frozen=True)
class Digest:
    """H of the protocol: `sha256` or `sm3`; calling it with text gives 64 lower-case hex digits."""

    name: str

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise ValueError(f"no such hash: {self.name}")

    def __call__(self, text: str) -> str:
        """H(text): of its UTF-8 bytes, 64 lower-case hex digits."""
        return self.of(text.encode("utf-8"))

    def of(self, data: bytes) -> str:
        """H of bytes as they are, 64 lower-case hex digits: what `sha256sum FILE` shows."""
        found: str = self.start(data).hexdigest()
        return found

    def raw(self, data: bytes) -> bytes:
        """H of bytes as 32 bytes, as Merkle trees take it."""
        found: bytes = self.start(data).digest()
        return found

    @property
    def start(self) -> Callable[[bytes], Any]:
        """A hashlib-like object begun with some bytes: to hash many texts that begin alike."""
        return hashlib.sha256 if self.name == "sha256" else _sm3
