"""Resolves an entered id, code, licence or badge number, name, former name or unique part of a name.

An unknown entry gets "did you mean", an ambiguous one its candidates; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from double_random.core.errors import Misuse
from double_random.core.translation import _, append_note, join_clauses
from double_random.registry.institutions.names import core_name, normalize_name

LEAST_PART = 2  # Latin letters or digits of a name; a Chinese character may do alone
LEAST_DIGITS = 4  # of a code or number
SHOWN = 8  # candidates
LIKE = 0.55  # the least similarity of two names for a suggestion


@dataclass(frozen=True)
class KnownParty:
    """One institution or person: its id, its name, its further codes and numbers, its former names."""

    id: str
    name: str
    numbers: tuple[str, ...] = ()
    former: tuple[str, ...] = ()

    def __str__(self) -> str:
        number = next((text for text in self.numbers if text and text != self.id), "")
        named = " ".join(text for text in (self.id, self.name) if text)
        return append_note(named, number) if number and not self.id.endswith(number) else named


def find_matching(asked: str, candidates: Iterable[KnownParty]) -> list[KnownParty]:
    """All candidates: those with exactly this id, number or name, else those that contain it."""
    query = normalize_name(asked)
    if not query:
        return []
    everybody = list(candidates)
    exact = [candidate for candidate in everybody if asked.strip() == candidate.id] or [
        candidate
        for candidate in everybody
        if query
        in {
            normalize_name(text)
            for text in (candidate.id, *candidate.numbers, candidate.name, *candidate.former)
        }
    ]
    if exact:
        return exact
    digits = sum(letter.isdigit() for letter in query) >= LEAST_DIGITS and query.isascii()
    return [
        candidate
        for candidate in everybody
        if (
            digits
            and any(query in normalize_name(text) for text in (candidate.id, *candidate.numbers))
        )
        or (
            (len(query) >= LEAST_PART or not query.isascii())
            and any(query in normalize_name(text) for text in (candidate.name, *candidate.former))
        )
    ]


def choose_match(
    asked: str, candidates: Sequence[KnownParty], unknown: str, hint: str
) -> KnownParty:
    """The one candidate; Misuse with the candidates if there are several, else with `unknown` and similar names."""
    matches = find_matching(asked, candidates)
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise Misuse(
            _("{asked} may mean several: {count}").format(asked=asked, count=len(matches)),
            _("name one of these: {ids}").format(ids=_join_candidates(matches)),
        )
    near = find_similar(asked, candidates)
    if near:
        hint = _("did you mean {ids}").format(ids=_join_candidates(near))
    raise Misuse(unknown, hint)


def find_similar(asked: str, candidates: Iterable[KnownParty], count: int = 3) -> list[KnownParty]:
    """Those whose name, former name or number is most similar to the entry."""
    query = normalize_name(asked)
    short = core_name(query) or query
    plain = query.isascii()
    rated = []
    for candidate in candidates:
        texts = (candidate.id, *candidate.numbers) if plain else ()
        pairs = [(query, normalize_name(text)) for text in texts if text]
        pairs += [
            (short, core_name(normalize_name(name)) or normalize_name(name))
            for name in (candidate.name, *candidate.former)
        ]
        best = max((_similarity(*pair) for pair in pairs), default=0.0)
        if best >= LIKE:
            rated.append((-best, candidate.id, candidate))
    return [candidate for _best, _id, candidate in sorted(rated, key=lambda each: each[:2])[:count]]


def _similarity(a: str, b: str) -> float:
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.real_quick_ratio() < LIKE or matcher.quick_ratio() < LIKE:
        return 0.0
    return matcher.ratio()


def _join_candidates(matches: Sequence[KnownParty]) -> str:
    more = " …" if len(matches) > SHOWN else ""
    return join_clauses(str(match) for match in matches[:SHOWN]) + more
