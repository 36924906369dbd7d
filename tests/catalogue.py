"""Brings the catalogue up to date with the sources: `make catalogue [WORDS=file.json …]`.

WORDS are JSON objects {"English sentence": "中文"}; their translations are taken over.
"""

from __future__ import annotations

import io
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests.packages import modules

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "data" / "locale" / "zh_CN" / "LC_MESSAGES"
PO, MO = FOLDER / "double-random.po", FOLDER / "double-random.mo"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "C_": ((1, "c"), 2)}


def sources() -> list[Path]:
    """The files that hold sentences."""
    pages = [
        file for folder in ("site", "letters") for file in (ROOT / "data" / folder).rglob("*.html")
    ]
    return sorted([*modules().values(), *pages])


def template() -> Catalog:
    """Every sentence in the sources, in order of file."""
    found = Catalog(project="double-random", charset="utf-8")
    for file in sources():
        method = "jinja2" if file.suffix == ".html" else "python"
        for line, message, comments, context in extract_from_file(method, str(file), KEYWORDS):
            place = (file.relative_to(ROOT).as_posix(), line)
            found.add(message, None, [place], auto_comments=comments, context=context)
    return found


def kept() -> Catalog:
    """The catalogue as it lies there; without dates, so that the same words are the same bytes."""
    if not PO.exists():
        return Catalog(locale="zh_CN", domain="double-random", charset="utf-8")
    with PO.open("rb") as file:
        found = read_po(file, locale="zh_CN", domain="double-random")
    found.creation_date = found.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    return found


def compiled(catalogue: Catalog) -> bytes:
    """The bytes of the .mo file."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def text(catalogue: Catalog) -> bytes:
    """The bytes of the .po file: no dates, no line numbers, so that it changes only where words do."""
    buffer = io.BytesIO()
    write_po(
        buffer,
        catalogue,
        width=100,
        omit_header=False,
        sort_output=True,
        no_location=True,
        ignore_obsolete=True,
    )
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if "-Date: " not in line).encode()


FULL_WIDTH = str.maketrans(",;:?!", "，；：？！")


def chinese(text: str) -> str:
    """Chinese punctuation beside Chinese words: full-width, as it is printed."""
    text = re.sub(
        r"(?<=[\u4e00-\u9fff」》）])[,;:?!] ?", lambda m: m[0].strip().translate(FULL_WIDTH), text
    )
    text = re.sub(
        r"(?<![A-Za-z0-9])[,;:?!](?=[\u4e00-\u9fff「《])",
        lambda m: m[0].translate(FULL_WIDTH),
        text,
    )
    return re.sub(r"\(([^()]*[\u4e00-\u9fff][^()]*)\)", r"（\1）", text)


def refresh(words: dict[str, str]) -> list[str]:
    """Take new sentences in, drop old ones, fill in translations; what is still missing comes back."""
    catalogue = kept()
    catalogue.update(template(), no_fuzzy_matching=True)
    for message in catalogue:
        if not message.id:
            continue
        key = message.id[0] if isinstance(message.id, tuple | list) else message.id
        key = f"{message.context}\x04{key}" if message.context else key
        if key in words:
            many = isinstance(message.id, tuple | list)
            message.string = (words[key],) if many else words[key]
        if isinstance(message.string, str):
            message.string = chinese(message.string)
        elif message.string:
            message.string = tuple(chinese(form) for form in message.string)
            message.flags.discard("fuzzy")
    catalogue.obsolete.clear()
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(text(catalogue))
    MO.write_bytes(compiled(kept()))
    return missing(kept())


def missing(catalogue: Catalog) -> list[str]:
    """Sentences without a translation."""
    found = []
    for message in catalogue:
        strings = message.string if isinstance(message.string, tuple | list) else [message.string]
        if message.id and (message.fuzzy or not all(strings)):
            found.append(str(message.id))
    return found


if __name__ == "__main__":
    given: dict[str, str] = {}
    for name in sys.argv[1:]:
        given |= json.loads(Path(name).read_text(encoding="utf-8"))
    left = refresh(given)
    print(f"{len(left)} sentences without a translation")
    for sentence in left:
        print("  " + sentence)
