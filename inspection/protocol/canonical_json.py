"""JSON for hashing: RFC 8785 bytes with whole numbers and clean text only; anything else is refused."""

from __future__ import annotations

import json
from typing import Any

import rfc8785

from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.protocol.text import is_clean

# RFC 8785 takes numbers as IEEE doubles: larger whole numbers are written as decimal text.
LARGEST = 2**53 - 1


def dump_canonical(value: Any) -> bytes:
    """The canonical bytes, without a final line feed.

    Raises ValueError for values that must not be hashed: fractions, unclean text, numbers past 2^53.
    """
    _refuse_unclean(value)
    return rfc8785.dumps(value)


def load_canonical(data: bytes, file: str) -> Any:
    """The value of canonical bytes; BadFile, naming the file, for all other bytes."""
    hint = _("The file must be RFC 8785 canonical JSON, byte for byte as it was hashed.")
    try:
        value = parse_strict(data)
        same = dump_canonical(value) == data
    except (ValueError, RecursionError) as error:
        raise BadFile(
            file, _("this is not canonical JSON: {error}").format(error=error), hint
        ) from error
    if not same:
        raise BadFile(file, _("this JSON is not in its canonical form"), hint)
    return value


def parse_strict(data: bytes) -> Any:
    """Parse JSON in any layout; ValueError for duplicate keys and for fractions."""
    return json.loads(
        data.decode("utf-8"),
        object_pairs_hook=_build_object,
        parse_float=_refuse_number,
        parse_constant=_refuse_number,
    )


def _build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError(_("the same key stands twice in one object"))
    return value


def _refuse_number(text: str) -> Any:
    raise ValueError(_("{text} is not a whole number").format(text=text))


def _refuse_unclean(value: Any) -> None:
    """Walk the value. Types are compared exactly: True is an int, and a subclass may print differently."""
    if value is None or type(value) is bool:
        return
    if type(value) is str:
        if not is_clean(value):
            raise ValueError(_("text that is not NFC or holds a control character"))
    elif type(value) is int:
        if not -LARGEST <= value <= LARGEST:
            raise ValueError(_("a number past 2^53; it must be written as text"))
    elif type(value) in (list, tuple):
        for part in value:
            _refuse_unclean(part)
    elif type(value) is dict:
        for key, part in value.items():
            if type(key) is not str:
                raise ValueError(_("a key that is not text"))
            _refuse_unclean(key)
            # `entropy` joins the lines of several sources by LF: the only text that contains a line feed.
            joined = key == "entropy" and type(part) is str
            _refuse_unclean(part.split("\n") if joined else part)
    else:
        raise ValueError(_("{kind} cannot be hashed").format(kind=type(value).__name__))
