"""Resolves an entered id, code, licence or badge number, name, former name or unique part of a name.

An unknown entry gets "did you mean", an ambiguous one its candidates; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from double_random.core.errors import Misuse
from double_random.core.translation import _, clauses, noted
from double_random.registry.institutions.names import core, fold

LEAST_PART = 2  # Latin letters or digits of a name; a Chinese character may do alone
LEAST_DIGITS = 4  # of a code or number
SHOWN = 8  # candidates
LIKE = 0.55  # the least similarity of two names for a suggestion


@dataclass(frozen=True)
class Known:
    """One institution or person: its id, its name, its further codes and numbers, its former names."""

    id: str
    name: str
    numbers: tuple[str, ...] = ()
    former: tuple[str, ...] = ()

    def __str__(self) -> str:
        number = next((one for one in self.numbers if one and one != self.id), "")
        named = " ".join(one for one in (self.id, self.name) if one)
        return noted(named, number) if number and not self.id.endswith(number) else named


def matching(asked: str, known: Iterable[Known]) -> list[Known]:
    """All candidates: those with exactly this id, number or name, else those that contain it."""
    wanted = fold(asked)
    if not wanted:
        return []
    everybody = list(known)
    exact = [one for one in everybody if asked.strip() == one.id] or [
        one
        for one in everybody
        if wanted in {fold(text) for text in (one.id, *one.numbers, one.name, *one.former)}
    ]
    if exact:
        return exact
    digits = sum(letter.isdigit() for letter in wanted) >= LEAST_DIGITS and wanted.isascii()
    return [
        one
        for one in everybody
        if (digits and any(wanted in fold(text) for text in (one.id, *one.numbers)))
        or (
            (len(wanted) >= LEAST_PART or not wanted.isascii())
            and any(wanted in fold(text) for text in (one.name, *one.former))
        )
    ]


def choose(asked: str, known: Sequence[Known], unknown: str, hint: str) -> Known:
    """The one candidate; Misuse with the candidates if there are several, else with `unknown` and similar names."""
    found = matching(asked, known)
    if len(found) == 1:
        return found[0]
    if found:
        raise Misuse(
            _("{asked} may mean several: {count}").format(asked=asked, count=len(found)),
            _("name one of these: {ids}").format(ids=_listed(found)),
        )
    near = like(asked, known)
    if near:
        hint = _("did you mean {ids}").format(ids=_listed(near))
    raise Misuse(unknown, hint)


def like(asked: str, known: Iterable[Known], count: int = 3) -> list[Known]:
    """Those whose name, former name or number is most similar to the entry."""
    wanted = fold(asked)
    short = core(wanted) or wanted
    plain = wanted.isascii()
    rated = []
    for one in known:
        texts = (one.id, *one.numbers) if plain else ()
        pairs = [(wanted, fold(text)) for text in texts if text]
        pairs += [(short, core(fold(name)) or fold(name)) for name in (one.name, *one.former)]
        best = max((_likeness(*pair) for pair in pairs), default=0.0)
        if best >= LIKE:
            rated.append((-best, one.id, one))
    return [one for _best, _id, one in sorted(rated, key=lambda each: each[:2])[:count]]


def _likeness(a: str, b: str) -> float:
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.real_quick_ratio() < LIKE or matcher.quick_ratio() < LIKE:
        return 0.0
    return matcher.ratio()


def _listed(found: Sequence[Known]) -> str:
    more = " …" if len(found) > SHOWN else ""
    return clauses(str(one) for one in found[:SHOWN]) + more
