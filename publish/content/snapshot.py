"""An edition (一期): the complete content of one build, read by a few queries and filtered by the allow-list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.publish.content.counts import EditionCounts, compute_counts
from double_random.publish.content.labels import CodeLabels
from double_random.publish.content.past_inspections import (
    find_newest_sheet_day,
    load_past_inspections,
)
from double_random.publish.content.published_draws import PublishedDraw, load_draws
from double_random.publish.content.tile_map import Place, read_tile_places
from double_random.publish.disclosure import allow_list as rules
from double_random.publish.disclosure import review
from double_random.publish.disclosure.allow_list import AllowList
from double_random.publish.disclosure.shown_penalties import NO_PENALTIES, PENALTIES

if TYPE_CHECKING:
    import polars

    from double_random.core.worker_processes import WorkerProcesses
    from double_random.credit.policy.model import Policy, Publication
    from double_random.store.home import Home
    from double_random.store.log.signed_log import Entry
    from double_random.store.releases import Release


SORTED = {
    "draw": ("draw",),
    "drawn": ("draw", "number"),
    "inspection": ("draw", "institution"),
    "result": ("draw", "institution", "item"),
}


@dataclass(frozen=True)
class PublishedLog:
    """The log, published in full."""

    lines: tuple[bytes, ...]
    entries: tuple[Entry, ...]
    checkpoint: bytes
    key: str

    @classmethod
    def read(cls, home: Home) -> PublishedLog:
        """Read the log up to one checkpoint: entries added during a build belong to the next edition."""
        from double_random.store.log.checkpoint import SignedNote
        from double_random.store.log.signed_log import decode_entry

        checkpoint = home.log.checkpoint
        lines = tuple(home.log.lines()[: SignedNote.parse(checkpoint).head.size])
        return cls(lines, tuple(map(decode_entry, lines)), checkpoint, home.log.public.text)


@dataclass(frozen=True, kw_only=True)
class Edition:
    """The content of one build. `tables` has a frame for each class of the allow-list, with allowed columns only."""

    as_of: date
    authority: str
    complain: str  # where to complain about an institution, from the bureau's settings; or ""
    release: str  # the release's hash
    sources: dict[
        str, date
    ]  # sync, load, inspections → day of the newest run, for the age of the data
    allowed: AllowList
    words: CodeLabels
    tables: dict[str, polars.DataFrame]
    draws: tuple[PublishedDraw, ...]
    log: PublishedLog
    policies: tuple[Policy, ...]  # in force on the day
    rule: Publication | None  # the bureau's own rule on terms; None: the allow-list's terms apply
    emptied: int  # texts emptied because they may contain a personal number
    waiting: int  # facts of penalties that wait for manual review
    counts: EditionCounts
    tiles: dict[str, Place]  # position of each district in the map

    @classmethod
    def gather(
        cls,
        home: Home,
        as_of: date,
        language: str = "zh_CN",
        keep: bool = False,
        workers: WorkerProcesses | None = None,
    ) -> Edition:
        """Read the current release, the draws and the log. Misuse if no register has been read yet.

        `keep`: save the masking verdicts for the next edition; only while no other build runs
        (publish/disclosure/verdict_cache.py). `workers`: mask many new texts.
        """
        from double_random.inspection.case.case_file import read_cases

        allowed = AllowList.read(home.fact_file("publishing.toml"))
        bureau = home.settings.get("authority", {})
        policies = _list_policies_in_force(home, as_of)
        rule = rules.find_publication_rule(home, as_of)
        log = PublishedLog.read(home)
        cases = read_cases(home, log.entries)
        draws = load_draws(home, log.entries, as_of, allowed, cases)
        with home.releases.read() as release:
            raw = _read_registers(release, as_of, allowed, rule)
            raw["penalty"], waiting = review.apply_clearances(home, raw["penalty"], keep, workers)
            raw["grade"] = _build_grade_table(release, as_of, policies)
            raw["past_inspection"], doubtful = load_past_inspections(
                home, release, as_of, allowed, cases
            )
            sources = _find_source_days(home, release, allowed)
            counted = compute_counts(release, as_of, allowed)
            hash_ = release.hash
        raw |= _build_draw_tables(draws, raw["institution"], allowed, as_of)
        tables = {
            name: rules.select_allowed_fields(raw[name], record_class)
            for name, record_class in sorted(allowed.classes.items())
        }
        return cls(
            as_of=as_of,
            authority=str(bureau.get("name", "")),
            complain=str(bureau.get("complaints", "")),
            release=hash_,
            sources=sources,
            allowed=allowed,
            words=CodeLabels.load(home, language),
            tables=tables,
            draws=draws,
            log=log,
            policies=policies,
            rule=rule,
            emptied=doubtful
            + sum(rules.count_emptied_values(raw[name], frame) for name, frame in tables.items()),
            waiting=waiting.height,
            counts=counted,
            tiles=read_tile_places(home),
        )

    def rows(self, which: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a class; none if the bureau's own allow-list omits the class."""
        if which in self.tables:
            yield from self.tables[which].iter_rows(named=True)

    def age_in_days(self, source: str) -> int | None:
        """Days between a source's newest run and this edition; None if it was never read."""
        return (self.as_of - self.sources[source]).days if source in self.sources else None


