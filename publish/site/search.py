"""The search index of institutions (查询): character bigrams, in small files that a page loads as scripts.

Keys are every two adjacent characters of a name (also former names), of a code, of a licence number and of a name's
pinyin initials; of codes and initials also every four, because thousands share two of them. A key maps to the first
SHOWN institutions and their total. A file contains the keys of one number of `shard`; files are loaded as scripts
because a page opened from a local folder may not fetch other files. data/site/search.js reads the index.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.publish.content import urls
from double_random.publish.content.writers import to_parquet
from double_random.publish.disclosure.verdict_cache import VerdictCache, hash_rules
from double_random.publish.site.draw_pages import shorten_heading

if TYPE_CHECKING:
    import polars

    from double_random.publish.site.page_cache import PageCache
    from double_random.publish.site.templates import Page

FEWEST, MOST = 64, 2048  # files
EACH = 15  # institutions per file
SHOWN = 100  # institutions listed for one key
LARGEST = 30_000  # bytes; a query loads at most three files and one page's script

Hit = tuple[str, str, str]  # name, code, path without folder and suffix


def build_search_pages(
    institutions: polars.DataFrame,
    cache: VerdictCache | None = None,
    former: PageCache | None = None,
    look: str = "",
) -> Iterator[Page]:
    """Yield the index's files. Required columns: id name uscc licence former; hits are sorted by id.

    `cache`: that of names' pinyin initials. `former`, `look`: the previous edition, whose index is taken over where no
    institution has changed.
    """
    table = institutions.sort("id").select("id", "name", "uscc", "licence", "former")
    if former is not None and _is_unchanged(table, former, look):
        yield from ((path, None) for path in _list_paths(table.height))
        return
    hits = [
        _script_json(
            (shorten_heading(name or id_), uscc or licence or "", urls.institution_path(id_)[13:-5])
        )
        for id_, name, uscc, licence, _former in table.iter_rows()
    ]
    keys = _collect_keys(table, cache or VerdictCache())
    shards: dict[int, list[tuple[str, int, list[int]]]] = defaultdict(list)
    common: dict[str, int] = {}
    files = count_shards(table.height)
    for key, count, positions in keys.iter_rows():
        shards[shard_number(key, files)].append((key, count, positions))
        if count > SHOWN:
            common[key] = count
    for number in range(files):
        yield _render_shard(number, shards[number], hits)
    yield "search/common.js", f"found(-1,{_script_json(common)})\n".encode()


def _is_unchanged(table: polars.DataFrame, former: PageCache, look: str) -> bool:
    """Whether the index would be the previous one; its keys are recorded for the next edition."""
    rows = hashlib.sha256(to_parquet(table)).hexdigest()
    key = hash_rules(look.encode(), rows.encode(), version("pypinyin").encode())
    known = [former.is_unchanged(path, key) for path in _list_paths(table.height)]
    return all(known)


def _list_paths(institutions: int) -> list[str]:
    shards = [f"search/{number}.js" for number in range(count_shards(institutions))]
    return [*shards, "search/common.js"]


def _collect_keys(institutions: polars.DataFrame, cache: VerdictCache) -> polars.DataFrame:
    """Collect the keys: key, count of rows with it, and the positions of the first SHOWN rows."""
    import polars

    names: list[tuple[int, str]] = []
    codes: list[tuple[int, str]] = []
    for position, (id_, name, uscc, licence, former) in enumerate(institutions.iter_rows()):
        names += [
            (position, text)
            for text in {fold_text(value) for value in (name or "", *(former or ()))}
        ]
        codes += [
            (position, text)
            for text in {fold_text(value) for value in (uscc, licence, id_) if value}
        ]
    rule = hash_rules(Path(__file__).read_bytes(), version("pypinyin").encode())
    letters = cache.find_answers(
        "initials", rule, sorted({(name,) for _, name in names}), pinyin_initials
    )
    spelt = [(position, letters[name,]) for position, name in names]
    schema = {"place": polars.UInt32, "text": polars.String}
    two = polars.DataFrame([*names, *codes, *spelt], schema=schema, orient="row")
    four = polars.DataFrame([*codes, *spelt], schema=schema, orient="row")
    none = polars.DataFrame(schema={"place": polars.UInt32, "key": polars.String})
    return (
        polars.concat([*_slice_windows(two, 2), *_slice_windows(four, 4), none])
        .unique()
        .sort("key", "place")
        .group_by("key", maintain_order=True)
        .agg(polars.len().alias("count"), polars.col("place").head(SHOWN))
    )


def _slice_windows(texts: polars.DataFrame, width: int) -> Iterator[polars.DataFrame]:
    """Yield every `width` adjacent characters of the texts: place, key."""
    import polars

    long = polars.col("text").str.len_chars()
    for start in range(int(texts.select(long.max()).item() or 0) - width + 1):
        yield texts.filter(long >= start + width).select(
            "place", polars.col("text").str.slice(start, width).alias("key")
        )


def fold_text(text: str) -> str:
    """Fold a text for comparison: one width, capitals, no blanks; the page folds the input the same way."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())[:200]


def count_shards(institutions: int) -> int:
    """The number of index files for a number of institutions."""
    return max(FEWEST, min(MOST, 1 << (institutions // EACH).bit_length()))


def shard_number(key: str, files: int) -> int:
    """The number of the file with a key: FNV-1a over its UTF-16 units, reproducible in JavaScript."""
    value = 2166136261
    for unit in memoryview(key.encode("utf-16-le")).cast("H"):
        value = ((value ^ unit) * 16777619) & 0xFFFFFFFF
    return value % files


def pinyin_initials(name: str) -> str:
    """The pinyin initials of a folded name, 重庆示例 → CQSL; other characters stay."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).upper()


def _render_shard(number: int, entries: list[tuple[str, int, list[int]]], hits: list[str]) -> Page:
    """Render one file: {key: [count, hit, …]}; keys with many hits list fewer if the file would be too large."""
    shown = SHOWN
    while True:
        lines = [
            f"{_script_json(key)}:[{count},{','.join([hits[position] for position in positions[:shown]])}]"
            for key, count, positions in entries
        ]
        content = f"found({number},{{{','.join(lines)}}})\n".encode()
        if len(content) <= LARGEST or shown <= 10:
            return f"search/{number}.js", content
        shown = shown * 3 // 4


def _script_json(value: object) -> str:
    """JSON that is safe inside a script: no closing tag, no line separator of old JavaScript."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
