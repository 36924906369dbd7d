"""An edition (一期): the complete content of one build, read by a few queries and filtered by the allow-list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.publish.content.counts import Counts, counts
from double_random.publish.content.labels import Words
from double_random.publish.content.past_inspections import newest, past_inspections
from double_random.publish.content.published_draws import Shown, shown
from double_random.publish.content.tile_map import Place, places
from double_random.publish.disclosure import allow_list as rules
from double_random.publish.disclosure import review
from double_random.publish.disclosure.allow_list import Allowed
from double_random.publish.disclosure.shown_penalties import NO_PENALTIES, PENALTIES

if TYPE_CHECKING:
    import polars

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
class Log:
    """The log, published in full."""

    lines: tuple[bytes, ...]
    entries: tuple[Entry, ...]
    checkpoint: bytes
    key: str

    @classmethod
    def read(cls, home: Home) -> Log:
        """Read the log up to one checkpoint: entries added during a build belong to the next edition."""
        from double_random.store.log.checkpoint import Note
        from double_random.store.log.signed_log import decode

        checkpoint = home.log.checkpoint
        lines = tuple(home.log.lines()[: Note.parse(checkpoint).head.size])
        return cls(lines, tuple(map(decode, lines)), checkpoint, home.log.public.text)


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
    allowed: Allowed
    words: Words
    tables: dict[str, polars.DataFrame]
    draws: tuple[Shown, ...]
    log: Log
    policies: tuple[Policy, ...]  # in force on the day
    rule: Publication | None  # the bureau's own rule on terms; None: the allow-list's terms apply
    emptied: int  # texts emptied because they may contain a personal number
    waiting: int  # facts of penalties that wait for manual review
    counts: Counts
    tiles: dict[str, Place]  # position of each district in the map

    @classmethod
    def gather(
        cls, home: Home, as_of: date, language: str = "zh_CN", keep: bool = False
    ) -> Edition:
        """Read the current release, the draws and the log. Misuse if no register has been read yet.

        `keep`: save the masking verdicts for the next edition; only while no other build runs
        (publish/disclosure/verdict_cache.py).
        """
        allowed = Allowed.read(home.fact("publishing.toml"))
        bureau = home.settings.get("authority", {})
        policies = _policies(home, as_of)
        rule = rules.publication(home, as_of)
        log = Log.read(home)
        draws = shown(home, log.entries, as_of, allowed)
        with home.releases.read() as release:
            raw = _registered(release, as_of, allowed, rule)
            raw["penalty"], waiting = review.cleared(home, raw["penalty"], keep)
            raw["grade"] = _grades(release, as_of, policies)
            raw["past_inspection"], doubtful = past_inspections(home, release, as_of, allowed)
            sources = _sources(home, release, allowed)
            counted = counts(release, as_of, allowed)
            hash_ = release.hash
        raw |= _drawn(draws, raw["institution"], allowed, as_of)
        tables = {
            name: rules.fields(raw[name], one) for name, one in sorted(allowed.classes.items())
        }
        return cls(
            as_of=as_of,
            authority=str(bureau.get("name", "")),
            complain=str(bureau.get("complaints", "")),
            release=hash_,
            sources=sources,
            allowed=allowed,
            words=Words.of(home, language),
            tables=tables,
            draws=draws,
            log=log,
            policies=policies,
            rule=rule,
            emptied=doubtful
            + sum(rules.held_back(raw[name], frame) for name, frame in tables.items()),
            waiting=waiting.height,
            counts=counted,
            tiles=places(home),
        )

    def rows(self, which: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a class; none if the bureau's own allow-list omits the class."""
        if which in self.tables:
            yield from self.tables[which].iter_rows(named=True)

    def age(self, source: str) -> int | None:
        """Days between a source's newest run and this edition; None if it was never read."""
        return (self.as_of - self.sources[source]).days if source in self.sources else None


def _registered(
    release: Release, as_of: date, allowed: Allowed, rule: Publication | None
) -> dict[str, polars.DataFrame]:
    if not release.has("institutions"):
        raise Misuse(
            _("this home's register is empty"),
            _("read a drop first: double-random registry sync DROP --as-of DATE"),
        )
    from double_random.registry.institutions import queries

    found = {"institution": queries.as_of(release, as_of)}
    found["approval"] = release.frame(APPROVALS, [as_of])
    penalties = release.frame(PENALTIES if release.has("records") else NO_PENALTIES, [as_of])
    found["penalty"] = rules.penalties(penalties, as_of, allowed, rule)
    return found


def _policies(home: Home, as_of: date) -> tuple[Policy, ...]:
    """List the policies in force on a day."""
    from double_random.credit.policy.catalog import policies

    found = []
    for policy in policies(home):
        try:
            policy.on(as_of)
        except Misuse:
            continue
        found.append(policy)
    return tuple(found)


def _grades(release: Release, as_of: date, policies: tuple[Policy, ...]) -> polars.DataFrame:
    import polars

    from double_random.credit.scoring.kept_scores import scores

    schema = {
        "institution": polars.String,
        "policy": polars.String,
        "as_of": polars.Date,
        "grade": polars.String,
        "points": polars.Int64,
    }
    frames = [polars.DataFrame(schema=schema)]
    for policy in policies:
        columns = rules.grade(policy.public)
        if columns and not policy.example and release.has("records"):  # an example binds nobody
            found = scores(release, as_of, policy).select("institution", *columns)
            frames.append(
                found.with_columns(
                    policy=polars.lit(policy.id),
                    as_of=polars.lit(as_of),
                    points=polars.col("points") if "points" in columns else polars.lit(None),
                ).select(polars.col(name).cast(type_) for name, type_ in schema.items())
            )
    return polars.concat(frames).sort("institution", "policy")


def _drawn(
    draws: tuple[Shown, ...], institutions: polars.DataFrame, allowed: Allowed, as_of: date
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
            if allowed.results is None or row["inspected"] > allowed.results.since(as_of)
        ],
    }
    types: dict[str, Any] = {
        "string": polars.String,
        "integer": polars.Int64,
        "date": polars.Date,
        "list": polars.List(polars.String),
    }
    found = {}
    for name, order in SORTED.items():
        if name not in allowed.classes:
            continue
        schema = {field.name: types[field.type] for field in allowed.classes[name].fields}
        found[name] = polars.DataFrame(rows[name], schema=schema).sort(order)
    return found


def _sources(home: Home, release: Release, allowed: Allowed) -> dict[str, date]:
    """Find the day on which each source was last read."""
    runs = release.frame("SELECT kind, max(as_of) AS day FROM runs GROUP BY kind ORDER BY kind")
    found = {kind: day for kind, day in runs.iter_rows() if kind in ("sync", "load")}
    sheets = newest(home, release) if allowed.results is not None else None
    return found if sheets is None else found | {"inspections": sheets}


APPROVALS = """
SELECT institution, event, name, document, decided, authority
FROM decisions
WHERE known_to IS NULL AND state = 'valid' AND institution IS NOT NULL AND decided <= $1
ORDER BY institution, decided, document, decision
"""
