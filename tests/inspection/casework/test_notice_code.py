"""A notice proves itself alone: its code holds after substitution too, and every change in it is found."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest

from double_random.core.errors import BadFile, Misuse
from double_random.inspection.casework import notice_code
from double_random.inspection.draw import changes
from double_random.store.log.checkpoint import PublicKey


def other_key() -> PublicKey:
    return PublicKey("double-random/other", bytes(32))


def test_each_notice_proves_its_own_team(filing: Any) -> None:
    for one in filing.case.active_targets:
        text = notice_code.make_notice_code(filing.home, "d1", one.id)
        told = notice_code.check_notice_code(text, filing.home.log.public)
        assert (told.draw, told.target, told.inspectors) == ("d1", one.id, tuple(sorted(one.team)))
        assert (told.kind, told.signed) == ("draw", True)
        assert notice_code.check_notice_code(text, None).signed is None
        others = {other.id for other in filing.case.targets.values()} - {one.id}
        content = zlib.decompress(notice_code._decode_base45(text[4:])).decode()
        assert not any(other in content for other in others)  # it betrays nobody else
        with pytest.raises(BadFile, match="key"):
            notice_code.check_notice_code(text, other_key())


def test_a_changed_team_and_a_reserve_have_codes_of_their_own(filing: Any) -> None:
    first, second = filing.case.active_targets[:2]
    when = "2026-11-05T01:00:00Z"
    changes.substitute_inspector(
        filing.home, "d1", first.id, first.team[0], "illness", "2026-11-05", when
    )
    changes.replace_target(filing.home, "d1", second.id, "ceased", "2026-11-05", when)
    case = filing.case
    new = case.targets[second.id].successor
    for id, kind in ((first.id, "substitute"), (new, "replace")):
        told = notice_code.check_notice_code(
            notice_code.make_notice_code(filing.home, "d1", id), filing.home.log.public
        )
        assert (told.kind, told.target) == (kind, id)
        assert told.inspectors == tuple(sorted(case.targets[id].team))
    with pytest.raises(Misuse):
        notice_code.make_notice_code(filing.home, "d1", second.id)


def test_a_changed_code_is_refused(filing: Any) -> None:
    text = notice_code.make_notice_code(filing.home, "d1", filing.ids[0])
    content = json.loads(zlib.decompress(notice_code._decode_base45(text[4:])))
    leaf = json.loads(content["leaf"])
    changed = [
        {"leaf": content["leaf"].replace(leaf["inspectors"][0], "J99")},
        {"leaf": content["leaf"].replace(leaf["target"], "31310000XXXX999990")},
        {"index": (content["index"] + 1) % content["size"]},
        {"size": content["size"] + 1},
        {"place": content["place"] - 1},
        {"entry": content["entry"].replace('"draw":"d1"', '"draw":"d2"')},
        {"path": content["path"][1:]},
        {"log": content["log"][:-1]},
        {"checkpoint": [*content["checkpoint"][:1], "99", *content["checkpoint"][2:]]},
        {"checkpoint": [1, 2]},
        {"path": ["x"]},
        {"hash": "md5"},
        {"size": -1},
        {"more": 1},
    ]
    for change in changed:
        packed = zlib.compress(json.dumps({**content, **change}).encode())
        with pytest.raises(BadFile):
            notice_code.check_notice_code(
                "DR1:" + notice_code._encode_base45(packed), filing.home.log.public
            )


@pytest.mark.parametrize(
    "text", ["", "DR1:", "http://example", "DR1:GGW", "DR1:A", "DR1:中", "DR1:00"]
)
def test_what_is_no_code_is_said_to_be_none(text: str) -> None:
    with pytest.raises(BadFile, match="no code"):
        notice_code.check_notice_code(text, None)


def test_base45_is_that_of_the_rfc() -> None:
    assert notice_code._encode_base45(b"Hello!!") == "%69 VD92EX0"
    assert notice_code._decode_base45("QED8WEX0") == b"ietf!"


def test_a_bomb_is_not_unpacked() -> None:
    packed = zlib.compress(b" " * (1 << 24), 9)
    with pytest.raises(BadFile, match="no code"):
        notice_code.check_notice_code("DR1:" + notice_code._encode_base45(packed), None)


def test_the_picture_is_read_back(filing: Any) -> None:
    import io

    import numpy
    import zxingcpp

    text = notice_code.make_notice_code(filing.home, "d1", filing.ids[0])
    import segno

    matrix = segno.make(text, error="l", mode="alphanumeric", boost_error=False)
    buffer = io.BytesIO()
    matrix.save(buffer, kind="pbm", scale=4, border=4, plain=True)
    lines = [line for line in buffer.getvalue().decode().splitlines() if line[:1] != "#"]
    width, height = map(int, lines[1].split())
    bits = [digit == "1" for line in lines[2:] for digit in line if digit in "01"]
    image = numpy.where(numpy.array(bits).reshape(height, width), 0, 255).astype(numpy.uint8)
    (read,) = zxingcpp.read_barcodes(image)
    assert read.text == text
    assert matrix.version <= 30
