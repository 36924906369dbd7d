"""Checks of acts before they are written into a case file; a refusal gives the reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from double_random.core.china_time import china_day
from double_random.core.errors import Misuse
from double_random.core.translation import _, join_words
from double_random.core.vocabulary import STEP, code_word
from double_random.inspection.case.events import Content, Finding, Joint, Paper, Task, Withdrawal
from double_random.inspection.case.model import Case
from double_random.inspection.case.steps import BEFORE_THE_VISIT, Step
from double_random.inspection.case.target import Target
from double_random.inspection.protocol.text import is_day

if TYPE_CHECKING:
    from double_random.intake.code_lists import CodeKind


def validate_content(case: Case, content: Content, codes: Iterable[CodeKind], today: str) -> None:
    """Raise Misuse if an act is not valid in this case; `today`: the day on which it is written."""
    _check_not_ahead(content, today)
    if isinstance(content, Task):
        if not content.first_day <= content.last_day or not _are_days(
            content.first_day, content.last_day
        ):
            raise Misuse(_("the task's first day must not lie behind its last one"))
        start = china_day(case.plan.not_before)
        if content.first_day < start:
            raise Misuse(
                _("the task's first day {date} lies before the draw's numbers of {day}").format(
                    date=content.first_day, day=start
                ),
                _("nobody can be visited before the draw: write its day or a later one"),
            )
        if (content.type == "directed") != bool(content.reason):
            raise Misuse(
                _("a directed draw (定向) says by which condition, an undirected one has none"),
                _("as in --directed '上年度投诉两次以上的律师事务所'"),
            )
    elif isinstance(content, Paper):
        _check_paper(case, case.target(content.target), content)
    elif isinstance(content, Joint):
        _check_joint_visit(case, case.target(content.target), content)
    elif isinstance(content, Finding):
        _check_finding(case.target(content.target), content, codes)
    else:
        _check_withdrawal(case, content)


def _check_not_ahead(content: Content, today: str) -> None:
    """Raise Misuse if an act is dated after today."""
    done = content.rechecked if isinstance(content, Finding) else getattr(content, "date", "")
    if done > today:
        raise Misuse(
            _("{day} is still to come: today is {today}").format(day=done, today=today),
            _("write down what was done when it is done"),
        )


def _check_paper(case: Case, target: Target, paper: Paper) -> None:
    if target.end is not None and paper.step not in BEFORE_THE_VISIT:
        raise Misuse(
            _(
                "{name} has given up its place on {day} ({step}): only papers from before count"
            ).format(name=target.name, day=target.ended, step=code_word(STEP, target.end)),
            _("a visit that is made all the same is a case check: inspection triggered"),
        )
    if paper.step in target.papers:
        raise Misuse(
            _("{name}: {step} is on file already, {number} of {day}").format(
                name=target.name,
                step=code_word(STEP, paper.step),
                number=target.papers[paper.step].number or "—",
                day=target.papers[paper.step].date,
            ),
            _(
                "a mistake is taken back first: double-random inspection take-back DRAW NUMBER --reason WHY"
            ),
        )
    if not _are_days(paper.date):
        raise Misuse(_("no such day: {date}").format(date=paper.date), _("as in 2026-11-22"))
    if paper.date < min(case.drawn_on, target.since):
        raise Misuse(
            _("{name}: {step} is dated {date}, before the draw of {day}").format(
                name=target.name,
                step=code_word(STEP, paper.step),
                date=paper.date,
                day=case.drawn_on,
            )
        )
    if paper.step in (Step.told, Step.published):
        if set(target.findings) != set(target.items):
            raise Misuse(
                _("{name}: no result is on file yet").format(name=target.name),
                _(
                    "record it first: double-random inspection record DRAW SHEET; or name those whose result is on"
                    " file: double-random inspection paper {draw} {step} INSTITUTION …"
                ).format(draw=case.draw, step=paper.step),
            )
        if paper.date < target.visited:
            raise Misuse(
                _("{name}: {step} is dated {date}, before the visit of {day}").format(
                    name=target.name,
                    step=code_word(STEP, paper.step),
                    date=paper.date,
                    day=target.visited,
                )
            )


def _check_finding(target: Target, finding: Finding, codes: Iterable[CodeKind]) -> None:
    if target.end is not None or not target.visited:
        raise Misuse(_("{name} has not been visited").format(name=target.name))
    if finding.item not in target.items:
        raise Misuse(_("{item} is no item of this draw").format(item=finding.item))
    if finding.item in target.findings:
        raise Misuse(
            _("{name}: a result for {item} is on file already").format(
                name=target.name, item=finding.item
            ),
            _(
                "a mistake is taken back first: double-random inspection take-back DRAW NUMBER --reason WHY"
            ),
        )
    known_codes = {code.code: code for code in codes}
    unknown = sorted(set(finding.codes) - set(known_codes))
    alone = any(known_codes[code].alone for code in finding.codes if code in known_codes)
    if not finding.codes or unknown or (alone and len(finding.codes) > 1):
        raise Misuse(
            _(
                "{codes} cannot be a result: one or more of the list, and 未发现问题 only alone"
            ).format(codes=join_words(finding.codes) or "—"),
            join_words(known_codes),
        )
    for day in (finding.correct_by, finding.rechecked):
        if day and (not _are_days(day) or day < target.visited):
            raise Misuse(
                _("{name}: {day} lies before the visit, or is no day").format(
                    name=target.name, day=day
                )
            )


def _check_joint_visit(case: Case, target: Target, joint: Joint) -> None:
    if target.end is not None or target.visited:
        raise Misuse(
            _("{name} waits for no visit in {draw}").format(name=target.name, draw=case.draw)
        )
    if target.joint is not None:
        raise Misuse(
            _("{name}: one visit for {draws} is on file already").format(
                name=target.name, draws=join_words(target.joint.draws)
            ),
            _(
                "a mistake is taken back first: double-random inspection take-back DRAW NUMBER --reason WHY"
            ),
        )
    if not _are_days(joint.date):
        raise Misuse(_("no such day: {date}").format(date=joint.date), _("as in 2026-11-22"))
    if joint.date < case.drawn_on:
        raise Misuse(
            _("{name}: the decision is dated {date}, before the draw {draw} of {day}").format(
                name=target.name, date=joint.date, draw=case.draw, day=case.drawn_on
            )
        )


def _check_withdrawal(case: Case, withdrawal: Withdrawal) -> None:
    seq = withdrawal.withdrawn
    if not withdrawal.reason:
        raise Misuse(_("taking back needs a reason"))
    if not 0 < seq <= len(case.acts) or seq in case.withdrawn:
        raise Misuse(_("there is no act {seq} that counts").format(seq=seq))
    content = case.acts[seq - 1].content
    if isinstance(content, Withdrawal):
        raise Misuse(_("what was taken back stays so; write the act again"))
    if isinstance(content, Task):
        return
    target = case.targets[content.target]
    needed = {Step.told, Step.published} & set(target.papers)
    if isinstance(content, Finding) and needed:
        raise Misuse(
            _("{name}: take back first what stands on it: {steps}").format(
                name=target.name, steps=join_words(code_word(STEP, step) for step in sorted(needed))
            )
        )
    if isinstance(content, Paper) and content.step is Step.inspected and target.findings:
        raise Misuse(
            _("{name}: take back first what stands on it: {steps}").format(
                name=target.name, steps=_(Step.recorded)
            )
        )


def _are_days(*days: str) -> bool:
    return all(is_day(day) for day in days)
