"""Notices for a portal (政府网站) of a bureau without its own site: `publish build --as portal`.

They use the same edition as the site, with the same allow-list, terms and masking. For each draw its sealed plan, its
抽查任务公告, list and 检查结果公告; the penalties within their terms; the register by kind. Each is a table to paste,
with a workbook and a CSV to attach; a published draw also has its bundle (核验包) for verification by anyone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core.translation import N_
from double_random.publish.content import urls
from double_random.publish.content.labels import format_yuan
from double_random.publish.content.snapshot import Edition
from double_random.publish.disclosure import output_checks
from double_random.publish.exports import announcement, delivery
from double_random.publish.exports.notice import (
    PortalNotice,
    render_csv,
    render_fragments,
    render_workbook,
)
from double_random.publish.site.draw_pages import build_draw_card

if TYPE_CHECKING:
    from double_random.publish.content.published_draws import PublishedDraw
    from double_random.publish.exports.delivery import Delivery
    from double_random.store.home import Home

SEALED = N_("Sealed plan of a random inspection")  # 抽查方案封存公告
VOIDED = N_("Random inspection made void")  # 抽查作废公告
LIST = N_("Drawn institutions")  # 抽查名单
RESULTS = N_("Results of inspections")  # 检查结果公告
NUMBER = N_("No.")
NOTHING_WRONG = N_("Being drawn does not mean that anything is wrong.")
NOT_LAWFUL = N_("No information published does not mean that nothing unlawful was done.")
INDEX = "index.csv"


def build_portal_notices(
    home: Home, as_of: date, folder: Path, language: str | None = None
) -> Delivery:
    """Write every notice as of a day into a folder, replacing earlier ones; return what to paste or take down.

    Same release, acts and day: the same bytes. Misuse if the folder contains other files, Stopped if a notice contains
    a possible personal number.
    """
    edition = Edition.gather(
        home, as_of, language or str(home.settings.get("site_lang") or "zh_CN")
    )
    public_digits = output_checks.collect_identifiers(edition.tables)
    for draw in edition.draws:
        public_digits |= output_checks.identifiers_in_bundle(draw.bundle)
    return delivery.write_delivery(folder, render_portal_files(edition), public_digits)


def render_portal_files(edition: Edition) -> Iterator[tuple[str, bytes]]:
    """Yield fragments and attachments, then the index that groups them."""
    from double_random.inspection.verification.bundle import pack_zip

    words = edition.words
    headings = (N_("Notice"), N_("To paste"), N_("To attach"), N_("Rows"))
    index: list[tuple[str | int, ...]] = []
    bundles = {
        f"task-{urls.safe_name(draw.row['draw'])}": draw for draw in edition.draws if draw.bundle
    }
    for notice in list_notices(edition):
        pasted = list(render_fragments(notice))
        attached = [(f"{notice.name}.xlsx", render_workbook(notice))]
        if notice.columns:
            attached.append((f"{notice.name}.csv", render_csv(notice)))
        if notice.name in bundles:
            attached.append((f"{notice.name}.zip", pack_zip(bundles[notice.name].bundle)))
        yield from pasted
        yield from attached
        names = [" ".join(path for path, _content in group) for group in (pasted, attached)]
        index.append((notice.title, *names, len(notice.rows)))
    columns = tuple(words.say(heading) for heading in headings)
    yield INDEX, render_csv(PortalNotice(name="index", title="", columns=columns, rows=index))


def list_notices(edition: Edition) -> Iterator[PortalNotice]:
    """Yield every notice of an edition: draws, the latest plan first, then penalties, then the register."""
    for draw in edition.draws:
        if not draw.is_published:
            yield _plan_notice(draw, edition)
            continue
        drawn = edition.tables["drawn"].filter(draw=draw.row["draw"]).to_dicts()
        yield announcement.build_announcement(draw, drawn, edition.words)
        yield _list_notice(draw, drawn, edition)
        results = edition.tables["result"].filter(draw=draw.row["draw"]).to_dicts()
        if results:
            yield _results_notice(draw, results, edition)
    yield _penalties_notice(edition)
    yield from _register_notices(edition)


def _plan_notice(draw: PublishedDraw, edition: Edition) -> PortalNotice:
    """The plan's notice before the list is public: fields of the log, above all the short code to write down."""
    say = edition.words.say
    draw_card = build_draw_card(draw, edition)
    head = ((say(N_("Stage")), draw_card["stage_word"]), *draw_card["plan"])
    title = say(SEALED if draw.is_waiting else VOIDED)
    return PortalNotice(
        name=f"plan-{urls.safe_name(draw.row['draw'])}", title=title, head=tuple(head)
    )


