"""The log's head as a signed note (日志封存码): C2SP tlog-checkpoint, Ed25519, canonical base64 only.

Formats: https://c2sp.org/tlog-checkpoint and https://c2sp.org/signed-note. A note is

    ORIGIN LF SIZE LF base64(ROOT) LF LF  — NAME base64(KEYID SIGNATURE) LF …

and a public key is written NAME+hex(KEYID)+base64(0x01 KEY), KEYID being the first 4 bytes of
SHA-256(NAME LF 0x01 KEY). Further signature lines may be added from outside; lines of unknown keys are passed over.
A witness's key (https://c2sp.org/tlog-cosignature) has 0x04 in place of 0x01.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError
from double_random.core.translation import _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519 = b"\x01"
WITNESS = b"\x04"
NAME = re.compile(r"[^\s+\x00-\x1f\x7f]+")


class BadNote(DoubleRandomError):
    """A text that is not a checkpoint, or one that the given key did not sign."""


@dataclass(frozen=True)
class PublicKey:
    """A log's public key with its name, or a witness's; `text` is what a verifier is given."""

    name: str
    key: bytes
    kind: bytes = ED25519

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name) or len(self.key) != 32:
            raise BadNote(_("this is no public key of a log"), _key_hint())

    @property
    def id(self) -> bytes:
        """The 4 bytes by which a signature line names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.kind + self.key).digest()[:4]

    @property
    def text(self) -> str:
        """NAME+KEYID+KEY, one line."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self.kind + self.key).decode()}"

    @classmethod
    def parse(cls, text: str, kind: bytes = ED25519) -> PublicKey:
        """Read NAME+KEYID+KEY, a log's key unless WITNESS is given; BadNote for anything else."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3:
            raise BadNote(_("this is no public key of a log"), _key_hint())
        try:
            coded = decode_base64(parts[2])
        except ValueError:
            raise BadNote(_("this is no public key of a log"), _key_hint()) from None
        if coded[:1] != kind:
            raise BadNote(
                _("this public key is of another kind: a log's and a witness's are not the same"),
                _key_hint(),
            )
        key = cls(parts[0], coded[1:], kind)
        if key.id.hex() != parts[1]:
            raise BadNote(_("this public key's number does not fit it"), _key_hint())
        return key

    def verifies(self, text: bytes, signature: bytes) -> bool:
        """Whether this key made the signature."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


def _key_hint() -> str:
    """What a public key looks like, as a hint."""
    return _("expected one line NAME+8 HEX DIGITS+BASE64, as `double-random log show` prints it")


@dataclass(frozen=True)
class Checkpoint:
    """A log's head: how many entries, and the root of their Merkle tree (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> bytes:
        """The text that is signed, with its last line feed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n".encode()

    def sign(self, private: Ed25519PrivateKey, public: PublicKey) -> bytes:
        """The signed note."""
        return self.body + b"\n" + format_signature_line(public, private.sign(self.body))


@dataclass(frozen=True)
class SignedNote:
    """A checkpoint as received: its head and its signature lines, not yet checked."""

    head: Checkpoint
    signatures: tuple[tuple[str, bytes, bytes], ...]  # name, key id, signature

    @classmethod
    def parse(cls, content: bytes) -> SignedNote:
        """Read a signed note; BadNote states the fault. Nothing is trusted yet."""
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            raise BadNote(_("the checkpoint is no UTF-8 text")) from None
        body, gap, tail = text.partition("\n\n")
        fields = body.split("\n")
        if not gap or len(fields) != 3 or not fields[0] or not tail.endswith("\n"):
            raise BadNote(
                _("the checkpoint has not the form origin, size, root, blank line, signatures")
            )
        if not re.fullmatch(r"0|[1-9][0-9]{0,15}", fields[1]):
            raise BadNote(_("the checkpoint's size is no number"))
        try:
            root = decode_base64(fields[2])
        except ValueError:
            root = b""
        if len(root) != 32:
            raise BadNote(_("the checkpoint's root is not 32 bytes in canonical base64"))
        signatures = tuple(_parse_signature(line) for line in tail[:-1].split("\n"))
        return cls(Checkpoint(fields[0], int(fields[1]), root), signatures)

    def is_signed_by(self, key: PublicKey) -> bool:
        """Whether this key signed the note under the log's own name."""
        ours = [s for name, number, s in self.signatures if (name, number) == (key.name, key.id)]
        return (
            self.head.origin == key.name
            and len(ours) == 1
            and key.verifies(self.head.body, ours[0])
        )


def format_signature_line(key: PublicKey, signature: bytes) -> bytes:
    """A signature as a note's line, with its line feed."""
    return f"— {key.name} {base64.b64encode(key.id + signature).decode()}\n".encode()


def decode_base64(text: str) -> bytes:
    """Base64, canonical only; ValueError if a second spelling would give the same bytes."""
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error
    if base64.b64encode(content).decode() != text:
        raise ValueError(text)
    return content


def _parse_signature(line: str) -> tuple[str, bytes, bytes]:
    parts = line.split(" ")
    if len(parts) == 3 and parts[0] == "—" and NAME.fullmatch(parts[1]):
        try:
            content = decode_base64(parts[2])
        except ValueError:
            content = b""
        if len(content) > 4:
            return parts[1], content[:4], content[4:]
    raise BadNote(_("the checkpoint has a line that is no signature"))
