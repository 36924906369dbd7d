"""Identifiers (标识): cleaned, placeholders removed, damaged and personal numbers refused, the form checked.

The rules are data (data/identifiers.toml); every pattern is applied to the folded text (`credit_codes.fold_code`).
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core import toml_reader
from double_random.core.toml_reader import (
    TEXT,
    TEXTS,
    WORD,
    WORDS,
    List,
    Pattern,
    Table,
    Text,
    WholeNumber,
)
from double_random.intake import credit_codes, reasons
from double_random.intake.parsed_column import ParsedColumn

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import polars as pl

ANY = Pattern(groups=0)
DRESSING = List(Table({"pattern": ANY, "to": TEXT}))
FILE = Table(
    {
        "reference": WORD,
        "nothing": WORDS,
        "nothing_in_names": TEXTS,
        "marks": DRESSING,
        "ruined": List(ANY),
        "numbers": DRESSING,
        "thousands": ANY,
        "personal": List(
            Table(
                {"code": WORD, "pattern": ANY, "day": WholeNumber(0, 17), "reference": WORD},
                {"check": Text(choices=("GB 11643",))},
            )
        ),
        "form": List(
            Table(
                {"code": WORD, "zh": WORD, "columns": WORDS, "reference": WORD},
                {
                    "check": Text(choices=("GB 32100",)),
                    "never": List(ANY),
                    "shape": List(
                        Table({"pattern": ANY, "reference": WORD}, {"kind": TEXT}), least=1
                    ),
                },
            )
        ),
    },
)
PLAIN = "^[0-9A-Z]*[1-9A-Z][0-9A-Z]*$"  # needs no cleaning
BLANK = r"^[0\p{P}\p{S}]*$"  # nothing but zeros and punctuation
NUMBER_WITHIN = "(?:^|[^0-9])([0-9]{15}|[0-9]{17}[0-9X])(?:$|[^0-9])"
LAYERS = 4  # nested layers that are removed


@dataclass(frozen=True)
class PersonalNumberKind:
    """A kind of personal number (公民身份号码): its pattern, the index and length of its day."""

    code: str
    pattern: str
    day: int
    check: str = ""


@dataclass(frozen=True)
class IdentifierForm:
    """The form of one kind of identifier: one of `shape`, none of `never`; `check` names its check character's rule."""

    code: str
    columns: tuple[str, ...]
    shape: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    check: str = ""


@dataclass(frozen=True, kw_only=True)
class Identifiers:
    """The rules of data/identifiers.toml; `confirmed`: codes that a person has confirmed although the check fails."""

    nothing: tuple[str, ...]
    nothing_in_names: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]
    ruined: tuple[str, ...]
    numbers: tuple[tuple[str, str], ...]
    thousands: str
    personal: tuple[PersonalNumberKind, ...]
    forms: tuple[IdentifierForm, ...]
    confirmed: tuple[str, ...] = ()

    def find_form(self, noun: str, column: str) -> IdentifierForm | None:
        """The form of a noun's column; None if it has none."""
        for name in (f"{noun}.{column}", column):
            for form in self.forms:
                if name in form.columns:
                    return form
        return None


def load_identifiers(path: Path, confirmed: Collection[str] = ()) -> Identifiers:
    """The rules of a file. BadFile names file and line if it is not sound."""
    table = toml_reader.read_toml(path, FILE)
    return Identifiers(
        nothing=tuple(credit_codes.fold_code_text(word) for word in table["nothing"]),
        nothing_in_names=tuple(
            credit_codes.fold_code_text(word) for word in table["nothing_in_names"]
        ),
        marks=tuple((entry["pattern"], entry["to"]) for entry in table["marks"]),
        ruined=tuple(table["ruined"]),
        numbers=tuple((entry["pattern"], entry["to"]) for entry in table["numbers"]),
        thousands=table["thousands"],
        personal=tuple(
            PersonalNumberKind(
                entry["code"], entry["pattern"], entry["day"], entry.get("check", "")
            )
            for entry in table["personal"]
        ),
        forms=tuple(_build_form(entry) for entry in table["form"]),
        confirmed=tuple(sorted(confirmed)),
    )


def _build_form(entry: dict[str, Any]) -> IdentifierForm:
    return IdentifierForm(
        entry["code"],
        tuple(entry["columns"]),
        tuple(shape["pattern"] for shape in entry.get("shape", [])),
        tuple(entry.get("never", [])),
        entry.get("check", ""),
    )