def _list_notice(
    draw: PublishedDraw, drawn: list[dict[str, Any]], edition: Edition
) -> PortalNotice:
    rows = [
        (row["number"], *(row[name] or "" for name in ("name", "id", "authority"))) for row in drawn
    ]
    return PortalNotice(
        name=f"list-{urls.safe_name(draw.row['draw'])}",
        title=_draw_title(LIST, draw, edition),
        columns=announcement.COLUMNS,
        rows=rows,
        note=edition.words.say(NOTHING_WRONG),
    )


def _results_notice(
    draw: PublishedDraw, results: list[dict[str, Any]], edition: Edition
) -> PortalNotice:
    fields = ("name", "institution", "item", "inspected", "results", "correct_by", "published")
    columns, rows = _numbered_rows(edition, "result", fields, results)
    return PortalNotice(
        name=f"results-{urls.safe_name(draw.row['draw'])}",
        title=_draw_title(RESULTS, draw, edition),
        columns=columns,
        rows=rows,
    )


def _penalties_notice(edition: Edition) -> PortalNotice:
    """The notice of penalties within their terms, with the punished institution's name and code."""
    which = edition.allowed.classes["penalty"]
    owners = {row["id"]: row for row in edition.tables["institution"].iter_rows(named=True)}
    fields = [entry.name for entry in which.fields if entry.name not in ("institution", "record")]
    penalties = edition.tables["penalty"].to_dicts()
    columns, rows = _numbered_rows(edition, "penalty", fields, penalties)
    titles = {
        entry.name: edition.words.title(entry)
        for entry in edition.allowed.classes["institution"].fields
    }
    full_rows = []
    for row, entry in zip(rows, penalties, strict=True):
        owner = owners.get(entry["institution"], {})
        name, code = owner.get("name") or entry["institution"], owner.get("uscc") or ""
        full_rows.append((row[0], name, code, *row[1:]))
    return PortalNotice(
        name="penalties",
        title=edition.words.title(which),
        columns=(columns[0], titles["name"], titles["uscc"], *columns[1:]),
        rows=full_rows,
        note=edition.words.say(NOT_LAWFUL),
    )


def _register_notices(edition: Edition) -> Iterator[PortalNotice]:
    """Yield the register, one notice for each kind of institution."""
    which = edition.allowed.classes["institution"]
    fields = [field.name for field in which.fields if field.name not in ("id", "kind")]
    table = edition.tables["institution"].sort("district", "id", nulls_last=True)
    for kind in sorted(table["kind"].unique().to_list()):
        columns, rows = _numbered_rows(
            edition, "institution", fields, table.filter(kind=kind).to_dicts()
        )
        title = f"{edition.words.title(which)} {edition.words.kind(kind)}"
        yield PortalNotice(
            name=f"register-{urls.safe_name(kind)}", title=title, columns=columns, rows=rows
        )


def _numbered_rows(
    edition: Edition, which: str, fields: Sequence[str], records: list[dict[str, Any]]
) -> tuple[tuple[str, ...], list[tuple[str | int, ...]]]:
    """A class's fields as a numbered list: headings, and rows with labels instead of codes."""
    words = edition.words
    special: dict[str, Callable[[Any], str]] = {
        "district": words.district,
        "status": words.status,
        "kinds": lambda value: words.penalty(value or ""),
        "results": lambda value: words.result(value or ""),
        "former": lambda value: "、".join(value or ()),
        "fine_fen": _format_money,
        "confiscated_fen": _format_money,
    }
    own_titles = {
        "district": N_("District"),
        "fine_fen": N_("Fine (yuan)"),
        "confiscated_fen": N_("Confiscated (yuan)"),
    }
    titles = {field.name: words.title(field) for field in edition.allowed.classes[which].fields}
    titles |= {name: words.say(title) for name, title in own_titles.items()}
    columns = (words.say(NUMBER), *(titles[name] for name in fields))
    rows: list[tuple[str | int, ...]] = [
        (number, *(str(special.get(name, _plain_text)(row[name])) for name in fields))
        for number, row in enumerate(records, start=1)
    ]
    return columns, rows


def _draw_title(title: str, draw: PublishedDraw, edition: Edition) -> str:
    name = draw.row["title"] or draw.row["number"] or draw.row["draw"]
    return f"{edition.words.say(title)} {name}"


def _plain_text(value: Any) -> str:
    return "" if value is None else str(value)


def _format_money(fen: int | None) -> str:
    return "" if fen is None else format_yuan(fen)
