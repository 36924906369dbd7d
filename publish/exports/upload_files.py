"""Upload files (报送文件): permits, penalties and inspection results in the format of the city's credit platform.

Permits as decided; penalties and results as published on the day: within their terms, unrepaired, facts masked. A row
that the platform would reject is not uploaded but listed in left_out.csv.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core.translation import N_
from double_random.intake.credit_codes import code_fault
from double_random.publish.content.labels import format_yuan
from double_random.publish.content.snapshot import Edition
from double_random.publish.content.workbook import build_workbook
from double_random.publish.disclosure import output_checks
from double_random.publish.disclosure.identifiers import is_personal_identifier
from double_random.publish.disclosure.masking import Masker
from double_random.publish.exports import delivery, upload_layout
from double_random.publish.exports.notice import PortalNotice, render_csv

if TYPE_CHECKING:
    from double_random.publish.exports.delivery import Delivery
    from double_random.publish.exports.upload_layout import UploadLayout
    from double_random.store.home import Home

LEFT_OUT = "left_out.csv"
FOREIGN = N_("decided by an authority whose code is not known here")
WAITING = N_("the facts wait for a look, or were held back")


@dataclass(kw_only=True)
class UploadRows:
    """The rows of one day's upload by file, and the rows left out."""

    home: Home
    edition: Edition
    since: date | None
    words: dict[str, str]  # the platform's words for kinds of penalty
    rows: dict[str, list[list[str]]] = field(default_factory=dict)
    left_out: list[tuple[str, ...]] = field(default_factory=list)  # file name document column why
    refused: int = 0  # records
    digits: set[str] = field(default_factory=set)  # licence numbers and codes in these rows

    def lay_out_file(self, layout: UploadLayout) -> None:
        """Lay out all records of one file; a faulty record is left out with every reason."""
        laid: list[list[str]] = []
        for record in RECORDS[layout.id](self):
            if self.since and record["decided"] < self.since:
                continue
            cells, faults = layout.lay_out(record)
            faults = self._explain_faults(record, layout, faults)
            if not faults:
                laid.append(cells)
                self.digits |= {record[name] for name in ("uscc", "licence") if record.get(name)}
            else:
                self.refused += 1
            named = (record["name"] or "", record.get("document") or "")
            self.left_out += [
                (layout.title, *named, column, self.edition.words.say(why))
                for column, why in faults
            ]
        self.rows[layout.id] = laid

    def add_codes(self, record: dict[str, Any]) -> dict[str, Any]:
        """Add the codes of the record's authority and of the submitting bureau."""
        given_code = record.get("authority_code") or ""
        own_code = given_code if given_code and not code_fault(given_code) else None
        own = self.home.settings.get("authority", {})
        codes = {own.get("name"): own.get("code")} | self.home.settings.get("authority_codes", {})
        return record | {
            "authority_code": own_code or codes.get(record["authority"]),
            "source": own.get("name"),
            "source_code": own.get("code"),
        }

    def _explain_faults(
        self, record: dict[str, Any], layout: UploadLayout, faults: list[tuple[str, str]]
    ) -> list[tuple[str, str]]:
        """Replace the reason of an empty cell by its cause: another authority's decision, or facts under review."""
        cause = {
            "authority_code": FOREIGN if record["authority"] else None,
            "facts": WAITING if record.get("given") else None,
        }
        sources = {column.header: column.source for column in layout.columns}
        return [
            (column, cause.get(sources[column]) or why)
            if why is upload_layout.MISSING
            else (column, why)
            for column, why in faults
        ]


def build_upload_files(
    home: Home,
    as_of: date,
    folder: Path,
    since: date | None = None,
) -> tuple[Delivery, dict[str, int]]:
    """Write the upload files of a day into a folder; also return the rows per file and the number left out.

    `since`: only decisions of that day or later. Same release, acts and days: the same bytes.
    """
    layouts, words = upload_layout.read_upload_layouts(home.fact_file("upload_files.toml"))
    upload = UploadRows(home=home, edition=Edition.gather(home, as_of), since=since, words=words)
    for layout in layouts:
        upload.lay_out_file(layout)
    public_digits = output_checks.collect_identifiers(upload.edition.tables)
    public_digits |= {text for text in upload.digits if not is_personal_identifier(text)}
    counts = {layout.title: len(upload.rows[layout.id]) for layout in layouts}
    counts["left_out"] = upload.refused
    return delivery.write_delivery(folder, _render_files(upload, layouts), public_digits), counts


def _render_files(
    upload: UploadRows, layouts: tuple[UploadLayout, ...]
) -> Iterator[tuple[str, bytes]]:
    import polars

    for layout in layouts:
        rows = upload.rows[layout.id]
        headers = [column.header for column in layout.columns]
        frame = polars.DataFrame(rows, schema=dict.fromkeys(headers, polars.String), orient="row")
        yield f"{layout.title}.xlsx", build_workbook(frame, headers, layout.title, table=False)
        codes = tuple(column.code for column in layout.columns)
        yield (
            f"{layout.title}.csv",
            render_csv(
                PortalNotice(
                    name=layout.id,
                    title=layout.title,
                    columns=codes,
                    rows=[tuple(row) for row in rows],
                )
            ),
        )
    headings = (N_("File"), N_("Name"), N_("Document number"), N_("Column"), N_("Reason"))
    columns = tuple(upload.edition.words.say(heading) for heading in headings)
    yield (
        LEFT_OUT,
        render_csv(PortalNotice(name="left_out", title="", columns=columns, rows=upload.left_out)),
    )


