"""Masking (隐去个人信息): removes persons' numbers, addresses and names from a decision's text and reports doubts.

Certain matches are replaced; a text that may still contain something personal has doubts and waits until a person has
reviewed it (publish/disclosure/review.py). Numbers: publish/disclosure/identifiers.py. Words around names:
data/persons.toml.
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

from double_random.core import toml_reader
from double_random.core.toml_reader import TEXT, WORD, WORDS, Table
from double_random.core.translation import N_
from double_random.publish.disclosure.identifiers import find_number_spans
from double_random.publish.disclosure.verdict_cache import hash_rules

FILE = Table(
    {"surnames": WORD, "joined": TEXT}
    | dict.fromkeys(("compound", "before", "after", "ends", "nobody"), WORDS),
    dict.fromkeys(("ordinary", "pieces", "between", "dotted", "letters", "familiar"), WORDS)
    | {"given": TEXT, "single": TEXT},
)
NUMBER, ADDRESS = "［号码］", "［地址］"
_HAN = "\u4e00-\u9fff\u3400-\u4dbf"
_DOTS = "·・•‧∙⋅･ꞏ᛫﹒●."
_DOTTED = re.compile(rf"([{_HAN}]+)((?:\s?[{_DOTS}]\s?[{_HAN}]+)+)")
_COUNTED = "〇零一二三四五六七八九十"
_SHIELD = re.compile("\ue000\\d+\ue001")
# Already masked parts, and document numbers: 沪司罚决字〔2025〕第000123号, (2024)示01民终1234号.
_MASKED = re.compile(
    rf"［..］|某某|[{_HAN}]某|[{_HAN}]{{2,8}}(?=[〔\[（(]\d{{4}}[〕\]）)])"
    rf"|(?<=[〔\[（(]\d{{4}}[〕\]）)])[{_HAN}\d]{{2,14}}?号"
)
# A letter of any script, with its combining marks.
_LETTERS = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f'’])*")
_INITIALS = re.compile(r"(?<![A-Za-z])[A-Za-z](?:[\s.·\-]{1,2}[A-Za-z])+(?![A-Za-z])")
_CARRIED = re.compile(
    r"(?<![A-Za-z])[A-Za-z]{1,2}\d{6,}"
)  # 护照, 通行证: one or two letters, then digits
# Remaining digits that are neither a date, an amount nor a document number.
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

# Parts of speech (jieba's): tags given to a name, and to the second half of a split name.
PERSONS = ("nr", "m", "x", "nz")
GIVEN = ("n", "m", "a", "g", "j", "q", "t", "v", "s", "z", "i", "b")
PLAIN_KINDS = ("v", "d", "p", "c", "u", "r", "f", "m", "t", "b", "y", "k", "a")
RARE = ("d", "g", "zg", "l", "x", "nr", "ng", "vg", "ag")  # tags that no second half of a word has
AFTER_CUE = (
    "g",
    "ng",
    "vg",
    "ag",
    "nr",
    "nz",
    "q",
    "a",
    "j",
    "t",
    "s",
    "z",
    "l",
)  # tags that begin no clause after 委托人
JOINING = ("p", "c", "d", "u", "r", "f", "y", "k")  # no family name: 向, 于, 和, 时

DOUBTS = (
    N_("digits that may be a person's"),
    N_("a place where somebody may live"),
    N_("what may be a person's name"),
    N_("letters or characters that nothing here can read"),
)
SOMEBODY = "某某"


@dataclass(frozen=True)
class MaskedText:
    """A masked text and the reasons for manual review; without doubts it may be published."""

    text: str
    doubts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Masker:
    """Masks texts with lists of words around names and of surnames."""

    surnames: frozenset[str]
    compound: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    joined: str
    ends: tuple[str, ...]
    nobody: tuple[str, ...]
    ordinary: frozenset[str]
    pieces: tuple[str, ...]
    between: frozenset[str]
    dotted: tuple[str, ...]
    letters: frozenset[str]
    given: frozenset[str]
    single: frozenset[str]
    familiar: frozenset[str]

    @classmethod
    def read(cls, file: Path) -> Masker:
        """Read the word lists of persons.toml."""
        raw = toml_reader.read_toml(file, FILE, misuse=True)
        words = ("compound", "before", "after", "ends", "nobody")
        return cls(
            surnames=frozenset("".join(raw["surnames"].split())),
            joined=raw["joined"],
            ordinary=frozenset(raw.get("ordinary", ())),
            pieces=tuple(raw.get("pieces", ())),
            between=frozenset(raw.get("between", ())),
            dotted=tuple(raw.get("dotted", ())),
            letters=frozenset(raw.get("letters", ())),
            given=frozenset("".join(raw.get("given", "").split())),
            single=frozenset("".join(raw.get("single", "").split())),
            familiar=frozenset(raw.get("familiar", ())),
            **{name: tuple(raw[name]) for name in words},
        )

    def mask(self, text: str, names_to_keep: tuple[str, ...] = ()) -> MaskedText:
        """Mask a text. `kept`: names that stay, such as the punished institution's own name."""
        masked = _fold_width(text)
        shields = {
            _fold_width(name): f"\ue000{index}\ue001"
            for index, name in enumerate(names_to_keep)
            if name
        }
        for name, shield in shields.items():
            masked = masked.replace(name, shield)
        masked = _MAIL.sub(NUMBER, masked)
        masked = _CHAT.sub(NUMBER, masked)
        masked = _PLATE.sub(NUMBER, masked)
        masked = _CHINESE.sub(NUMBER, masked)
        masked = _replace_spans(masked, find_number_spans(masked), NUMBER)
        masked = _REST.sub(NUMBER, masked)
        masked = _ADDRESS.sub(_cut_out_address, masked)
        masked, whole = self._mask_dotted_names(masked)
        masked = self._mask_names(masked)
        hidden = any(unicodedata.category(letter) in ("Co", "Cn") for letter in text)
        doubts = self._list_doubts(
            masked, whole, hidden or self._has_unknown_letters(_SHIELD.sub(" ", masked))
        )
        for name, shield in shields.items():
            masked = masked.replace(shield, name)
        return MaskedText(masked, doubts)

    def _mask_dotted_names(self, text: str) -> tuple[str, bool]:
        """Mask names with a middle dot (阿依古丽·买买提, 约翰・史密斯), also a part of one that appears alone
        later; return whether the bounds of every name are certain.
        """
        whole, parts = True, set[str]()

        def mask_name(match: re.Match[str]) -> str:
            nonlocal whole
            left, right = match.group(1), match.group(2)
            if left.endswith(self.dotted) or _is_between_numbers(match.group()):
                return match.group()
            begin, start_certain = self._find_name_start(left)
            last = max(map(right.rfind, _DOTS)) + 1
            end, end_certain = self._find_name_end(right[last:])
            whole = whole and start_certain and end_certain
            name = left[begin:] + right[: last + end]
            parts.update(part for part in re.findall(rf"[{_HAN}]+", name) if len(part) > 1)
            return left[:begin] + SOMEBODY + right[last + end :]

        text = _DOTTED.sub(mask_name, text)
        for part in sorted(parts, key=len, reverse=True):
            text = text.replace(part, SOMEBODY)
        return text, whole

    def _find_name_start(self, left: str) -> tuple[int, bool]:
        """Find where a name begins in the characters before the dot, and whether that is certain."""
        cues = [left.rfind(word) + len(word) for word in self.before if word in left[:-1]]
        if cues:
            return max(cues), len(left) - max(cues) <= 8
        joints = [index + 1 for index, letter in enumerate(left[:-1]) if letter in self.joined]
        return (max(joints), False) if joints else (0, len(left) <= 4)

    def _find_name_end(self, right: str) -> tuple[int, bool]:
        """Find where a name ends in the characters after the last dot, and whether that is certain."""
        words = [right.find(word, 1) for word in (*self.after, *self.before) if len(word) > 1]
        ends = [index for index in words if index > 0]
        return (min(ends), True) if ends else (len(right), len(right.strip()) <= 3)

    def _has_unknown_letters(self, text: str) -> bool:
        """Whether a text contains letters that are not on the list: another script or language, or characters outside
        everyday Chinese (GB/T 2312), which occur in names or are traditional.
        """
        plain = unicodedata.normalize("NFKC", text)
        for run in re.split(rf"[{_HAN}〇]+", plain):
            for word in _LETTERS.findall(run):
                single = len(word) == 1 and word.isascii()
                if not (single or word in self.letters or _fold_case(word) in self.letters):
                    return True
        rare = any(
            not _is_everyday_character(letter) for letter in set(re.findall(rf"[{_HAN}]", plain))
        )
        return rare or bool(_INITIALS.search(plain) or _CARRIED.search(plain))

    def _mask_names(self, text: str) -> str:
        names = {
            candidate
            for candidate in self._cued_name_pattern.findall(text)
            if not candidate.startswith(self.nobody)
        }
        for match in self._followed_name_pattern.finditer(text):
            if not match.group(1).startswith(self.nobody):
                names.add(match.group(1))
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, _shorten_name(name, self.compound))
        return self._adjacent_name_pattern.sub(
            lambda match: _shorten_name(match.group(), self.compound), text
        )

    def _list_doubts(self, text: str, whole: bool, unread: bool) -> tuple[str, ...]:
        """List the reasons for manual review."""
        names = [
            *self._lone_name_pattern.findall(text),
            *self._find_unknown_words(text),
            *self._find_names_in_slots(text),
            *self._find_given_names(text),
        ]
        doubtful = [
            _LEFT.search(text) is not None,
            _STREET.search(text.replace(ADDRESS, "")) is not None and ADDRESS not in text,
            not whole
            or any(piece in text for piece in self.pieces)
            or any(not (name.startswith(self.nobody) or "某" in name) for name in names),
            unread,
        ]
        return tuple(why for why, yes in zip(DOUBTS, doubtful, strict=True) if yes)

    def _find_unknown_words(self, text: str) -> Iterator[str]:
        """Find words anywhere that begin like a name and are not ordinary words (docs/decisions/0039)."""
        import rjieba

        # with guessed words and without: a guess may absorb a family name (内有卫 · 东海)
        guessed, listed = rjieba.tag(text), rjieba.tag(text, hmm=False)
        words = [*guessed, ("", ""), *listed, ("", "")]
        for (word, kind), (after, next_kind) in pairwise(words):
            if word in self.ordinary:
                continue
            if kind.startswith("nr") and not after.startswith("某") and "某" not in word:
                yield word  # a name by the dictionary or by guess
            if (
                word in self.before
                and len(after) == 1
                and after not in self.surnames
                and next_kind.startswith(AFTER_CUE)
            ):
                yield after
            if not word.startswith((*self.surnames, *self.compound)):
                continue
            if kind.startswith(PERSONS) and 2 <= len(word) <= 4:
                yield word
            if (
                len(word) == len(after) == 1
                and after not in "某，、"
                and next_kind.startswith(RARE)
            ):
                yield word + after
            family = word in self.compound or (len(word) == 1 and not kind.startswith(JOINING))
            if family and 1 <= len(after) <= 2 and next_kind.startswith(GIVEN):
                yield word + after

    def _find_names_in_slots(self, text: str) -> Iterator[str]:
        """Find words in the position of a name, between a word for a person (or the start of a clause) and a verb of
        persons, that are not ordinary words: 委托人房海明反映.
        """
        import rjieba

        for cue, who in self._slot_pattern.findall(text):
            if "某" in who or who.startswith(self.nobody) or who.endswith(self.before):
                continue
            for word, kind in rjieba.tag(who, hmm=False):
                if word in self.between or kind.startswith(PLAIN_KINDS):
                    continue
                if cue or len(word) == 1 or kind.startswith(("nr", "nz", "ns")):
                    yield who

    def _find_given_names(self, text: str) -> Iterator[str]:
        """Find words made of characters of given names, and adjacent characters that form no word: 国庆, 米粒, 者永,
        in any context. Yields nothing if the list has no such characters.
        """
        import rjieba

        if not self.given:
            return
        before = ""
        for word, _kind in rjieba.tag(_MASKED.sub(",", text), hmm=False):
            if not re.fullmatch(rf"[{_HAN}]+", word):
                before = ""
            elif len(word) == 1:
                if before and not self.single & {before, word}:
                    yield before + word
                before = word
            else:
                before = ""
                letters = set(word)
                twice = word[0] == word[1] and word[2:] in ("", "的")
                named = twice or (len(word) == 2 and letters <= self.given)
                if named and word not in self.familiar and word not in self.ordinary:
                    yield word

    @cached_property
    def _slot_pattern(self) -> re.Pattern[str]:
        cues = "|".join(sorted(self.before, key=len, reverse=True))
        end = "|".join(sorted(self.after, key=len, reverse=True))
        return re.compile(
            rf"(?:({cues})[:为是]?|^|[，,。；;:、“\"(（])([{_HAN}]{{2,4}}?)(?={end}|于\d)"
        )

    @cached_property
    def _name_pattern(self) -> str:
        letters = "".join(sorted(self.surnames))
        compound = "|".join(self.compound)
        end = "|".join((*self.ends, *self.after))
        # as short as what follows allows: 张三反映, 张三丰反映
        stop = rf"(?=\W|\d|$|{end})"
        return rf"(?:(?:{compound})[{_HAN}]{{1,2}}?|[{letters}](?!某)[{_HAN}]{{1,2}}?){stop}"

    @cached_property
    def _cued_name_pattern(self) -> re.Pattern[str]:
        """A name after a word that precedes names."""
        cues = "|".join(sorted(self.before, key=len, reverse=True))
        return re.compile(rf"(?:{cues})\s*[:为是]?\s*[“\"(]?({self._name_pattern})")

    @cached_property
    def _followed_name_pattern(self) -> re.Pattern[str]:
        """A name at the start of a clause, before a word that only follows persons."""
        end = "|".join(sorted(self.after, key=len, reverse=True))
        return re.compile(rf"(?:^|[\W\d]|[{self.joined}])({self._name_pattern})(?=\W?(?:{end}))")

    @cached_property
    def _adjacent_name_pattern(self) -> re.Pattern[str]:
        """A name listed beside an already masked one: 吴秀英、王某等人."""
        letters, compound = "".join(sorted(self.surnames)), "|".join(self.compound)
        candidate = rf"(?:(?:{compound})|[{letters}](?!某))[{_HAN}]{{1,2}}"
        return re.compile(
            rf"{candidate}(?=[、和与及][{_HAN}]{{1,2}}某)|(?<=某[、和与及])(?:{self._name_pattern})"
        )

    @cached_property
    def _lone_name_pattern(self) -> re.Pattern[str]:
        """Text between two punctuation marks that begins like a name."""
        return re.compile(
            rf"(?:^|[,，。；;、:：“\"(（])({self._name_pattern})(?=[,，。；;、”\")）]|$)"
        )


