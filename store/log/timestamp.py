"""RFC 3161: a time stamp of an authority (可信时间戳) over a head of the log. Needs the extra `timestamps`.

This module makes no connection: the request is a file that a person sends, the answer is a file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


class BadStamp(DoubleRandomError):
    """An answer that is not a time stamp, belongs to another head, or is not signed by a trusted authority."""


@dataclass(frozen=True)
class TimeStamp:
    """A time stamp as received: its stated time and the SHA-256 it covers; nothing is trusted yet."""

    time: str  # YYYY-MM-DDThh:mm:ssZ; a fraction of a second is rounded up, which is the safe side
    imprint: bytes


def is_available() -> bool:
    """Whether the library is installed."""
    from importlib.util import find_spec

    return find_spec("rfc3161_client") is not None


def build_request(body: bytes) -> bytes:
    """The request (.tsq) for a stamp over a head's text, by SHA-256, asking for the authority's certificate too."""
    _require_library()
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    builder = TimestampRequestBuilder().data(body).hash_algorithm(HashAlgorithm.SHA256)
    return builder.nonce(nonce=False).cert_request(cert_request=True).build().as_bytes()


def read_timestamp(answer: bytes) -> TimeStamp:
    """The content of an answer (.tsr); BadStamp for anything else."""
    from datetime import timedelta

    info = _decode_answer(answer).tst_info
    time = info.gen_time.astimezone(UTC)
    if time.microsecond:
        time = time.replace(microsecond=0) + timedelta(seconds=1)
    return TimeStamp(time.strftime("%Y-%m-%dT%H:%M:%SZ"), bytes(info.message_imprint.message))


def stamps_head(answer: bytes, body: bytes) -> bool:
    """Whether this is a stamp over a head with this text, by any authority."""
    return read_timestamp(answer).imprint == hashlib.sha256(body).digest()


def check_timestamp(answer: bytes, body: bytes, authorities: Sequence[Certificate]) -> str:
    """The time at which one of these authorities saw the head; BadStamp if none of them did."""
    from cryptography import x509
    from rfc3161_client import VerificationError, VerifierBuilder

    decoded = _decode_answer(answer)
    builder = VerifierBuilder()
    for certificate in authorities:
        builder = builder.add_root_certificate(certificate)
    roots = {authority.public_bytes(_der_encoding()) for authority in authorities}
    for raw in decoded.signed_data.certificates:
        inner = x509.load_der_x509_certificate(bytes(raw))
        if inner.public_bytes(_der_encoding()) not in roots:
            builder = builder.add_intermediate_certificate(inner)
    try:
        builder.build().verify_message(decoded, body)
    except (VerificationError, ValueError) as error:
        raise BadStamp(
            _("no authority that is trusted stamped this head: {error}").format(error=error)
        ) from None
    return read_timestamp(answer).time


def parse_certificates(content: bytes, file: str) -> list[Certificate]:
    """The authorities' certificates in a PEM or DER file; Misuse for anything else."""
    from cryptography import x509

    try:
        if content.lstrip().startswith(b"-----BEGIN"):
            return x509.load_pem_x509_certificates(content)
        return [x509.load_der_x509_certificate(content)]
    except ValueError:
        raise Misuse(
            _("{file} holds no certificate").format(file=file), _("as PEM or DER, as it came")
        ) from None


def _decode_answer(answer: bytes) -> Any:
    _require_library()
    from rfc3161_client import decode_timestamp_response

    try:
        decoded = decode_timestamp_response(answer)
        if decoded.status != 0 or decoded.tst_info is None:
            raise ValueError(decoded.status)
    except BaseException as error:  # its parser in Rust panics with an exception of its own
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise BadStamp(_("this is no time stamp that an authority granted")) from None
    return decoded


def _require_library() -> None:
    if not is_available():
        raise Misuse(
            _("time stamps need the extra `timestamps`"),
            _("install it: pip install 'double-random[timestamps]'"),
        )


def _der_encoding() -> Any:
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER
