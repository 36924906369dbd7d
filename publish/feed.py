"""The feed of draws (Atom, RFC 4287): one entry a draw, for programs that tell people what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from language import N_
from publish.harmless import visible

if TYPE_CHECKING:
    from publish.edition import Edition

ATOM = "http://www.w3.org/2005/Atom"


def feed(edition: Edition, cards: dict[str, dict[str, Any]]) -> bytes:
    """draws/feed.atom. Ids are the plans' commitments; links are relative, since a site does not know its address."""
    words = edition.words
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    _put(root, "id", f"urn:double-random:{edition.log.key.split('+')[0]}")
    _put(root, "title", f"{edition.authority} {words.say(N_('Random inspections'))}".strip())
    _put(root, "updated", f"{edition.as_of}T00:00:00+08:00")
    _put(_put(root, "author"), "name", edition.authority or words.say(N_("Random inspections")))
    for draw in edition.draws:
        entry = _put(root, "entry")
        _put(entry, "id", f"urn:double-random:{draw.row['commitment']}")
        _put(entry, "title", cards[draw.row["draw"]]["heading"])
        _put(entry, "updated", draw.row["ended"] or draw.row["committed"])
        _put(entry, "summary", words.stage(draw.row["stage"]))
        path = cards[draw.row["draw"]]["path"].removeprefix("draws/")
        _put(entry, "link").set("href", f"{path}/index.html")
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _put(parent: ElementTree.Element, name: str, text: str = "") -> ElementTree.Element:
    made = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}")
    made.text = visible(text) or None
    return made
