"""Simulated histories: fair ones, and ones with the defects of systems in use. Chance by a seed, for tests alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from double_random.inspection.bias_tests.history import ListRow, RoundHistory

Chosen = Callable[[Random, int, int], list[int]]
Sent = Callable[[Random, int, int], list[tuple[int, ...]]]


def fairly(random: Random, rows: int, drawn: int) -> list[int]:
    """Every choice equally likely."""
    return random.sample(range(rows), drawn)


GRADES = "ABC"


def by_grade(random: Random, rows: int, drawn: int) -> list[int]:
    """Three grades, the worst drawn three times as often as the best; equal chances within a grade."""
    shares = [drawn // 6, drawn // 3, drawn - drawn // 6 - drawn // 3]
    return [
        place
        for grade, share in enumerate(shares)
        for place in random.sample(range(grade, rows, len(GRADES)), share)
    ]


def counting_off(random: Random, rows: int, drawn: int) -> list[int]:
    """跳号: a start in the whole list, a step of rows/drawn to its end; what is then lacking, at random."""
    found = list(range(random.randrange(rows), rows, rows // drawn))[:drawn]
    rest = sorted(set(range(rows)) - set(found))
    return found + random.sample(rest, drawn - len(found))


def floored_step(random: Random, rows: int, drawn: int) -> list[int]:
    """A step of floor(rows/drawn), a start within the first step: the end of the list is never reached."""
    step = rows // drawn
    start = random.randrange(step)
    return [start + step * place for place in range(drawn)]


def any_two(random: Random, visits: int, inspectors: int) -> list[tuple[int, ...]]:
    """Each visit two inspectors, all pairs equally likely."""
    return [tuple(random.sample(range(inspectors), 2)) for _ in range(visits)]


def even_load(random: Random, visits: int, inspectors: int) -> list[tuple[int, ...]]:
    """Two inspectors each, and everybody as often as the others, as far as it goes."""
    while True:
        seats: list[int] = []
        while len(seats) < 2 * visits:
            seats += random.sample(range(inspectors), inspectors)
        seats = seats[: 2 * visits]
        random.shuffle(seats)
        for _ in range(100):
            same = [place for place in range(0, 2 * visits, 2) if seats[place] == seats[place + 1]]
            if not same:
                return [tuple(seats[place : place + 2]) for place in range(0, 2 * visits, 2)]
            for place in same:
                other = random.randrange(2 * visits)
                seats[place], seats[other] = seats[other], seats[place]


def lead_and_member(random: Random, visits: int, inspectors: int) -> list[tuple[int, ...]]:
    """主办 from the first third of the list, 协办 from the others."""
    leads = max(2, inspectors // 3)
    return [(random.randrange(leads), random.randrange(leads, inspectors)) for _ in range(visits)]


def one_offset(random: Random, visits: int, inspectors: int) -> list[tuple[int, ...]]:
    """One random offset a round, then in turn: each visit the next two of the list."""
    start = random.randrange(inspectors)
    return [
        ((start + 2 * place) % inspectors, (start + 2 * place + 1) % inspectors)
        for place in range(visits)
    ]


def two_offsets(random: Random, visits: int, inspectors: int) -> list[tuple[int, ...]]:
    """An offset each for 主办 and 协办, then both lists in turn."""
    half = inspectors // 2
    first, second = random.randrange(half), random.randrange(inspectors - half)
    return [
        ((first + place) % half, half + (second + place) % (inspectors - half))
        for place in range(visits)
    ]


def rows(
    seed: int,
    chosen: Chosen = fairly,
    sent: Sent = any_two,
    listed: int = 300,
    drawn: int = 30,
    rounds: int = 20,
    offices: int = 10,
    inspectors: int = 12,
) -> Iterator[ListRow]:
    """The rows of a history: lists sorted by office, as registers are."""
    random = Random(seed)
    for number in range(rounds):
        picked = sorted(chosen(random, listed, drawn))
        teams = dict(zip(picked, sent(random, len(picked), inspectors), strict=True))
        for place in range(listed):
            yield ListRow(
                round=f"示例第{number + 1}次",
                institution=f"示例机构{place:05}",
                drawn=place in teams,
                team=tuple(f"示例检查员{one:03}" for one in teams.get(place, ())),
                office=f"示例区{place * offices // listed:02}" if offices else "",
                group=GRADES[place % len(GRADES)] if chosen is by_grade else "",
            )


def history(seed: int, **how: object) -> RoundHistory:
    """The same as a history."""
    return RoundHistory.from_rows(list(rows(seed, **how)))  # type: ignore[arg-type]