def masking_rules_hash(file: Path) -> str:
    """Hash everything a verdict depends on besides its text: persons.toml, this module, the word segmentation."""
    from double_random.publish.disclosure import identifiers

    own = [Path(str(source)).read_bytes() for source in (__file__, identifiers.__file__)]
    versions = f"{version('rjieba')} {unicodedata.unidata_version}"
    return hash_rules(file.read_bytes(), *own, versions.encode())


def _fold_case(word: str) -> str:
    """A word in capitals if it is in one case, or capitalised and longer than two letters; else unchanged."""
    title = len(word) > 2 and word.istitle()
    return word.upper() if word.islower() or word.isupper() or title else word


def _is_everyday_character(letter: str) -> bool:
    try:
        return bool(letter.encode("gb2312"))
    except UnicodeEncodeError:
        return letter == "〇"


def _is_between_numbers(text: str) -> bool:
    """Whether every dot is between numerals: 九·一八."""
    beside = re.findall(rf"(.)\s?[{_DOTS}]\s?(.)", text)
    return all(left in _COUNTED and right in _COUNTED for left, right in beside)


def _fold_width(text: str) -> str:
    """Convert full-width letters and digits to normal width; Chinese punctuation stays."""
    return "".join(
        unicodedata.normalize("NFKC", c) if c.isalnum() or c in "＠．－／　" else c for c in text
    )


def _cut_out_address(match: re.Match[str]) -> str:
    """Replace an address and keep the words that introduce it: 家住［地址］."""
    lead = re.match(r"[^省市区县镇乡路街巷弄道村]*(?:住址|地址|[住于在至到从往址])", match.group())
    return (lead.group() if lead else "") + ADDRESS


def _replace_spans(text: str, places: list[tuple[int, int]], sign: str) -> str:
    for start, end in sorted(places, reverse=True):
        text = text[:start] + sign + text[end:]
    return text


def _shorten_name(name: str, compound: tuple[str, ...]) -> str:
    family = name[:2] if name.startswith(compound) else name[:1]
    return f"{family}某"
