"""Shows the explanation of a score on the terminal: from the base, line by line, to points and grade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from double_random.core.points import format_points, format_signed_points
from double_random.core.translation import N_, _, join_words
from double_random.core.vocabulary import RECORD, code_word
from double_random.publish.disclosure.sanitise import to_terminal_line

if TYPE_CHECKING:
    from double_random.credit.policy.model import InForce
    from double_random.credit.reports.credit_file import CreditFile
    from double_random.credit.scoring.explanation import Explanation, Line

PARTS = {
    "base": N_("everybody starts with"),
    "record": "",
    "repeat": N_("a repeat"),
    "pair": N_("became a penalty, the dearer one counts"),
    "rule cap": N_("cap of the rule"),
    "group cap": N_("cap of the group"),
    "shared": N_("another party's record"),
    "shared pair": N_("another party's complaint, beside its penalty"),
    "shared cap": N_("cap of other parties' records"),
    "limit": N_("limit of the scale"),
    "veto": N_("veto: the grade, whatever the points"),
}
WIDTH = 24  # of the bar, in characters


def score_heading(explanation: Explanation) -> str:
    """One line with institution, day, points, grade and policy."""
    return _(
        "{name} ({id}) as of {day}: {score} points, grade {grade}; {title} ({purpose})"
    ).format(
        name=explanation.name,
        id=explanation.institution,
        day=explanation.as_of,
        score=format_points(explanation.points),
        grade=explanation.grade,
        title=explanation.title,
        purpose=explanation.purpose,
    )


def repair_sentences(file: CreditFile, rules: InForce) -> list[str]:
    """One sentence for each repaired record: whether this policy still deducts points, and by which clause."""
    clause = rules.repair
    if clause is None:
        effect = _("this policy does not say what a repair does, so the record still counts")
    elif clause.effect == "dropped":
        effect = _("it costs no points any more, by {reference}").format(reference=clause.reference)
    else:
        effect = _("it still counts, by {reference}").format(reference=clause.reference)
    return [
        _("{document} was repaired on {day}: {effect}").format(
            document=row["document"] or row["record"][:12], day=row["ruled"], effect=effect
        )
        for row in file.records.filter(file.records["standing"] == "repaired").to_dicts()
    ]


def record_words(record_class: str, kinds: Sequence[str], state: str) -> str:
    """A record's class, kinds and state in the user's language; the state `decided` is omitted."""
    parts = [record_class, *kinds, *([] if state == "decided" else [state])]
    keys = [
        f"{record_class}:{part}" if f"{record_class}:{part}" in RECORD else part for part in parts
    ]
    return " · ".join(code_word(RECORD, key) for key in keys)


def render_waterfall(explanation: Explanation) -> list[Any]:
    """The heading, the lines with a bar of the running sum, and the references."""
    from rich.table import Table
    from rich.text import Text

    top = max(line.running for line in explanation.lines)
    table = Table(box=None, padding=(0, 1), show_edge=False)
    table.add_column(_("why"), overflow="fold")
    table.add_column(_("points"), justify="right", no_wrap=True)
    table.add_column(_("sum"), justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for line in explanation.lines:
        table.add_row(
            Text(to_terminal_line(describe_line(line))),
            format_signed_points(line.points) if line.line else format_points(line.points),
            format_points(line.running),
            _sum_bar(line, top),
        )
    return [to_terminal_line(score_heading(explanation)), table, _reference_lines(explanation)]


def scale_in_words(grades: Sequence[tuple[str, int | None]]) -> str:
    """The grades of a scale, best first, each with its lowest points."""
    return join_words(
        _("{grade}: below that").format(grade=grade)
        if lowest is None
        else _("{grade}: from {points} points").format(grade=grade, points=format_points(lowest))
        for grade, lowest in grades
    )


def describe_line(line: Line, document: bool = True) -> str:
    """Describe a line: rule, part, grade, branch, the party whose record it is with the day that decided for whom it
    counts, and, with `document`, the record's number and day.
    """
    title = "" if line.part in ("base", "limit") else line.title
    parts = [title, code_word(PARTS, line.part), f"→ {line.grade}" if line.grade else ""]
    parts.append(branch_words(line.branch))
    if line.party_name and line.party_day:
        parts.append(f"{line.party_name} ({line.party}) {line.party_day}")
    parts.append((line.document or "") if document else "")
    if line.decided and document:
        parts.append(str(line.decided))
    return " · ".join(part for part in parts if part)


def branch_words(name: str | None) -> str:
    """The branch that a record belongs to, in words; "" if none."""
    return _("branch {name}").format(name=name) if name else ""


def _sum_bar(line: Line, top: int) -> str:
    """The running sum as full blocks, the deduction of the line as light blocks."""
    if top <= 0:
        return ""
    now = max(line.running, 0) * WIDTH // top
    before = max(line.running - line.points, 0) * WIDTH // top if line.line else now
    low, high = min(now, before), max(now, before)
    return "█" * low + ("░" if line.points < 0 else "▓") * (high - low)


def _reference_lines(explanation: Explanation) -> str:
    """The references, each once; those not confirmed are marked."""
    seen = {line.reference: line.confirmed for line in explanation.lines}
    return "\n".join(
        reference if confirmed else _("{reference} (unconfirmed)").format(reference=reference)
        for reference, confirmed in seen.items()
    )