def read_identifiers(
    texts: pl.Series, rules: Identifiers, form: IdentifierForm | None
) -> ParsedColumn:
    """A column of identifiers: the normalised value, null if the cell states that there is none."""
    import polars as pl

    value, ruined = undress_identifiers(texts, rules)
    is_code = form is not None and form.check == "GB 32100"
    empty = means_nothing(value, rules)
    if is_code:  # eighteen zeros are not a placeholder: they imitate a code
        empty = empty & ~(value.str.contains("^0+X*$") & (value.str.len_chars() > 17))
    value = value.set(empty & ~ruined, None)
    fault = pl.Series([None], dtype=pl.String).new_from_index(0, value.len())
    if is_code:
        judged = pl.select(credit_codes.code_fault_expression(pl.lit(value))).to_series()
        right = (judged == reasons.CHECK_DIGIT) & value.is_in(list(rules.confirmed))
        fault = judged.set(right.fill_null(False), None)
    elif form is not None:
        fault = fault.set(~_matches_form(value, form), reasons.NOT_OF_THE_FORM)
    kinds = [kind for kind in rules.personal if not (is_code and kind.check)]  # that check is done
    fault = fault.set(find_personal_numbers(value, kinds), reasons.PERSONAL_NUMBER)
    fault = fault.set(ruined, reasons.DIGITS_LOST)
    return ParsedColumn.from_values(value, fault.set(value.is_null(), None))


def undress_identifiers(texts: pl.Series, rules: Identifiers) -> tuple[pl.Series, pl.Series]:
    """Folded texts without additions by programs, and which of them have lost digits."""
    import polars as pl

    if texts.str.contains("&", literal=True).any():
        texts = texts.map_elements(html.unescape, return_dtype=pl.String)
    value = pl.select(credit_codes.fold_code(pl.lit(texts))).to_series()
    ruined = pl.Series([False]).new_from_index(0, value.len())
    odd = ~value.str.contains(PLAIN).fill_null(True)
    odd = odd | value.str.contains("^[0-9]+E[0-9]+$").fill_null(False)
    if not odd.any():
        return value, ruined
    some = value.filter(odd)
    for _layer in range(LAYERS):
        before = some
        for pattern, to in rules.marks:
            some = some.str.replace(pattern, to)
        if before.equals(some):
            break
    lost = pl.Series([False]).new_from_index(0, some.len())
    for pattern in rules.ruined:
        lost = lost | some.str.contains(pattern)
    split = some.str.contains(rules.thousands) & ~lost
    if split.any():
        digits = some.filter(split).str.replace(r"\.0*$", "").str.replace_all("[^0-9]", "")
        some = some.scatter(split.arg_true(), digits)
    for pattern, to in rules.numbers:
        some = some.str.replace(pattern, to)
    at = odd.arg_true()
    return value.scatter(at, some), ruined.scatter(at, lost)


def means_nothing(value: pl.Series, rules: Identifiers, name: bool = False) -> pl.Series:
    """Which folded texts state that there is no number, or no name."""
    words = [*rules.nothing, *(rules.nothing_in_names if name else ())]
    matches = value.is_in(words) | value.str.contains(BLANK)
    return matches.fill_null(True)


def clear_empty_names(texts: pl.Series, rules: Identifiers) -> pl.Series:
    """A column of names, null if a cell states that there is no name (暂无, nan, （空）)."""
    import polars as pl

    values = texts.drop_nulls().unique()
    short = values.filter(values.str.len_chars() <= 20)
    plain = pl.select(credit_codes.fold_code(pl.lit(short))).to_series()
    plain = plain.str.replace_all(r"^[\[\](){}<>〈〉《》「」『』【】〔〕\"'“”‘’]+", "")
    plain = plain.str.replace_all(r"[\[\](){}<>〈〉《》「」『』【】〔〕\"'“”‘’。.]+$", "")
    empty = short.filter(means_nothing(plain, rules, name=True))
    if not empty.len():
        return texts
    return texts.set(texts.is_in(empty.implode()).fill_null(False), None)


def find_personal_numbers(value: pl.Series, kinds: Sequence[PersonalNumberKind]) -> pl.Series:
    """Which folded texts are, or contain, a person's number: shape, day, and the check character if it has one."""
    import polars as pl

    flags = pl.Series([False]).new_from_index(0, value.len())
    long = value.str.len_chars().fill_null(0) >= 15
    if not long.any():
        return flags
    run = value.filter(long).str.extract(NUMBER_WITHIN, 1)
    for kind in kinds:
        like = run.str.contains(kind.pattern).fill_null(False)
        if like.any():
            at = long.arg_true().filter(like)
            judged = [is_personal(text, kind) for text in run.filter(like)]
            flags = flags.scatter(at, flags.gather(at) | pl.Series(judged, dtype=pl.Boolean))
    return flags


def is_personal(text: str, kind: PersonalNumberKind) -> bool:
    """Whether a folded text that fits the kind's pattern is such a number."""
    if not re.match(kind.pattern, text):
        return False
    length, form = (8, "%Y%m%d") if len(text) == 18 else (6, "%y%m%d")
    try:
        datetime.strptime(text[kind.day : kind.day + length], form)
    except ValueError:
        return False
    if kind.check != "GB 11643" or credit_codes.resident_check_character(text[:17]) == text[17]:
        return True
    return bool(credit_codes.check_fault(text))


def _matches_form(value: pl.Series, form: IdentifierForm) -> pl.Series:
    """Which values have one of the form's shapes and none of its excluded patterns."""
    import polars as pl

    fits = pl.Series([not form.shape]).new_from_index(0, value.len())
    for shape in form.shape:
        if fits.all():
            break
        fits = fits | value.str.contains(shape).fill_null(False)
    for never in form.never:
        fits = fits & ~value.str.contains(never).fill_null(False)
    return fits
