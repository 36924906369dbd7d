"""A witness's signature on the log's head (见证签名): it states the time, and that the witness signed no conflicting
head.

Format: https://c2sp.org/tlog-cosignature, `cosignature/v1`. The witness keeps the last head that it signed and signs
a new one only if it continues that head; so of two logs with one name a witness signs one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _
from double_random.store import durable_files
from double_random.store.log import merkle
from double_random.store.log.checkpoint import (
    WITNESS,
    BadNote,
    PublicKey,
    SignedNote,
    format_signature_line,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY, PUBLIC, LAST = "witness.key", "witness.pub", "last"


def cosigned_message(body: bytes, time: int) -> bytes:
    """The text that a witness signs at a time, in seconds since 1970."""
    return f"cosignature/v1\ntime {time}\n".encode() + body


def cosignature_line(private: Ed25519PrivateKey, key: PublicKey, body: bytes, time: int) -> bytes:
    """The witness's signature line under a head, with its line feed."""
    return format_signature_line(
        key, time.to_bytes(8, "big") + private.sign(cosigned_message(body, time))
    )


def cosigned_time(note: SignedNote, key: PublicKey) -> int | None:
    """When this witness signed the head, in seconds since 1970; None if it did not. BadNote for a false line."""
    for name, number, content in note.signatures:
        if (name, number) != (key.name, key.id):
            continue
        time = int.from_bytes(content[:8], "big")
        if (
            len(content) != 72
            or time >= 1 << 37
            or not key.verifies(cosigned_message(note.head.body, time), content[8:])
        ):
            raise BadNote(_("the line of the witness {name} is false").format(name=name))
        return time
    return None


def create_witness(folder: Path, name: str) -> PublicKey:
    """Make a witness's key in a new folder, on the witness's own computer; returns the public one."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if (folder / KEY).exists():
        raise Misuse(_("{folder} has a witness's key already").format(folder=folder))
    private = Ed25519PrivateKey.generate()
    public = PublicKey(name, private.public_key().public_bytes_raw(), WITNESS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    durable_files.replace_file(folder / PUBLIC, f"{public.text}\n".encode())
    durable_files.replace_file(folder / KEY, pem, private=True)
    return public


def sign_checkpoint(
    folder: Path, checkpoint: bytes, log: PublicKey, lines: list[bytes], time: int
) -> bytes:
    """The witness's line under a checkpoint of `log`, whose published entries are `lines`.

    DoubleRandomError, and nothing signed, if the log's key did not sign it, if the entries do not match it, or if it
    does not continue the head that this witness signed last.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    note = SignedNote.parse(checkpoint)
    head = note.head
    if not note.is_signed_by(log):
        raise BadNote(_("checkpoint: this log's key did not sign it"))
    if len(lines) < head.size or merkle.tree_head(lines[: head.size]) != head.root:
        raise BadNote(_("these are not the entries under the checkpoint"))
    if (folder / LAST).exists():
        last = SignedNote.parse((folder / LAST).read_bytes()).head
        continued = (
            last.origin == head.origin
            and last.size <= head.size
            and merkle.tree_head(lines[: last.size]) == last.root
        )
        if not continued:
            raise BadNote(
                _("this head does not continue the one of {size} entries signed last").format(
                    size=last.size
                ),
                _("sign nothing, and ask which of the two logs is the right one"),
            )
    try:
        public = PublicKey.parse((folder / PUBLIC).read_text(encoding="utf-8"), WITNESS)
        private = serialization.load_pem_private_key((folder / KEY).read_bytes(), None)
    except FileNotFoundError:
        raise Misuse(
            _("there is no witness's key in {folder}").format(folder=folder),
            _("make one: double-random log witness-key FOLDER --name NAME"),
        ) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise DoubleRandomError(_("{file} is no Ed25519 key").format(file=folder / KEY))
    durable_files.replace_file(
        folder / LAST, checkpoint
    )  # first: better a head unsigned than two signed
    return cosignature_line(private, public, head.body, time)
