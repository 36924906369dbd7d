"""The search index of institutions (查询), in small files that a page loads as scripts; data/site/search.js reads it.

Three kinds of files, for a page opened from a local folder may load scripts but nothing else:

- exact: whole folded texts (name, former name, code, licence number, head, penalty's number, initials, pinyin) and the
  places of those who have them, in files numbered by a hash of the text. What is typed in full is the first hit.
- keys: parts of texts (keys.py says which) and the places of all who have them, as differences, so that the page can
  intersect them: more characters always narrow. Sorted and packed; `index.js` has the first key of each file. A key of
  more than COMMON places is in the index as common, and only its first FIRST places are listed.
- cards: what the page shows of an institution, CARDS of them a file, in the order of ids.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from double_random.publish.content import urls
from double_random.publish.content.writers import to_parquet
from double_random.publish.disclosure.verdict_cache import VerdictCache, hash_rules
from double_random.publish.site import search_keys
from double_random.publish.site.draw_pages import shorten_heading
from double_random.publish.site.page_cache import PageCache

if TYPE_CHECKING:
    import polars

    from double_random.publish.site.templates import Page

COMMON = 2_000  # places from which on a key narrows nothing down
FIRST = 30  # places that are listed of a common key or text
CARDS = 12  # institutions a file of cards
PACKED = 6_000  # bytes of a file of keys, unless one key alone takes more
EACH = 32  # institutions a file of whole texts
FEWEST, MOST = 16, 4_096  # files of whole texts
COLUMNS = ("id", "name", "uscc", "licence", "former", "head", "kind", "district", "status")

Describe = Callable[[Mapping[str, Any]], str]


def build_search_pages(
    institutions: polars.DataFrame,
    numbers: Mapping[str, Sequence[str]] | None = None,
    describe: Describe = lambda row: "",
    cache: VerdictCache | None = None,
    former: PageCache | None = None,
    look: str = "",
) -> Iterator[Page]:
    """Yield the index's files. Columns: those of COLUMNS; hits of equal rank are sorted by id.

    `numbers`: the numbers of published penalties, by institution. `describe`: an institution's kind, district and
    status in words. `cache`: that of names' spelling. `former`, `look`: the previous edition, whose index is taken over
    where no institution has changed.
    """
    table = _select_columns(institutions.sort("id"))
    numbers, former = numbers or {}, former or PageCache()
    rows = hashlib.sha256(to_parquet(table) + repr(sorted(numbers.items())).encode()).hexdigest()
    key = hash_rules(look.encode(), rows.encode(), version("pypinyin").encode())
    before = [path for path in former.hashes if path.startswith("search/")]
    if before and all(former.keys.get(path) == key for path in before):
        pages: Iterable[tuple[str, bytes | None]] = ((path, None) for path in before)
    else:
        pages = _build_files(table, numbers, describe, cache or VerdictCache())
    for path, content in pages:
        former.is_unchanged(path, key)  # the key is recorded for the next edition
        yield path, content


def _select_columns(institutions: polars.DataFrame) -> polars.DataFrame:
    """The table with COLUMNS; those that the allow-list leaves out are empty."""
    import polars

    missing = [name for name in COLUMNS if name not in institutions.columns]
    return institutions.with_columns(polars.lit(None).alias(name) for name in missing).select(
        COLUMNS
    )


def _build_files(
    table: polars.DataFrame,
    numbers: Mapping[str, Sequence[str]],
    describe: Describe,
    cache: VerdictCache,
) -> Iterator[Page]:
    texts = search_keys.collect_texts(table, numbers, cache)
    yield from _build_cards(table, describe)
    shards = count_shards(table.height)
    yield from _build_exact(texts, shards)
    common: dict[str, int] = {}
    first_keys: list[str] = []
    for first_key, content in _pack_keys(search_keys.collect_keys(texts, COMMON, FIRST), common):
        yield f"search/k{len(first_keys)}.js", _render(f"k{len(first_keys)}", content)
        first_keys.append(first_key)
    told = {"files": first_keys, "exact": shards, "cards": CARDS, "common": common}
    yield "search/index.js", _render("index", script_json(told))


def _build_cards(table: polars.DataFrame, describe: Describe) -> Iterator[Page]:
    """Each card: name, code, path of the page, description, former names, other numbers."""
    cards = [
        script_json(
            (
                shorten_heading(row["name"] or row["id"]),
                row["uscc"] or row["licence"] or "",
                urls.institution_path(row["id"])[len("institutions/") : -len(".html")],
                describe(row),
                [name for name in row["former"] or () if name],
                _other_numbers(row),
            )
        )
        for row in table.iter_rows(named=True)
    ]
    for number, start in enumerate(range(0, len(cards), CARDS)):
        content = f"[{','.join(cards[start : start + CARDS])}]"
        yield f"search/c{number}.js", _render(f"c{number}", content)


def _other_numbers(row: Mapping[str, Any]) -> list[str]:
    """The licence number and the id where they are not the code that a card shows."""
    shown = row["uscc"] or row["licence"]
    return sorted({value for value in (row["licence"], row["id"]) if value and value != shown})


def _build_exact(texts: search_keys.Texts, shards: int) -> Iterator[Page]:
    """Each text with the number of those who have it, and the places of the first, present names and codes before."""
    places: dict[str, dict[int, None]] = defaultdict(dict)
    for group in (texts.names, texts.codes, texts.former, texts.others, texts.spelt):
        for place, text in group:
            places[text][place] = None
    lines: dict[int, list[str]] = defaultdict(list)
    for text in sorted(places):
        found = list(places[text])
        entry = ",".join(map(str, (len(found), *found[:FIRST])))
        lines[shard_number(text, shards)].append(f"{script_json(text)}:[{entry}]")
    for number in range(shards):
        yield f"search/e{number}.js", _render(f"e{number}", f"{{{','.join(lines[number])}}}")


def _pack_keys(
    keys: Iterable[tuple[str, int, str]], common: dict[str, int]
) -> Iterator[tuple[str, str]]:
    """Yield each file's first key and content: key, count and the differences of the places; fill `common`."""
    first, size = "", 0
    lines: list[str] = []
    for key, count, differences in keys:
        if count > COMMON:
            common[key] = count
        line = f"{script_json(key)}:[{count},{differences}]"
        if lines and size + len(line) > PACKED:
            yield first, f"{{{','.join(lines)}}}"
            lines, size = [], 0
        first = first if lines else key
        lines.append(line)
        size += len(line)
    if lines:
        yield first, f"{{{','.join(lines)}}}"


def count_shards(institutions: int) -> int:
    """The number of files of whole texts for a number of institutions."""
    return max(FEWEST, min(MOST, 1 << (institutions // EACH).bit_length()))


def shard_number(text: str, files: int) -> int:
    """The number of the file with a text: FNV-1a over its UTF-16 units, reproducible in JavaScript."""
    value = 2166136261
    for unit in memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H"):
        value = ((value ^ unit) * 16777619) & 0xFFFFFFFF
    return value % files


def _render(name: str, content: str) -> bytes:
    return f'found("{name}",{content})\n'.encode()


def script_json(value: object) -> str:
    """JSON that is safe inside a script: no closing tag, no line separator of old JavaScript."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