def _read_registers(
    release: Release, as_of: date, allowed: AllowList, rule: Publication | None
) -> dict[str, polars.DataFrame]:
    if not release.has("institutions"):
        raise Misuse(
            _("this home's register is empty"),
            _("read a drop first: double-random registry sync DROP --as-of DATE"),
        )
    from double_random.registry.institutions import queries

    tables = {"institution": queries.institutions_as_of(release, as_of)}
    tables["approval"] = release.frame(APPROVALS, [as_of])
    penalties = release.frame(PENALTIES if release.has("records") else NO_PENALTIES, [as_of])
    tables["penalty"] = rules.filter_shown_penalties(penalties, as_of, allowed, rule)
    return tables


def _list_policies_in_force(home: Home, as_of: date) -> tuple[Policy, ...]:
    """List the policies in force on a day."""
    from double_random.credit.policy.catalog import load_policies

    in_force = []
    for policy in load_policies(home):
        try:
            policy.in_force_on(as_of)
        except Misuse:
            continue
        in_force.append(policy)
    return tuple(in_force)


def _build_grade_table(
    release: Release, as_of: date, policies: tuple[Policy, ...]
) -> polars.DataFrame:
    import polars

    from double_random.credit.scoring.kept_scores import load_scores

    schema = {
        "institution": polars.String,
        "policy": polars.String,
        "as_of": polars.Date,
        "grade": polars.String,
        "points": polars.Int64,
    }
    frames = [polars.DataFrame(schema=schema)]
    for policy in policies:
        columns = rules.public_grade_columns(policy.public)
        open_ = not policy.example and "persons" not in policy.parties  # an example binds nobody
        if columns and open_ and release.has("records"):
            graded = load_scores(release, as_of, policy).select("institution", *columns)
            frames.append(
                graded.with_columns(
                    policy=polars.lit(policy.id),
                    as_of=polars.lit(as_of),
                    points=polars.col("points") if "points" in columns else polars.lit(None),
                ).select(polars.col(name).cast(type_) for name, type_ in schema.items())
            )
    return polars.concat(frames).sort("institution", "policy")


def _build_draw_tables(
    draws: tuple[PublishedDraw, ...],
    institutions: polars.DataFrame,
    allowed: AllowList,
    as_of: date,
) -> dict[str, polars.DataFrame]:
    """Build the tables of the classes draw, drawn, inspection and result."""
    import polars

    authorities = dict(institutions.select("id", "authority").iter_rows())
    rows: dict[str, list[dict[str, Any]]] = {
        "draw": [draw.row for draw in draws],
        "drawn": [
            {
                "draw": draw.row["draw"],
                "number": number,
                "authority": authorities.get(target["id"]),
                **target,
            }
            for draw in draws
            for number, target in enumerate(draw.drawn, start=1)
        ],
        "inspection": [row for draw in draws for row in draw.inspections.rows],
        "result": [
            row
            for draw in draws
            for row in draw.inspections.results
            if allowed.results is None or row["inspected"] > allowed.results.last_hidden_day(as_of)
        ],
    }
    types: dict[str, Any] = {
        "string": polars.String,
        "integer": polars.Int64,
        "date": polars.Date,
        "list": polars.List(polars.String),
    }
    tables = {}
    for name, order in SORTED.items():
        if name not in allowed.classes:
            continue
        schema = {field.name: types[field.type] for field in allowed.classes[name].fields}
        tables[name] = polars.DataFrame(rows[name], schema=schema).sort(order)
    return tables


def _find_source_days(home: Home, release: Release, allowed: AllowList) -> dict[str, date]:
    """Find the day on which each source was last read."""
    runs = release.frame("SELECT kind, max(as_of) AS day FROM runs GROUP BY kind ORDER BY kind")
    days = {kind: day for kind, day in runs.iter_rows() if kind in ("sync", "load")}
    sheets = find_newest_sheet_day(home, release) if allowed.results is not None else None
    return days if sheets is None else days | {"inspections": sheets}


APPROVALS = """
SELECT institution, event, name, document, decided, authority
FROM decisions
WHERE known_to IS NULL AND state = 'valid' AND institution IS NOT NULL AND decided <= $1
ORDER BY institution, decided, document, decision
"""
