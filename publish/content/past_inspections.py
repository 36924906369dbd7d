"""Past inspections (历次检查): public results from loaded sheets, this bureau's and other authorities'.

This bureau's case files take precedence: a result that is in both counts once, and a result that its case file does not
yet mark as public stays unpublished even if a sheet contains it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from double_random.publish.disclosure.masking import Masker
from double_random.registry.institutions.names import normalize_expression, normalize_name

if TYPE_CHECKING:
    import polars

    from double_random.inspection.case.model import Case
    from double_random.publish.disclosure.allow_list import AllowList
    from double_random.store.home import Home
    from double_random.store.releases import Release

HANDED_OVER = "双随机检查结果.csv"  # this bureau's own results, written by the nightly run

# A sheet's row belongs to a case file if institution and task match, institution, day and item, or the document number.
BY_TASK = ("institution", "document_key")
BY_DAY = ("institution", "inspected", "item_key", "authority_key")


@dataclass(frozen=True)
class OwnCases:
    """Keys of this bureau's case files that rows of sheets are compared with."""

    tasks: frozenset[tuple[str, str]] = frozenset()  # institution, normalized number of the task
    papers: frozenset[str] = frozenset()  # in the format of inspection.casework.credit_export
    visits: frozenset[tuple[str, date, str, str]] = frozenset()  # institution day item authority

    @classmethod
    def collect(cls, home: Home, cases: Iterable[Case]) -> OwnCases:
        """Collect the keys of every draw that has a case file or whose list is not (yet) public."""
        tasks, papers, visits = set(), set(), set()
        authority = normalize_name(str(home.settings.get("authority", {}).get("name", "")))
        for case in cases:
            if not case.acts and case.state.stage.value == "published":
                continue  # its results are recorded elsewhere: a sheet may provide them
            numbers = {normalize_name(number) for number in (case.task.number, case.draw) if number}
            titles = {item.id: normalize_name(item.title) for item in case.plan.items}
            for target in case.targets.values():
                tasks |= {(target.id, number) for number in numbers}
                papers |= {normalize_name(f"{case.draw}-{target.id}-{item}") for item in titles}
                if target.visited:
                    day = date.fromisoformat(target.visited)
                    visits |= {(target.id, day, title, authority) for title in titles.values()}
        return cls(frozenset(tasks), frozenset(papers), frozenset(visits))


def load_past_inspections(
    home: Home, release: Release, as_of: date, allowed: AllowList, cases: Iterable[Case]
) -> tuple[polars.DataFrame, int]:
    """Load the inspections shown on a day as rows of the class `past_inspection`; also return how many items were
    emptied because they may contain a person's name or number.

    The table is empty if the bureau's allow-list has no rule for results.
    """
    import polars

    rule = allowed.results
    if rule is None or not release.has("records"):
        return polars.DataFrame(schema=_table_schema()), 0
    candidates = release.frame(
        PAST, [as_of, rule.last_hidden_day(as_of), list(rule.classes)]
    ).with_columns(
        item_key=normalize_expression("item"), authority_key=normalize_expression("authority")
    )
    own = OwnCases.collect(home, cases)
    accepted = candidates.filter(
        ~_is_among_rows(BY_TASK, own.tasks, candidates.schema),
        ~_is_among_rows(BY_DAY, own.visits, candidates.schema),
        ~polars.col("document_key").fill_null("").is_in(list(own.papers)),
    ).select(list(_table_schema()))
    masked = _mask_items(home, accepted)
    return masked, masked["item"].null_count() - accepted["item"].null_count()


def find_newest_sheet_day(home: Home, release: Release) -> date | None:
    """Find the day of the last run that read a sheet of past inspections; None if there is none.

    These sheets come from other systems and rarely, so their age differs from that of the credit records. The file of
    this bureau's own results from the nightly run does not count.
    """
    from double_random.registry.institutions import confirmed_codes

    if not release.has("files"):
        return None
    shapes = confirmed_codes.load_home_layouts(home)
    sheets = [layout.id for layout in shapes if layout.noun == "inspections"]
    newest_day: date | None = release.frame(SHEETS, [sheets, HANDED_OVER]).item()
    return newest_day


def _is_among_rows(
    columns: tuple[str, ...], rows: frozenset[tuple[object, ...]], schema: polars.Schema
) -> polars.Expr:
    """Whether the values of these columns match one of the rows; a null matches none."""
    import polars

    shape = {name: schema[name] for name in columns}
    row_frame = polars.DataFrame(sorted(rows, key=repr), schema=shape, orient="row")
    return polars.struct(columns).is_in(row_frame.to_struct().implode())


def _mask_items(home: Home, frame: polars.DataFrame) -> polars.DataFrame:
    """Mask the items: free text of the sheets; an item that may name a person is emptied."""
    import polars

    masker = Masker.read(home.fact_file("persons.toml"))
    replacements: dict[str, str | None] = {}
    for item in frame["item"].drop_nulls().unique().to_list():
        masked = masker.mask(item)
        replacements[item] = (
            None if masked.doubts or normalize_name(masked.text) != normalize_name(item) else item
        )
    return frame.with_columns(
        polars.col("item").replace_strict(replacements, default=None, return_dtype=polars.String)
    )


def _table_schema() -> dict[str, polars.DataType]:
    import polars

    text = ("institution", "record", "name", "document", "item", "authority", "class")
    types = dict.fromkeys(text, polars.String()) | {
        "inspected": polars.Date(),
        "results": polars.String(),
    }
    return dict(types)


SHEETS = """
SELECT max(r.as_of) FROM files f JOIN runs r ON r.run = f.run
WHERE f.result = 'read' AND list_contains($1, f.layout) AND f.file <> $2
"""

# Of institutions alone. Of several rows about one inspection the latest counts.
# A corrected or withdrawn one is not shown.
PAST = """
WITH corrected AS (
    SELECT DISTINCT l.institution, r.related_key
    FROM records r JOIN links l ON l.claim = r.record AND l.known_to IS NULL
    WHERE r.known_to IS NULL AND r.decided <= $1 AND r.related_key IS NOT NULL
        AND (r.class = 'correction' OR r.class = 'objection' AND r.state = 'corrected')
), told AS (
    SELECT l.institution, r.record, r.name, r.document, r.document_key, r.conduct AS item, r.authority,
        r.content AS class, r.decided AS inspected, r.kinds AS results,
        row_number() OVER (
            PARTITION BY l.institution, r.document_key, r.conduct, r.decided, r.authority ORDER BY r.number DESC
        ) AS place
    FROM records r JOIN links l ON l.claim = r.record AND l.known_to IS NULL
    WHERE r.known_to IS NULL AND r.class = 'inspection' AND r.state = 'decided'
        AND r.decided <= $1 AND r.decided > $2 AND list_contains($3, r.content)
        AND NOT starts_with(l.institution, 'P:')
)
SELECT t.institution, t.record, t.name, t.document, t.document_key, t.item, t.authority, t.class, t.inspected, t.results
FROM told t LEFT JOIN corrected c
    ON c.institution = t.institution AND c.related_key = coalesce(t.document_key, t.record)
WHERE t.place = 1 AND c.related_key IS NULL
ORDER BY t.institution, t.inspected, t.record
"""
