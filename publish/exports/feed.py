"""The feed of draws (Atom, RFC 4287), one entry per draw, for feed readers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from double_random.core.translation import N_
from double_random.publish.disclosure.sanitise import reveal_hidden_marks

if TYPE_CHECKING:
    from double_random.publish.content.snapshot import Edition

ATOM = "http://www.w3.org/2005/Atom"
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


def build_draw_feed(edition: Edition, cards: dict[str, dict[str, Any]]) -> bytes:
    """Build draws/feed.atom. Ids are the plans' commitments. A site does not know its address, so links are relative to
    the feed's own (xml:base="feed.atom", RFC 4287 section 2). `updated` is the time of the newest entry.
    """
    words = edition.words
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed", {XML_BASE: "feed.atom"})
    _add_element(root, "id", f"urn:double-random:{edition.log.key.split('+')[0]}")
    _add_element(
        root, "title", f"{edition.authority} {words.say(N_('Random inspections'))}".strip()
    )
    times = [draw.row["ended"] or draw.row["committed"] for draw in edition.draws]
    beginning = f"{edition.as_of - timedelta(days=1)}T16:00:00Z"  # its midnight in China
    _add_element(root, "updated", max([*times, beginning]))
    _add_link(root, "self", "feed.atom", "application/atom+xml")
    _add_link(root, "alternate", "index.html", "text/html")
    _add_element(
        _add_element(root, "author"),
        "name",
        edition.authority or words.say(N_("Random inspections")),
    )
    for draw in edition.draws:
        entry = _add_element(root, "entry")
        _add_element(entry, "id", f"urn:double-random:{draw.row['commitment']}")
        _add_element(entry, "title", cards[draw.row["draw"]]["heading"])
        _add_element(entry, "updated", draw.row["ended"] or draw.row["committed"])
        _add_element(entry, "summary", words.stage(draw.row["stage"]))
        path = cards[draw.row["draw"]]["path"].removeprefix("draws/")
        _add_link(entry, "alternate", f"{path}/index.html", "text/html")
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _add_link(parent: ElementTree.Element, rel: str, href: str, kind: str) -> None:
    made = _add_element(parent, "link")
    for name, value in (("rel", rel), ("type", kind), ("href", href)):
        made.set(name, value)


def _add_element(parent: ElementTree.Element, name: str, text: str = "") -> ElementTree.Element:
    made = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}")
    made.text = reveal_hidden_marks(text) or None
    return made
