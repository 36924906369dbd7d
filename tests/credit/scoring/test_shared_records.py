"""Records that count for another party too, held against a plain second program on random lives and records."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from double_random.core.errors import BadFile
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.model import Policy
from double_random.credit.scoring.explanation import explain_score
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord
from double_random.credit.scoring.kept_scores import load_scores
from tests.thorough import examples

AS_OF = date(2016, 12, 31)
FIRMS = ("甲", "乙", "丙")
PERSONS = ("P:1", "P:2", "P:3")
PARTS = ("1/4", "1/2", "1/1")
CAPS = (-3_00, -9_00, None)
POLICY = """
format = "double-random/policy/1"
id = "示例"
title = "示例"
purpose = "风险分类"
subjects = ["{subject}"]
from = 2000-01-01
ignored = ["sanction", "annual_check", "assessment", "commendation", "inspection"]

[[scale]]
from = 2000-01-01
base = 100_00
floor = 0
grades = [{{ grade = "A", from = 50_00 }}, {{ grade = "B" }}]
reference = "示例"
confirmed = false

[[group]]
id = "all"
title = "示例"
[[group.value]]
from = 2000-01-01
cap = -60_00
reference = "示例"
confirmed = false

[[rule]]
id = "penalty"
title = "处罚"
class = "penalty"
group = "all"
[[rule.value]]
from = 2000-01-01
steps = [{{ months = 12, points = -8_00 }}, {{ months = 24, points = -4_00 }}]
reference = "示例"
confirmed = false

[[rule]]
id = "complaint"
title = "投诉"
class = "complaint"
group = "all"
[[rule.value]]
from = 2000-01-01
steps = [{{ months = 18, points = {complaint} }}]
reference = "示例"
confirmed = false

[[shared]]
id = "others"
title = "他方的记录"
of = "{of}"
[[shared.value]]
from = 2000-01-01
share = "{part}"
{cap}
reference = "示例"
confirmed = false
"""


def policy(
    folder: Path, part: str = "1/4", cap: int | None = -3_00, of: str = "practitioners", **said: str
) -> Policy:
    text = POLICY.format(
        part=part,
        cap="" if cap is None else f"cap = {cap}",
        of=of,
        subject=said.get("subject", "law_firm" if of == "practitioners" else "lawyer"),
        complaint=said.get("complaint", "-12_00"),
    )
    file = folder / "示例.toml"
    file.write_text(text, "utf-8")
    return read_policy(file)


@dataclass(frozen=True)
class Case:
    """A record of a firm or a person; `about`: of a complaint, the document that it became."""

    owner: str
    record_class: str
    decided: date
    conducted: date | None
    document: str
    about: str | None


# Few days, and days beside them, so that moves, conduct and decisions fall together.
days = st.sampled_from(
    [
        date(2014, 12, 31) + timedelta(days=span)
        for span in (0, 1, 2, 183, 365, 366, 546, 547, 700, 701)
    ]
)
cases = st.builds(
    Case,
    owner=st.sampled_from((*FIRMS, *PERSONS)),
    record_class=st.sampled_from(("penalty", "penalty", "complaint")),
    decided=days,
    conducted=st.none() | days,
    document=st.sampled_from([f"示{n}号" for n in range(8)]),
    about=st.none() | st.sampled_from([f"示{n}号" for n in range(8)]),
)
moves = st.lists(st.tuples(st.sampled_from(FIRMS), days), min_size=0, max_size=3)


@contextmanager
def book_of(
    some: list[Case],
    lives: dict[str, list[tuple[str, date | None, date | None]]],
    heads: dict[str, str] | None = None,
) -> Iterator[Casebook]:
    """Firms and persons with these posts (firm, since, until) and records, as the register would have them."""
    schema = files("double_random.registry.practitioners").joinpath("schema.sql")
    with Casebook() as book:
        book.connection.execute(schema.read_text("utf-8"))
        book.add_institutions(FIRMS, "law_firm")
        for firm, head in (heads or {}).items():
            book.connection.execute("UPDATE institutions SET head = ? WHERE id = ?", [head, firm])
        for id_ in PERSONS:
            book.connection.execute(
                """INSERT INTO practitioners (id, kind, category, name, folded, licence, status, valid_from, known_from)
                   VALUES (?, 'lawyer', '', ?, ?, ?, 'active', DATE '2000-01-01', 0)""",
                [id_, f"示例{id_[2:]}", f"示例{id_[2:]}", id_[2:]],
            )
            for firm, since, until in lives.get(id_, []):
                book.connection.execute(
                    "INSERT INTO employment VALUES (?, ?, ?, ?, '', 0, NULL)",
                    [id_, firm, since, until],
                )
        records = [
            MadeUpRecord(
                institution=case.owner,
                record_class=case.record_class,
                kinds=("warning",) if case.record_class == "penalty" else (),
                state="decided" if case.record_class == "penalty" else "upheld",
                decided=case.decided,
                document=case.document if case.record_class == "penalty" else f"诉{at}",
                related=case.about if case.record_class == "complaint" else None,
            )
            for at, case in enumerate(some)
        ]
        book.add_cases(records)
        for case, record in zip(some, records, strict=True):
            if case.owner in PERSONS:
                book.connection.execute(
                    "INSERT INTO person_claims (claim, conducted, day, known_from) VALUES (?, ?, ?, 1)",
                    [record.id, case.conducted, case.decided],
                )
        yield book


def lasts(decided: date, months: int) -> bool:
    """Whether a period from a day still runs on the as-of day."""
    index = decided.year * 12 + decided.month - 1 + months
    year, month = divmod(index, 12)
    last = date(year, month + 1, min(decided.day, monthrange(year, month + 1)[1]))
    return last >= AS_OF


def points_of(case: Case) -> int:
    if case.record_class == "complaint":
        return -12_00 if lasts(case.decided, 18) else 0
    return -8_00 if lasts(case.decided, 12) else -4_00 if lasts(case.decided, 24) else 0


def sum_up(some: list[Case], part: Fraction) -> Fraction:
    """All points of one owner's records, where complaints cost what they cost above the penalty that they became."""
    total = Fraction(0)
    numbers = {case.about for case in some if case.record_class == "complaint"}
    for number in numbers:
        complaints = sum(
            points_of(c) for c in some if c.record_class == "complaint" and c.about == number
        )
        penalties = sum(
            points_of(c) for c in some if c.record_class == "penalty" and c.document == number
        )
        total += min(0, complaints - penalties) if number is not None else complaints
    total += sum(points_of(case) for case in some if case.record_class == "penalty")
    return total * part


