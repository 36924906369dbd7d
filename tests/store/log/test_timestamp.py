"""Time stamps of an authority (RFC 3161) over a head's text: whose they are, and upon what."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from double_random.core.errors import Misuse
from double_random.store.log import timestamp
from double_random.store.log.timestamp import BadStamp
from tests.tsa import Authority

HEAD = "示例\n3\nAAAA\n".encode()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("tsa") / "a", "TSA示例")


@pytest.fixture(scope="module")
def answer(authority: Authority) -> bytes:
    return authority.answer(timestamp.build_request(HEAD))


def roots(authority: Authority) -> list[x509.Certificate]:
    return timestamp.parse_certificates(authority.root.read_bytes(), "root.pem")


def test_a_trusted_authority_says_when_it_saw_the_head(authority: Authority, answer: bytes) -> None:
    time = timestamp.check_timestamp(answer, HEAD, roots(authority))
    assert time == timestamp.read_timestamp(answer).time
    stamped = datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - stamped).total_seconds()) < 600


def test_a_stamp_belongs_to_its_own_text_alone(authority: Authority, answer: bytes) -> None:
    assert timestamp.stamps_head(answer, HEAD) and not timestamp.stamps_head(answer, HEAD + b"x")
    with pytest.raises(BadStamp, match="no authority that is trusted"):
        timestamp.check_timestamp(answer, HEAD + b"x", roots(authority))


def test_an_authority_that_nobody_trusts_proves_nothing(answer: bytes, tmp_path: Path) -> None:
    stranger = Authority.make(tmp_path / "b", "另一示例")
    with pytest.raises(BadStamp, match="no authority that is trusted"):
        timestamp.check_timestamp(answer, HEAD, roots(stranger))


@pytest.mark.parametrize("content", [b"", b"no answer", b"\x30\x03\x02\x01\x02"])
def test_what_is_no_answer_is_refused(content: bytes) -> None:
    with pytest.raises(BadStamp, match="this is no time stamp"):
        timestamp.read_timestamp(content)


def test_certificates_are_read_as_pem_or_der(authority: Authority) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    (root,) = roots(authority)
    assert timestamp.parse_certificates(root.public_bytes(Encoding.DER), "root.der") == [root]
    with pytest.raises(Misuse, match=r"root.pem holds no certificate"):
        timestamp.parse_certificates(b"none", "root.pem")
