"""The statistics (统计): figures of an edition, each a chart beside its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from double_random.core.china_time import to_china_time
from double_random.core.translation import N_
from double_random.publish.content.inspection_results import UNVISITED
from double_random.publish.site.charts import BarChart, build_bars
from double_random.registry.quality.coverage import UNKNOWN, format_share

if TYPE_CHECKING:
    from double_random.credit.policy.model import Policy
    from double_random.publish.content.labels import CodeLabels
    from double_random.publish.content.snapshot import Edition

GONE = ("replaced", "void")  # states of places that need no inspection any more


@dataclass(frozen=True, kw_only=True)
class StatisticsFigure:
    """A chart and its table. `told` states what is counted, or why the figure is empty."""

    id: str
    title: str
    told: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str | int, ...], ...] = ()  # the row's name first
    bars: BarChart | None = None


def build_figures(edition: Edition) -> list[StatisticsFigure]:
    """Build every figure of the statistics, in the page's order."""
    return [
        _register_figure(edition),
        _coverage_figure(edition),
        _inspections_figure(edition),
        _results_figure(edition),
        *_grade_figures(edition),
        _upheld_figure(edition),
    ]


def _register_figure(edition: Edition) -> StatisticsFigure:
    words = edition.words
    counted: dict[str, Counter[str]] = {}
    for row in edition.rows("institution"):
        status = row["status"] if row["status"] in ("active", "suspended") else "ended"
        counted.setdefault(row["kind"], Counter())[status] += 1
    legend = (
        words.status("active"),
        words.status("suspended"),
        words.say(N_("no longer in practice")),
    )
    parts = ("active", "suspended", "ended")
    return _build_figure(
        words,
        "register",
        words.say(N_("Institutions by kind")),
        words.say(N_("Everybody who stands in the register on this edition's day.")),
        (words.say(N_("Kind")), *legend),
        [
            (words.kind(kind), [counted[kind][part] for part in parts])
            for kind in words.order_kinds(counted)
        ],
    )


def _coverage_figure(edition: Edition) -> StatisticsFigure:
    words = edition.words
    approvals: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    for kind, _district, all_, there_ in edition.counts.coverage.iter_rows():
        approvals[kind] += all_
        covered[kind] += there_
    caption = (
        N_("Approvals in force: {percent} % are in the register; those that are set aside are not.")
        if approvals.total()
        else UNKNOWN
    )
    caption = words.say(caption).format(percent=format_share(covered.total(), approvals.total()))
    return _build_figure(
        words,
        "coverage",
        words.say(N_("Coverage of the register")),
        caption,
        (
            words.say(N_("Kind")),
            words.say(N_("in the register")),
            words.say(N_("missing in the register")),
        ),
        [
            (words.kind(kind), [covered[kind], approvals[kind] - covered[kind]])
            for kind in words.order_kinds(approvals)
        ],
    )


def _inspections_figure(edition: Edition) -> StatisticsFigure:
    """Institutions with a place, by the draw's year: inspected, to inspect, not in time, or without a case file."""
    words = edition.words
    years: dict[str, list[int]] = {}
    for draw in edition.draws:
        if not draw.is_published:
            continue
        numbers = years.setdefault(str(to_china_time(draw.row["drawn_at"]).year), [0, 0, 0, 0])
        outcome = draw.inspections
        if not outcome.kept:
            numbers[3] += len(draw.drawn)
            continue
        standing = [row for row in outcome.rows if row["state"] not in GONE]
        late = sum(row["state"] == UNVISITED for row in standing)
        for index, number in enumerate(
            (outcome.visited, len(standing) - outcome.visited - late, late)
        ):
            numbers[index] += number
    caption = N_(
        "Institutions of published draws that have a place in them, by the year of the draw."
    )
    return _build_figure(
        words,
        "inspections",
        words.say(N_("Drawn, inspected, not inspected")),
        words.say(caption) if years else words.say(N_("No draw has been published yet.")),
        (
            words.say(N_("Year")),
            words.say(N_("inspected")),
            words.say(N_("still to be inspected")),
            words.say(N_("not inspected in time")),
            words.say(N_("drawn, no case file kept")),
        ),
        sorted(years.items(), reverse=True),
    )


def _results_figure(edition: Edition) -> StatisticsFigure:
    """By code: results of the draws published here, and of other inspections from loaded sheets."""
    words = edition.words
    classes = ("result", "past_inspection")
    counted = [
        Counter(code for row in edition.rows(which) for code in row["results"].split())
        for which in classes
    ]
    order = [code for code in words.results if any(counter[code] for counter in counted)]
    public = {
        row["institution"] for which in classes for row in edition.rows(which) if row["results"]
    }
    caption = words.say(
        N_("Results of {count} institutions are public. One that found several counts in each.")
    ).format(count=len(public))
    return _build_figure(
        words,
        "results",
        words.say(N_("Results of inspections")),
        caption if order else words.say(N_("No result of an inspection has been published yet.")),
        (
            words.say(N_("Result")),
            words.say(N_("in draws published here")),
            words.say(N_("in other inspections")),
        ),
        [(words.result(code), [counter[code] for counter in counted]) for code in order],
    )


