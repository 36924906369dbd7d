"""The log's keys, HOME/keys/: the private one (mode 0600, optional passphrase), the public one, a change of keys."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _
from double_random.store import durable_files
from double_random.store.log.checkpoint import PublicKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

VARIABLE, NEW_VARIABLE = "DOUBLE_RANDOM_PASSPHRASE", "DOUBLE_RANDOM_NEW_PASSPHRASE"
PRIVATE, PUBLIC = "log.key", "log.pub"
NEXT = ".next"  # suffix of both files of the next key, until the change is complete


@dataclass(frozen=True)
class Keys:
    """The folder of the log's keys."""

    folder: Path

    @property
    def has_key(self) -> bool:
        """Whether there is a key. Readers see the public one alone."""
        return self.public_file.exists()

    @property
    def public_file(self) -> Path:
        """The file of the public key, with which others verify."""
        return self.folder / PUBLIC

    @property
    def private_file(self) -> Path:
        """The file of the private key, which signs."""
        return self.folder / PRIVATE

    @property
    def public(self) -> PublicKey:
        """The public key."""
        return PublicKey.parse(self.public_file.read_text(encoding="utf-8"))

    @property
    def next(self) -> PublicKey | None:
        """The next key, during a change."""
        file = self.folder / f"{PUBLIC}{NEXT}"
        return PublicKey.parse(file.read_text(encoding="utf-8")) if file.exists() else None

    def generate(self, name: str = "", suffix: str = "") -> PublicKey:
        """A new pair; a log has the name of its first key, also after a change."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self.folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        private = Ed25519PrivateKey.generate()
        while not name and _log_name(private).isdecimal():  # it would read as a card number
            private = Ed25519PrivateKey.generate()
        raw = private.public_key().public_bytes_raw()
        public = PublicKey(name or f"double-random/{_log_name(private)}", raw)
        words = read_passphrase(_("passphrase")) if suffix and self.locked else b""
        durable_files.replace_file(
            self.folder / f"{PRIVATE}{suffix}", _encode_pem(private, words), private=True
        )
        durable_files.replace_file(self.folder / f"{PUBLIC}{suffix}", f"{public.text}\n".encode())
        return public

    def load_private(self, suffix: str = "") -> Ed25519PrivateKey:
        """The private key; the passphrase is in DOUBLE_RANDOM_PASSPHRASE or typed. Misuse for a wrong one.

        DoubleRandomError if the key does not belong to the public one: others could not verify its signatures.
        """
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        words = read_passphrase(_("passphrase")) if self.locked else None
        try:
            content = self._private_bytes(suffix)
            key = serialization.load_pem_private_key(content, words)
        except (ValueError, TypeError):
            if not self.locked:
                raise DoubleRandomError(
                    _("keys/log.key is no Ed25519 key"), _("restore it from the backup")
                ) from None
            raise Misuse(_("this is not the passphrase of the log's key")) from None
        if not isinstance(key, Ed25519PrivateKey):
            raise DoubleRandomError(
                _("keys/log.key is no Ed25519 key"), _("restore it from the backup")
            )
        public = PublicKey.parse((self.folder / f"{PUBLIC}{suffix}").read_text(encoding="utf-8"))
        if key.public_key().public_bytes_raw() != public.key:
            raise DoubleRandomError(
                _("keys/log.key and keys/log.pub do not belong together"),
                _("restore the folders log/ and keys/ from the backup"),
            )
        return key

    @property
    def locked(self) -> bool:
        """Whether the key has a passphrase."""
        return b"ENCRYPTED" in self._private_bytes()

    def _private_bytes(self, suffix: str = "") -> bytes:
        """The private key's file; only acts need it."""
        try:
            return (self.folder / f"{PRIVATE}{suffix}").read_bytes()
        except FileNotFoundError:
            raise Misuse(
                _("{folder} has a log, but its head or its key is gone").format(
                    folder=self.folder.parent
                ),
                _("restore the folders log/ and keys/ from the backup"),
            ) from None
        except PermissionError:
            raise DoubleRandomError(
                _("only the owner of this home may write into its log: keys/log.key is closed"),
                _("run the command as the user that owns the home"),
            ) from None

    def lock(self, new: bytes) -> None:
        """Replace the passphrase of the key; an empty one removes it."""
        durable_files.replace_file(
            self.folder / PRIVATE, _encode_pem(self.load_private(), new), private=True
        )

    def promote_next(self) -> None:
        """Replace the present key by the next one; can be repeated after an interruption."""
        for name in (PRIVATE, PUBLIC):
            content = (self.folder / f"{name}{NEXT}").read_bytes()
            durable_files.replace_file(self.folder / name, content, private=name == PRIVATE)
        self.discard_next()

    def discard_next(self) -> None:
        """Remove the next key, public part first: without it there is no change in progress."""
        for name in (PUBLIC, PRIVATE):
            (self.folder / f"{name}{NEXT}").unlink(missing_ok=True)


def read_passphrase(prompt: str, variable: str = VARIABLE) -> bytes:
    """The passphrase from the environment, else typed; Misuse without a terminal."""
    text = os.environ.get(variable)
    if text is None and sys.stdin.isatty():
        text = _ask_passphrase(prompt)
    if not text:
        raise Misuse(
            _("the log's key has a passphrase, and none was given"),
            _("set {variable}, or run this in a terminal").format(variable=variable),
        )
    return text.encode()


@cache
def _ask_passphrase(prompt: str) -> str:
    """Typed once a run, however often the key is needed."""
    from getpass import getpass

    return getpass(f"{prompt}: ")


def _log_name(private: Ed25519PrivateKey) -> str:
    """The name that a log takes from its first key: 16 hex digits of the public part."""
    return private.public_key().public_bytes_raw()[:8].hex()


def _encode_pem(private: Ed25519PrivateKey, words: bytes) -> bytes:
    from cryptography.hazmat.primitives import serialization

    locked = serialization.BestAvailableEncryption(words) if words else serialization.NoEncryption()
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked
    )
