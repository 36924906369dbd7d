"""Masking (隐去个人信息): a decision's text with persons' numbers, addresses and names taken out, and what is in doubt.

What is sure is replaced; a text in which something may still be personal has doubts, and is held back until somebody
has looked at it (publish/clearing.py). Numbers: publish/personal.py. Words around names: data/persons.toml.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import toml_reader
from language import N_
from publish.kept import rules as all_of
from publish.personal import spans
from toml_reader import TEXT, WORD, WORDS, Table

FILE = Table(
    {"surnames": WORD, "joined": TEXT}
    | dict.fromkeys(("compound", "before", "after", "ends", "nobody"), WORDS)
)
NUMBER, ADDRESS = "［号码］", "［地址］"
_HAN = "\u4e00-\u9fff\u3400-\u4dbf·"
# Digits that are left and are neither a date, an amount nor a document's number.
_LEFT = re.compile(r"(?<![〔\[（(\d.])\d(?:[\d\s\-*xX]{5,})\d(?!\d*(?:元|万元|号\W|\.\d))")
_REST = re.compile(rf"(?:\d[\s\-]*){{3,}}{NUMBER}")
_CHINESE = re.compile(r"(?:[〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]\W{0,2}){7,}")
_PLACE = r"[\u4e00-\u9fff]{1,12}?"
_ADDRESS = re.compile(
    rf"(?:(?:[\u4e00-\u9fff]{{2,8}}?(?:省|自治区|市|区|县|旗|镇|乡|街道))\s*)*"
    rf"{_PLACE}(?:路|街|巷|弄|胡同|大道|道|里|村|社区|小区|花园|新村|家园|公寓)\s*"
    r"(?:第?[\d一二三四五六七八九十百甲乙丙丁A-Za-z\-]{1,8}\s*(?:号院|号楼|号|弄|栋|幢|座|单元|室|房|组|层|楼|户)\s*)+"
    r"(?:\d{1,4}(?:室|房|户)?)?"
)
_STREET = re.compile(r"(?:家住|住址|居住于|住在|住于|现住|户籍地|收件地址)")
_MAIL = re.compile(r"[\w.+\-]+\s*@\s*[\w\-]+(?:\s*\.\s*[\w\-]+)+")
_CHAT = re.compile(r"(?:微信|QQ|qq|支付宝)(?:号|账号|号码)?\s*(?:为|是|:)?\s*[A-Za-z0-9_\-]{5,20}")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]\s*[·\-]?\s*[A-Z0-9]{5,6}\b"
)

# Parts of speech (jieba's): what a name is taken for, and what its second half is where it was split.
PERSONS = ("nr", "m", "x", "nz")
GIVEN = ("n", "m", "a", "g", "j", "q", "t", "v", "s", "z", "i", "b")
JOINING = ("p", "c", "d", "u", "r", "f", "y", "k")  # what is no family name: 向, 于, 和, 时

DOUBTS = (
    N_("digits that may be a person's"),
    N_("a place where somebody may live"),
    N_("what may be a person's name"),
)


@dataclass(frozen=True)
class Masked:
    """A text as it may go out, and why somebody should look at it first; no doubts: it may go out."""

    text: str
    doubts: tuple[str, ...]


@dataclass(frozen=True)
class Masker:
    """The words that surround and begin persons' names."""

    surnames: frozenset[str]
    compound: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    joined: str
    ends: tuple[str, ...]
    nobody: tuple[str, ...]

    @classmethod
    def read(cls, file: Path) -> Masker:
        """The words of persons.toml."""
        raw = toml_reader.read(file, FILE, misuse=True)
        words = ("compound", "before", "after", "ends", "nobody")
        return cls(
            surnames=frozenset("".join(raw["surnames"].split())),
            joined=raw["joined"],
            **{name: tuple(raw[name]) for name in words},
        )

    def mask(self, text: str, kept: tuple[str, ...] = ()) -> Masked:
        """Mask a text. `kept`: names that stay, such as the punished institution's own."""
        shown = _one_width(text)
        shields = {
            _one_width(name): f"\ue000{place}\ue001" for place, name in enumerate(kept) if name
        }
        for name, shield in shields.items():
            shown = shown.replace(name, shield)
        shown = _MAIL.sub(NUMBER, shown)
        shown = _CHAT.sub(NUMBER, shown)
        shown = _PLATE.sub(NUMBER, shown)
        shown = _CHINESE.sub(NUMBER, shown)
        shown = _cut(shown, spans(shown), NUMBER)
        shown = _REST.sub(NUMBER, shown)
        shown = _ADDRESS.sub(_place, shown)
        shown = self._without_names(shown)
        doubts = self._doubts(shown)
        for name, shield in shields.items():
            shown = shown.replace(shield, name)
        return Masked(shown, doubts)

    def _without_names(self, text: str) -> str:
        found = {one for one in self._sure.findall(text) if not one.startswith(self.nobody)}
        for match in self._followed.finditer(text):
            if not match.group(1).startswith(self.nobody):
                found.add(match.group(1))
        for name in sorted(found, key=len, reverse=True):
            text = text.replace(name, _short(name, self.compound))
        return self._beside.sub(lambda match: _short(match.group(), self.compound), text)

    def _doubts(self, text: str) -> tuple[str, ...]:
        """Why somebody should look."""
        names = [*self._alone.findall(text), *self._unknown(text)]
        doubtful = [
            _LEFT.search(text) is not None,
            _STREET.search(text.replace(ADDRESS, "")) is not None and ADDRESS not in text,
            any(not (one.startswith(self.nobody) or "某" in one) for one in names),
        ]
        return tuple(why for why, yes in zip(DOUBTS, doubtful, strict=True) if yes)

    def _unknown(self, text: str) -> Iterator[str]:
        """Words that begin like a name and are no ordinary word, wherever they stand (docs/decisions/0076)."""
        import rjieba

        # once with guessed words and once without: a guess may swallow a family name (内有卫 · 东海)
        words = [*rjieba.tag(text), ("", ""), *rjieba.tag(text, hmm=False), ("", "")]
        for (word, kind), (after, next_kind) in pairwise(words):
            if not word.startswith((*self.surnames, *self.compound)):
                continue
            if kind.startswith(PERSONS) and 2 <= len(word) <= 4:
                yield word
            family = word in self.compound or (len(word) == 1 and not kind.startswith(JOINING))
            if family and 1 <= len(after) <= 2 and next_kind.startswith(GIVEN):
                yield word + after

    @cached_property
    def _name(self) -> str:
        letters = "".join(sorted(self.surnames))
        compound = "|".join(self.compound)
        end = "|".join((*self.ends, *self.after))
        # as short as what follows allows: 张三反映, 张三丰反映
        stop = rf"(?=\W|\d|$|{end})"
        return rf"(?:(?:{compound})[{_HAN}]{{1,2}}?|[{letters}](?!某)[{_HAN}]{{1,2}}?){stop}"

    @cached_property
    def _sure(self) -> re.Pattern[str]:
        """A name behind a word that names follow."""
        cues = "|".join(sorted(self.before, key=len, reverse=True))
        return re.compile(rf"(?:{cues})\s*[:为是]?\s*[“\"(]?({self._name})")

    @cached_property
    def _followed(self) -> re.Pattern[str]:
        """A name at the beginning of a clause, before a word that follows persons alone."""
        end = "|".join(sorted(self.after, key=len, reverse=True))
        return re.compile(rf"(?:^|[\W\d]|[{self.joined}])({self._name})(?=\W?(?:{end}))")

    @cached_property
    def _beside(self) -> re.Pattern[str]:
        """A name in a row with one that was found: 吴秀英、王某等人."""
        letters, compound = "".join(sorted(self.surnames)), "|".join(self.compound)
        mine = rf"(?:(?:{compound})|[{letters}](?!某))[{_HAN}]{{1,2}}"
        return re.compile(
            rf"{mine}(?=[、和与及][{_HAN}]{{1,2}}某)|(?<=某[、和与及])(?:{self._name})"
        )

    @cached_property
    def _alone(self) -> re.Pattern[str]:
        """What stands between two marks and begins like a name."""
        return re.compile(rf"(?:^|[,，。；;、:：“\"(（])({self._name})(?=[,，。；;、”\")）]|$)")


def rules(file: Path) -> str:
    """What a verdict depends on besides its text: the words of persons.toml, this rule, how words are told apart."""
    import publish.personal

    own = [Path(str(one)).read_bytes() for one in (__file__, publish.personal.__file__)]
    versions = f"{version('rjieba')} {unicodedata.unidata_version}"
    return all_of(file.read_bytes(), *own, versions.encode())


def _one_width(text: str) -> str:
    """Full-width letters and digits in the usual width; Chinese marks stay."""
    return "".join(
        unicodedata.normalize("NFKC", c) if c.isalnum() or c in "＠．－／　" else c for c in text
    )


def _place(match: re.Match[str]) -> str:
    """An address is cut out, what leads up to it stays: 家住［地址］."""
    lead = re.match(r"[^省市区县镇乡路街巷弄道村]*(?:住址|地址|[住于在至到从往址])", match.group())
    return (lead.group() if lead else "") + ADDRESS


def _cut(text: str, places: list[tuple[int, int]], sign: str) -> str:
    for start, end in sorted(places, reverse=True):
        text = text[:start] + sign + text[end:]
    return text


def _short(name: str, compound: tuple[str, ...]) -> str:
    family = name[:2] if name.startswith(compound) else name[:1]
    return f"{family}某"