def _grade_figures(edition: Edition) -> Iterator[StatisticsFigure]:
    """Yield grades by kind and by district, for each policy that publishes them."""
    words = edition.words
    places = {row["id"]: (row["kind"], row["district"]) for row in edition.rows("institution")}
    graded: dict[str, list[tuple[str, str]]] = {}
    for row in edition.rows("grade"):
        if row["institution"] in places:
            graded.setdefault(row["policy"], []).append((row["institution"], row["grade"]))
    shown = [(policy, graded[policy.id]) for policy in edition.policies if policy.id in graded]
    if not shown:
        caption = N_("No rule of credit in force here makes grades public.")
        yield StatisticsFigure(id="grades", title=words.say(N_("Grades")), told=words.say(caption))
    for number, (policy, grades) in enumerate(shown, start=1):
        scale = _grade_scale(policy, edition, {grade for _, grade in grades})
        by_kind = _cross_count((places[id_][0], grade) for id_, grade in grades)
        by_district = _cross_count((places[id_][1] or "", grade) for id_, grade in grades)
        caption = words.say(
            N_("By the rule in force on this edition's day, which makes them public.")
        )
        yield _build_figure(
            words,
            f"grades-{number}-kinds",
            words.say(N_("{rule}: grades by kind")).format(rule=policy.title),
            caption,
            (words.say(N_("Kind")), *scale),
            [
                (words.kind(kind), [by_kind[kind][grade] for grade in scale])
                for kind in words.order_kinds(by_kind)
            ],
        )
        yield _build_figure(
            words,
            f"grades-{number}-districts",
            words.say(N_("{rule}: grades by district")).format(rule=policy.title),
            caption,
            (words.say(N_("District")), *scale),
            [
                (words.district(code), [by_district[code][grade] for grade in scale])
                for code in sorted(by_district, key=lambda code: code or "~")
            ],
        )


def _upheld_figure(edition: Edition) -> StatisticsFigure:
    """Complaints upheld: closed spans have a number, the last span with too few has none."""
    words, rule = edition.words, edition.allowed.complaints
    title = words.say(N_("Complaints upheld"))
    if rule is None:
        return StatisticsFigure(
            id="complaints",
            title=title,
            told=words.say(N_("Their number is not made public here.")),
        )
    few = words.say(N_("fewer than {fewest}")).format(fewest=rule.fewest)
    caption = words.say(
        N_(
            "Complaints that were upheld, whole or in part, by the year of the decision; the running year is "
            "not counted. No number below {fewest} is told, so that none points to a person: years are joined "
            "until they hold {fewest}, and no sum or table by kind or district is made."
        )
    ).format(fewest=rule.fewest)
    spans = edition.counts.upheld
    none = words.say(N_("No complaint was upheld in the years before.")) if not spans else ""
    return StatisticsFigure(
        id="complaints",
        title=title,
        told=f"{caption} {none}".strip(),
        head=(words.say(N_("Years")), words.say(N_("Upheld"))) if spans else (),
        rows=tuple((span.years, few if span.number is None else span.number) for span in spans),
        bars=build_bars([(span.years, [span.number]) for span in spans if span.number is not None]),
    )


def _build_figure(
    words: CodeLabels,
    id: str,
    title: str,
    caption: str,
    head: tuple[str, ...],
    rows: Sequence[tuple[str, Sequence[int]]],
) -> StatisticsFigure:
    """Build a figure of integers, with a column and a row of sums if there is more than one to add."""
    if not rows:
        return StatisticsFigure(id=id, title=title, told=caption)
    legend, total = head[1:], words.say(N_("Total"))
    lines = [(name, tuple(numbers)) for name, numbers in rows]
    if len(rows) > 1:
        lines.append((total, tuple(map(sum, zip(*(n for _, n in rows), strict=True)))))
    if len(legend) > 1:
        head = (*head, total)
        lines = [(name, (*numbers, sum(numbers))) for name, numbers in lines]
    picture = build_bars(rows, legend if len(legend) > 1 else ("",))
    return StatisticsFigure(
        id=id,
        title=title,
        told=caption,
        head=head,
        rows=tuple((name, *n) for name, n in lines),
        bars=picture,
    )


def _grade_scale(policy: Policy, edition: Edition, used: set[str]) -> tuple[str, ...]:
    """A policy's grades, best first."""
    scale = [bound.grade for bound in policy.in_force_on(edition.as_of).scale.bounds]
    return (*scale, *sorted(used - set(scale)))


def _cross_count(pairs: Iterator[tuple[str, str]]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    for row, column in pairs:
        counts.setdefault(row, Counter())[column] += 1
    return counts
