"""A heading without what is written beside the name: marks of required fields, instructions, numbering, a unit."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from double_random import data
from double_random.intake.money import heading_without_unit

_BRACKETS = str.maketrans("〔〕【】[]{}〈〉《》「」", "()()()()()()()")
_NUMBER = re.compile(
    r"^(?:\((?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\)|[0-9]{1,2}[.、)](?![0-9])"
    r"|[一二三四五六七八九十]{1,3}、|第[0-9一二三四五六七八九十]{1,3}[列栏项][:、]?)"
)
_GLUED_NUMBER = re.compile(r"^[0-9]{1,2}(?=[^0-9位年月日])")  # ① is folded to 1
_REST = r"[^()]*(?:\([^()]*\)[^()]*)*"  # of an instruction, up to its bracket
_DATE_FORMAT = r"[-,:]?\(?YYYY[-/.年]?MM[-/.月]?DD日?(?:HH.*)?\)?$"


def fold_header(text: str) -> str:
    """A header cell for comparing: width, brackets, blanks, case and the star of required fields folded."""
    folded = unicodedata.normalize("NFKC", text).translate(_BRACKETS)
    folded = re.sub(r"[\s\u200b-\u200d\u2060\ufeff]", "", folded)
    return folded.strip("*:").upper()


@dataclass(frozen=True)
class _HeadingPatterns:
    """data/headings.toml, as patterns."""

    bracketed: re.Pattern[str]
    instruction: re.Pattern[str]
    bare: re.Pattern[str]
    other_party: re.Pattern[str]


@cache
def _load_words() -> _HeadingPatterns:
    table = data.table("headings.toml")
    longest = sorted(table["marks"], key=len, reverse=True)
    marks = "|".join(map(re.escape, longest))
    hints = "|".join(map(re.escape, sorted(table["hints"], key=len, reverse=True)))
    signs = re.escape(table["signs"])
    return _HeadingPatterns(
        re.compile(
            rf"\((?:[{signs}]|(?:{marks})(?![^,;:、)]){_REST}|(?:{hints}){_REST}|[0-9]+[位字个]{_REST})\)"
        ),
        re.compile(rf"[,;:、]?(?:填写)?(?:格式|例如|示例|样例)[:为是].*$|{_DATE_FORMAT}"),
        re.compile(rf"^(?:[{signs}:、,]|{marks})+|(?:[{signs}:、,]|{marks})+$"),
        re.compile(
            rf"(?<!被)(?:{'|'.join(table['other_parties'])})(?:的?(?:基本)?(?:信息|情况|资料))?$"
        ),
    )


@cache
def plain_heading(folded: str) -> str:
    """A folded heading without marks, instructions and numbering; "" if it is nothing else."""
    words = _load_words()
    before = ""
    while folded != before:
        before = folded
        folded = words.bracketed.sub("", folded)
        folded = words.instruction.sub("", folded)
        folded = words.bare.sub("", folded)
        folded = _NUMBER.sub("", folded)
    return folded


@cache
def bare_heading(folded: str) -> str:
    """`plain_heading`, without a unit of money and a number that is glued to the front."""
    return heading_without_unit(_GLUED_NUMBER.sub("", plain_heading(folded))).strip(",;:、")


def names_person(folded: str) -> bool:
    """Whether a folded heading says which practitioner a row is about (data/headings.toml, `persons`)."""
    return plain_heading(folded) in data.table("headings.toml")["persons"]


def is_another_party(folded: str) -> bool:
    """Whether a folded heading means a party other than the institution (作出决定机关, 投诉人; not 被投诉人)."""
    return bool(_load_words().other_party.search(plain_heading(folded)))
