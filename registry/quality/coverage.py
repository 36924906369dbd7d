"""Coverage (覆盖率): approvals in force against the register, and the register against an external list.

Every difference has its cause: a list of missing institutions is useless without causes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core.errors import BadFile
from double_random.core.translation import N_, _
from double_random.intake.reasons import NO_SUCH_INSTITUTION, translate_reason
from double_random.registry.quality.quarantined_approvals import list_unplaced
from double_random.store.engine.duckdb import DuckDB, Engine
from double_random.store.undo import effective_runs_condition

if TYPE_CHECKING:
    import polars

    from double_random.store.home import Home
    from double_random.store.releases import Release

CAUSES = (
    N_("nobody is known by that name, code or licence number"),
    N_("the approval's row was quarantined"),
    N_("not in the list"),
    N_("not in the register"),
    N_("in the register under another name"),
    N_("in the register, but not in practice"),
    N_("may mean several institutions"),
)
UNKNOWN = N_("No approval in force is known: of the coverage nothing can be said.")
WAITING, QUARANTINED, NOT_LISTED, NOT_KNOWN, OTHER_NAME, NOT_ACTIVE, SEVERAL = CAUSES


@dataclass(frozen=True)
class Coverage:
    """Counts per kind and district, each difference with its cause, and the age of each source."""

    as_of: date
    counts: polars.DataFrame  # kind district approvals covered
    differences: polars.DataFrame  # kind name code licence file row cause
    sources: (
        polars.DataFrame
    )  # file last_read (a day) rows age_days brought lag_days longest_lag_days

    @property
    def percent(self) -> str | None:
        """How many of the approvals the register covers, in percent; None if no approval is known."""
        return format_share(int(self.counts["covered"].sum()), int(self.counts["approvals"].sum()))

    def json(self) -> dict[str, Any]:
        """{"as_of", "approvals", "covered", "percent", "counts", "differences", "sources"}."""
        return {
            "as_of": self.as_of,
            "approvals": int(self.counts["approvals"].sum()),
            "covered": int(self.counts["covered"].sum()),
            "percent": self.percent,
            "counts": self.counts.to_dicts(),
            "differences": self.differences.to_dicts(),
            "sources": self.sources.to_dicts(),
        }


def compute_coverage(release: Release, as_of: date, engine: Engine | None = None) -> Coverage:
    """All institutions with an approval in force on a day, compared with the register of that day.

    An approval is in force from its decision until an approval that ends it; an invalid one is never in force. It
    is covered if the register shows the institution in practice or suspended. An unassigned permit and a
    quarantined row are approvals in force that are not covered. `engine`: runs the count, by default this
    connection.
    """
    import polars

    engine = engine or DuckDB(release.connection)
    counts = count_coverage(release, as_of, engine)
    uncovered = engine.ask(_read_sql("uncovered"))
    row = polars.lit(None, polars.Int64).alias("row")
    missing = uncovered.select(*KNOWN, polars.lit("").alias("file"), row, "cause")
    missing = missing.sort(missing.columns, nulls_last=True)
    aside = list_unplaced(release, as_of).with_columns(
        polars.when(polars.col("reason") == NO_SUCH_INSTITUTION)
        .then(polars.lit(WAITING))
        .otherwise(polars.concat_str(polars.lit(f"{QUARANTINED}: "), "reason"))
        .alias("cause")
    )
    aside = aside.select(*KNOWN, "file", "row", "cause")
    sql = SOURCES if release.has("arrivals") else SOURCES_BEFORE
    sources = release.frame(sql.format(standing=effective_runs_condition(release)), [as_of])
    return Coverage(as_of, counts, polars.concat([missing, aside]), sources)


def count_coverage(release: Release, as_of: date, engine: Engine | None = None) -> polars.DataFrame:
    """How many approvals are in force on a day and how many the register covers: kind district approvals covered.

    Quarantined approvals are in force, and not covered (quarantined_approvals.py).
    """
    import polars

    engine = engine or DuckDB(release.connection)
    for table, columns in COUNTED.items():
        engine.bring(release.connection, table, columns, release.name)
    engine.give("asked_day", polars.DataFrame({"day": [as_of]}))
    for table in ("approvals", "on_the_day"):
        engine.make(table, _read_sql(table))
    ((approvals,),) = engine.ask("SELECT count(*) AS approvals FROM approvals").rows()
    counts = engine.ask(_read_sql("covered")).sort("kind", "district")
    assert approvals == counts["approvals"].sum()
    aside = list_unplaced(release, as_of).group_by("kind", "district").len("approvals")
    aside = aside.with_columns(polars.lit(0).alias("covered")).select(
        polars.col(name).cast(kind) for name, kind in counts.schema.items()
    )
    return (
        polars.concat([counts, aside])
        .group_by("kind", "district")
        .agg(polars.col("approvals", "covered").sum())
        .sort("kind", "district")
    )


def format_share(covered: int, approvals: int) -> str | None:
    """Covered of approvals in percent, with one decimal, never rounded up: 167 of 170 is 98.2; none of no approvals."""
    if not approvals:
        return None
    thousandths = covered * 1000 // approvals
    return f"{thousandths // 10}.{thousandths % 10}"


def _read_sql(name: str) -> str:
    return files("double_random.registry.quality").joinpath("sql", f"{name}.sql").read_text("utf-8")


def compare_with_list(home: Home, release: Release, file: Path, as_of: date) -> polars.DataFrame:
    """The differences between the register of a day and an external list: kind name code licence row cause.

    The list is any file that intake reads, with headings as in data/outside_list.toml. Misuse if there is no such
    file, BadFile if it has no such heading.
    """
    import polars

    from double_random.registry.institutions.names import normalize_expression
    from double_random.registry.institutions.queries import institutions_as_of

    listed = _read_list(home, file, as_of)
    register = institutions_as_of(release, as_of)
    past = release.frame("SELECT DISTINCT id, folded FROM institutions WHERE known_to IS NULL")
    folded = register.with_columns(normalize_expression("name").alias("folded"))
    active = folded.filter(polars.col("status").is_in(["active", "suspended"]))
    by = {
        "code": _index_by_column(folded, "uscc"),
        "licence": _index_by_column(folded, "licence"),
        "name": _index_by_column(folded, "folded"),
        "former": _index_by_column(past, "folded"),
    }
    names = dict(folded.select("id", "folded").iter_rows())
    in_practice = frozenset(active["id"])
    rows: list[dict[str, object]] = []
    met: set[str] = set()
    for number, name, code, licence, key in listed.select(
        "row", "name", "uscc", "licence", "folded"
    ).iter_rows():
        meant = _match_row(by, code, licence, key)
        met |= meant
        cause = _find_cause(meant, key, names, in_practice)
        if cause:
            rows.append(
                {"name": name, "code": code, "licence": licence, "row": number, "cause": cause}
            )
    text = polars.String
    schema = {"name": text, "code": text, "licence": text, "row": polars.Int64, "cause": text}
    unlisted = active.filter(~polars.col("id").is_in(sorted(met))).select(
        "kind", "name", polars.col("uscc").alias("code"), "licence", cause=polars.lit(NOT_LISTED)
    )
    return polars.concat([polars.DataFrame(rows, schema=schema), unlisted], how="diagonal")


def _match_row(
    by: dict[str, dict[str, set[str]]], code: str | None, licence: str | None, key: str | None
) -> set[str]:
    """The institutions that match a row of the list: by its code, else its licence number, its name, a former name."""
    ways = (("code", code), ("licence", licence), ("name", key), ("former", key))
    for how, value in ways:
        if value and by[how].get(value):
            return by[how][value]
    return set()


def _find_cause(
    meant: set[str], key: str | None, names: dict[str, str], in_practice: frozenset[str]
) -> str:
    """The difference between a row and the register; "" if there is none."""
    if not meant:
        return NOT_KNOWN
    if len(meant) > 1:
        return SEVERAL
    (institution,) = meant
    if institution not in in_practice:
        return NOT_ACTIVE
    return OTHER_NAME if key and names.get(institution) != key else ""


def _index_by_column(frame: polars.DataFrame, column: str) -> dict[str, set[str]]:
    ids_by_value: dict[str, set[str]] = {}
    for key, id_ in frame.select(column, "id").iter_rows():
        if key:
            ids_by_value.setdefault(key, set()).add(id_)
    return ids_by_value


def _read_list(home: Home, file: Path, as_of: date) -> polars.DataFrame:
    """The rows of an external list: name uscc licence row folded; BadFile if it is not such a list."""
    from double_random.intake.drop_reader import read_drop
    from double_random.intake.layouts import load_layouts
    from double_random.registry.institutions.names import normalize_expression

    (reading,) = read_drop(
        [file], as_of, load_layouts([home.fact_file("outside_list.toml")], home.fact_file)
    )
    if "permits" not in reading.tables:
        raise BadFile(
            file.name,
            translate_reason(reading.reason),
            _("one column must be headed 机构名称 (name); 统一社会信用代码 and 许可证号 help"),
        )
    return reading.tables["permits"].with_columns(normalize_expression("name").alias("folded"))


COUNTED = {  # what is counted of a release: table and columns
    "decisions": "decision, institution, kind, event, name, uscc, licence, decided, state, known_to",
    "institutions": "id, district, status, valid_from, valid_to, known_to",
}
KNOWN = ("kind", "name", "code", "licence")  # of an approval that is not covered

SOURCES_BEFORE = """
SELECT f.file, max(r.as_of) AS last_read, arg_max(f.rows, f.run) AS rows,
    date_diff('day', max(r.as_of), $1) AS age_days,
    CAST(NULL AS BIGINT) AS brought, CAST(NULL AS BIGINT) AS lag_days, CAST(NULL AS BIGINT) AS longest_lag_days
FROM files f JOIN runs r ON r.run = f.run
WHERE f.result = 'read' AND f.{standing}
GROUP BY f.file ORDER BY f.file
"""

# The lag of the decisions in the last reading of the file that had new ones.
SOURCES = f"""
SELECT s.file, s.last_read, s.rows, s.age_days, a.decisions AS brought, a.lag_days, a.longest AS longest_lag_days
FROM ({SOURCES_BEFORE}) s
LEFT JOIN (
    SELECT file, arg_max(decisions, known_from) AS decisions, arg_max(lag_days, known_from) AS lag_days,
        arg_max(longest, known_from) AS longest
    FROM arrivals WHERE known_to IS NULL GROUP BY file
) a ON a.file = s.file
ORDER BY s.file
"""