def plain_score(
    firm: str,
    some: list[Case],
    lives: dict[str, list[tuple[str, date | None, date | None]]],
    part: str,
    cap: int | None,
) -> Fraction:
    """The second program: own records under their cap, those of its persons under theirs, added."""
    own = [case for case in some if case.owner == firm]
    shared = Fraction(0)
    for person in PERSONS:
        stays = []
        for case in some:
            day = case.conducted or case.decided - timedelta(days=1)
            there = [
                (since or date.min, place)
                for place, since, until in lives.get(person, [])
                if (since is None or since <= day) and (until is None or until > day)
            ]
            both = any(
                case.record_class == mine.record_class == "penalty"
                and mine.document == case.document
                for mine in own
            )
            if case.owner == person and there and max(there)[1] == firm and not both:
                stays.append(case)
        shared += sum_up(stays, Fraction(part))
    shared = shared if cap is None else max(shared, Fraction(cap))
    return max(Fraction(0), 100_00 + max(Fraction(-60_00), sum_up(own, Fraction(1))) + shared)


@settings(
    max_examples=examples(25, 150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    some=st.lists(cases, max_size=12),
    walks=st.tuples(moves, moves, moves),
    part=st.sampled_from(PARTS),
    cap=st.sampled_from(CAPS),
)
def test_a_firms_score_is_its_own_records_and_its_persons_by_the_rule(
    tmp_path: Path,
    some: list[Case],
    walks: tuple[list[tuple[str, date]], ...],
    part: str,
    cap: int | None,
) -> None:
    unique: dict[tuple[str, str, str], Case] = {}
    for case in some:  # one decision stands once for each party
        key = case.document if case.record_class == "penalty" else str(len(unique))
        unique.setdefault((case.owner, case.record_class, key), case)
    kept = list(unique.values())
    lives = {}
    for person, walk in zip(PERSONS, walks, strict=True):
        ordered = sorted({day: firm for firm, day in walk}.items())
        ends = [*(day for day, _firm in ordered[1:]), None]
        lives[person] = [(firm, day, end) for (day, firm), end in zip(ordered, ends, strict=False)]
    with book_of(kept, lives) as book:
        scores = load_scores(book, AS_OF, policy(tmp_path, part, cap))
        got = dict(scores.select("institution", "points").iter_rows())
    assert got == {firm: plain_score(firm, kept, lives, part, cap) for firm in FIRMS}


def penalty(owner: str, document: str = "示1号", conducted: date | None = None) -> Case:
    return Case(owner, "penalty", date(2016, 6, 1), conducted, document, None)


def test_a_mover_takes_nothing_to_the_new_firm_and_the_explanation_names_whom(
    tmp_path: Path,
) -> None:
    lives = {"P:1": [("甲", None, date(2016, 6, 1)), ("乙", date(2016, 6, 1), None)]}
    with book_of([penalty("P:1")], lives) as book:
        rule = policy(tmp_path)
        assert [row[1] for row in load_scores(book, AS_OF, rule).rows()] == [100_00, 100_00, 98_00]
        explained = explain_score(book, "甲", AS_OF, rule)
        (line,) = [line for line in explained.lines if line.part == "shared"]
        assert (line.points, line.party, line.party_name, line.party_day) == (
            -2_00,
            "P:1",
            "示例1",
            date(2016, 6, 1),
        )
        assert sum(line.points for line in explained.lines) == explained.points == 98_00


def test_the_cap_is_a_line_of_its_own(tmp_path: Path) -> None:
    lives = {"P:1": [("甲", None, None)]}
    with book_of([penalty("P:1", f"示{n}号") for n in range(3)], lives) as book:
        lines = explain_score(book, "甲", AS_OF, policy(tmp_path)).lines
    assert [(line.part, line.points) for line in lines][-1] == ("shared cap", 3_00)


def test_one_decision_against_both_counts_once(tmp_path: Path) -> None:
    with book_of([penalty("P:1"), penalty("甲")], {"P:1": [("甲", None, None)]}) as book:
        (line,) = explain_score(book, "甲", AS_OF, policy(tmp_path)).lines[1:]
    assert (line.part, line.points, line.party) == ("record", -8_00, None)


def test_a_repaired_record_is_a_repaired_record_at_the_firm_too(tmp_path: Path) -> None:
    with book_of([penalty("P:1")], {"P:1": [("甲", None, None)]}) as book:
        undone = MadeUpRecord(
            institution="P:1", record_class="correction", kinds=("revoked",), state="decided",
            decided=date(2016, 8, 1), document="改1号", related="示1号",
        )  # fmt: skip
        book.add_cases([undone])
        book.connection.execute(
            "INSERT INTO person_claims (claim, day, known_from) VALUES (?, ?, 1)",
            [undone.id, undone.decided],
        )
        assert len(explain_score(book, "甲", AS_OF, policy(tmp_path)).lines) == 1


def test_a_firms_record_counts_for_its_head_of_that_day(tmp_path: Path) -> None:
    lives = {"P:1": [("甲", None, None)], "P:2": [("甲", None, None)], "P:3": [("乙", None, None)]}
    heads = {
        "甲": "示例1",
        "乙": "示例1",
    }  # who heads a firm without being in it is another person of that name
    with book_of([penalty("甲"), penalty("乙", "示2号")], lives, heads) as book:
        rule = policy(tmp_path, of="institution")
        assert [row[1] for row in load_scores(book, AS_OF, rule).rows()] == [98_00, 100_00, 100_00]
        (line,) = explain_score(book, "P:1", AS_OF, rule).lines[1:]
    assert (line.part, line.party, line.party_day) == ("shared", "甲", date(2016, 6, 1))


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"part": "1/7"}, "no whole number"),
        ({"part": "3/2"}, "a share is a fraction up to one"),
        ({"part": "0.25"}, "a share is a fraction up to one"),
        ({"cap": 5_00}, "negative"),
        ({"of": "institution", "subject": "law_firm"}, "cannot share"),
    ],
)
def test_what_cannot_be_shared_is_refused(tmp_path: Path, said: dict[str, str], fault: str) -> None:
    with pytest.raises(BadFile, match=fault):
        policy(tmp_path, **said)  # type: ignore[arg-type]
