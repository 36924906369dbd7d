"""Scenarios: sentences with the score that a policy must give, in a file that a jurist can read and extend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from double_random.core.translation import _
from double_random.credit.policy.model import Policy
from double_random.credit.policy.record_classes import load_record_classes
from double_random.credit.policy.toml_entries import TomlEntry
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord
from double_random.credit.scoring.kept_scores import load_scores

ABOUT_RECORDS = ("repair", "correction", "objection")  # decisions about another record
FIRM = "示例律师事务所"


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One sentence: these records, on this day, give this grade and these points (hundredths)."""

    name: str
    policy: str
    as_of: date
    records: tuple[MadeUpRecord, ...]
    grade: str
    points: int
    line: int


@dataclass(frozen=True)
class ScenarioOutcome:
    """A scenario and the policy's actual result."""

    scenario: Scenario
    grade: str
    points: int

    @property
    def holds(self) -> bool:
        """Whether the result is the expected one."""
        return (self.grade, self.points) == (self.scenario.grade, self.scenario.points)

    def sentence(self) -> str:
        """The outcome in words."""
        if self.holds:
            return _("holds: {name}").format(name=self.scenario.name)
        return _(
            "does not hold: {name} (line {line}): expected {grade} {points}, found {found} {given}"
        ).format(
            name=self.scenario.name,
            line=self.scenario.line,
            grade=self.scenario.grade,
            points=self.scenario.points,
            found=self.grade,
            given=self.points,
        )


def read_scenarios(path: Path) -> list[Scenario]:
    """Read the scenarios of a file; BadFile names file and line. The policy is named at the top or in each scenario."""
    top = TomlEntry.read(path)
    policy = top.text("policy", "")
    scenarios = [_read_scenario(entry, policy) for entry in top.entries("scenario")]
    top.refuse_unknown_keys()
    return scenarios


def run_scenarios(scenarios: list[Scenario], policies: dict[str, Policy]) -> list[ScenarioOutcome]:
    """Compute the scenarios under their policies, each independently of the others."""
    return [_run_scenario(scenario, policies[scenario.policy]) for scenario in scenarios]


def _read_scenario(entry: TomlEntry, policy: str) -> Scenario:
    as_of = entry.day("as_of", needed=True)
    expected = entry.entry("expected")
    if expected is None:
        entry.refuse(_("{key} is missing").format(key="expected"))
    points = expected.integer("points", needed=True)
    assert as_of is not None and points is not None
    scenario = Scenario(
        name=entry.text("name"),
        policy=entry.text("policy", policy),
        as_of=as_of,
        records=_read_cases(entry),
        grade=expected.text("grade"),
        points=points,
        line=entry.line(),
    )
    expected.refuse_unknown_keys()
    entry.refuse_unknown_keys()
    return scenario


def _read_cases(entry: TomlEntry) -> tuple[MadeUpRecord, ...]:
    """The records of a scenario; BadFile if one occurs twice: with the same document number, or the same content."""
    cases: list[MadeUpRecord] = []
    first_lines: dict[object, int] = {}
    for record in entry.entries("records"):
        line, case = record.line(), _read_case(record)
        keys: list[object] = [case.id]
        if case.document and case.record_class in ("penalty", "sanction"):  # conflicts.py
            keys.append((case.record_class, case.document))
        for key in keys:
            if key in first_lines:
                entry.refuse_line(
                    line,
                    _("this record stands already in line {line}").format(line=first_lines[key]),
                    _("give each record a document number of its own"),
                )
            first_lines[key] = line
        cases.append(case)
    return tuple(cases)


def _read_case(entry: TomlEntry) -> MadeUpRecord:
    classes = load_record_classes()
    record_class = entry.choice("class", (*classes, *ABOUT_RECORDS))
    usual = classes[record_class].states[0] if record_class in classes else "decided"
    case = MadeUpRecord(
        institution=FIRM,
        record_class=record_class,
        decided=entry.day("decided"),
        kinds=entry.texts("kinds", ()),
        state=entry.text("state", usual),
        ends=entry.day("ends"),
        document=entry.text("document", "") or None,
        related=entry.text("related", "") or None,
        fine=entry.integer("fine"),
    )
    entry.refuse_unknown_keys()
    return case


def _run_scenario(scenario: Scenario, policy: Policy) -> ScenarioOutcome:
    with Casebook() as book:
        book.add_institution(FIRM, policy.subjects[0])
        book.add_cases(scenario.records)
        ((_firm, points, grade),) = load_scores(book, scenario.as_of, policy).rows()
    return ScenarioOutcome(scenario, grade, points)