def _permit_records(upload: UploadRows) -> Iterator[dict[str, Any]]:
    """Yield every known decision, also withdrawn ones (状态 2), with the certificate of the kind of institution."""
    from double_random.registry.institutions.kinds import load_kinds
    from double_random.registry.tables import column_names

    certificates = {kind.code: kind.certificates[0] for kind in load_kinds(upload.home)}
    masker = Masker.read(upload.home.fact_file("persons.toml"))
    with upload.home.releases.read() as release:
        has_code = "authority_code" in column_names(release.connection, "decisions")
        code = "authority_code" if has_code else "CAST(NULL AS TEXT) AS authority_code"
        decisions = release.frame(PERMITS.format(authority_code=code), [upload.edition.as_of])
    for row in decisions.iter_rows(named=True):
        event_word = upload.edition.words.event(row["event"])
        places = [event_word, f"住所:{row['address']}" if row["address"] else ""]
        yield upload.add_codes(
            row
            | {
                "certificate": certificates.get(row["kind"]),
                "state": "1" if row["state"] == "valid" else "2",
                "content": _public_content(masker, row, ";".join(filter(None, places))),
            }
        )


def _penalty_records(upload: UploadRows) -> Iterator[dict[str, Any]]:
    """Yield the penalties that the site shows on the day, with the additional fields of the platform."""
    masker = Masker.read(upload.home.fact_file("persons.toml"))
    owners = {row["id"]: row for row in upload.edition.tables["institution"].iter_rows(named=True)}
    with upload.home.releases.read() as release:
        if not release.has("records"):
            return
        more = {row["record"]: row for row in release.frame(MORE).iter_rows(named=True)}
    for penalty in upload.edition.tables["penalty"].iter_rows(named=True):
        row = penalty | more[penalty["record"]]
        owner = owners.get(penalty["institution"], {})
        row |= {"uscc": owner.get("uscc"), "head": owner.get("head"), "address": None}
        kinds = (penalty["kinds"] or "").split()
        kind_words = upload.edition.words.penalties
        row["kinds"] = ";".join(
            upload.words.get(kind, kind_words.get(kind, kind)) for kind in kinds
        )
        row["content"] = _public_content(masker, row, _penalty_sentence(row))
        yield upload.add_codes(row)


def _result_records(upload: UploadRows) -> Iterator[dict[str, Any]]:
    """Yield the published results of inspections, one row per item: first of draws, then from loaded sheets."""
    tables, words = upload.edition.tables, upload.edition.words
    authorities = dict(tables["draw"].select("draw", "authority").iter_rows())
    codes = dict(tables["institution"].select("id", "uscc").iter_rows())
    drawn = (
        {"task": row["draw"], "authority": authorities.get(row["draw"]), "class": "random"} | row
        for row in upload.edition.rows("result")
    )
    past = ({"task": row["document"]} | row for row in upload.edition.rows("past_inspection"))
    for row in chain(drawn, past):
        yield upload.add_codes(
            row
            | {
                "document": row["task"],
                "uscc": codes.get(row["institution"]),
                "class": upload.words.get(row["class"], words.check(row["class"])),
                "decided": row["inspected"],
                "results": words.result(row["results"]),
            }
        )


def _public_content(masker: Masker, row: dict[str, Any], plain: str) -> str:
    """A decision's content as given if it has nothing personal; else a sentence from its fields."""
    content = row["content"]
    if not content:
        return plain
    own = tuple(row[name] for name in ("name", "head", "address") if row[name])
    masked = masker.mask(content, own)
    return content if masked.text == content and not masked.doubts else plain


def _penalty_sentence(row: dict[str, Any]) -> str:
    """Compose a penalty's content from its fields: 警告;罚款5,000.00元."""
    parts = [row["kinds"]]
    for name, word in (("fine_fen", "罚款"), ("confiscated_fen", "没收")):
        if row[name]:
            parts.append(f"{word}{format_yuan(row[name])}元")
    return ";".join(filter(None, parts))


RECORDS = {"permits": _permit_records, "penalties": _penalty_records, "results": _result_records}

PERMITS = """
SELECT name, uscc, licence, kind, event, head, address, title, document, content, decided, licence_from, licence_to,
    authority, {authority_code}, state
FROM decisions
WHERE known_to IS NULL AND institution IS NOT NULL AND decided <= $1
ORDER BY decided, document, decision
"""

MORE = """
SELECT record, name, content, ends, facts IS NOT NULL AND facts <> '' AS given
FROM records
WHERE known_to IS NULL AND class = 'penalty'
"""
