"""Three years of the fictitious bureau: plainly fictitious, in the size of a district, free of contradictions."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from double_random.demo.bureau import BRANCH, FIRM, FORENSIC, NOTARY, SampleBureau
from double_random.demo.years import FIRST_DAY, LAST_DAY, sample_bureau


@pytest.fixture(scope="module")
def made() -> SampleBureau:
    return sample_bureau()


def test_every_name_is_plainly_fictitious(made: SampleBureau) -> None:
    names = [name for one in made.institutions for _, name in one.names]
    names += [permit.head for permit in made.permits]
    names += [inspector.name for inspector in made.inspectors]
    names += [permit.address for permit in made.permits]
    assert all("示例" in name for name in names)
    assert len({one.name for one in made.institutions}) == len(made.institutions)


def test_no_name_is_that_of_a_known_institution(made: SampleBureau, shared: Path) -> None:
    known = (shared / "reference" / "institution_names.csv").read_text("utf-8")
    known += (shared / "reference" / "firm_short_and_full_names.txt").read_text("utf-8")
    for one in made.institutions:
        for _, name in one.names:
            assert name.replace("示例市", "").replace("示例", "") not in known


def test_the_bureau_has_the_size_of_a_district(made: SampleBureau) -> None:
    left = {
        kind.noun: len(made.existing_of_kind(kind)) for kind in (FIRM, BRANCH, NOTARY, FORENSIC)
    }
    assert left == {"律师事务所": 140, "律师事务所分所": 12, "公证机构": 6, "司法鉴定机构": 8}


def test_three_years_of_records(made: SampleBureau) -> None:
    days = [penalty.day for penalty in made.penalties] + [c.day for c in made.complaints]
    assert min(day.year for day in days) == 2023 and max(day.year for day in days) == 2026
    assert all(
        paper.day <= LAST_DAY for paper in (*made.permits, *made.penalties, *made.complaints)
    )
    assert all(penalty.day >= FIRST_DAY for penalty in made.penalties)


def test_nobody_is_punished_or_complained_about_before_it_was_founded_or_after_its_end(
    made: SampleBureau,
) -> None:
    for paper in (*made.penalties, *made.complaints):
        one = paper.institution
        assert one.founded <= paper.day <= (one.ended or LAST_DAY)


def test_one_firm_is_suspended_on_the_last_day(made: SampleBureau) -> None:
    suspended = [p for p in made.penalties if "停业整顿" in p.kinds and p.day <= LAST_DAY < p.ends]
    assert len(suspended) == 1


def test_complaints_that_became_a_penalty_name_it(made: SampleBureau) -> None:
    became = [complaint for complaint in made.complaints if complaint.became]
    assert len(became) == 6
    for complaint in became:
        assert complaint.became is not None and complaint.decided is not None
        assert complaint.outcome == "查实"
        assert complaint.institution is complaint.became.institution
        assert complaint.decided < complaint.became.day


def test_fourteen_inspectors_are_on_duty_and_four_of_them_are_one_section(
    made: SampleBureau,
) -> None:
    on_duty = [inspector for inspector in made.inspectors if inspector.on_duty]
    assert len(on_duty) == 14 and len(made.inspectors) == 15
    section = [inspector for inspector in on_duty if inspector.unit.endswith("律师工作科")]
    assert Counter(inspector.lead for inspector in section) == {True: 2, False: 2}
    assert all("律师" in inspector.speciality for inspector in on_duty)


def test_nobody_recused_leaves_a_firm_without_a_group(made: SampleBureau) -> None:
    """Two of the section may never be recused from the same firm, else no fixed group could go there."""
    firms = [one.code for _, one, _ in made.recusals]
    assert len(firms) == len(set(firms)) == 10


def test_the_bureau_is_the_same_on_every_call(made: SampleBureau) -> None:
    assert sample_bureau() == made


def test_papers_are_numbered_within_their_year_in_the_order_of_days(made: SampleBureau) -> None:
    for papers in (made.permits, made.penalties, made.complaints):
        documents = [paper.document for paper in papers]
        assert all(documents) and len(set(documents)) == len(documents)
    first = min(made.penalties, key=lambda penalty: penalty.day)
    assert first.document == f"示例司罚决字〔{first.day.year}〕1号"
