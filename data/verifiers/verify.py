#!/usr/bin/env python3
"""Checks a draw of the protocols double-random/1 and /2: one file, Python 3.8 or newer, nothing to install, no network.

    python3 verify.py [BUNDLE] [--key KEY] [--code CODE] [--witness KEY …] [--checkpoint FILE] [--row FILE]
                       [--least NUMBER] [--lang zh|en] [--json]
    python3 verify.py --replay FOLDER

BUNDLE: a folder or a .zip; without it, the folder that this file lies in.
KEY: the log's public key, its text or a file with it, from outside the bundle.
CODE: the plan's code (方案校验码) that somebody wrote down before the numbers were known.
--witness: the key of somebody who signed the log's head; --checkpoint: a head that you kept.
--least: so many of the given witnesses must have signed the sealed plan before its numbers.
--row: the proof of your own row in the register.
FOLDER: plan.json, its files and reveal.json; the whole draw is computed and printed as JSON.
Exit code: 0 intact, 1 wrong (the first line names the file), 2 misused or no bundle, 3 cannot be judged (the first line
names one next step). Written from docs/reference/draw-protocol.md and draw-protocol-2.md alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import unicodedata

TYPE_CHECKING = False  # importing typing would cost a tenth of the whole run
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, NoReturn

    Raw = Callable[[bytes], bytes]
    Point = tuple[int, int, int, int]

PROTOCOL = "double-random/1"
SECOND = "double-random/2"
TABLES: dict[str, tuple[str, int]] = {  # columns, and how many of them are the key
    "frame.csv": ("id,stratum,kind,district,name,salt", 1),
    "pool.csv": ("id,name", 1),
    "left_out.csv": ("id,reason,name", 1),
    "inspectors.csv": ("id,lead,kinds,district,name", 1),
    "inspectors_left_out.csv": ("id,reason,name,salt", 1),
    "recusals.csv": ("target,inspector,salt", 2),
    "targets.csv": ("id,stratum,role,place,ticket", 1),
    "teams.csv": ("target,inspector,role", 2),
    "list.csv": ("id,name", 1),
}
FROZEN = ("rules.json", "strata.json", *list(TABLES)[:6])
GRADED = ("strata.json", "frame.csv", "targets.csv")
UNBOUND = "unbound_recusals.json"  # only where somebody accepted recusals that bind nobody
INSIDE = ("inspectors_left_out.csv", "recusals.csv", "certificate.json", UNBOUND, "inner")
LOGGED = ("log.jsonl", "checkpoint", "records.jsonl")
TOLD = (
    "plan.json",
    "rules.json",
    "pool.csv",
    "left_out.csv",
    "inspectors.csv",
    "result.json",
    "teams.csv",
    "list.csv",
)
CHECKERS = ("verify.py", "verify.html", "CHECK.md")
RESULTS = ("result.json", "targets.csv", "teams.csv", "list.csv", "certificate.json", UNBOUND)
RECOUNTED = (*RESULTS, *CHECKERS)
NAMES = {*TOLD, *LOGGED, *GRADED, *INSIDE, *CHECKERS}
MARKS = {"plan.json", "result.json", "certificate.json", "log.jsonl", "checkpoint"}
STRAYS = (".DS_Store", "Thumbs.db", "desktop.ini")  # and names that begin with ._ or __MACOSX
TEXT_FILES = (".json", ".jsonl", ".csv", ".md", ".py", ".html")
ASK_PROOF = "ask for the proof of one's own row for this draw"
AS_PUBLISHED = "take the .zip as it was published"
LARGEST = 1 << 30
SAFE = 2**53 - 1
DEALINGS = 9
PAPER = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LEFT_OUT = ("district not known", "inspected within 12 months")
REPLACE = ("ceased", "moved out of the area", "under criminal investigation", "force majeure")
SUBSTITUTE = ("recusal asked for", "illness", "transfer")
LOTTERIES: dict[
    str, tuple[int, tuple[tuple[str, int, int, int], ...]]
] = {  # digits of an issue; how, count, low, high
    "快乐8": (7, (("balls", 20, 1, 80),)),
    "双色球": (7, (("balls", 6, 1, 33), ("balls", 1, 1, 16))),
    "七乐彩": (7, (("balls", 7, 1, 30), ("rest", 1, 1, 30))),
    "福彩3D": (7, (("digits", 3, 0, 9),)),
    "大乐透": (5, (("balls", 5, 1, 35), ("balls", 2, 1, 12))),
    "排列3": (5, (("digits", 3, 0, 9),)),
    "排列5": (5, (("digits", 5, 0, 9),)),
    "七星彩": (5, (("digits", 6, 0, 9), ("digits", 1, 0, 14))),
}


OUTSIDE = re.compile(r"(?:timestamp-([0-9]{8})\.tsr|cosigned-([0-9]{8}))")


class Wrong(Exception):
    """What is wrong, and with which file; `what` is a sentence of SENTENCES."""

    def __init__(self, file: str, what: str, **named: object) -> None:
        super().__init__(file, what)
        self.file, self.what, self.named = file, what, named


class Undecided(Exception):
    """Nothing contradicts, but this copy, key or program is not enough: why, and one next step."""

    def __init__(self, why: str, step: str, **named: object) -> None:
        super().__init__(why)
        self.why, self.step, self.named = why, step, named


class Misused(Exception):
    """The call, not the bundle, is wrong."""


class NoBundle(Misused):
    """There is nothing to check: `what` is a sentence of SENTENCES, `place` what was named."""

    def __init__(self, what: str, place: str) -> None:
        super().__init__(what)
        self.what, self.place = what, place


# --- hashes -------------------------------------------------------------------------------------------------------


def sm3(data: bytes) -> bytes:
    """SM3 (GB/T 32905-2016), for a Python whose OpenSSL has none."""
    mask = 0xFFFFFFFF
    state = [
        0x7380166F,
        0x4914B2B9,
        0x172442D7,
        0xDA8A0600,
        0xA96F30BC,
        0x163138AA,
        0xE38DEE4D,
        0xB0FB0E4E,
    ]
    padded = data + b"\x80" + bytes((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    for at in range(0, len(padded), 64):
        w = [int.from_bytes(padded[at + 4 * j : at + 4 * j + 4], "big") for j in range(16)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ _left(w[j - 3], 15)
            w.append(x ^ _left(x, 15) ^ _left(x, 23) ^ _left(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            turned = _left(a, 12)
            s1 = _left((turned + e + _left(0x79CC4519 if j < 16 else 0x7A879D8A, j % 32)) & mask, 7)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & mask & g)
            t1 = (ff + d + (s1 ^ turned) + (w[j] ^ w[j + 4])) & mask
            t2 = (gg + h + s1 + w[j]) & mask
            d, c, b, a = c, _left(b, 9), a, t1
            h, g, f, e = g, _left(f, 19), e, t2 ^ _left(t2, 9) ^ _left(t2, 17)
        state = [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h))]
    return b"".join(word.to_bytes(4, "big") for word in state)


def _left(word: int, bits: int) -> int:
    return (word << bits | word >> (32 - bits)) & 0xFFFFFFFF


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def raw_hash(name: str) -> Callable[[bytes], bytes]:
    """The function bytes → 32 bytes that a plan names."""
    if name == "sha256":
        return sha256
    try:
        hashlib.new("sm3")
    except ValueError:
        return sm3
    return lambda data: hashlib.new("sm3", data).digest()


def tree_head(leaves: Iterable[bytes], raw: Raw) -> bytes:
    """RFC 6962 tree head; a last odd node goes up as it is."""
    level = [raw(b"\0" + leaf) for leaf in leaves]
    if not level:
        return raw(b"")
    while len(level) > 1:
        odd = level[len(level) & ~1 :]
        level = [raw(b"\1" + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)] + odd
    return level[0]


# --- text, CSV, JSON ----------------------------------------------------------------------------------------------

UNCLEAN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
HIDDEN = re.compile(  # control characters, marks that hide or turn the reading direction, letters that show nothing
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """A line for a terminal: no name in a bundle can move the cursor, hide, or begin a line of its own."""
    return HIDDEN.sub("\ufffd", text)


def escaped(value: Any) -> str:
    """JSON of one line, its hidden marks written \\uXXXX."""
    return HIDDEN.sub(lambda mark: json.dumps(mark[0])[1:-1], json.dumps(value, ensure_ascii=False))


def clean(text: str) -> bool:
    return not UNCLEAN.search(text) and unicodedata.is_normalized("NFC", text)


def utf8(file: str, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong(file, "it is no UTF-8 text") from None


def csv_line(fields: Iterable[str]) -> str:
    return ",".join('"' + f.replace('"', '""') + '"' if "," in f or '"' in f else f for f in fields)


def csv_fields(line: str) -> list[str] | None:
    """The fields of one canonical line; None where it is not canonical."""
    if '"' not in line:
        return line.split(",")
    parts = re.findall(r'(?:^|,)("((?:[^"]|"")*)"|([^",]*))(?=,|$)', line)
    found = [
        quoted.replace('""', '"') if whole[:1] == '"' else plain for whole, quoted, plain in parts
    ]
    return found if csv_line(found) == line else None


def read_csv(file: str, data: bytes) -> list[list[str]]:
    """The rows of canonical CSV, in their order; Wrong for any other bytes."""
    header, key = TABLES[file]
    text = utf8(file, data)
    lines = text.split("\n")
    if lines.pop() != "" or not lines or lines[0] != header or not clean(text.replace("\n", ",")):
        raise Wrong(file, "it is no canonical CSV")
    rows = [csv_fields(line) or [] for line in lines[1:]]
    width = header.count(",") + 1
    whole = all(len(row) == width for row in rows) and rows == sorted(rows)
    if not whole or len({tuple(row[:key]) for row in rows}) != len(rows):
        raise Wrong(file, "it is no canonical CSV")
    return rows


def write_csv(file: str, rows: Iterable[Sequence[str]]) -> bytes:
    lines = [TABLES[file][0], *(csv_line(row) for row in sorted(tuple(row) for row in rows))]
    return ("\n".join(lines) + "\n").encode()


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of texts, whole numbers, lists and objects."""
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def _ordered(value: Any) -> Any:
    if type(value) is dict:
        return {
            key: _ordered(value[key])
            for key in sorted(value, key=lambda text: text.encode("utf-16-be", "replace"))
        }
    return [_ordered(part) for part in value] if type(value) is list else value


def read_json(file: str, data: bytes) -> Any:
    """The value of canonical JSON; Wrong for any other bytes."""
    try:
        value = json.loads(utf8(file, data), parse_float=_no_number, parse_constant=_no_number)
        if exact(value) and canonical(value) == data:
            return value
    except (ValueError, RecursionError):
        pass
    raise Wrong(file, "it is no canonical JSON")


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def exact(value: Any) -> bool:
    """Clean texts and whole numbers alone; `entropy` may join its lines by LF."""
    if type(value) is dict:
        for key, part in value.items():
            if key == "entropy" and type(part) is str:
                part = part.replace("\n", ",")
            if not clean(key) or not exact(part):
                return False
        return True
    if type(value) is list:
        return all(exact(part) for part in value)
    if type(value) is str:
        return clean(value)
    return type(value) is not int or -SAFE <= value <= SAFE


# --- the shape of objects: a dict is an object with exactly these fields, [x] a list of x, (x,) null or x ------------


def pattern(expression: str) -> Callable[[Any], bool]:
    compiled = re.compile(expression, re.ASCII)
    return lambda value: type(value) is str and compiled.fullmatch(value) is not None


def one_of(*allowed: str) -> Callable[[Any], bool]:
    return lambda value: type(value) is str and value in allowed


def words(value: Any) -> bool:
    return type(value) is str and value != ""


def any_text(value: Any) -> bool:
    return type(value) is str


def number(value: Any) -> bool:
    return type(value) is int and value >= 0


def positive(value: Any) -> bool:
    return number(value) and value > 0


def flag(value: Any) -> bool:
    return type(value) is bool


def share(value: Any) -> bool:
    return (
        type(value) is list
        and len(value) == 2
        and all(map(number, value))
        and value[0] <= value[1] > 0
    )


def many(value: Any) -> bool:
    """Different texts, none empty."""
    return type(value) is list and all(map(words, value)) and len(set(value)) == len(value)


def texts(value: Any) -> bool:
    return type(value) is list and all(map(any_text, value))


def text_map(value: Any) -> bool:
    return type(value) is dict and all(map(any_text, value.values()))


def day(value: Any) -> bool:
    if not DAY(value):
        return False
    year, month, date = int(value[:4]), int(value[5:7]), int(value[8:])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (
        year > 0
        and 0 < month < 13
        and 0 < date <= (31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    )


def one_secret(value: Any) -> bool:
    """64 hex digits, or nothing where it was lost."""
    return value == "" or bool(HEX64(value))


def moment(value: Any) -> bool:
    return MOMENT(value) and day(value[:10])


DAY = pattern(r"\d{4}-\d\d-\d\d")
MOMENT = pattern(r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ")
IDENT = pattern(r"[0-9A-Za-z_-]+")
HEX64, HEX32 = pattern("[0-9a-f]{64}"), pattern("[0-9a-f]{32}")
DECIMAL = pattern(r"0|-?[1-9]\d{0,18}")
RULE = {"stratum": words, "ratio": share, "minimum": number, "rounding": one_of("up", "unbiased")}
ITEMS = [{"id": words, "title": words, "basis": words}]
FORMER = ({"draw": IDENT, "reason": words},)
PLAN: dict[str, Any] = {
    "protocol": one_of(PROTOCOL),
    "hash": one_of("sha256", "sm3"),
    "draw": IDENT,
    "title": words,
    "authority": {"name": words, "code": any_text},
    "number": any_text,
    "items": ITEMS,
    "scope": {"districts": many, "kinds": many},
    "as_of": day,
    "release": HEX64,
    "rules": {"sha256": HEX64},
    "strata": {"sha256": HEX64},
    "frame": {"sha256": HEX64, "rows": number, "root": HEX64},
    **{file[:-4]: {"sha256": HEX64, "rows": number} for file in FROZEN[3:]},
    "team": {
        "size": positive,
        "leads": number,
        "groups": (positive,),
        "match_kind": flag,
        "other_district": flag,
    },
    "entropy": {"sources": many, "not_before": moment},
    "publish_by": day,
    "secret": HEX64,
    "inner": HEX64,
    "replaces": FORMER,
}
RESULT: dict[str, Any] = {
    "protocol": one_of(PROTOCOL),
    "draw": IDENT,
    "commitment": HEX64,
    "entropy": words,
    "proofs": text_map,
    "secret": HEX64,
    "seed": HEX64,
    "cutoffs": texts,
    "groups": ([texts],),
    "files": text_map,
}
RESULT_HIDDEN: dict[str, Any] = {  # results since cut-offs are hidden
    **RESULT,
    "cutoffs": [HEX64],
    "cutoffs_hidden": lambda value: value is True,
}
RECORD = {
    "draw": IDENT,
    "seq": positive,
    "kind": one_of("replace", "substitute"),
    "old": words,
    "new": any_text,
}
RECORD.update({"target": any_text, "inspectors": many, "reason": words, "date": day})
RECORD.update({"target": any_text, "inspectors": many, "reason": words, "date": day})
SCOPE = {"districts": many, "kinds": many}
RECORDED = {"draw": IDENT, "record": HEX64, "notice": pattern("([0-9a-f]{64})?")}
RELEASE = {"release": words}
ENTRIES: dict[str, dict[str, Any]] = {
    "plan": {
        "draw": IDENT,
        "plan": HEX64,
        "items": ITEMS,
        "scope": SCOPE,
        "not_before": moment,
        "publish_by": day,
        "replaces": FORMER,
    },
    "entropy": {"draw": IDENT, "source": words, "value": any_text},
    "draw": {
        "draw": IDENT,
        "entropy": words,
        "proofs": text_map,
        "result": HEX64,
        "notices": HEX64,
    },
    "replace": RECORDED,
    "substitute": RECORDED,
    "attest": {"draw": IDENT, "sha256": HEX64, "witnesses": many},
    "publish": {"draw": IDENT, "secret": HEX64},
    "void": {
        "draw": IDENT,
        "reason": words,
        "secret": one_secret,
        "entropy": any_text,
        "proofs": text_map,
    },
    "sync": RELEASE,
    "score": RELEASE,
    "undo": RELEASE,
    "key": {"old": words, "new": words},
    "clock": {"newest": moment, "reason": words},
}


ENTRIES_2: dict[str, dict[str, Any]] = {  # what version 2 adds to the fields of an entry
    "plan": {
        "protocol": pattern("double-random/[1-9][0-9]*"),
        "sources": [{"source": words, "known_from": (moment,)}],
    },
    "sync": {"registers": lambda value: registers(value)},
    "score": {"registers": lambda value: registers(value)},
    "undo": {"registers": lambda value: registers(value)},
    "key": {"proof": words},
    "correct": {"entry": number, "is": moment},
}


def registers(value: Any) -> bool:
    """Roots of registers: rows and tree head of those that the register has."""
    names = {"institutions", "persons", "inspectors"}
    return (
        type(value) is dict
        and set(value) <= names
        and all(
            type(one) is dict
            and set(one) == {"rows", "root"}
            and number(one["rows"])
            and HEX64(one["root"])
            for one in value.values()
        )
    )


LOST = "lost"  # why a plan is void whose secret is gone: the one void that may have no secret


def fit(file: str, value: Any, form: Any, path: str = "") -> None:
    """Has the value this form? Else Wrong, naming the field."""
    if type(form) is tuple:
        if value is not None:
            fit(file, value, form[0], path)
    elif type(form) is dict:
        names = set(value) if type(value) is dict else set()
        if type(value) is not dict or names != set(form):
            odd = ", ".join(sorted(names ^ set(form)))
            raise Wrong(file, "{field}: missing or unknown: {odd}", field=path or "{}", odd=odd)
        for name, part in form.items():
            fit(file, value[name], part, f"{path}.{name}" if path else name)
    elif type(form) is list:
        if type(value) is not list:
            raise Wrong(file, "{field}: not as the protocol has it", field=path)
        for place, part in enumerate(value):
            fit(file, part, form[0], f"{path}[{place}]")
    elif not form(value):
        raise Wrong(file, "{field}: not as the protocol has it", field=path)


def institution(text: str) -> bool:
    if re.fullmatch("[0-9A-Z]{18}", text):
        return True
    return text[:2] in ("L:", "P:") and len(text) > 2 and licence(text[2:]) == text[2:]


def licence(text: str) -> str:
    while True:
        spelled = unicodedata.normalize("NFKC", text).upper()
        spelled = unicodedata.normalize("NFKC", "".join(spelled.split()))
        if spelled == text:
            return text
        text = spelled


# --- public random numbers -------------------------------------------------------------------------------------------


def source_kind(text: str) -> str:
    """Which kind of source a spelling is; "" where it is none."""
    kind, _, rest = text.partition(":")
    name, _, last = rest.partition(":")
    if text == "local":
        return "local"
    if "=" in text or not clean(text) or not name or name != name.strip():
        return ""
    if kind == "lottery":
        known = LOTTERIES.get(name)
        return kind if known and re.fullmatch(f"[0-9]{{{known[0]}}}", last) else ""
    if kind == "drand":
        return kind if name == "quicknet" and re.fullmatch("[1-9][0-9]{0,14}", last) else ""
    return kind if kind in ("balls", "dice") and re.fullmatch("[1-9][0-9]{0,3}", last) else ""


def source_bits(sources: Sequence[str]) -> int:
    """floor(log2) of the number of outcomes of all sources together."""
    total = 1
    for text in sources:
        kind, _, rest = text.partition(":")
        if kind == "drand":
            total <<= 256
        elif kind in ("balls", "dice"):
            total *= (10 if kind == "balls" else 6) ** int(rest.rpartition(":")[2])
        elif kind == "lottery":
            before = 0
            for how, count, low, high in LOTTERIES[rest.partition(":")[0]][1]:
                size = high - low + 1 - (before if how == "rest" else 0)
                total *= size**count if how == "digits" else _choose(size, count)
                before = count
    return total.bit_length() - 1


def _choose(size: int, count: int) -> int:
    found = 1
    for step in range(count):
        found = found * (size - step) // (step + 1)
    return found


def possible(source: str, value: str) -> bool:
    """Can this source have this value, in this spelling?"""
    kind, _, rest = source.partition(":")
    name, _, last = rest.partition(":")
    if kind == "local":
        return value == ""
    if kind == "drand":
        return HEX64(value)
    if kind != "lottery":
        digits = "0-9" if kind == "balls" else "1-6"
        return re.fullmatch(f"[{digits}]{{{last}}}", value) is not None
    groups = LOTTERIES[name][1]
    if not re.fullmatch(r"[0-9]{2}(\.[0-9]{2})*", value):
        return False
    numbers = [int(part) for part in value.split(".")]
    if len(numbers) != sum(count for _how, count, _low, _high in groups):
        return False
    before: list[int] = []
    for how, count, low, high in groups:
        drawn, numbers = numbers[:count], numbers[count:]
        if not all(low <= one <= high for one in drawn):
            return False
        if how != "digits" and drawn != sorted(set(drawn)):
            return False
        if how == "rest" and set(drawn) & set(before):
            return False
        before = drawn
    return True


def entropy_values(file: str, sources: Sequence[str], text: str) -> dict[str, str]:
    """The value of each source from the lines `source=value`, which stand in the plan's order."""
    lines = text.split("\n")
    found = {}
    for source, line in zip(sources, lines):
        name, equals, value = line.partition("=")
        if name != source or not equals or not possible(source, value):
            raise Wrong(file, "{line}: no possible value of {source}", line=line, source=source)
        found[source] = value
    if len(lines) != len(sources):
        raise Wrong(
            file, "{line}: no possible value of {source}", line=text, source=", ".join(sources)
        )
    return found


# --- the plan and its files ------------------------------------------------------------------------------------------


def read_plan(data: bytes) -> dict[str, Any]:
    file = "plan.json"
    plan: dict[str, Any] = read_json(file, data)
    fit(file, plan, PLAN)
    items, sources, team = plan["items"], plan["entropy"]["sources"], plan["team"]
    for field, good in (
        ("items", items and len({item["id"] for item in items}) == len(items)),
        ("scope.kinds", not any(" " in kind for kind in plan["scope"]["kinds"])),
        ("team.leads", team["leads"] <= team["size"]),
        (
            "entropy.sources",
            sources and all(map(source_kind, sources)) and ("local" not in sources[1:]),
        ),
        ("entropy.sources", sources[:1] != ["local"] or len(sources) == 1),
    ):
        if not good:
            raise Wrong(file, "{field}: not as the protocol has it", field=field)
    return plan


def code_of(commitment: str) -> str:
    """方案校验码: the first 160 bits in base 32, in 8 groups of 4."""
    letters = "".join(PAPER[int(commitment[:40], 16) >> shift & 31] for shift in range(155, -1, -5))
    return "-".join(letters[at : at + 4] for at in range(0, 32, 4))


def check_frozen(plan: dict[str, Any], file: str, data: bytes, raw: Raw) -> None:
    said = plan[file.partition(".")[0]]
    if raw(data).hex() != said["sha256"]:
        raise Wrong(file, "its hash is not the one in {where}", where="plan.json")
    if "rows" in said:
        lines = data.split(b"\n")[1:-1]
        if len(lines) != said["rows"] or (
            "root" in said and tree_head(lines, raw).hex() != said["root"]
        ):
            raise Wrong(file, "the plan names another number of rows, or another tree head")


def read_strata(data: bytes) -> dict[str, Any]:
    file = "strata.json"
    strata: dict[str, Any] = read_json(file, data)
    fit(file, strata, {"salt": HEX32, "reserve": share, "strata": [dict(RULE, population=number)]})
    _ranked(file, strata["strata"])
    return strata


def read_rules(data: bytes) -> list[dict[str, Any]]:
    file = "rules.json"
    rules = read_json(file, data)
    fit(file, rules, {"items": [{"id": words, "strata": [RULE]}]})
    items: list[dict[str, Any]] = rules["items"]
    for item in items:
        _ranked(file, item["strata"])
    same = all(item["strata"] == items[0]["strata"] for item in items)
    if not items or not same or len({item["id"] for item in items}) != len(items):
        raise Wrong(file, "{field}: not as the protocol has it", field="items")
    return items


def _ranked(file: str, strata: list[dict[str, Any]]) -> None:
    names = [one["stratum"] for one in strata]
    if names != sorted(set(names)) or any(
        one["rounding"] == "unbiased" and one["minimum"] for one in strata
    ):
        raise Wrong(file, "{field}: not as the protocol has it", field="strata")


def read_frame(data: bytes) -> list[list[str]]:
    rows = read_csv("frame.csv", data)
    for row in rows:
        if not institution(row[0]) or not HEX32(row[5]):
            raise Wrong("frame.csv", "{id}: no such id, or no salt", id=row[0])
    return rows


class Person:
    """A row of inspectors.csv."""

    def __init__(self, row: list[str]) -> None:
        self.id, lead, kinds, self.district, self.name = row
        self.lead, self.kinds = lead == "1", set(kinds.split(" ")) if kinds else set()
        if not IDENT(self.id) or lead not in ("0", "1") or "" in self.kinds:
            raise Wrong("inspectors.csv", "{id}: no such id, or no salt", id=self.id)
        if kinds.count(" ") + 1 != len(self.kinds) and kinds:
            raise Wrong("inspectors.csv", "{id}: no such id, or no salt", id=self.id)


def read_people(data: bytes) -> dict[str, Person]:
    return {row[0]: Person(row) for row in read_csv("inspectors.csv", data)}


class Files:
    """The eight files that a plan froze, found to be those and to agree with one another."""

    def __init__(self, plan: dict[str, Any], files: dict[str, bytes], raw: Raw) -> None:
        for name in FROZEN:
            if name not in files:
                raise Wrong(name, "this file is missing")
            check_frozen(plan, name, files[name], raw)
        self.strata = read_strata(files["strata.json"])
        rules = read_rules(files["rules.json"])
        self.frame = read_frame(files["frame.csv"])
        self.people = read_people(files["inspectors.csv"])
        recusals = read_csv("recusals.csv", files["recusals.csv"])
        self.recused = {(target, person) for target, person, _salt in recusals}
        self._scope(plan)
        if [item["id"] for item in rules] != [item["id"] for item in plan["items"]]:
            raise Wrong("rules.json", "these are not the items of the plan")
        for one in self.strata["strata"]:
            if {name: one[name] for name in RULE} not in rules[0]["strata"]:
                raise Wrong(
                    "strata.json",
                    "{id}: not as the rule, the frame or the scope has it",
                    id=one["stratum"],
                )
        if read_csv("pool.csv", files["pool.csv"]) != [[row[0], row[4]] for row in self.frame]:
            raise Wrong("pool.csv", "these are not the ids and names of the frame")
        ids = {row[0] for row in self.frame}
        for id, _reason, _name in read_csv("left_out.csv", files["left_out.csv"]):
            if id in ids or not institution(id):
                raise Wrong("left_out.csv", "{id}: stands in the pool too, or is no id", id=id)
        for id, _reason, _name, salt in read_csv(
            "inspectors_left_out.csv", files["inspectors_left_out.csv"]
        ):
            if id in self.people or not IDENT(id) or not HEX32(salt):
                raise Wrong(
                    "inspectors_left_out.csv", "{id}: stands in the pool too, or is no id", id=id
                )
        for target, person, salt in recusals:
            if target not in ids or person not in self.people or not HEX32(salt):
                raise Wrong(
                    "recusals.csv", "{id}: no such id, or no salt", id=f"{target}, {person}"
                )

    def _scope(self, plan: dict[str, Any]) -> None:
        sizes = {one["stratum"]: 0 for one in self.strata["strata"]}
        scope = plan["scope"]
        for id, stratum, kind, district, _name, _salt in self.frame:
            if (
                stratum not in sizes
                or kind not in scope["kinds"]
                or district not in scope["districts"]
            ):
                raise Wrong(
                    "frame.csv", "{id}: not as the rule, the frame or the scope has it", id=id
                )
            sizes[stratum] += 1
        for one in self.strata["strata"]:
            if one["population"] != sizes[one["stratum"]]:
                raise Wrong(
                    "strata.json",
                    "{id}: not as the rule, the frame or the scope has it",
                    id=one["stratum"],
                )


# --- the draw --------------------------------------------------------------------------------------------------------


class Lot:
    """The tickets of one seed."""

    def __init__(self, seed: str, raw: Raw) -> None:
        self.seed, self.raw = seed, raw

    def ticket(self, purpose: str, text: str) -> str:
        return self.raw(f"{self.seed}:{purpose}:{text}".encode()).hex()

    def hidden(self, cutoff: str, inner: str, stratum: str) -> str:
        """A cut-off as the result shows it, under a salt that takes `inner`."""
        return self.raw(f"{cutoff}:{self.ticket('cutoff', f'{inner}:{stratum}')}".encode()).hex()

    def costs(self, inner: str, target: str, takers: Iterable[str]) -> dict[str, int]:
        """What each taker costs: the first 40 bits of the pair's ticket."""
        begun, raw = f"{self.seed}:team:{inner}:{target}:".encode(), self.raw
        return {id: int.from_bytes(raw(begun + id.encode())[:5], "big") for id in takers}


def counts(strata: list[dict[str, Any]], lot: Lot) -> list[int]:
    """How many are drawn from each stratum, in whole numbers: the running sum is top/bottom, u is u/2^64."""
    u, top, bottom, found = int(lot.ticket("allocation", "")[:16], 16), 0, 1, []
    for one in strata:
        (a, b), rows = one["ratio"], one["population"]
        if one["rounding"] == "up":
            drawn = max(-(-rows * a // b), one["minimum"])
        else:
            before = ((top << 64) + u * bottom) // (bottom << 64)
            top, bottom = top * b + rows * a * bottom, bottom * b
            drawn = ((top << 64) + u * bottom) // (bottom << 64) - before
        found.append(min(drawn, rows))
    return found


class Selection:
    """Which rows are drawn, which are reserves: rows of targets.csv in order of strata and places."""

    def __init__(self, strata: dict[str, Any], frame: list[list[str]], lot: Lot) -> None:
        self.lot, self.counts = lot, counts(strata["strata"], lot)
        self.strata = [one["stratum"] for one in strata["strata"]]
        self.names = {row[0]: row[4] for row in frame}
        self.places: list[tuple[str, str, str, int, str]] = []
        self.cutoffs: list[str] = []
        ranked: dict[str, list[tuple[str, str]]] = {one["stratum"]: [] for one in strata["strata"]}
        for id, stratum, _kind, _district, _name, salt in frame:
            ranked[stratum].append((lot.ticket("target", f"{id}:{salt}"), id))
        a, b = strata["reserve"]
        for one, drawn in zip(strata["strata"], self.counts):
            spare = min(-(-drawn * a // b), one["population"] - drawn)
            order = sorted(ranked[one["stratum"]])[: drawn + spare]
            self.cutoffs.append(order[drawn - 1][0] if drawn else "")
            for place, (ticket, id) in enumerate(order, start=1):
                self.places.append(
                    (id, one["stratum"], "drawn" if place <= drawn else "reserve", place, ticket)
                )
        self.drawn = sorted(place[0] for place in self.places if place[2] == "drawn")
        self.visits = sorted(self.drawn, key=lambda id: (lot.ticket("visit", id), id))

    def shown(self, inner: str) -> list[str]:
        """The cut-offs under their salts."""
        return [self.lot.hidden(one, inner, name) for one, name in zip(self.cutoffs, self.strata)]

    def files(self) -> dict[str, bytes]:
        rows = [
            (id, stratum, role, str(place), ticket)
            for id, stratum, role, place, ticket in self.places
        ]
        named = [(id, self.names[id]) for id in self.drawn]
        return {
            "targets.csv": write_csv("targets.csv", rows),
            "list.csv": write_csv("list.csv", named),
        }


def admissible(
    team: dict[str, Any], target: list[str], person: Person, recused: set[tuple[str, str]]
) -> bool:
    if (target[0], person.id) in recused or (team["match_kind"] and target[2] not in person.kinds):
        return False
    return not (team["other_district"] and target[3] == person.district)


def deal(
    people: dict[str, Person], team: dict[str, Any], lot: Lot, dealing: int
) -> list[list[str]] | None:
    """The groups of one dealing; None where there are too few people."""
    g, size, leads = team["groups"], team["size"], team["leads"]
    purpose = "inspector" if dealing == 1 else f"inspector{dealing}"
    order = sorted(people, key=lambda id: (lot.ticket(purpose, id), id))
    first = [id for id in order if people[id].lead]
    if len(order) < g * size or len(first) < g * leads:
        return None
    first = first[: g * leads]
    taken = set(first)
    rest = [id for id in order if id not in taken][: g * (size - leads)]
    return [sorted(first[k::g] + rest[k::g]) for k in range(g)]


class Pairs:
    """The problem of teams: each drawn target's admissible takers (inspectors, or groups by number) and costs."""

    def __init__(
        self, plan: dict[str, Any], files: Files, selection: Selection, lot: Lot, inner: str
    ) -> None:
        team, people, recused = plan["team"], files.people, files.recused
        wanted = set(selection.drawn)
        self.rows = {row[0]: row for row in files.frame if row[0] in wanted}
        self.groups: list[list[str]] | None = None
        self.dealings = 0
        self.size, self.leads = team["size"], team["leads"]
        may = {
            id: [person.id for person in people.values() if admissible(team, row, person, recused)]
            for id, row in self.rows.items()
        }
        for dealing in range(1, DEALINGS + 1 if team["groups"] else 1):
            groups = deal(people, team, lot, dealing)
            self.dealings = dealing
            if groups is None:
                break
            able = {
                id: [str(k) for k, group in enumerate(groups, 1) if set(group) <= set(may[id])]
                for id in may
            }
            if all(able.values()):
                self.groups, may, self.size, self.leads = groups, able, 1, 0
                break
        self.takers = (
            [str(k + 1) for k in range(len(self.groups))]
            if self.groups is not None
            else list(people)
        )
        self.lead = {id: self.groups is None and people[id].lead for id in self.takers}
        self.cost = {id: lot.costs(inner, id, takers) for id, takers in may.items()}

    def members(self, taker: str) -> list[str]:
        return [taker] if self.groups is None else self.groups[int(taker) - 1]


def takers(pairs: Pairs, rows: list[list[str]]) -> dict[str, list[str]]:
    """The taker or takers of each target in rows of teams.csv."""
    found: dict[str, list[str]] = {}
    for target, person, _role in rows:
        found.setdefault(target, []).append(person)
    if pairs.groups is None:
        return found
    for target, team in found.items():
        if team not in pairs.groups:
            raise Wrong("teams.csv", "{id}: this is none of the groups", id=target)
        found[target] = [str(pairs.groups.index(team) + 1)]
    return found


def check_teams(
    pairs: Pairs, people: dict[str, Person], teams: bytes, certificate: bytes
) -> dict[str, list[str]]:
    """The members of each team, found to be allowed, of smallest load and of least cost."""
    file = "teams.csv"
    rows = read_csv(file, teams)
    proof = read_certificate(certificate)
    load: dict[str, int] = dict.fromkeys(pairs.takers, 0)
    used = takers(pairs, rows)
    for target, team in used.items():
        for taker in team:
            if taker not in pairs.cost.get(target, {}):
                raise Wrong(
                    file, "{id}: not drawn, unknown, or may not go there", id=f"{target}, {taker}"
                )
            load[taker] += 1
    for target in pairs.cost:
        team = used.get(target, [])
        if len(team) != pairs.size or sum(pairs.lead[taker] for taker in team) < pairs.leads:
            raise Wrong(file, "{id}: the team has another size, or too few leads", id=target)
    for taker, targets in load.items():
        if targets > proof["load"]:
            raise Wrong(file, "{id}: more targets than the load", id=taker)
    check_certificate(pairs, used, load, proof)
    for _target, person, role in rows:
        if role != ("lead" if people[person].lead else "member"):
            raise Wrong(file, "{id}: the role is not the inspector's own", id=person)
    return {
        target: [person for taker in sorted(team) for person in pairs.members(taker)]
        for target, team in used.items()
    }


def read_certificate(data: bytes) -> dict[str, Any]:
    file = "certificate.json"
    value: dict[str, Any] = read_json(file, data)
    cut = ({"targets": many, "hubs": many, "inspectors": many},)
    fit(
        file,
        value,
        {
            "load": number,
            "cost": DECIMAL,
            "target": text_map,
            "hub": text_map,
            "inspector": text_map,
            "cut": cut,
        },
    )
    for name in ("target", "hub", "inspector"):
        for id, price in value[name].items():
            if (
                not DECIMAL(price)
                or abs(int(price)) > 1 << 60
                or (name != "target" and price[0] == "-")
            ):
                raise Wrong(file, "{field}: not as the protocol has it", field=f"{name}.{id}")
            value[name][id] = int(price)
    value["cost"] = int(value["cost"])
    return value


def check_certificate(
    pairs: Pairs, used: dict[str, list[str]], load: dict[str, int], proof: dict[str, Any]
) -> None:
    file = "certificate.json"
    most, u, w, v, cut = (
        proof["load"],
        proof["target"],
        proof["hub"],
        proof["inspector"],
        proof["cut"],
    )
    if not pairs.cost:
        if (most, proof["cost"], u, w, v, cut) != (0, 0, {}, {}, {}, None):
            raise Wrong(file, "nobody is drawn: load, cost and prices are 0")
        return
    if (
        sum(pairs.cost[target][taker] for target, team in used.items() for taker in team)
        != proof["cost"]
    ):
        raise Wrong(file, "the teams cost another sum")
    cuts = cut or {"targets": [], "hubs": [], "inspectors": []}
    for ids, known in ((u, pairs.cost), (w, pairs.cost), (v, load)):
        if not set(ids) <= set(known):
            raise Wrong(file, "unknown ids")
    for taker, price in v.items():
        if price > 0 and load[taker] != most:
            raise Wrong(file, "{id}: a price without scarcity", id=taker)
    price_of = {taker: v.get(taker, 0) for taker in pairs.takers}
    for target, costs in pairs.cost.items():
        team, hub, own = set(used[target]), w.get(target, 0), u.get(target, 0)
        if hub > 0 and sum(not pairs.lead[taker] for taker in team) != pairs.size - pairs.leads:
            raise Wrong(file, "{id}: a price without scarcity", id=target)
        for taker, cost in costs.items():
            r = cost - own + price_of[taker] + (0 if pairs.lead[taker] else hub)
            if r > 0 if taker in team else r < 0:
                raise Wrong(
                    file, "{id}: the prices do not prove the least cost", id=f"{target}, {taker}"
                )
    wanted = pairs.size * len(pairs.cost)
    if most <= 1 or (most - 1) * len(pairs.takers) < wanted:
        if cut is not None:
            raise Wrong(file, "the cut does not prove the smallest load")
        return
    inside, hubs, full = set(cuts["targets"]), set(cuts["hubs"]), set(cuts["inspectors"])
    if cut is None or not (
        inside <= set(pairs.cost) and hubs <= set(pairs.cost) and full <= set(load)
    ):
        raise Wrong(file, "the cut does not prove the smallest load")
    room = pairs.size * len(set(pairs.cost) - inside) + (pairs.size - pairs.leads) * len(
        inside - hubs
    )
    room += (most - 1) * len(full)
    for target, costs in pairs.cost.items():
        for taker in costs:
            if taker not in full and target in (inside if pairs.lead[taker] else hubs):
                room += 1
    if room >= wanted:
        raise Wrong(file, "the cut does not prove the smallest load")


def notice(target: str, members: Iterable[str], lot: Lot) -> bytes:
    return canonical(
        {"target": target, "inspectors": sorted(members), "salt": lot.ticket("notice", target)}
    )


def notices(teams: dict[str, list[str]], lot: Lot) -> str:
    return tree_head(
        (notice(target, teams[target], lot) for target in sorted(teams)), lot.raw
    ).hex()


# --- after the draw --------------------------------------------------------------------------------------------------


class Standing:
    """Who stands after each change; every change is made again and compared with its record."""

    def __init__(
        self,
        team: dict[str, Any],
        files: Files | Frozen,
        selection: Selection,
        lot: Lot,
        inner: str,
    ) -> None:
        self.reasons: tuple[str, ...] = REPLACE
        self.team, self.files, self.selection, self.lot, self.inner = (
            team,
            files,
            selection,
            lot,
            inner,
        )
        self.rows = {row[0]: row for row in files.frame}
        self.recused = set(files.recused)
        self.gone: set[str] = set()
        self.replaced: list[str] = []

    def replay(
        self,
        draw: str,
        teams: dict[str, list[str]],
        lines: list[bytes],
        entries: list[dict[str, Any]],
    ) -> None:
        file, self.teams = "records.jsonl", dict(teams)
        for seq, (line, entry) in enumerate(zip(lines, entries), start=1):
            record = read_json(file, line)
            fit(file, record, RECORD)
            if (record["draw"], record["seq"], record["kind"]) != (draw, seq, entry["kind"]):
                raise Wrong(file, "line {line}: the tickets say otherwise", line=seq)
            made = (self.replace if record["kind"] == "replace" else self.substitute)(record)
            leaf = ""
            if made is not None and made[1]:
                leaf = self.lot.raw(b"\0" + notice(made[1], made[2], self.lot)).hex()
            if (
                made != (record["new"], record["target"], record["inspectors"])
                or leaf != entry["notice"]
            ):
                raise Wrong(file, "line {line}: the tickets say otherwise", line=seq)

    def replace(self, record: dict[str, Any]) -> tuple[str, str, list[str]] | None:
        old = record["old"]
        if record["reason"] not in self.reasons or old not in self.teams:
            return None
        team = self.teams.pop(old)
        self.replaced.append(old)
        stratum = self.rows[old][1]
        for id, its, role, _place, _ticket in self.selection.places:
            if (
                its == stratum
                and role == "reserve"
                and id not in self.teams
                and id not in self.replaced
            ):
                members = self.fill(id, team)
                if members is None:
                    return None
                self.teams[id] = members
                return id, id, members
        return "", "", []

    def substitute(self, record: dict[str, Any]) -> tuple[str, str, list[str]] | None:
        target, old = record["target"], record["old"]
        if record["reason"] not in SUBSTITUTE or old not in self.teams.get(target, []):
            return None
        if record["reason"] != SUBSTITUTE[0]:
            self.gone.add(old)
        self.recused.add((target, old))
        team = self.teams[target]
        members = self.fill(target, team)
        if members is None:
            return None
        self.teams[target] = members
        return ", ".join(sorted(set(members) - set(team))), target, members

    def fill(self, target: str, former: list[str]) -> list[str] | None:
        people = self.files.people
        may = {
            id
            for id, person in people.items()
            if id not in self.gone
            and admissible(self.team, self.rows[target], person, self.recused)
        }
        members = [id for id in former if id in may]
        load: dict[str, int] = {}
        for team in self.teams.values():
            for id in team:
                load[id] = load.get(id, 0) + 1
        while len(members) < self.team["size"]:
            short = sum(people[id].lead for id in members) < self.team["leads"]
            free = [id for id in may if id not in members and (people[id].lead or not short)]
            if not free:
                return None
            ticket = f"{self.inner}:{target}:"
            members.append(
                min(
                    free, key=lambda id: (load.get(id, 0), self.lot.ticket("team", ticket + id), id)
                )
            )
        return sorted(members)


# --- the log ---------------------------------------------------------------------------------------------------------


def base64_of(data: bytes) -> str:
    from binascii import b2a_base64

    return b2a_base64(data, newline=False).decode()


def base64(text: str) -> bytes:
    """Canonical base64; ValueError for any other text."""
    from binascii import a2b_base64

    found = a2b_base64(text.encode("ascii"))
    if base64_of(found) != text:
        raise ValueError(text)
    return found


class Key:
    """A log's public key, or a witness's: NAME+8 hex digits+base64 of its kind and 32 bytes."""

    def __init__(self, text: str, kind: bytes = b"\1") -> None:
        try:
            self.name, number_, coded = text.strip().split("+", 2)
            data = base64(coded)
            self.id = sha256(self.name.encode() + b"\n" + data)[:4]
            good = (
                data[:1] == kind
                and len(data) == 33
                and self.id.hex() == number_
                and not re.search(r"\s", self.name)
            )
        except ValueError:
            good = False
        if not good:
            raise Misused("--key: NAME+8 HEX DIGITS+BASE64")
        self.point, self.text = data[1:], text.strip()


P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def ed25519(key: bytes, message: bytes, signature: bytes) -> bool:
    """RFC 8032, 5.1.7, without cofactor: is R the encoding of s·B − h·A?"""
    a, s = _decoded(key), int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or a is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    base = _decoded((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    assert base is not None
    minus = (P - a[0], a[1], 1, P - a[3])
    both = _added(base, minus)
    found = (0, 1, 1, 0)
    for bit in range(252, -1, -1):
        found = _added(found, found)
        which = (s >> bit & 1) + 2 * (h >> bit & 1)
        if which:
            found = _added(found, (base, minus, both)[which - 1])
    z = pow(found[2], P - 2, P)
    x, y = found[0] * z % P, found[1] * z % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


def _added(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _decoded(data: bytes) -> Point | None:
    number_ = int.from_bytes(data, "little")
    y, sign = number_ & ((1 << 255) - 1), number_ >> 255
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


class Note:
    """A signed note: the head of a log, and who signed it; nothing is trusted yet."""

    def __init__(self, file: str, data: bytes) -> None:
        self.body, gap, tail = utf8(file, data).partition("\n\n")
        fields = self.body.split("\n")
        self.signatures = []
        try:
            self.origin, size, self.root = fields[0], fields[1], base64(fields[2])
            good = len(fields) == 3 and gap and self.origin and len(self.root) == 32
            if not good or not tail.endswith("\n") or not re.fullmatch("0|[1-9][0-9]{0,15}", size):
                raise ValueError(self.body)
            for line in tail[:-1].split("\n"):
                dash, name, coded = line.split(" ")
                content = base64(coded)
                known = re.fullmatch(r"[^\s+\x00-\x1f\x7f]+", name)
                if dash != "\u2014" or not known or len(content) < 5:
                    raise ValueError(line)
                self.signatures.append((name, content[:4], content[4:]))
        except (ValueError, IndexError):
            raise Wrong(file, "it is no signed head of a log") from None
        self.size = int(size)

    def by(self, key: Key) -> list[bytes]:
        """The signatures that a key should have made."""
        return [found for name, id, found in self.signatures if (name, id) == (key.name, key.id)]


def read_checkpoint(data: bytes, key: Key | None) -> Note:
    """The head of the log; with a key, that it signed it under its own name."""
    note = Note("checkpoint", data)
    if key is not None:
        ours, text = note.by(key), (note.body + "\n").encode()
        if note.origin != key.name or len(ours) != 1 or not ed25519(key.point, text, ours[0]):
            raise Wrong("checkpoint", "the key that was given did not sign it")
    return note


class Told:
    """What the log tells of one draw."""

    def __init__(self, plan: dict[str, Any], place: int) -> None:
        self.draw, self.plan, self.place = plan["draw"], plan, place
        self.second = "protocol" in plan  # its plan is of version 2
        self.values: dict[str, str] = {}
        self.drawn: dict[str, Any] | None = None
        self.changes: list[dict[str, Any]] = []
        self.end: dict[str, Any] | None = None
        self.ended = 1 << 60  # where its end stands
        self.beside: list[str] = []  # who was open for the same when this was committed
        self.entries: list[dict[str, Any]] = []
        self.places: list[int] = []  # where its entries stand
        self.late = False  # an act is dated before what stands above it
        self.set_right = False  # the log's times were set right after the draw

    @property
    def lost(self) -> bool:
        """Made void because its files or its secret are gone."""
        return self.end is not None and self.end.get("reason") in (LOST, "records lost")

    def near(self, plan: dict[str, Any]) -> bool:
        """Have both plans a district and a kind in common? In version 2 an empty list has all in common."""
        second = self.second or "protocol" in plan

        def common(name: str) -> bool:
            mine, other = self.plan["scope"][name], plan["scope"][name]
            return bool(set(mine) & set(other)) or (second and not (mine and other))

        return common("districts") and common("kinds")

    def overlaps(self, other: dict[str, Any]) -> bool:
        """Is it for the same item too? In version 2 an item of the same title is the same."""
        fields = ("id", "title") if self.second or "protocol" in other else ("id",)
        same = any(
            {item[field] for item in self.plan["items"]} & {item[field] for item in other["items"]}
            for field in fields
        )
        return same and self.near(other)

    def take(self, entry: dict[str, Any], place: int) -> bool:
        """Take the next entry; False where it cannot stand here."""
        kind = entry["kind"]
        self.entries.append(entry)
        self.places.append(place)
        if kind == "attest":
            return True
        if kind in ("replace", "substitute"):
            self.changes.append(entry)
            return self.drawn is not None and (self.end is None or self.end["kind"] == "publish")
        if self.end is not None or kind == "plan":
            return False
        if kind == "entropy":
            fresh = self.drawn is None and (self.second or entry["source"] not in self.values)
            self.values[entry["source"]] = entry["value"]
            return fresh
        if kind == "draw":
            fresh, self.drawn = self.drawn is None, entry
            return fresh
        self.end, self.ended = entry, place
        return kind == "void" or self.drawn is not None


class Log:
    """The entries of a log with their effective times, and what they tell of every draw."""

    def __init__(self, lines: list[bytes]) -> None:
        self.lines = lines
        self.entries: list[dict[str, Any]] = []
        self.times: list[str] = []
        self.corrected: set[int] = set()
        self.draws: dict[str, Told] = {}
        self.clocks: list[dict[str, Any]] = []

    def late(self, told: Told) -> bool:
        """Is an act of the draw dated before an entry above it?"""
        return any(
            self.times[at] < max(self.times[:at], default="") for at in (told.place, *told.places)
        )

    def correct(self, entry: dict[str, Any]) -> bool:
        """Give an entry of the future the time at which it happened; False where that is not allowed."""
        at, time, here = entry["entry"], entry["is"], len(self.entries)
        if at >= here or at in self.corrected or self.entries[at]["time"] <= entry["time"]:
            return False
        self.times[at] = time
        self.corrected.add(at)
        return (
            time <= entry["time"]
            and max(self.times[:at], default="") <= time
            and all(other >= time for other in self.times[at:here])
        )


def entry_form(entry: Any) -> dict[str, Any] | None:
    """The fields of an entry: those of version 2 where it has one of them."""
    kind = entry.get("kind") if type(entry) is dict else None
    if type(kind) is not str:
        return None
    more = ENTRIES_2.get(kind, {})
    if kind not in ENTRIES or set(more) & set(entry):
        return {**ENTRIES.get(kind, {}), **more} if more else None
    return ENTRIES[kind]


def read_log(data: bytes, note: Note) -> Log:
    """The log, found whole under its head, with every draw and every clock entry."""
    file = "log.jsonl"
    lines = data.split(b"\n")
    if lines.pop() or len(lines) != note.size or tree_head(lines, sha256) != note.root:
        raise Wrong(file, "these are not the entries under the checkpoint")
    log = Log(lines)
    draws, newest = log.draws, ""
    for place, line in enumerate(lines):
        entry = read_json(file, line)
        form = entry_form(entry)
        if form is None:
            raise Wrong(file, "entry {line} cannot stand there", line=place)
        fit(file, entry, dict(form, kind=any_text, time=moment), f"{place}")
        kind = entry["kind"]
        lost = kind == "void" and entry["reason"] in (LOST, "records lost")
        if kind == "void" and entry["secret"] == "" and not lost:
            raise Wrong(file, "{field}: not as the protocol has it", field=f"{place}.secret")
        if kind == "correct" and not log.correct(entry):
            raise Wrong(file, "entry {line} cannot stand there", line=place)
        log.entries.append(entry)
        log.times.append(entry["time"])
        if kind == "clock":  # what stands above it and is dated later than it was dated wrongly
            newest = entry["time"]
            for one in draws.values():
                one.late |= any(act["time"] > newest for act in (one.plan, *one.entries))
                one.set_right |= one.drawn is not None and one.end is None
            log.clocks.append(entry)
        before, newest = newest, max(newest, entry["time"])
        if "draw" not in entry:
            continue
        if entry["draw"] not in draws and kind == "plan":
            told = Told(entry, place)
            told.beside = [
                one.draw for one in draws.values() if one.end is None and one.overlaps(entry)
            ]
            draws[told.draw] = told
        elif entry["draw"] not in draws or not draws[entry["draw"]].take(entry, place):
            raise Wrong(file, "entry {line} cannot stand there", line=place)
        if entry["time"] < before:
            draws[entry["draw"]].late = True
    return log


# --- the bundle ------------------------------------------------------------------------------------------------------


class Verdict:
    """What was found: a fault, or what could not be checked and what is worth telling."""

    def __init__(self) -> None:
        self.kind, self.draw, self.code = "", "", ""
        self.fault: Wrong | None = None
        self.undecided: Undecided | None = None
        self.unchecked: list[str] = []
        self.notes: list[tuple[str, dict[str, object]]] = []

    @property
    def word(self) -> str:
        """intact, wrong, or cannot be judged."""
        if self.fault is not None:
            return "wrong"
        return "intact" if self.undecided is None else "cannot be judged"

    def note(self, sentence: str, **named: object) -> None:
        self.notes.append((sentence, named))


class Trust:
    """What the checker holds in his hands, from outside the bundle."""

    def __init__(
        self,
        key: Key | None = None,
        code: str | None = None,
        witnesses: Sequence[Key] = (),
        kept: bytes | None = None,
        proof: bytes | None = None,
        least: int = 0,
    ) -> None:
        self.proof, self.least = proof, least
        self.key, self.code, self.witnesses, self.kept = key, code, witnesses, kept
        self.given = key is not None or bool(witnesses) or kept is not None


def check(
    files: dict[str, bytes],
    key: Key | None = None,
    code: str | None = None,
    witnesses: Sequence[Key] = (),
    kept: bytes | None = None,
    proof: bytes | None = None,
    least: int = 0,
) -> Verdict:
    """Check a bundle's files, name → bytes, from the log's head down, so that the changed file is the one named."""
    verdict, trust = Verdict(), Trust(key, code, witnesses, kept, proof, least)
    try:
        refuse_rewritten(files)
        if "plan.json" not in files:
            raise Undecided("{file} is missing", AS_PUBLISHED, file="plan.json")
        if version_of(files) == SECOND:
            (Logged if set(files) & set(LOGGED) else Second)(files, trust, verdict).check()
        else:
            _check(files, trust, verdict)
        if trust.proof is not None:
            check_row(files, trust.proof, verdict)
        if least:
            demand_witnesses(files, trust)
    except Wrong as error:
        verdict.fault = error
    except Undecided as error:
        verdict.undecided = error
    return verdict


ROW = {
    "tree": one_of("frame", "notices", "institutions", "persons", "inspectors"),
    "leaf": words,
    "index": number,
    "size": positive,
    "path": [HEX64],
}


def check_row(files: dict[str, bytes], data: bytes, verdict: Verdict) -> None:
    """A proof of one's own row beside an intact bundle: is it under the root, and what became of it?"""
    file, proof = "proof.json", read_json("proof.json", data)
    fit(file, proof, ROW)
    plan = read_json("plan.json", files["plan.json"])
    tree, raw = proof["tree"], raw_hash(plan["hash"])
    if tree not in ("frame", "notices"):
        verdict.note("proven row of {tree}: {row}", tree=tree, row=proof["leaf"])
        check_register_row(files, plan, proof, verdict)
        return
    size, root = plan["frame"]["rows"], plan["frame"]["root"]
    if tree == "notices":
        drawn = [
            entry
            for entry in logged(files)
            if entry["kind"] == "draw" and entry["draw"] == plan["draw"]
        ]
        if not drawn:
            raise Undecided("the log holds no draw of this plan", ASK_PROOF)
        size, root = files["list.csv"].count(b"\n") - 1, drawn[0]["notices"]
    if not leads(proof, size, root, raw):
        raise Wrong(file, "its path does not lead to the root")
    verdict.note("proven row of {tree}: {row}", tree=tree, row=proof["leaf"])
    if tree == "frame":
        verdict.note("it stands in the pool: it could be drawn")


def demand_witnesses(files: dict[str, bytes], trust: Trust) -> None:
    """Undecided where fewer of the given witnesses than asked for signed the sealed plan before its numbers."""
    plan = read_json("plan.json", files["plan.json"])
    start = plan["not_before"] if "not_before" in plan else plan["entropy"]["not_before"]
    entries = logged(files)
    place = next(
        (
            at
            for at, one in enumerate(entries)
            if (one["kind"], one.get("draw")) == ("plan", plan["draw"])
        ),
        len(entries),
    )
    signers = set()
    for name in sorted(files):
        found = OUTSIDE.fullmatch(name)
        if found is None or found[1] or int(found[2]) <= place:
            continue
        signed = Note(name, files[name])
        body = (signed.body + "\n").encode()
        for witness in trust.witnesses:
            for line in signed.by(witness)[:1]:
                if cosigned(name, witness, line, body) < start:
                    signers.add(witness.point)
    if len(signers) < trust.least:
        raise Undecided(
            "{count} of the given witnesses signed the sealed plan before its numbers, and {least} are asked for",
            "ask for the bundle with the other signatures",
            count=len(signers),
            least=trust.least,
        )


def logged(files: dict[str, bytes]) -> list[dict[str, Any]]:
    """The entries of a log that was checked."""
    return [json.loads(line) for line in files.get("log.jsonl", b"").split(b"\n")[:-1]]


def leads(proof: dict[str, Any], size: int, root: str, raw: Callable[[bytes], bytes]) -> bool:
    """Does the path lead from the leaf to this root of as many leaves? (RFC 9162, 2.1.3.2)"""
    at, last = proof["index"], size - 1
    if proof["size"] != size or at > last:
        return False
    found = raw(b"\0" + proof["leaf"].encode())
    for step in proof["path"]:
        beside = bytes.fromhex(step)
        if not last:
            return False
        if at & 1 or at == last:
            found = raw(b"\1" + beside + found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = raw(b"\1" + found + beside)
        at, last = at >> 1, last >> 1
    return not last and found.hex() == root


def check_register_row(
    files: dict[str, bytes], plan: dict[str, Any], proof: dict[str, Any], verdict: Verdict
) -> None:
    """A row of a register: under the root of the plan's release, and in one of both lists if it is in the scope."""
    file, tree = "proof.json", proof["tree"]
    roots = [
        (entry["release"], entry["registers"][tree])
        for entry in logged(files)
        if tree in entry.get("registers", {})
    ]
    under = [release for release, one in roots if leads(proof, one["rows"], one["root"], sha256)]
    if plan["release"] not in under:
        if under or plan["release"] not in [release for release, _root in roots]:
            raise Undecided("the row is not proven for the release that the plan names", ASK_PROOF)
        raise Wrong(file, "its path does not lead to the root")
    row = read_json(file, proof["leaf"].encode())
    good = type(row) is dict and all(type(one) is str for one in row.values())
    if not good or not row.get("id") or not re.fullmatch("[0-9a-f]{32}", row.get("salt", "")):
        raise Wrong(file, "its leaf is no row of a register")
    if tree != "institutions":
        return
    if row["id"] in {line[0] for line in read_csv("pool.csv", files["pool.csv"])}:
        verdict.note("it stands in the pool: it could be drawn")
        return
    reasons = {line[0]: line[1] for line in read_csv("left_out.csv", files["left_out.csv"])}
    if row["id"] in reasons:
        reason = worded_reason(reasons[row["id"]])
        verdict.note("it was left out: {reason}", reason=reason)
        return
    scope, district = plan["scope"], row.get("district", "")
    within = not scope["kinds"] or row.get("kind", "") in scope["kinds"]
    if district and scope["districts"] and district not in scope["districts"]:
        within = False
    if within and row.get("status") == "active":
        verdict.unchecked.append("absent")
    else:
        verdict.note("it lies outside the scope of this draw")


def refuse_rewritten(files: dict[str, bytes]) -> None:
    """Undecided for text files whose line ends or first bytes somebody's program rewrote on their way."""
    for name in sorted(files):
        data, is_text = files[name], name in ("checkpoint", "inner") or name.endswith(TEXT_FILES)
        if is_text and (b"\r\n" in data or data[:3] == b"\xef\xbb\xbf"):
            raise Undecided(
                "{file}: its line ends or its beginning were rewritten", AS_PUBLISHED, file=name
            )


def version_of(files: dict[str, bytes]) -> str:
    """The protocol of a bundle; Undecided for a later one, Wrong for a plan that its log never had, or for no protocol.

    A plan that cannot be read belongs to the version whose files stand beside it.
    """
    try:
        plan = json.loads(files["plan.json"].decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        plan = None
    named = plan.get("protocol") if isinstance(plan, dict) else None
    if not isinstance(named, str):
        named = "" if "sources.json" in files else PROTOCOL
    if named == PROTOCOL:
        return PROTOCOL
    hashes = [raw_hash(name)(files["plan.json"]).hex().encode() for name in ("sha256", "sm3")]
    if "log.jsonl" in files and not any(one in files["log.jsonl"] for one in hashes):
        raise Wrong("plan.json", "this is not the plan that was committed")
    if named in ("", SECOND):
        return SECOND
    if re.fullmatch("double-random/[1-9][0-9]*", named, re.ASCII):
        raise Undecided(
            "this program does not know {protocol}", "take a newer program", protocol=named
        )
    raise Wrong("plan.json", "{field}: not as the protocol has it", field="protocol")


def _check(files: dict[str, bytes], trust: Trust, verdict: Verdict) -> None:
    for name in sorted(files):
        if name not in NAMES and not OUTSIDE.fullmatch(name):
            raise Wrong(name, "no file of this name belongs into a bundle")
    if "checkpoint" not in files:
        raise Undecided("{file} is missing", AS_PUBLISHED, file="checkpoint")
    verdict.kind = "auditor" if set(INSIDE) & set(files) else "public"
    wanted = {*TOLD, *LOGGED, *CHECKERS} if verdict.kind == "public" else NAMES
    wanted = wanted if "result.json" in files else wanted - set(RECOUNTED)
    for name in sorted(wanted - {UNBOUND} - set(files)):  # result.json names it where there is one
        raise Wrong(name, "this file is missing")
    note = read_checkpoint(files["checkpoint"], trust.key)
    log = read_log(files["log.jsonl"], note)
    lines, draws, clocks = log.lines, log.draws, log.clocks
    told, plan, raw = find(files, draws) if "result.json" in files else find_undrawn(files, draws)
    for field in ("draw", "items", "scope", "publish_by", "replaces"):
        if told.plan[field] != plan[field]:
            raise Wrong("log.jsonl", "the plan's entry says otherwise: {field}", field=field)
    if told.plan["not_before"] != plan["entropy"]["not_before"]:
        raise Wrong("log.jsonl", "the plan's entry says otherwise: {field}", field="not_before")
    verdict.draw, verdict.code = plan["draw"], code_of(raw(files["plan.json"]).hex())
    if trust.code is not None and trust.code != verdict.code.replace("-", ""):
        raise Wrong("plan.json", "its code is not the one that was written down")
    ordered, alone = check_outside(files, note, lines, plan, told, trust, verdict)
    first(plan, told, trust, ordered, alone, verdict)
    beside = [one for one in draws.values() if one is not told and one.overlaps(told.plan)]
    verdict.unchecked += ["lost"] if any(one.lost for one in (told, *beside)) else []
    if "result.json" in files:
        check_drawn(plan, files, told, raw, verdict)
    else:
        check_undrawn(plan, files, told, raw, verdict)
    tell(plan, told, beside, clocks, verdict)


def check_drawn(
    plan: dict[str, Any], files: dict[str, bytes], told: Told, raw: Raw, verdict: Verdict
) -> None:
    """The draw of a bundle that has one: files, changes, order, result, then everything that follows from them."""
    result = covered(files, raw)
    lines = files["records.jsonl"].split(b"\n")
    if lines.pop() or len(lines) != len(told.changes):
        raise Wrong("records.jsonl", "the log has another number of changes")
    for seq, (line, entry) in enumerate(zip(lines, told.changes), start=1):
        if raw(line + b":" + result["secret"].encode()).hex() != entry["record"]:
            raise Wrong("records.jsonl", "line {line} is not the one that was logged", line=seq)
    check_order(plan, told)
    lot = check_result(plan, raw(files["plan.json"]).hex(), result, told, raw)
    if verdict.kind == "auditor":
        recount(plan, files, result, told, lot, lines, verdict)
    else:
        recount_public(plan, files, result, told, lot, verdict)


def find_undrawn(
    files: dict[str, bytes], draws: dict[str, Told]
) -> tuple[Told, dict[str, Any], Raw]:
    """The plan of a bundle without a result, which was made void before anything was drawn."""
    for name in ("sha256", "sm3"):
        raw = raw_hash(name)
        for told in draws.values():
            if told.plan["plan"] == raw(files["plan.json"]).hex():
                if told.drawn is not None or told.end is None:
                    raise Wrong("result.json", "this file is missing")
                plan = read_plan(files["plan.json"])
                if plan["hash"] != name:
                    raise Wrong("plan.json", "{field}: not as the protocol has it", field="hash")
                return told, plan, raw
    raise Wrong("plan.json", "this is not the plan that was committed")


def check_undrawn(
    plan: dict[str, Any], files: dict[str, bytes], told: Told, raw: Raw, verdict: Verdict
) -> None:
    """A plan made void before anything was drawn: its files, its secret, its numbers as far as they were known."""
    end, sources = told.end or {}, plan["entropy"]["sources"]
    for name in sorted(set(files) & set(RECOUNTED)):
        raise Wrong(name, "nothing was drawn, so it does not belong here")
    for name in sorted(set(FROZEN) & set(files)):
        check_frozen(plan, name, files[name], raw)
    if files["records.jsonl"]:
        raise Wrong("records.jsonl", "nothing was drawn, so it does not belong here")
    check_order(plan, told)
    if end["secret"] and raw(end["secret"].encode()).hex() != plan["secret"]:
        raise Wrong("log.jsonl", "the secret that was published is not the plan's")
    whole = all(source in told.values for source in sources)
    numbers = "\n".join(f"{source}={told.values[source]}" for source in sources) if whole else ""
    if whole:
        entropy_values("log.jsonl", sources, numbers)
    if end["entropy"] != numbers and not (told.lost and not end["entropy"]):
        raise Wrong("log.jsonl", "the numbers of the draw are not those that were logged")
    check_reasons(files)
    if "inner" in files:
        check_inner(plan, files, raw)
        Files(plan, files, raw)
    verdict.unchecked += ["undrawn"] if whole else []
    verdict.note("nothing was drawn")


def check_inner(plan: dict[str, Any], files: dict[str, bytes], raw: Raw) -> str:
    if raw(files["inner"]).hex() != plan["inner"] or not HEX64(utf8("inner", files["inner"])):
        raise Wrong("inner", "its hash is not the one in {where}", where="plan.json")
    return files["inner"].decode()


def check_outside(
    files: dict[str, bytes],
    note: Note,
    lines: list[bytes],
    plan: dict[str, Any],
    told: Told,
    trust: Trust,
    verdict: Verdict,
) -> tuple[bool, bool]:
    """Do code, witnesses and a kept head show the order, and that there is no second log? Each must be of this log.

    A time stamp's authority is not looked into here; only that the stamp holds this head's hash.
    """
    from time import gmtime, strftime

    start = plan["entropy"]["not_before"]
    ordered = alone = trust.code is not None
    for name in sorted(files):
        found = OUTSIDE.fullmatch(name)
        if found is None:
            continue
        size = int(found[1] or found[2])
        body = f"{note.origin}\n{size}\n{base64_of(tree_head(lines[:size], sha256))}\n".encode()
        if size > len(lines) or (found[1] and sha256(body) not in files[name]):
            raise Wrong(name, "it is upon another head than this log's")
        if found[1]:
            continue
        signed = Note(name, files[name])
        if (signed.body + "\n").encode() != body:
            raise Wrong(name, "it is upon another head than this log's")
        for witness in trust.witnesses:
            for line in signed.by(witness)[:1]:
                at = int.from_bytes(line[:8], "big")
                text = f"cosignature/v1\ntime {at}\n".encode() + body
                if len(line) != 72 or at >> 37 or not ed25519(witness.point, text, line[8:]):
                    raise Wrong(name, "the witness's line is false")
                time = strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(at))
                alone = alone or size > told.place
                if size > told.place and time < start:
                    ordered = True
                    verdict.note(
                        "{by} saw the sealed plan at {time}", by=witness.name, time=beijing(time)
                    )
    if trust.kept is not None:
        held = Note("checkpoint", trust.kept)
        same = held.origin == note.origin and held.size <= len(lines)
        if not same or tree_head(lines[: held.size], sha256) != held.root:
            raise Wrong("log.jsonl", "it does not continue the head that was kept")
        alone = alone or held.size > told.place
    return ordered, alone


def find(files: dict[str, bytes], draws: dict[str, Told]) -> tuple[Told, dict[str, Any], Raw]:
    """The draw that the log knows by this result, its plan, and the hash that the plan names."""
    for name in ("sha256", "sm3"):
        raw = raw_hash(name)
        digest = raw(files["result.json"]).hex()
        for told in draws.values():
            if told.drawn is not None and told.drawn["result"] == digest:
                if told.plan["plan"] != raw(files["plan.json"]).hex():
                    raise Wrong("plan.json", "this is not the plan that was committed")
                plan = read_plan(files["plan.json"])
                if plan["hash"] != name:
                    raise Wrong("plan.json", "{field}: not as the protocol has it", field="hash")
                return told, plan, raw
    raise Wrong("result.json", "the log knows no draw with this result")


def covered(files: dict[str, bytes], raw: Raw) -> dict[str, Any]:
    """result.json, which names every file by its hash."""
    file = "result.json"
    result: dict[str, Any] = read_json(file, files[file])
    hidden = type(result) is dict and "cutoffs_hidden" in result
    fit(file, result, RESULT_HIDDEN if hidden else RESULT)
    for name in sorted(set(files) - {file, *LOGGED}):
        if not OUTSIDE.fullmatch(name) and raw(files[name]).hex() != result["files"].get(name):
            raise Wrong(name, "its hash is not the one in {where}", where=file)
    for name in sorted(set(result["files"]) - set(files)):
        if "inner" in files or name not in (*GRADED, *INSIDE):
            raise Wrong(name, "this file is missing")
    return result


def made(source: str) -> int:
    """When a drand round is made, in seconds since 1970."""
    return 1692803367 + 3 * (int(source.rpartition(":")[2]) - 1)


def seconds(time: str) -> int:
    """A time of the protocol in seconds since 1970."""
    from calendar import timegm

    day_, clock = time[:-1].split("T")
    year, month, date = (int(part) for part in day_.split("-"))
    hour, minute, second = (int(part) for part in clock.split(":"))
    return timegm((year, month, date, hour, minute, second))


def beijing(time: str) -> str:
    """A time of the protocol as a clock in China shows it."""
    from time import gmtime, strftime

    return strftime("%Y-%m-%d %H:%M:%S +08:00", gmtime(seconds(time) + 8 * 3600))


def check_order(plan: dict[str, Any], told: Told) -> None:
    """Plan, numbers, draw, end: in this order, at times that fit the plan. The times are the operator's word."""
    file, start, sources = "log.jsonl", plan["entropy"]["not_before"], plan["entropy"]["sources"]
    if told.plan["time"] >= start:
        raise Wrong(file, "the plan was committed at or after its own not_before")
    for source in sources:
        if source_kind(source) == "drand" and made(source) < seconds(start):
            raise Wrong(
                "plan.json", "{source} was made before the plan's not_before", source=source
            )
    seen: set[str] = set()
    for entry in told.entries:
        if entry["kind"] in ("entropy", "draw") and entry["time"] < start:
            raise Wrong(file, "the numbers or the draw are older than the plan's not_before")
        if entry["kind"] == "entropy":
            if entry["source"] not in sources:
                raise Wrong(
                    file, "the plan does not name the source {source}", source=entry["source"]
                )
            thrown = {source for source in sources if source_kind(source) in ("balls", "dice")}
            if entry["source"] not in thrown and thrown - seen:
                raise Wrong(file, "balls and dice are logged before any other source is known")
            seen.add(entry["source"])
    if (
        told.drawn is not None
        and told.end is not None
        and told.end["time"] < told.drawn["time"]
        and not told.set_right
    ):
        raise Wrong(file, "the draw ended before it was made")
    for other in told.beside:
        raise Wrong(file, "{other} was open for the same when this was committed", other=other)


def check_result(
    plan: dict[str, Any], commitment: str, result: dict[str, Any], told: Told, raw: Raw
) -> Lot:
    """Does result.json agree with plan and log? The draw's tickets."""
    file, drawn = "result.json", told.drawn
    assert drawn is not None
    if (result["draw"], result["commitment"]) != (plan["draw"], commitment):
        raise Wrong(file, "it belongs to another plan")
    if raw(result["secret"].encode()).hex() != plan["secret"]:
        raise Wrong(file, "its secret is not the one that the plan was sealed with")
    if told.end is not None and told.end["secret"] not in ("", result["secret"]):
        raise Wrong("log.jsonl", "the secret that was published is not the plan's")
    if (result["entropy"], result["proofs"]) != (drawn["entropy"], drawn["proofs"]):
        raise Wrong(file, "its numbers are not those in the log")
    values = entropy_values(file, plan["entropy"]["sources"], result["entropy"])
    if values != told.values:
        raise Wrong("log.jsonl", "the numbers of the draw are not those that were logged")
    for source, proof in result["proofs"].items():
        good = (
            source_kind(source) == "drand"
            and source in values
            and re.fullmatch("[0-9a-f]{96}", proof)
        )
        if not good or sha256(bytes.fromhex(proof)).hex() != values[source]:
            raise Wrong(file, "{source}: the proof does not belong to the value", source=source)
    seed = raw(
        f"{PROTOCOL}:seed:{commitment}:{result['entropy']}:{result['secret']}".encode()
    ).hex()
    if seed != result["seed"]:
        raise Wrong(file, "its seed is not what plan, numbers and secret give")
    return Lot(seed, raw)


def check_reasons(files: dict[str, bytes]) -> list[list[str]]:
    rows = read_csv("left_out.csv", files["left_out.csv"])
    for id, reason, _name in rows:
        if reason not in LEFT_OUT:
            raise Wrong("left_out.csv", "{id}: no such reason", id=id)
    return rows


def compare(files: dict[str, bytes], selection: Selection) -> None:
    for name, data in selection.files().items():
        if files[name] != data:
            raise Wrong(name, "the tickets say otherwise")


def compare_cutoffs(result: dict[str, Any], selection: Selection, inner: str = "") -> None:
    """Of hidden cut-offs one without `inner` sees only how many they are."""
    shown, right = result["cutoffs"], selection.cutoffs
    if "cutoffs_hidden" in result:
        right = selection.shown(inner) if inner else shown
    if len(shown) != len(selection.cutoffs) or shown != right:
        raise Wrong("result.json", "the tickets say otherwise")


def recount(
    plan: dict[str, Any],
    files: dict[str, bytes],
    result: dict[str, Any],
    told: Told,
    lot: Lot,
    lines: list[bytes],
    verdict: Verdict,
) -> None:
    """The whole draw again; teams by their certificate."""
    read = Files(plan, files, lot.raw)
    check_reasons(files)
    selection = Selection(read.strata, read.frame, lot)
    compare(files, selection)
    inner = check_inner(plan, files, lot.raw)
    compare_cutoffs(result, selection, inner)
    pairs = Pairs(plan, read, selection, lot, inner)
    teams = check_teams(pairs, read.people, files["teams.csv"], files["certificate.json"])
    if result["groups"] != pairs.groups:
        raise Wrong("result.json", "the tickets say otherwise")
    if told.drawn is not None and told.drawn["notices"] != notices(teams, lot):
        raise Wrong("log.jsonl", "the notices in the log name other teams")
    check_unbound(files, lot, inner, verdict)
    Standing(plan["team"], read, selection, lot, inner).replay(
        plan["draw"], teams, lines, told.changes
    )
    for one, drawn in zip(read.strata["strata"], selection.counts):
        (a, b), rows = one["ratio"], one["population"]
        verdict.note(
            "{stratum}: {drawn} of {rows} drawn, by the rule {a}/{b}",
            stratum=one["stratum"],
            drawn=drawn,
            rows=rows,
            a=a,
            b=b,
        )
    if pairs.dealings > 1:
        verdict.note("groups were dealt {times} times", times=pairs.dealings)


def check_unbound(files: dict[str, bytes], lot: Lot, inner: str, verdict: Verdict) -> None:
    """Recusals that were accepted though they bind nobody: each is told; their salt takes `inner`."""
    if UNBOUND not in files:
        return
    value = read_json(UNBOUND, files[UNBOUND])
    fit(UNBOUND, value, {"recusals": many, "salt": HEX64})
    if value["salt"] != lot.ticket("unbound", inner):
        raise Wrong(UNBOUND, "the tickets say otherwise")
    for one in value["recusals"]:
        verdict.note("a recusal that binds nobody was accepted: {one}", one=one)


def recount_public(
    plan: dict[str, Any],
    files: dict[str, bytes],
    result: dict[str, Any],
    told: Told,
    lot: Lot,
    verdict: Verdict,
) -> None:
    """What a public bundle shows: pools, list, teams, groups and notices fit one another and the log."""
    for name in sorted(set(FROZEN) & set(files)):
        check_frozen(plan, name, files[name], lot.raw)
    left = check_reasons(files)
    if [item["id"] for item in read_rules(files["rules.json"])] != [
        item["id"] for item in plan["items"]
    ]:
        raise Wrong("rules.json", "these are not the items of the plan")
    pool = read_csv("pool.csv", files["pool.csv"])
    names = dict(pool)
    for id, _reason, _name in left:
        if id in names:
            raise Wrong("left_out.csv", "{id}: stands in the pool too, or is no id", id=id)
    drawn = read_csv("list.csv", files["list.csv"])
    for id, name in drawn:
        if names.get(id) != name:
            raise Wrong("list.csv", "{id}: does not stand so in pool.csv", id=id)
    people = read_people(files["inspectors.csv"])
    teams: dict[str, list[str]] = {id: [] for id, _name in drawn}
    for target, person, role in read_csv("teams.csv", files["teams.csv"]):
        if target not in teams or person not in people:
            raise Wrong(
                "teams.csv",
                "{id}: not drawn, unknown, or may not go there",
                id=f"{target}, {person}",
            )
        if role != ("lead" if people[person].lead else "member"):
            raise Wrong("teams.csv", "{id}: the role is not the inspector's own", id=person)
        teams[target].append(person)
    for target, team in teams.items():
        if (
            len(team) != plan["team"]["size"]
            or sum(people[id].lead for id in team) < plan["team"]["leads"]
        ):
            raise Wrong("teams.csv", "{id}: the team has another size, or too few leads", id=target)
    check_groups(plan, result, people, teams, lot, verdict)
    if told.drawn is not None and told.drawn["notices"] != notices(teams, lot):
        raise Wrong("teams.csv", "the notices in the log name other teams")
    if set(GRADED) <= set(files):
        strata, frame = read_strata(files["strata.json"]), read_frame(files["frame.csv"])
        if {row[1] for row in frame} - {one["stratum"] for one in strata["strata"]}:
            raise Wrong(
                "frame.csv", "{id}: not as the rule, the frame or the scope has it", id="stratum"
            )
        if [[row[0], row[4]] for row in frame] != pool:
            raise Wrong("pool.csv", "these are not the ids and names of the frame")
        selection = Selection(strata, frame, lot)
        compare(files, selection)
        compare_cutoffs(result, selection)
    follow(plan, files, told, teams, set(names), people, lot)
    verdict.unchecked.append("whole")
    if told.changes:
        verdict.unchecked.append("changes")


def follow(
    plan: dict[str, Any],
    files: dict[str, bytes],
    told: Told,
    drawn: dict[str, list[str]],
    pool: set[str],
    people: dict[str, Person],
    lot: Lot,
    reasons: Sequence[str] = REPLACE,
    selection: Selection | None = None,
) -> None:
    """Changes as the public can check them: place, form, reason, a team that may stand, the notice.

    With the targets drawn again also that the next reserve takes the place.
    """
    teams, gone, file = dict(drawn), set(), "records.jsonl"
    places = selection.places if selection else []
    strata = {place[0]: place[1] for place in places}
    for seq, line in enumerate(files[file].split(b"\n")[:-1], start=1):
        entry, record = told.changes[seq - 1], read_json(file, line)
        fit(file, record, RECORD)
        kind, old, new = record["kind"], record["old"], record["new"]
        target, team = record["target"], record["inspectors"]
        good = (record["draw"], record["seq"], kind) == (plan["draw"], seq, entry["kind"])
        if kind == "replace":
            good = good and record["reason"] in reasons and old in teams and new == target
            teams.pop(old, None)
            gone.add(old)
            good = good and (new in pool - gone - set(teams) if new else not team)
            if selection:
                spare = (
                    id
                    for id, stratum, role, _place, _ticket in places
                    if role == "reserve"
                    and stratum == strata.get(old)
                    and id not in teams
                    and id not in gone
                )
                good = good and new == next(spare, "")
        else:
            former = teams.get(target, [])
            good = good and record["reason"] in SUBSTITUTE and old in former and old not in team
            good = good and new == ", ".join(sorted(set(team) - set(former)))
        leaf = ""
        if target:
            leaf = lot.raw(b"\0" + notice(target, team, lot)).hex()
            good = (
                good
                and team == sorted(set(team) & set(people))
                and len(team) == plan["team"]["size"]
            )
            good = good and sum(people[id].lead for id in team) >= plan["team"]["leads"]
            teams[target] = team
        if not good or leaf != entry["notice"]:
            raise Wrong(file, "line {line}: this change cannot stand", line=seq)


def check_groups(
    plan: dict[str, Any],
    result: dict[str, Any],
    people: dict[str, Person],
    teams: dict[str, list[str]],
    lot: Lot,
    verdict: Verdict,
) -> None:
    if result["groups"] is None:
        if plan["team"]["groups"] is not None:
            verdict.unchecked.append("dealings")
        return
    dealt = [
        deal(people, plan["team"], lot, k) for k in range(1, DEALINGS + 1) if plan["team"]["groups"]
    ]
    if result["groups"] not in dealt:
        raise Wrong("result.json", "the tickets say otherwise")
    if result["groups"] != dealt[0]:
        verdict.note("groups were dealt {times} times", times=dealt.index(result["groups"]) + 1)
    for target, team in teams.items():
        if sorted(team) not in result["groups"]:
            raise Wrong("teams.csv", "{id}: this is none of the groups", id=target)


def first(
    plan: dict[str, Any], told: Told, trust: Trust, ordered: bool, alone: bool, verdict: Verdict
) -> None:
    """What the first line must say: the names of UNCHECKED, in order."""
    kinds = [source_kind(source) for source in plan["entropy"]["sources"]]
    verdict.unchecked += ["local"] if "local" in kinds else []
    verdict.unchecked += ["times"] if told.late else []
    verdict.unchecked += [] if ordered else ["order"]
    verdict.unchecked += [] if alone else ["uniqueness"]
    verdict.unchecked += ["signature"] if trust.key is None else []
    verdict.unchecked += ["published"] if told.end is None else []
    verdict.unchecked += ["drand"] if "drand" in kinds and told.drawn is not None else []
    verdict.unchecked += ["numbers"] if {"lottery", "balls", "dice"} & set(kinds) else []
    verdict.unchecked += ["issue"] if "lottery" in kinds else []


def tell(
    plan: dict[str, Any],
    told: Told,
    beside: list[Told],
    clocks: list[dict[str, Any]],
    verdict: Verdict,
) -> None:
    """What a reader compares by eye."""
    notes, verdict.notes = verdict.notes, []
    verdict.note("code of the plan: {code}", code=verdict.code)
    verdict.note("public entropy: {bits} bits", bits=source_bits(plan["entropy"]["sources"]))
    for source in plan["entropy"]["sources"]:
        if source != "local":
            verdict.note(
                "compare with the notice or the witnesses: {source} = {value}",
                source=source,
                value=told.values.get(source, "—"),
            )
    if told.end is not None and told.end["kind"] == "void":
        verdict.note("this draw is void: {reason}", reason=told.end["reason"])
    for entry in told.changes:
        verdict.note(
            "changed after the draw: {kind}, {time}",
            kind=entry["kind"],
            time=beijing(entry["time"]),
        )
    for entry in told.entries:
        if entry["kind"] == "attest":
            by = "; ".join(entry["witnesses"])
            verdict.note(
                "attested {time}: {by} · SHA-256 {hash}",
                time=beijing(entry["time"]),
                by=by,
                hash=entry["sha256"],
            )
    for entry in clocks:
        verdict.note(
            "the log's times were set right {time}: {newest} was dated ahead ({reason})",
            time=beijing(entry["time"]),
            newest=beijing(entry["newest"]),
            reason=entry["reason"],
        )
    for other in beside:
        how = LOST if other.lost else other.end["kind"] if other.end else "open"
        verdict.note(
            "another plan of the same item and area: {draw} ({how})", draw=other.draw, how=how
        )
    verdict.notes += notes


def read_bundle(source: str) -> tuple[dict[str, bytes], list[str]]:
    """The files of a folder or a .zip, and what file managers left beside them.

    Wrong names a file that cannot be taken, Undecided one that was damaged on its way; NoBundle says that it is none.
    """
    if os.path.isdir(source):
        return read_folder(source)
    if not os.path.isfile(source):
        raise NoBundle("there is no bundle at {place}", source)
    with open(source, "rb") as stream:
        data = stream.read()
    return read_archive(source, data)


def stray(path: str) -> bool:
    """Did a file manager write this?"""
    return any(
        part in STRAYS or part.startswith(("._", "__MACOSX")) for part in path.split("/") if part
    )


def read_folder(source: str) -> tuple[dict[str, bytes], list[str]]:
    entries = sorted(os.scandir(source), key=lambda one: one.name)
    strays = [entry.name for entry in entries if stray(entry.name)]
    entries = [entry for entry in entries if not stray(entry.name)]
    if len(entries) == 1 and entries[0].is_dir(follow_symlinks=False):
        source = entries[0].path
        inside = sorted(os.scandir(source), key=lambda one: one.name)
        strays += [entry.name for entry in inside if stray(entry.name)]
        entries = [entry for entry in inside if not stray(entry.name)]
    recognize(source, [entry.name for entry in entries])
    files: dict[str, bytes] = {}
    for entry in entries:
        if not entry.is_file(follow_symlinks=False) or entry.stat().st_size > LARGEST:
            raise Wrong(entry.name, "it is no plain file, or too large")
        with open(entry.path, "rb") as stream:
            files[entry.name] = stream.read()
    return files, strays


def read_archive(source: str, data: bytes) -> tuple[dict[str, bytes], list[str]]:
    """The members of a .zip by name: one top folder is looked into, what file managers add is set aside."""
    from zlib import crc32, decompressobj, error

    marks = [name for name in MARKS if b"PK\3\4" in data[:65536] and name.encode() in data[:65536]]

    def number(at: int, size: int) -> int:
        return int.from_bytes(data[at : at + size], "little")

    def damaged(name: str) -> Undecided:
        recognize(source, [*names, *marks])
        return Undecided("{file}: the archive is damaged", AS_PUBLISHED, file=name)

    whole = os.path.basename(source)
    names: list[str] = []
    members = []
    end = data.rfind(b"PK\5\6", max(0, len(data) - 65557))
    at = end - number(end + 12, 4)
    shift = at - number(end + 16, 4)
    if end < 0 or end + 22 > len(data) or at < 0:
        raise damaged(whole)
    while at < end:
        if data[at : at + 4] != b"PK\1\2" or at + 46 > end or data[at + 6] > 63:
            raise damaged(whole)
        raw_name = data[at + 46 : at + 46 + number(at + 28, 2)]
        names.append(raw_name.decode("utf-8", "replace"))
        members.append((at, raw_name))
        at += 46 + number(at + 28, 2) + number(at + 30, 2) + number(at + 32, 2)
    if len(members) != number(end + 10, 2):
        raise damaged(whole)
    recognize(source, [*[name.replace("\\", "/") for name in names], *marks])
    if sum(number(at + 24, 4) for at, _raw in members) > LARGEST:
        raise Wrong(whole, "it is no plain file, or too large")
    read: list[tuple[str, bytes]] = []
    for (at, raw_name), name in zip(members, names):
        flags, method = number(at + 8, 2), number(at + 10, 2)
        if flags & 0x61 or method not in (0, 8):
            raise Undecided(
                "{file}: encrypted, or packed by another method than store and deflate",
                AS_PUBLISHED,
                file=name,
            )
        local = number(at + 42, 4) + shift
        begin = local + 30 + len(raw_name)
        same = data[local + 30 : begin] == raw_name and number(local + 26, 2) == len(raw_name)
        streamed = bool(flags & 8)  # CRC and sizes stand behind the content
        same = same and (streamed or data[local + 14 : local + 26] == data[at + 16 : at + 28])
        if local < 0 or data[local : local + 4] != b"PK\3\4" or not same:
            raise damaged(name)
        begin += number(local + 28, 2)
        content = data[begin : begin + number(at + 20, 4)]
        if method:
            unpacker = decompressobj(-15)
            try:
                content = unpacker.decompress(content, number(at + 24, 4) + 1)
            except error:
                raise damaged(name) from None
            if not unpacker.eof or unpacker.unused_data:
                raise damaged(name)
        if len(content) != number(at + 24, 4) or crc32(content) != number(at + 16, 4):
            raise damaged(name)
        read.append((plain_name(name), content))
    return sort_out([one for one in read if one[0][-1:] != "/"])


def plain_name(name: str) -> str:
    """A member's name as it lies in a folder."""
    name = name.replace("\\", "/")
    while name.startswith("./"):
        name = name[2:]
    return name


def sort_out(members: list[tuple[str, bytes]]) -> tuple[dict[str, bytes], list[str]]:
    """The files of a bundle out of all members, and what file managers left beside them."""
    strays = [name for name, _content in members if stray(name)]
    members = [member for member in members if not stray(member[0])]
    tops = {name.partition("/")[0] for name, _content in members}
    if len(tops) == 1 and "" not in tops and all("/" in name for name, _content in members):
        members = [(name.partition("/")[2], content) for name, content in members]
    files: dict[str, bytes] = {}
    for name, content in members:
        if name in files:
            raise Wrong(name, "it stands twice in the archive")
        files[name] = content
    return files, strays


def recognize(source: str, names: list[str]) -> None:
    """NoBundle where no name marks a bundle, also not inside a folder of an archive."""
    if not any(name.rpartition("/")[2] in MARKS for name in names):
        raise NoBundle("this is no bundle: {place}", source)


# --- a draw computed from plan, files and revealed values -----------------------------------------------------------


class Network:
    """Flow of least cost by shortest paths (Dijkstra with potentials); arcs in pairs, each the other's way back."""

    def __init__(self, nodes: int) -> None:
        self.out: list[list[int]] = [[] for _ in range(nodes)]
        self.head: list[int] = []
        self.room: list[int] = []
        self.cost: list[int] = []
        self.price = [0] * nodes

    def arc(self, tail: int, head: int, room: int, cost: int = 0) -> int:
        for start, end, free, price in ((tail, head, room, cost), (head, tail, 0, -cost)):
            self.out[start].append(len(self.head))
            self.head.append(end)
            self.room.append(free)
            self.cost.append(price)
        return len(self.head) - 2

    def push(self, source: int, sink: int) -> bool:
        """One unit more along the cheapest way; False where there is none."""
        from heapq import heappop, heappush

        far: list[int | None] = [None] * len(self.out)
        came = [-1] * len(self.out)
        done = [False] * len(self.out)
        far[source], heap = 0, [(0, source)]
        while heap:
            so_far, node = heappop(heap)
            if done[node]:
                continue
            done[node] = True
            if node == sink:
                break
            for arc in self.out[node]:
                end = self.head[arc]
                if self.room[arc] and not done[end]:
                    way = so_far + self.cost[arc] + self.price[node] - self.price[end]
                    known = far[end]
                    if known is None or way < known:
                        far[end], came[end] = way, arc
                        heappush(heap, (way, end))
        last = far[sink]
        if not done[sink] or last is None:
            return False
        for node, way_ in enumerate(far):
            self.price[node] += way_ if done[node] and way_ is not None else last
        node = sink
        while node != source:
            arc = came[node]
            self.room[arc] -= 1
            self.room[arc ^ 1] += 1
            node = self.head[arc ^ 1]
        return True


def assign(pairs: Pairs) -> tuple[int, dict[str, list[str]]]:
    """The smallest load and, under it, the takers of least cost."""
    targets, people = list(pairs.cost), pairs.takers
    if not targets:
        return 0, {}
    wanted, load = pairs.size * len(targets), 0
    sink = 2 * len(targets) + len(people)

    def network(cheap: bool, most: int) -> tuple[Network, list[tuple[int, str, str]], list[int]]:
        net, chosen = Network(sink + 2), []
        for row, target in enumerate(targets):
            net.arc(sink + 1, row, pairs.size)
            net.arc(row, len(targets) + row, pairs.size - pairs.leads)
            for place, taker in enumerate(people):
                if taker in pairs.cost[target]:
                    tail = row if pairs.lead[taker] else len(targets) + row
                    cost = pairs.cost[target][taker] if cheap else 0
                    chosen.append((net.arc(tail, 2 * len(targets) + place, 1, cost), target, taker))
        return (
            net,
            chosen,
            [net.arc(2 * len(targets) + place, sink, most) for place in range(len(people))],
        )

    load = -(-wanted // max(1, len(people)))
    net, _chosen, ends = network(False, load)
    flow = 0
    while flow < wanted:
        if net.push(sink + 1, sink):
            flow += 1
            continue
        load += 1
        if load > len(targets):
            raise Wrong("teams.csv", "some target cannot have a team")
        for end in ends:
            net.room[end] += 1
    net, chosen, _ends = network(True, load)
    while net.push(sink + 1, sink):
        pass
    found: dict[str, list[str]] = {target: [] for target in targets}
    for arc, target, taker in chosen:
        if not net.room[arc]:
            found[target].append(taker)
    return load, found


def read_reveal(data: bytes) -> dict[str, Any]:
    """What is revealed: entropy, secret and inner."""
    try:
        reveal: dict[str, Any] = json.loads(utf8("reveal.json", data))
    except ValueError:
        raise Wrong("reveal.json", "it is no canonical JSON") from None
    fit("reveal.json", reveal, {"entropy": words, "secret": HEX64, "inner": HEX64})
    return reveal


def check_reveal(plan: dict[str, Any], reveal: dict[str, Any], raw: Raw) -> None:
    for name in ("secret", "inner"):
        if raw(reveal[name].encode()).hex() != plan[name]:
            raise Wrong(name, "its hash is not the one in {where}", where="plan.json")


def read_named(folder: str, names: Sequence[str]) -> dict[str, bytes]:
    """These files of a folder; Wrong names the first one that is missing."""
    files = {}
    for name in names:
        try:
            with open(os.path.join(folder, name), "rb") as stream:
                files[name] = stream.read()
        except OSError:
            raise Wrong(name, "this file is missing") from None
    return files


def replay(folder: str) -> dict[str, Any]:
    """Every number of the draw of a folder with plan.json, its files and reveal.json."""
    files = read_named(folder, ("plan.json",))
    if version_of(files) == SECOND:
        return replay_second(folder)
    files.update(read_named(folder, (*FROZEN, "reveal.json")))
    reveal = read_reveal(files["reveal.json"])
    plan = read_plan(files["plan.json"])
    raw = raw_hash(plan["hash"])
    check_reveal(plan, reveal, raw)
    read = Files(plan, files, raw)
    entropy_values("entropy", plan["entropy"]["sources"], reveal["entropy"])
    commitment = raw(files["plan.json"]).hex()
    lot = Lot(
        raw(f"{PROTOCOL}:seed:{commitment}:{reveal['entropy']}:{reveal['secret']}".encode()).hex(),
        raw,
    )
    selection = Selection(read.strata, read.frame, lot)
    pairs = Pairs(plan, read, selection, lot, reveal["inner"])
    load, teams = assign(pairs)
    return {
        "commitment": commitment,
        "code": code_of(commitment),
        "seed": lot.seed,
        "counts": dict(zip((one["stratum"] for one in read.strata["strata"]), selection.counts)),
        "targets": [list(place) for place in selection.places],
        "visits": selection.visits,
        "load": load,
        "cost": str(sum(pairs.cost[target][taker] for target in teams for taker in teams[target])),
        "groups": pairs.groups,
        "teams": sorted(
            [target, one]
            for target in teams
            for taker in teams[target]
            for one in pairs.members(taker)
        ),
    }


# --- version 2: forms -----------------------------------------------------------------------------------------------

SOURCE_KINDS = ("lottery", "public", "ceremony", "drand", "beacon", "local")
STRATA_BY = ("internal", "all", "kind", "district", "kind/district")
FROZEN_2 = ("rules.json", "sources.json", "strata.json", *list(TABLES)[:6])
ALWAYS_2 = (*TOLD, "sources.json", *CHECKERS)
AUDITED_2 = ("inner", "recusals.csv", "inspectors_left_out.csv", "certificate.json")
DRAWN_2 = ("result.json", "targets.csv", "teams.csv", "list.csv", "certificate.json")
NAMES_2 = {*ALWAYS_2, *GRADED, *AUDITED_2}
FEW_TEAMS, LEAST_BITS = 20, 19
CHAINED = "pedersen-bls-chained"
CHAINS = {  # whose rounds come from the League of Entropy; of others the reader trusts the operators
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971": "quicknet",
    "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce": "default",
}
HEX_BYTES = pattern("([0-9a-f]{2})+")
PLAN_2: dict[str, Any] = {
    **{name: form for name, form in PLAN.items() if name != "entropy"},
    "protocol": one_of(SECOND),
    "release": one_secret,
    "log": ({"origin": words, "size": number, "root": HEX64},),
    "sources": {"sha256": HEX64},
    "strata_by": one_of(*STRATA_BY),
    "team": {**PLAN["team"], "size": number},
    "not_before": moment,
}
RESULT_2: dict[str, Any] = {**RESULT, "protocol": one_of(SECOND), "cutoffs": [one_secret]}
RULES_2 = {
    "items": [{"id": words, "strata": [RULE]}],
    "left_out": many,
    "inspectors_left_out": many,
    "replace": many,
}
GROUP = {
    "count": positive,
    "low": number,
    "high": number,
    "digits": positive,
    "distinct": flag,
    "order": one_of("ascending", "drawn"),
    "rest": flag,
}
CHAIN = {
    "period": positive,
    "genesis": number,
    "public_key": HEX_BYTES,
    "group_hash": HEX_BYTES,
    "beacon": words,
    "scheme": words,
}
SOURCE = {
    "source": words,
    "kind": one_of(*SOURCE_KINDS),
    "format": lambda value: True,
    "outcomes": pattern("[1-9][0-9]*"),
    "known_from": (moment,),
    "published": any_text,
    "chain": (CHAIN,),
}
CERTIFICATE_2 = {
    "squares": number,
    "load": number,
    "cost": pattern("0|[1-9][0-9]{0,18}"),
    "target": lambda value: type(value) is dict,
    "hub": lambda value: type(value) is dict,
    "inspector": lambda value: type(value) is dict,
}


def read_plan_second(data: bytes) -> dict[str, Any]:
    file = "plan.json"
    plan: dict[str, Any] = read_json(file, data)
    fit(file, plan, PLAN_2)
    items, team = plan["items"], plan["team"]
    for field, good in (
        ("items", items and len({item["id"] for item in items}) == len(items)),
        ("scope.kinds", not any(map(str.isspace, "".join(plan["scope"]["kinds"])))),
        ("team.leads", team["leads"] <= team["size"]),
        ("team.groups", team["size"] or team["groups"] is None),
    ):
        if not good:
            raise Wrong(file, "{field}: not as the protocol has it", field=field)
    return plan


def read_rules_second(data: bytes) -> dict[str, Any]:
    file = "rules.json"
    rules: dict[str, Any] = read_json(file, data)
    fit(file, rules, RULES_2)
    items = rules["items"]
    for item in items:
        _ranked(file, item["strata"])
    names = [[one["stratum"] for one in item["strata"]] for item in items]
    ids = {item["id"] for item in items}
    if not items or len(ids) != len(items) or any(one != names[0] for one in names):
        raise Wrong(file, "{field}: not as the protocol has it", field="items")
    for field in ("left_out", "inspectors_left_out", "replace"):
        if rules[field] != sorted(rules[field]):
            raise Wrong(file, "{field}: not as the protocol has it", field=field)
    return rules


def target_id(text: str) -> bool:
    """A code of 18, or a licence (L:, P:) or any other name (N:) in its one spelling, without invisible characters."""
    if not text.isascii() and any(unicodedata.category(one) in ("Cf", "Co") for one in text):
        return False
    if text[:2] == "N:":
        return len(text) > 2 and licence(text[2:]) == text[2:]
    return institution(text)


# --- version 2: sources ---------------------------------------------------------------------------------------------


class Source:
    """A row of sources.json, found to be possible: format, outcomes, and the time from which it can be known."""

    def __init__(self, row: dict[str, Any], place: int) -> None:
        self.row, self.place = row, place
        self.text, self.kind, self.known_from = row["source"], row["kind"], row["known_from"]
        self.name, self.issue = self._spelled()
        local = self.kind == "local"
        self._demand("format", (row["format"] is None) is local)
        self._demand("known_from", (self.known_from is None) is local)
        self._demand("published", (row["published"] == "") is local)
        self._demand("chain", (row["chain"] is not None) is (self.kind == "drand"))
        self.digits = 0
        self.groups: list[dict[str, Any]] = []
        self.outcomes = 1 if local else self._format(row["format"])
        self._demand("outcomes", row["outcomes"] == decimal(self.outcomes))
        if self.kind == "drand":
            self._round(row["chain"])
        if self.kind == "beacon":
            self._demand("known_from", moment(self.issue) and self.issue == self.known_from)
            self._demand("format", self.digits)

    def _demand(self, field: str, good: object) -> None:
        if not good:
            field = f"sources[{self.place}].{field}"
            raise Wrong("sources.json", "{field}: not as the protocol has it", field=field)

    def _spelled(self) -> tuple[str, str]:
        if self.text == "local" and self.kind == "local":
            return "", ""
        parts = self.text.split(":", 2)
        good = len(parts) == 3 and parts[0] == self.kind != "local" and "=" not in self.text
        self._demand("source", good and all(one and one.strip() == one for one in parts[1:]))
        return parts[1], parts[2]

    def _format(self, form: Any) -> int:
        """The number of outcomes of the format."""
        self._demand("format", type(form) is dict and len(form) == 1)
        if "hex" in form:
            self.digits = form["hex"]
            self._demand("format", positive(self.digits) and self.digits <= 1024)
            return 1 << 4 * self.digits
        groups = form.get("groups")
        self._demand("format", type(groups) is list and 1 <= len(groups) <= 20)
        self.groups = groups
        total, left = 1, 0
        former: dict[str, Any] = {}
        for group in self.groups:
            fit("sources.json", group, GROUP, f"sources[{self.place}].format")
            count, low, high = group["count"], group["low"], group["high"]
            self._demand("format", count <= 1000 and low <= high)
            self._demand("format", len(str(high)) <= group["digits"] <= 15)
            self._demand("format", group["distinct"] or group["order"] == "drawn")
            if group["rest"]:
                same = (former.get("low"), former.get("high")) == (low, high)
                self._demand("format", same and former["distinct"] and group["distinct"])
            else:
                left = high - low + 1
            if not group["distinct"]:
                total *= left**count
            else:
                self._demand("format", count <= left)
                for step in range(count):
                    total *= left - step
                if group["order"] == "ascending":
                    for step in range(count):
                        total //= step + 1
                left -= count
            former = group
        return total

    def _round(self, chain: dict[str, Any]) -> None:
        self._demand("chain", chain["period"] < 1 << 32)
        told = chain["period"].to_bytes(4, "big") + chain["genesis"].to_bytes(8, "big")
        told += bytes.fromhex(chain["public_key"] + chain["group_hash"])
        told += b"" if chain["beacon"] == "default" else chain["beacon"].encode()
        self._demand("source", self.name == sha256(told).hex())
        self._demand("source", re.fullmatch("[1-9][0-9]{0,14}", self.issue, re.ASCII))
        self._demand("format", self.digits == 64)
        since = chain["genesis"] + chain["period"] * (int(self.issue) - 1)
        self._demand("known_from", seconds(self.known_from) == since)

    def takes(self, value: str) -> bool:
        """Can the source have this value, in this spelling?"""
        if self.kind == "local":
            return value == ""
        if self.digits:
            return re.fullmatch(f"[0-9a-f]{{{self.digits}}}", value, re.ASCII) is not None
        numbers = value.split(".")
        used: set[int] = set()
        for group in self.groups:
            drawn, numbers = numbers[: group["count"]], numbers[group["count"] :]
            shape = f"[0-9]{{{group['digits']}}}"
            if not all(re.fullmatch(shape, one, re.ASCII) for one in drawn):
                return False
            found = [int(one) for one in drawn]
            used = used if group["rest"] else set()
            if len(found) != group["count"] or not all(
                group["low"] <= one <= group["high"] for one in found
            ):
                return False
            if group["distinct"] and (len(set(found)) != len(found) or used & set(found)):
                return False
            if group["order"] == "ascending" and found != sorted(found):
                return False
            used = used | set(found)
        return not numbers

    def proves(self, value: str, proof: str) -> bool:
        """Is this the signature that hashes to the round's value? Whether drand made it is not looked into."""
        parts = proof.split(":")
        chained = self.kind == "drand" and self.row["chain"]["scheme"] == CHAINED
        if self.kind != "drand" or len(parts) != (2 if chained else 1):
            return False
        return all(map(HEX_BYTES, parts)) and sha256(bytes.fromhex(parts[0])).hex() == value

    def worded(self) -> tuple[str, str]:
        """The format in words, English and Chinese."""
        if self.digits:
            return f"{self.digits} hex digits", f"{self.digits} 位十六进制数"
        english, chinese = [], []
        for group in self.groups:
            count, low, high = group["count"], group["low"], group["high"]
            ways = [
                ("of the rest", "从剩余号码中") if group["rest"] else ("", ""),
                ("", "") if group["distinct"] else ("may repeat", "可重复"),
                ("in ascending order", "按大小排列")
                if group["order"] == "ascending"
                else ("in the order drawn", "按开出顺序"),
            ]
            told = [", ".join(filter(None, one)) for one in zip(*ways)]
            english.append(f"{count} of {low}–{high} ({told[0]})")
            chinese.append(f"{low}–{high} 取 {count} 个（{told[1].replace(', ', '，')}）")
        return " + ".join(english), "，加 ".join(chinese)


def decimal(value: int) -> str:
    """The digits of a large number; Python writes at most 4300 at once."""
    parts: list[str] = []
    while value >= 10**4000:
        value, part = divmod(value, 10**4000)
        parts.append(str(part).zfill(4000))
    return str(value) + "".join(reversed(parts))


def read_sources(data: bytes) -> list[Source]:
    file = "sources.json"
    value = read_json(file, data)
    fit(file, value, {"sources": [SOURCE]})
    found = [Source(row, place) for place, row in enumerate(value["sources"])]
    names = [one.text for one in found]
    spelled = {re.sub("[A-Z]", lambda letter: letter[0].lower(), name) for name in names}
    if not found or len(spelled) != len(found) or ("local" in names and len(found) > 1):
        raise Wrong(file, "{field}: not as the protocol has it", field="sources")
    return found


def before_others(sources: list[Source], source: Source) -> bool:
    """Is it a ceremony beside other kinds? It is fixed before anything else can be known."""
    return source.kind == "ceremony" and any(one.kind != "ceremony" for one in sources)


def check_times(plan: dict[str, Any], sources: list[Source]) -> None:
    for source in sources:
        if source.known_from is None:
            continue
        if before_others(sources, source):
            if source.known_from >= plan["not_before"]:
                raise Wrong(
                    "sources.json",
                    "{source}: beside other sources it has to come before not_before",
                    source=source.text,
                )
        elif source.known_from < plan["not_before"]:
            raise Wrong(
                "sources.json",
                "{source}: it can be known before not_before",
                source=source.text,
            )


def values_of(file: str, sources: list[Source], text: str) -> dict[str, str]:
    """The value of each source from the lines `source=value`, which stand in the order of sources.json."""
    lines = text.split("\n")
    found = {}
    for source, line in zip(sources, lines):
        name, equals, value = line.partition("=")
        if name != source.text or not equals or not source.takes(value):
            raise Wrong(
                file, "{line}: no possible value of {source}", line=line, source=source.text
            )
        found[name] = value
    if len(lines) != len(sources):
        every = ", ".join(source.text for source in sources)
        raise Wrong(file, "{line}: no possible value of {source}", line=text, source=every)
    return found


def bits_of(sources: list[Source]) -> int:
    total = 1
    for source in sources:
        total *= source.outcomes
    return total.bit_length() - 1


# --- version 2: files and draw --------------------------------------------------------------------------------------


class Targets:
    """The files that decide which targets are drawn, found to be the plan's and to agree with one another."""

    def __init__(self, plan: dict[str, Any], files: dict[str, bytes]) -> None:
        self.plan = plan
        self.sources = read_sources(files["sources.json"])
        self.rules = read_rules_second(files["rules.json"])
        self.strata = read_strata(files["strata.json"])
        self.frame = read_csv("frame.csv", files["frame.csv"])
        for row in self.frame:
            if not target_id(row[0]) or not HEX32(row[5]):
                raise Wrong("frame.csv", "{id}: no such id, or no salt", id=row[0])
        self._scope()
        check_items(plan, self.rules)
        pool = read_csv("pool.csv", files["pool.csv"])
        if pool != [[row[0], row[4]] for row in self.frame]:
            raise Wrong("pool.csv", "these are not the ids and names of the frame")
        check_left_out(files, self.rules, {row[0] for row in self.frame})

    def _scope(self) -> None:
        odd = "{id}: not as the rule, the frame or the scope has it"
        sizes = {one["stratum"]: 0 for one in self.strata["strata"]}
        kinds, districts = self.plan["scope"]["kinds"], self.plan["scope"]["districts"]
        by = self.plan["strata_by"]
        for id, stratum, kind, district, _name, _salt in self.frame:
            bound = stratum
            if by != "internal":
                words_ = {"all": "all", "kind": kind, "district": district}
                bound = words_.get(by, f"{kind}/{district}")
            outside = (kinds and kind not in kinds) or (districts and district not in districts)
            if outside or stratum != bound or stratum not in sizes:
                raise Wrong("frame.csv", odd, id=id)
            sizes[stratum] += 1
        ruled = [{one["stratum"]: one for one in item["strata"]} for item in self.rules["items"]]
        for one in self.strata["strata"]:
            name, rule = one["stratum"], {field: one[field] for field in RULE}
            if one["population"] != sizes[name] or not sizes[name]:
                raise Wrong("strata.json", odd, id=name)
            if any(item.get(name) != rule for item in ruled):
                raise Wrong("strata.json", odd, id=name)

    @property
    def named(self) -> list[str]:
        """The strata of the rules, also those without rows."""
        return [one["stratum"] for one in self.rules["items"][0]["strata"]]


class People:
    """The roster, and who may not go where."""

    def __init__(self, files: dict[str, bytes], rules: dict[str, Any], frame: set[str]) -> None:
        self.roster = read_people(files["inspectors.csv"])
        file = "inspectors_left_out.csv"
        for id, reason, _name, salt in read_csv(file, files[file]):
            if id in self.roster or not IDENT(id) or not HEX32(salt):
                raise Wrong(file, "{id}: stands in the pool too, or is no id", id=id)
            if reason not in rules["inspectors_left_out"]:
                raise Wrong(file, "{id}: no such reason", id=id)
        recusals = read_csv("recusals.csv", files["recusals.csv"])
        for target, person, salt in recusals:
            if target not in frame or person not in self.roster or not HEX32(salt):
                one = f"{target}, {person}"
                raise Wrong("recusals.csv", "{id}: no such id, or no salt", id=one)
        self.recused = {(target, person) for target, person, _salt in recusals}


def check_items(plan: dict[str, Any], rules: dict[str, Any]) -> None:
    if [item["id"] for item in rules["items"]] != [item["id"] for item in plan["items"]]:
        raise Wrong("rules.json", "these are not the items of the plan")


def check_left_out(files: dict[str, bytes], rules: dict[str, Any], pool: set[str]) -> None:
    file = "left_out.csv"
    for id, reason, _name in read_csv(file, files[file]):
        if id in pool or not target_id(id):
            raise Wrong(file, "{id}: stands in the pool too, or is no id", id=id)
        if reason not in rules["left_out"]:
            raise Wrong(file, "{id}: no such reason", id=id)


class Takers:
    """The problem of teams: which takers (inspectors, or groups by number) each drawn target may have."""

    def __init__(
        self,
        team: dict[str, Any],
        people: People,
        rows: list[list[str]],
        lot: Lot,
        inner: str,
    ) -> None:
        self.lot, self.inner, self.size, self.leads = lot, inner, team["size"], team["leads"]
        self.groups: list[list[str]] | None = None
        self.dealt = ""  # the purpose whose dealing worked
        self.dealings = 0
        roster = people.roster
        self.able = {
            row[0]: [id for id, one in roster.items() if admissible(team, row, one, people.recused)]
            for row in rows
        }
        self.people = self.able
        if team["groups"]:
            self._deal(team, roster)
        numbers = range(1, len(self.groups or []) + 1)
        self.takers = list(roster) if self.groups is None else [str(k) for k in numbers]
        self.lead = {id: self.groups is None and roster[id].lead for id in self.takers}

    def _deal(self, team: dict[str, Any], roster: dict[str, Person]) -> None:
        for dealing in range(1, DEALINGS + 1):
            groups = deal(roster, team, self.lot, dealing)
            if groups is None:
                return
            self.dealings = dealing
            may = {id: set(able) for id, able in self.people.items()}
            able = {
                id: [str(k) for k, group in enumerate(groups, 1) if may[id].issuperset(group)]
                for id in may
            }
            if all(able.values()):
                self.groups, self.able, self.size, self.leads = groups, able, 1, 0
                self.dealt = "inspector" if dealing == 1 else f"inspector{dealing}"
                return

    def members(self, taker: str) -> list[str]:
        return [taker] if self.groups is None else self.groups[int(taker) - 1]

    def costs(self, target: str, takers: Iterable[str]) -> dict[str, int]:
        return self.lot.costs(self.inner, target, takers)

    def forced(self, team: dict[str, Any], roster: dict[str, Person]) -> list[str]:
        """The targets for which only one team of people is possible."""
        found = []
        for target, able in self.people.items():
            leads = sum(roster[id].lead for id in able)
            ways = sum(
                _choose(leads, n) * _choose(len(able) - leads, team["size"] - n)
                for n in range(team["leads"], team["size"] + 1)
            )
            found += [target] if ways == 1 else []
        return found


def price_of(value: Any, field: str) -> int:
    """A price [a, "b"] as a·2^64 + b: all b stay so small that sums and comparisons are those of the pairs."""
    good = type(value) is list and len(value) == 2 and type(value[0]) is int
    if not good or not DECIMAL(value[1]) or abs(int(value[1])) > 1 << 60:
        raise Wrong("certificate.json", "{field}: not as the protocol has it", field=field)
    evenness: int = value[0]
    return (evenness << 64) + int(value[1])


def check_even_teams(
    pairs: Takers, roster: dict[str, Person], teams: bytes, certificate: bytes
) -> dict[str, list[str]]:
    """The members of each team, found to be allowed, evenly loaded and of least cost: sums and comparisons suffice."""
    file = "certificate.json"
    rows = read_csv("teams.csv", teams)
    proof: dict[str, Any] = read_json(file, certificate)
    fit(file, proof, CERTIFICATE_2)
    u, w, p = (
        {id: price_of(price, f"{name}.{id}") for id, price in proof[name].items()}
        for name in ("target", "hub", "inspector")
    )
    used = check_team_rules(pairs, roster, rows)
    load = dict.fromkeys(pairs.takers, 0)
    for team in used.values():
        for taker in team:
            load[taker] += 1
    told = (proof["squares"], proof["load"], int(proof["cost"]))
    if not pairs.able or not pairs.size:
        if told != (0, 0, 0) or u or w or p:
            raise Wrong(file, "nobody is drawn: load, cost and prices are 0")
        return {target: [] for target in pairs.able}
    cost = sum(sum(pairs.costs(target, team).values()) for target, team in used.items())
    if told != (sum(k * k for k in load.values()), max(load.values()), cost):
        raise Wrong(file, "the teams have other loads, or cost another sum")
    if not (pairs.able.keys() >= u.keys() | w.keys() and load.keys() >= p.keys()):
        raise Wrong(file, "unknown ids")
    for target, price in w.items():
        others = sum(not pairs.lead[taker] for taker in used[target])
        if price < 0 or (price > 0 and others != pairs.size - pairs.leads):
            raise Wrong(file, "{id}: a price without scarcity", id=target)
    for taker, k in load.items():
        price = p.get(taker, 0)
        if price > (2 * k + 1) << 64 or (k and price < (2 * k - 1) << 64):
            raise Wrong(file, "{id}: the price is not that of the load", id=taker)
    for target, able in pairs.able.items():
        check_prices(pairs, target, able, set(used[target]), u.get(target, 0), w.get(target, 0), p)
    return {
        target: [person for taker in sorted(team) for person in pairs.members(taker)]
        for target, team in used.items()
    }


def check_prices(
    pairs: Takers,
    target: str,
    able: list[str],
    team: set[str],
    own: int,
    hub: int,
    p: dict[str, int],
) -> None:
    """No taker that was not used is cheaper than its price says, none that was used dearer."""
    open_: dict[str, int] = {}
    for taker in able:
        r = p.get(taker, 0) - own + (0 if pairs.lead[taker] else hub)
        if taker in team or -(1 << 40) < r < 0:
            open_[taker] = r  # its ticket decides, or it is used
        elif r < 0:
            one = f"{target}, {taker}"
            raise Wrong("certificate.json", "{id}: the prices do not prove the least cost", id=one)
    costs = pairs.costs(target, open_)
    for taker, r in open_.items():
        r += costs[taker]
        if r > 0 if taker in team else r < 0:
            one = f"{target}, {taker}"
            raise Wrong("certificate.json", "{id}: the prices do not prove the least cost", id=one)


def check_team_rules(
    pairs: Takers, roster: dict[str, Person], rows: list[list[str]]
) -> dict[str, list[str]]:
    """The takers of each target; Wrong for a team that may not be."""
    file = "teams.csv"
    used: dict[str, list[str]] = {target: [] for target in pairs.able}
    for target, person, role in rows:
        if target not in used or person not in roster:
            one = f"{target}, {person}"
            raise Wrong(file, "{id}: not drawn, unknown, or may not go there", id=one)
        if role != ("lead" if roster[person].lead else "member"):
            raise Wrong(file, "{id}: the role is not the inspector's own", id=person)
        used[target].append(person)
    for target, team in used.items():
        if pairs.groups is not None:
            if team not in pairs.groups:
                raise Wrong(file, "{id}: this is none of the groups", id=target)
            used[target] = team = [str(pairs.groups.index(team) + 1)]
        for taker in team:
            if taker not in pairs.able[target]:
                one = f"{target}, {taker}"
                raise Wrong(file, "{id}: not drawn, unknown, or may not go there", id=one)
        if len(team) != pairs.size or sum(pairs.lead[one] for one in team) < pairs.leads:
            raise Wrong(file, "{id}: the team has another size, or too few leads", id=target)
    return used


def cutoffs_of(
    plan: dict[str, Any], named: list[str], selection: Selection, inner: str = ""
) -> list[str]:
    """One text for each stratum of the rules: the plain cut-off if strata are public, else under its salt."""
    last = dict(zip(selection.strata, selection.cutoffs))
    plain = [last.get(name, "") for name in named]
    if plan["strata_by"] != "internal":
        return plain
    return [selection.lot.hidden(one, inner, name) for one, name in zip(plain, named)]


def seed_of(commitment: str, entropy: str, secret: str, raw: Raw) -> str:
    return raw(f"{SECOND}:seed:{commitment}:{entropy}:{secret}".encode()).hex()


# --- version 2: the bundle ------------------------------------------------------------------------------------------


class Second:
    """The check of a bundle of version 2: hashes, times, numbers, then everything that follows from them."""

    def __init__(self, files: dict[str, bytes], trust: Trust, verdict: Verdict) -> None:
        self.files, self.trust, self.verdict = files, trust, verdict
        verdict.kind = "auditor" if set(AUDITED_2) & set(files) else "public"
        self.auditor = verdict.kind == "auditor"

    def check(self) -> None:
        files, verdict = self.files, self.verdict
        if "reveal.json" in files and "result.json" not in files:
            raise Undecided(
                "these are a plan and revealed values, no bundle",
                "compute it: verify.py --replay FOLDER",
            )
        self.plan = plan = read_plan_second(files["plan.json"])
        if plan["log"] is not None:
            raise Undecided("{file} is missing", AS_PUBLISHED, file="checkpoint")
        self.public_strata = plan["strata_by"] != "internal"
        self.raw = raw_hash(plan["hash"])
        self.commitment = self.raw(files["plan.json"]).hex()
        verdict.draw, verdict.code = plan["draw"], code_of(self.commitment)
        self.check_names()
        if self.trust.code is not None and self.trust.code != verdict.code.replace("-", ""):
            raise Wrong("plan.json", "its code is not the one that was written down")
        self.result = result = self.check_hashes()
        self.sources = read_sources(files["sources.json"])
        check_times(plan, self.sources)
        self.lot = self.check_result(result)
        self.first()
        self.tell()
        if self.auditor:
            self.recount()
        else:
            self.recount_public()
        self.tell_choice()
        if self.trust.given:
            raise Undecided(
                "the bundle holds no log, so neither a key nor a witness shows when its plan was sealed",
                "ask for the bundle with its log",
            )

    def check_names(self) -> None:
        names = set(self.files)
        for name in sorted(names - NAMES_2):
            raise Wrong(name, "no file of this name belongs into a bundle")
        wanted = {*ALWAYS_2, *(GRADED if self.public_strata else ())}
        if self.auditor:
            wanted = NAMES_2
        for name in sorted(wanted - names):
            raise Wrong(name, "this file is missing")
        for name in sorted(names - wanted):
            raise Wrong(name, "strata are internal, so a public bundle does not hold this file")

    def check_hashes(self) -> dict[str, Any]:
        """result.json, which names every file by its hash; frozen files have the plan's hashes too."""
        file, files = "result.json", self.files
        result: dict[str, Any] = read_json(file, files[file])
        fit(file, result, RESULT_2)
        for name in sorted(set(files) - {file, *LOGGED}):
            if OUTSIDE.fullmatch(name):
                continue
            if self.raw(files[name]).hex() != result["files"].get(name):
                raise Wrong(name, "its hash is not the one in {where}", where=file)
        hidden = () if self.auditor else (*AUDITED_2, *GRADED)
        for name in sorted(set(result["files"]) - set(files) - set(hidden)):
            raise Wrong(name, "this file is missing")
        for name in sorted(NAMES_2 - {file} - set(result["files"])):
            raise Wrong(file, "it does not cover {name}", name=name)
        for name in sorted(set(FROZEN_2) & set(files)):
            check_frozen(self.plan, name, files[name], self.raw)
        return result

    def check_result(self, result: dict[str, Any]) -> Lot:
        file = "result.json"
        if (result["draw"], result["commitment"]) != (self.plan["draw"], self.commitment):
            raise Wrong(file, "it belongs to another plan")
        self.values = values_of(file, self.sources, result["entropy"])
        if self.raw(result["secret"].encode()).hex() != self.plan["secret"]:
            raise Wrong(file, "its secret is not the one that the plan was sealed with")
        by_name = {source.text: source for source in self.sources}
        for name, proof in result["proofs"].items():
            if name not in by_name or not by_name[name].proves(self.values[name], proof):
                raise Wrong(file, "{source}: the proof does not belong to the value", source=name)
        seed = seed_of(self.commitment, result["entropy"], result["secret"], self.raw)
        if seed != result["seed"]:
            raise Wrong(file, "its seed is not what plan, numbers and secret give")
        return Lot(seed, self.raw)

    def recount(self) -> None:
        """The whole draw again; teams by their certificate."""
        plan, files, verdict = self.plan, self.files, self.verdict
        inner = check_inner(plan, files, self.raw)
        read = Targets(plan, files)
        people = People(files, read.rules, {row[0] for row in read.frame})
        selection = self.compare(read, inner)
        drawn = set(selection.drawn)
        rows = [row for row in read.frame if row[0] in drawn]
        pairs = Takers(plan["team"], people, rows, self.lot, inner)
        teams = check_even_teams(
            pairs, people.roster, files["teams.csv"], files["certificate.json"]
        )
        if self.result["groups"] != pairs.groups:
            raise Wrong("result.json", "the tickets say otherwise")
        self.after_recount(teams, read, people, selection, inner)
        if pairs.dealings > 1:
            verdict.note("groups were dealt {times} times", times=pairs.dealings)
        if plan["team"]["size"]:
            for target in pairs.forced(plan["team"], people.roster):
                verdict.unchecked += [] if "forced" in verdict.unchecked else ["forced"]
                verdict.note("only one team was possible for {id}", id=target)

    def compare(self, read: Targets, inner: str = "") -> Selection:
        """The targets drawn again, and compared with the files and the cut-offs of the bundle."""
        selection = Selection(read.strata, read.frame, self.lot)
        compare(self.files, selection)
        if self.result["cutoffs"] != cutoffs_of(self.plan, read.named, selection, inner):
            raise Wrong("result.json", "the tickets say otherwise")
        for one, drawn in zip(read.strata["strata"], selection.counts):
            (a, b), rows = one["ratio"], one["population"]
            self.verdict.note(
                "{stratum}: {drawn} of {rows} drawn, by the rule {a}/{b}",
                stratum=one["stratum"],
                drawn=drawn,
                rows=rows,
                a=a,
                b=b,
            )
        return selection

    def recount_public(self) -> None:
        """What everybody sees: pool, list, teams and groups fit one another; with public strata, the targets again."""
        plan, files, result, verdict = self.plan, self.files, self.result, self.verdict
        rules = read_rules_second(files["rules.json"])
        check_items(plan, rules)
        pool = dict(read_csv("pool.csv", files["pool.csv"]))
        for id in pool:
            if not target_id(id):
                raise Wrong("pool.csv", "{id}: no such id, or no salt", id=id)
        check_left_out(files, rules, set(pool))
        listed = read_csv("list.csv", files["list.csv"])
        for id, name in listed:
            if pool.get(id) != name:
                raise Wrong("list.csv", "{id}: does not stand so in pool.csv", id=id)
        roster = read_people(files["inspectors.csv"])
        teams = public_teams(plan["team"], files["teams.csv"], roster, [id for id, _ in listed])
        check_groups(plan, result, roster, teams, self.lot, verdict)
        shown_ = result["cutoffs"]
        strata = rules["items"][0]["strata"]
        if len(shown_) != len(strata) or (not self.public_strata and "" in shown_):
            raise Wrong("result.json", "the tickets say otherwise")
        selection = self.compare(Targets(plan, files)) if self.public_strata else None
        self.after(teams, rules, selection)
        verdict.unchecked.append("visits" if self.public_strata else "whole")

    def after_recount(
        self,
        teams: dict[str, list[str]],
        read: Targets,
        people: People,
        selection: Selection,
        inner: str,
    ) -> None:
        """Without a log nothing stands that followed the draw."""

    def after(
        self, teams: dict[str, list[str]], rules: dict[str, Any], selection: Selection | None
    ) -> None:
        """Without a log nothing stands that followed the draw."""

    def first(self) -> None:
        """What the first line must say: the names of UNCHECKED, in order."""
        kinds, unchecked = {source.kind for source in self.sources}, self.verdict.unchecked
        self.bits = bits_of(self.sources)
        if "local" in kinds:
            unchecked.append("local")
        elif "ceremony" in kinds:
            self.bits = 0
            unchecked.append("ceremony")
        elif self.bits < LEAST_BITS:
            unchecked.append("few")
        unchecked += [] if self.trust.code else ["sealed"]
        unchecked += ["drand"] if "drand" in kinds else []
        unchecked += ["numbers"] if kinds - {"local", "drand"} else []

    def tell(self) -> None:
        """What a reader compares by eye."""
        verdict = self.verdict
        verdict.note("code of the plan: {code}", code=verdict.code)
        verdict.note("public entropy: {bits} bits", bits=self.bits)
        for source in self.sources:
            if source.kind == "local":
                continue
            verdict.note(
                "{source} = {value}: {format}; known from {utc} ({time}); published: {published}",
                source=source.text,
                value=self.values.get(source.text, "—"),
                format=source.worded(),
                utc=source.known_from,
                time=beijing(source.known_from),
                published=source.row["published"],
            )
            if source.kind == "drand" and source.name not in CHAINS:
                verdict.note("{source}: its operators are trusted", source=source.text)
        if self.trust.code:
            verdict.note(
                "that the plan was sealed in time and alone rests on the code from outside"
            )

    def tell_choice(self) -> None:
        """How many were left out for which reason, and whether lots had a choice of teams at all."""
        counted: dict[str, int] = {}
        for _id, reason, _name in read_csv("left_out.csv", self.files["left_out.csv"]):
            counted[reason] = counted.get(reason, 0) + 1
        for reason in sorted(counted):
            self.verdict.note(
                "left out: {number} ({reason})",
                number=counted[reason],
                reason=worded_reason(reason),
            )
        size = self.plan["team"]["size"]
        teams = _choose(len(read_people(self.files["inspectors.csv"])), size)
        if size and teams < FEW_TEAMS:
            self.verdict.unchecked.append("few teams")
            self.verdict.note("teams that are possible at all: {number}", number=teams)


# --- version 2: a bundle with its log -------------------------------------------------------------------------------

RELEASES = ("sync", "score", "undo")
VOID_2 = (
    "source not drawn",
    "wrong plan",
    "institutions changed",
    "inspectors unavailable",
    "ordered by a higher authority",
    "number entered wrongly",
    "records lost",
)
DAY_SECONDS, GRACE = 86400, 300


class Logged(Second):
    """The check of a bundle of version 2 with its log, from the log's head down."""

    def check(self) -> None:
        files, verdict = self.files, self.verdict
        self.drawn = "result.json" in files
        self.check_own_names()
        self.note = Note("checkpoint", files["checkpoint"])
        self.log = read_log(files["log.jsonl"], self.note)
        self.check_key()
        self.told, self.plan, self.raw = self.find_plan()
        self.public_strata = self.plan["strata_by"] != "internal"
        self.commitment = self.told.plan["plan"]
        verdict.draw, verdict.code = self.plan["draw"], code_of(self.commitment)
        self.check_target_names()
        self.check_binding()
        self.seen = self.check_outside()
        if self.drawn:
            self.result = self.check_hashes()
            self.check_records()
        else:
            self.check_frozen_files()
        self.sources = read_sources(files["sources.json"])
        check_times(self.plan, self.sources)
        self.check_acts()
        if self.drawn:
            self.check_end(self.result["secret"])
            self.lot = self.check_result(self.result)
            self.first()
            self.tell()
            self.tell_log()
            if self.auditor:
                self.recount()
            else:
                self.recount_public()
        else:
            self.check_void_plan()
            self.first()
            self.tell()
            self.tell_log()
        self.tell_choice()
        latest = max(map(seconds, self.log.times))
        if latest > now() + DAY_SECONDS:
            raise Undecided(
                "the log holds an act of the future", "set the clock, or ask for a corrected log"
            )

    # --- names, key, plan

    def check_own_names(self) -> None:
        names = {name for name in self.files if not OUTSIDE.fullmatch(name)}
        for name in sorted(names - NAMES_2 - set(LOGGED)):
            raise Wrong(name, "no file of this name belongs into a bundle")
        if "checkpoint" not in names:
            raise Undecided("{file} is missing", AS_PUBLISHED, file="checkpoint")
        wanted = {*ALWAYS_2, *LOGGED, *((*GRADED, *AUDITED_2) if self.auditor else ())}
        if not self.drawn:
            wanted -= set(DRAWN_2)
        for name in sorted(wanted - names):
            raise Wrong(name, "this file is missing")
        for name in sorted(names & set(DRAWN_2)) if not self.drawn else ():
            raise Wrong(name, "nothing was drawn, so it does not belong here")

    def check_target_names(self) -> None:
        wanted = set(GRADED) - (set() if self.drawn else {"targets.csv"})
        for name in sorted(wanted - set(self.files)) if self.public_strata else ():
            raise Wrong(name, "this file is missing")
        hidden = not self.public_strata and not self.auditor
        for name in sorted(wanted & set(self.files)) if hidden else ():
            raise Wrong(name, "strata are internal, so a public bundle does not hold this file")

    def check_key(self) -> None:
        """The reader's key, or one that the log's own entries lead to, signed the head."""
        key, self.followed = self.trust.key, False
        if key is None:
            return
        proofs = [entry for entry in self.log.entries if entry["kind"] == "key"]
        for entry in proofs:
            if self.note.by(key) or "proof" not in entry or entry["old"] != key.text:
                continue
            said = f"double-random key\n{self.note.origin}\n{entry['old']}\n{entry['new']}\n"
            try:
                new, proof = Key(entry["new"]), base64(entry["proof"])
            except (Misused, ValueError):
                continue
            if ed25519(key.point, said.encode(), proof):
                key, self.followed = new, True
        ours = self.note.by(key)
        if not ours:
            raise Undecided(
                "no line of the checkpoint is by the key that was given",
                "get today's bundle, or the key of that time",
            )
        text = (self.note.body + "\n").encode()
        good = len(ours) == 1 and ed25519(key.point, text, ours[0])
        if not good or self.note.origin != key.name:
            raise Wrong("checkpoint", "the key that was given did not sign it")

    def find_plan(self) -> tuple[Told, dict[str, Any], Raw]:
        """The draw that the log knows by its result, or the plan that was made void; its plan, and its hash."""
        files, draws = self.files, self.log.draws.values()
        for name in ("sha256", "sm3"):
            raw = raw_hash(name)
            commitment = raw(files["plan.json"]).hex()
            for told in draws:
                if self.drawn:
                    digest = raw(files["result.json"]).hex()
                    if told.drawn is None or told.drawn["result"] != digest:
                        continue
                    if told.plan["plan"] != commitment:
                        raise Wrong("plan.json", "this is not the plan that was committed")
                elif told.plan["plan"] != commitment:
                    continue
                elif told.drawn is not None or told.end is None:
                    raise Wrong("result.json", "this file is missing")
                plan = read_plan_second(files["plan.json"])
                if plan["hash"] != name:
                    raise Wrong("plan.json", "{field}: not as the protocol has it", field="hash")
                return told, plan, raw
        if self.drawn:
            raise Wrong("result.json", "the log knows no draw with this result")
        raise Wrong("plan.json", "this is not the plan that was committed")

    def check_binding(self) -> None:
        """Does the plan's entry say the same? Is the head in the plan this log's, the release its newest?"""
        plan, told, lines = self.plan, self.told, self.log.lines
        for field in ("protocol", "draw", "items", "scope", "not_before", "publish_by", "replaces"):
            if told.plan.get(field) != plan[field]:
                raise Wrong("log.jsonl", "the plan's entry says otherwise: {field}", field=field)
        if self.trust.code is not None and self.trust.code != self.verdict.code.replace("-", ""):
            raise Wrong("plan.json", "its code is not the one that was written down")
        sealed = self.log.times[told.place]
        if seconds(f"{plan['as_of']}T00:00:00Z") > day_of(sealed) + DAY_SECONDS:
            raise Wrong("plan.json", "{field}: not as the protocol has it", field="as_of")
        self.releases = [
            (at, entry["release"])
            for at, entry in enumerate(self.log.entries[: told.place])
            if entry["kind"] in RELEASES
        ]
        head = plan["log"]
        if head is None:
            return
        if head["origin"] != self.note.origin or head["size"] > told.place:
            raise Wrong("plan.json", "the log's head in it is not this log's")
        if head["root"] != tree_head(lines[: head["size"]], sha256).hex():
            raise Wrong("plan.json", "the log's head in it is not this log's")
        known = [release for at, release in self.releases if at < head["size"]]
        if plan["release"] not in ("", *known[-1:]):
            raise Wrong("plan.json", "its release is not the newest one of the log")

    def check_outside(self) -> list[tuple[int, str]]:
        """Each outside time is of this log; those of trusted witnesses: entries under the head, time."""
        files, lines, seen = self.files, self.log.lines, []
        for name in sorted(files):
            found = OUTSIDE.fullmatch(name)
            if found is None:
                continue
            size = int(found[1] or found[2])
            root = base64_of(tree_head(lines[:size], sha256))
            body = f"{self.note.origin}\n{size}\n{root}\n".encode()
            if size > len(lines) or (found[1] and sha256(body) not in files[name]):
                raise Wrong(name, "it is upon another head than this log's")
            if found[1]:
                continue
            signed = Note(name, files[name])
            if (signed.body + "\n").encode() != body:
                raise Wrong(name, "it is upon another head than this log's")
            for witness in self.trust.witnesses:
                for line in signed.by(witness)[:1]:
                    seen.append((size, cosigned(name, witness, line, body)))
                    self.verdict.note(
                        "{by} saw the sealed plan at {time}",
                        by=witness.name,
                        time=beijing(seen[-1][1]),
                    ) if size > self.told.place else None
        kept = self.trust.kept
        if kept is not None:
            held = Note("checkpoint", kept)
            if held.origin != self.note.origin or held.size > len(lines):
                raise Undecided(
                    "the head that was kept is of another log, or newer than this bundle",
                    "ask for a bundle of today",
                )
            if tree_head(lines[: held.size], sha256) != held.root:
                raise Wrong("log.jsonl", "it does not continue the head that was kept")
        return seen

    # --- files, order, end

    def check_frozen_files(self) -> None:
        for name in sorted(set(FROZEN_2) & set(self.files)):
            check_frozen(self.plan, name, self.files[name], self.raw)

    def check_records(self) -> None:
        lines, changes = self.files["records.jsonl"].split(b"\n"), self.told.changes
        if lines.pop() or len(lines) != len(changes):
            raise Wrong("records.jsonl", "the log has another number of changes")
        self.records = lines
        for seq, (line, entry) in enumerate(zip(lines, changes), start=1):
            if self.raw(line + b":" + self.result["secret"].encode()).hex() != entry["record"]:
                raise Wrong("records.jsonl", "line {line} is not the one that was logged", line=seq)

    def check_acts(self) -> None:
        """Plan, numbers, draw, end: in this order, at times that fit the plan and every source."""
        file, plan, told, times = "log.jsonl", self.plan, self.told, self.log.times
        sealed, start = times[told.place], plan["not_before"]
        if sealed >= start:
            raise Wrong(file, "the plan was committed at or after its own not_before")
        said = [{"source": one.text, "known_from": one.known_from} for one in self.sources]
        if told.plan["sources"] != said:
            raise Wrong(file, "the plan's entry says otherwise: {field}", field="sources")
        by_name = {one.text: one for one in self.sources}
        self.last: dict[str, int] = {}  # where the last entry of a source stands
        self.again = False
        for at in told.places:
            entry, time = self.log.entries[at], times[at]
            if entry["kind"] == "draw" and time < start:
                raise Wrong(file, "the numbers or the draw are older than the plan's not_before")
            if entry["kind"] != "entropy":
                continue
            source = by_name.get(entry["source"])
            if source is None:
                raise Wrong(
                    file, "the plan does not name the source {source}", source=entry["source"]
                )
            self.again = self.again or source.text in self.last
            self.last[source.text] = at
            if source.known_from is not None and time < source.known_from:
                raise Wrong(file, "{source}: logged before it can be known", source=source.text)
            if before_others(self.sources, source) and time >= start:
                raise Wrong(
                    file,
                    "{source}: beside other sources it has to come before not_before",
                    source=source.text,
                )
        for one in self.sources:
            if one.kind == "ceremony" and one.known_from <= sealed:
                raise Wrong(
                    file, "{source}: it can be known before the plan was sealed", source=one.text
                )
            if self.drawn and one.kind != "local" and one.text not in self.last:
                raise Wrong(file, "{source}: it was not logged before the draw", source=one.text)
        ends = [times[at] for at in told.places if self.log.entries[at] is told.end]
        drawn = [times[at] for at in told.places if self.log.entries[at] is told.drawn]
        if ends and drawn and ends[0] < drawn[0]:
            raise Wrong(file, "the draw ended before it was made")
        for other in told.beside:
            raise Wrong(file, "{other} was open for the same when this was committed", other=other)
        self.check_sightings()

    def check_sightings(self) -> None:
        """Nobody outside saw a number before it could be known, or the draw before not_before."""
        known = {one.text: one.known_from for one in self.sources if one.known_from}
        for size, time in self.seen:
            latest = seconds(time) + GRACE
            for at in self.told.places:
                entry = self.log.entries[at]
                if at >= size:
                    continue
                if entry["kind"] == "entropy" and latest < seconds(
                    known.get(entry["source"], time)
                ):
                    raise Wrong("log.jsonl", "a witness saw what could not be known yet")
                if entry["kind"] == "draw" and latest < seconds(self.plan["not_before"]):
                    raise Wrong("log.jsonl", "a witness saw what could not be known yet")

    def check_end(self, secret: str) -> None:
        """The end of the draw: its secret, a reason of the list, and the numbers as far as they were known."""
        file, end, told = "log.jsonl", self.told.end, self.told
        if self.drawn and told.drawn is not None:
            if (self.result["entropy"], self.result["proofs"]) != (
                told.drawn["entropy"],
                told.drawn["proofs"],
            ):
                raise Wrong("result.json", "its numbers are not those in the log")
            values = values_of("result.json", self.sources, self.result["entropy"])
            if {name: one for name, one in values.items() if name != "local"} != told.values:
                raise Wrong(file, "the numbers of the draw are not those that were logged")
        if end is None:
            return
        if end["secret"] not in (("", secret) if told.lost else (secret,)):
            raise Wrong(file, "the secret that was published is not the plan's")
        if end["kind"] != "void":
            return
        if end["reason"] not in VOID_2:
            raise Wrong(file, "{id}: no such reason", id=end["reason"])
        whole = all(one.kind == "local" or one.text in told.values for one in self.sources)
        numbers = "\n".join(f"{one.text}={told.values.get(one.text, '')}" for one in self.sources)
        if end["entropy"] != (numbers if whole else "") and not (told.lost and not end["entropy"]):
            raise Wrong(file, "the numbers of the draw are not those that were logged")

    def check_void_plan(self) -> None:
        """A plan that was made void before anything was drawn: its files, its secret, its numbers."""
        end, plan, files = self.told.end, self.plan, self.files
        assert end is not None
        if files["records.jsonl"]:
            raise Wrong("records.jsonl", "nothing was drawn, so it does not belong here")
        if end["secret"] and self.raw(end["secret"].encode()).hex() != plan["secret"]:
            raise Wrong("log.jsonl", "the secret that was published is not the plan's")
        self.check_end(end["secret"])
        for source in self.sources:
            value = self.told.values.get(source.text)
            if value is not None and not source.takes(value):
                line = f"{source.text}={value}"
                raise Wrong(
                    "log.jsonl",
                    "{line}: no possible value of {source}",
                    line=line,
                    source=source.text,
                )
        self.values = dict(self.told.values)
        rules = read_rules_second(files["rules.json"])
        check_items(plan, rules)
        pool = {row[0] for row in read_csv("pool.csv", files["pool.csv"])}
        check_left_out(files, rules, pool)
        if self.auditor:
            check_inner(plan, files, self.raw)
        if self.auditor or self.public_strata:
            read = Targets(plan, files)
            if self.auditor:
                People(files, read.rules, {row[0] for row in read.frame})
        self.verdict.unchecked += ["undrawn"] if self.told.values else []
        self.verdict.note("nothing was drawn")

    # --- what follows from the draw

    def after(
        self, teams: dict[str, list[str]], rules: dict[str, Any], selection: Selection | None
    ) -> None:
        """Notices and changes of a draw, as everybody can check them."""
        assert self.told.drawn is not None
        if self.told.drawn["notices"] != notices(teams, self.lot):
            raise Wrong("teams.csv", "the notices in the log name other teams")
        roster = read_people(self.files["inspectors.csv"])
        pool = {row[0] for row in read_csv("pool.csv", self.files["pool.csv"])}
        follow(
            self.plan,
            self.files,
            self.told,
            teams,
            pool,
            roster,
            self.lot,
            rules["replace"],
            selection,
        )
        self.check_dates()

    def check_dates(self) -> None:
        """The day of a change is at most one day after its entry; much later entries are told."""
        places = [at for at in self.told.places if self.log.entries[at] in self.told.changes]
        for seq, (line, at) in enumerate(zip(self.records, places), start=1):
            act, entered = (
                seconds(f"{json.loads(line)['date']}T00:00:00Z"),
                day_of(self.log.times[at]),
            )
            if act > entered + DAY_SECONDS:
                raise Wrong("records.jsonl", "line {line}: this change cannot stand", line=seq)
            if entered > act + 2 * DAY_SECONDS and "later" not in self.verdict.unchecked:
                self.verdict.unchecked.append("later")

    def after_recount(
        self,
        teams: dict[str, list[str]],
        read: Targets,
        people: People,
        selection: Selection,
        inner: str,
    ) -> None:
        assert self.told.drawn is not None
        if self.told.drawn["notices"] != notices(teams, self.lot):
            raise Wrong("log.jsonl", "the notices in the log name other teams")
        files = Frozen(read.frame, people.roster, people.recused)
        standing = Standing(self.plan["team"], files, selection, self.lot, inner)
        standing.reasons = tuple(read.rules["replace"])
        standing.replay(self.plan["draw"], teams, self.records, self.told.changes)
        self.check_dates()

    # --- first lines

    def first(self) -> None:
        plan, told, unchecked = self.plan, self.told, self.verdict.unchecked
        kinds = {source.kind for source in self.sources}
        self.bits = self.count_bits()
        if "local" in kinds:
            unchecked.append("local")
        elif self.unattested:
            unchecked.append("ceremony")
        elif self.bits < LEAST_BITS:
            unchecked.append("few")
        unchecked += ["times"] if self.log.late(told) else []
        before = [size for size, time in self.seen if time < plan["not_before"]]
        needed = [
            told.place,
            *(
                self.last.get(one.text, len(self.log.lines))
                for one in self.sources
                if before_others(self.sources, one)
            ),
        ]
        ordered = self.trust.code or any(size > max(needed) for size in before)
        alone = self.trust.code or any(size > told.place for size, _time in self.seen)
        alone = alone or (
            self.trust.kept is not None and Note("checkpoint", self.trust.kept).size > told.place
        )
        newest = self.releases[-1][1] if self.releases else ""
        sealed = self.log.times[told.place]
        age = day_of(sealed) - seconds(f"{plan['as_of']}T00:00:00Z")
        late = seconds(f"{plan['publish_by']}T00:00:00Z") - day_of(sealed) > 366 * DAY_SECONDS
        void = told.end is not None and told.end["kind"] == "void"
        others = [one for one in self.log.draws.values() if one is not told and one.near(told.plan)]
        for name, holds in (
            ("order", not ordered),
            ("uniqueness", not alone),
            ("signature", self.trust.key is None),
            ("followed", self.followed),
            ("again", self.again),
            ("corrected", bool(self.log.corrected & {told.place, *told.places})),
            (
                "beside",
                any(one.place < (told.ended) and told.place < (one.ended) for one in others),
            ),
            ("lost", told.lost or any(one.lost for one in others)),
            ("void", void and self.drawn),
            ("no head", plan["log"] is None),
            ("no register", plan["release"] == "" and bool(self.releases)),
            ("old lists", age > 31 * DAY_SECONDS),
            ("newer release", plan["release"] not in ("", newest)),
            ("publish late", late),
            ("published", told.end is None),
            ("drand", "drand" in kinds and self.drawn),
            ("numbers", bool(kinds - {"local", "drand"})),
        ):
            unchecked += [name] if holds else []

    def count_bits(self) -> int:
        """Bits of public randomness: a ceremony counts on the word of its witnesses, or not at all."""
        self.unattested, total = False, 1
        drawn = [at for at in self.told.places if self.log.entries[at]["kind"] == "draw"]
        for source in self.sources:
            if source.kind != "ceremony":
                total *= source.outcomes
                continue
            last, end = self.last.get(source.text, -1), (drawn or [1 << 60])[0]
            attested = last >= 0 and any(
                last < at < end and entry["witnesses"]
                for at, entry in ((at, self.log.entries[at]) for at in self.told.places)
                if entry["kind"] == "attest"
            )
            fixed = last >= 0 and any(
                size > last and time < self.plan["not_before"] for size, time in self.seen
            )
            total *= source.outcomes if attested else 1
            self.unattested = self.unattested or not (attested or fixed)
        return 0 if self.unattested else total.bit_length() - 1

    def tell_log(self) -> None:
        """What the log tells beside the draw itself."""
        told, verdict = self.told, self.verdict
        if told.end is not None and told.end["kind"] == "void":
            reason = worded_reason(told.end["reason"])
            verdict.note("this draw is void: {reason}", reason=reason)
        for at in told.places:
            entry, time = self.log.entries[at], beijing(self.log.times[at])
            if entry["kind"] in ("replace", "substitute"):
                verdict.note(
                    "changed after the draw: {kind}, {time}", kind=entry["kind"], time=time
                )
            if entry["kind"] == "attest":
                verdict.note(
                    "attested {time}: {by} · SHA-256 {hash}",
                    time=time,
                    by="; ".join(entry["witnesses"]),
                    hash=entry["sha256"],
                )
            if entry["kind"] == "entropy" and self.again:
                verdict.note(
                    "entered {time}: {source} = {value}",
                    time=time,
                    source=entry["source"],
                    value=entry["value"],
                )
        for at in sorted(self.log.corrected):
            verdict.note(
                "entry {line} happened at {time}, not when it is dated",
                line=at,
                time=beijing(self.log.times[at]),
            )
        for other in self.log.draws.values():
            if other is not told and other.near(told.plan):
                how = LOST if other.lost else other.end["kind"] if other.end else "open"
                verdict.note(
                    "another plan of the same area and kinds: {draw} ({how})",
                    draw=other.draw,
                    how=how,
                )


class Frozen:
    """The frame, the roster and the recusals of a draw, for who stands after each change."""

    def __init__(
        self, frame: list[list[str]], people: dict[str, Person], recused: set[tuple[str, str]]
    ) -> None:
        self.frame, self.people, self.recused = frame, people, recused


def now() -> int:
    from time import time

    return int(time())


def day_of(time: str) -> int:
    """The beginning of the day of a time, in seconds."""
    return seconds(f"{time[:10]}T00:00:00Z")


def cosigned(name: str, witness: Key, line: bytes, body: bytes) -> str:
    """The time of a witness's line upon a head; Wrong where the signature is false."""
    from time import gmtime, strftime

    at = int.from_bytes(line[:8], "big")
    text = f"cosignature/v1\ntime {at}\n".encode() + body
    if len(line) != 72 or at >> 37 or not ed25519(witness.point, text, line[8:]):
        raise Wrong(name, "the witness's line is false")
    return strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(at))


def worded_reason(reason: str) -> tuple[str, str]:
    return reason, CLOSED.get(reason, reason)


def public_teams(
    team: dict[str, Any], data: bytes, roster: dict[str, Person], listed: list[str]
) -> dict[str, list[str]]:
    """The team of each drawn target, after the rules that everybody can check."""
    teams: dict[str, list[str]] = {id: [] for id in listed}
    for target, person, role in read_csv("teams.csv", data):
        if target not in teams or person not in roster:
            one = f"{target}, {person}"
            raise Wrong("teams.csv", "{id}: not drawn, unknown, or may not go there", id=one)
        if role != ("lead" if roster[person].lead else "member"):
            raise Wrong("teams.csv", "{id}: the role is not the inspector's own", id=person)
        teams[target].append(person)
    for target, members in teams.items():
        if len(members) != team["size"] or sum(roster[id].lead for id in members) < team["leads"]:
            raise Wrong("teams.csv", "{id}: the team has another size, or too few leads", id=target)
    return teams


def assign_evenly(pairs: Takers) -> dict[str, list[str]]:
    """The takers of least squares and then of least cost: the k-th target of a taker costs 2k − 1 in the first rank."""
    targets, takers = list(pairs.able), pairs.takers
    if not targets or not pairs.size:
        return {target: [] for target in targets}
    sink = 2 * len(targets) + len(takers)
    net, chosen, place = Network(sink + 2), [], {id: at for at, id in enumerate(takers)}
    for row, target in enumerate(targets):
        net.arc(sink + 1, row, pairs.size)
        net.arc(row, len(targets) + row, pairs.size - pairs.leads)
        for taker, cost in pairs.costs(target, pairs.able[target]).items():
            tail = row if pairs.lead[taker] else len(targets) + row
            arc = net.arc(tail, 2 * len(targets) + place[taker], 1, cost)
            chosen.append((arc, target, taker))
    for at in range(len(takers)):
        for k in range(1, len(targets) + 1):
            net.arc(2 * len(targets) + at, sink, 1, (2 * k - 1) << 64)
    for _ in range(pairs.size * len(targets)):
        if not net.push(sink + 1, sink):
            raise Wrong("teams.csv", "some target cannot have a team")
    found: dict[str, list[str]] = {target: [] for target in targets}
    for arc, target, taker in chosen:
        if not net.room[arc]:
            found[target].append(taker)
    return found


def replay_second(folder: str) -> dict[str, Any]:
    """Every number of a draw of version 2, from a folder with plan.json, its nine files and reveal.json."""
    files = read_named(folder, ("plan.json", *FROZEN_2, "reveal.json"))
    reveal = read_reveal(files["reveal.json"])
    plan = read_plan_second(files["plan.json"])
    raw = raw_hash(plan["hash"])
    check_reveal(plan, reveal, raw)
    for name in FROZEN_2:
        check_frozen(plan, name, files[name], raw)
    read = Targets(plan, files)
    people = People(files, read.rules, {row[0] for row in read.frame})
    values_of("entropy", read.sources, reveal["entropy"])
    commitment = raw(files["plan.json"]).hex()
    lot = Lot(seed_of(commitment, reveal["entropy"], reveal["secret"], raw), raw)
    selection = Selection(read.strata, read.frame, lot)
    drawn = set(selection.drawn)
    rows = [row for row in read.frame if row[0] in drawn]
    pairs = Takers(plan["team"], people, rows, lot, reveal["inner"])
    used = assign_evenly(pairs)
    load = dict.fromkeys(pairs.takers, 0)
    for team in used.values():
        for taker in team:
            load[taker] += 1
    members = {
        target: [one for taker in team for one in pairs.members(taker)]
        for target, team in used.items()
    }
    return {
        "commitment": commitment,
        "code": code_of(commitment),
        "entropy": reveal["entropy"],
        "bits": bits_of(read.sources),
        "known_from": {source.text: source.known_from for source in read.sources},
        "seed": lot.seed,
        "counts": dict(zip(selection.strata, selection.counts)),
        "targets": [list(place) for place in selection.places],
        "cutoffs": cutoffs_of(plan, read.named, selection, reveal["inner"]),
        "visits": selection.visits,
        "squares": sum(k * k for k in load.values()),
        "load": max(load.values(), default=0),
        "loads": load,
        "cost": str(sum(sum(pairs.costs(target, used[target]).values()) for target in used)),
        "groups": pairs.groups,
        "dealt": pairs.dealt or None,
        "teams": sorted([target, one] for target, team in members.items() for one in team),
        "notices": notices(members, lot),
    }


# --- words -----------------------------------------------------------------------------------------------------------

UNCHECKED = {
    "local": "the operator is trusted: no public random number was used (local)",
    "times": "时间次序有误 (order broken: an act is dated before what stands above it in the log)",
    "order": "顺序未证明 (the order is not proven: no code from before the numbers)",
    "uniqueness": "唯一性未证明 (that there was no other plan is not proven)",
    "signature": "the log's signature (no key was given)",
    "published": "the draw has not been published yet",
    "drand": "drand's own signature",
    "numbers": "the numbers themselves: compare them with the notice",
    "issue": "the plan does not say when this issue was drawn: compare its day with not_before",
    "undrawn": "what these numbers would have drawn (an auditor computes it from plan, numbers and secret)",
    "dealings": "that no dealing of fixed groups worked",
    "whole": "which institutions had to be drawn, and who had to visit them (the auditor's bundle shows it)",
    "changes": "that replacements and substitutions follow the tickets",
    "ceremony": "the operator is trusted: nobody attested the ceremony, so its numbers may be chosen (0 bits)",
    "few": "few outcomes: the operator is trusted",
    "sealed": "nothing shows when the plan was sealed or that it was the only one (no log, no code)",
    "visits": "who had to visit them (the auditor's bundle shows it)",
    "forced": "lots had no choice: only one team was possible for some",
    "few teams": "lots had little choice: few teams are possible at all",
    "followed": "the given key signed no head; the log's own entries lead from it to the one that did",
    "again": "numbers were entered more than once",
    "corrected": "the time of an act was corrected",
    "later": "changes were entered later (补录)",
    "beside": "other plans of the same area and kinds were open at the same time",
    "void": "this draw was made void",
    "no head": "the plan names no head of the log",
    "no register": "the lists come from no register",
    "old lists": "the lists are older than 31 days",
    "newer release": "the register had a newer release when the plan was sealed",
    "publish late": "it need not be published for more than a year",
    "absent": "the proven row is active in the register and of this scope, and stands in neither list: ask why",
    "lost": "WARNING: a plan of the same item and area was lost; nobody can check what it drew",
}
CHINESE = {
    UNCHECKED[
        "absent"
    ]: "所证明的一行在名录库中属于本范围、正常执业，两份名单里却都没有：请追问原因",
    "{count} of the given witnesses signed the sealed plan before its numbers, and {least} are asked for": (
        "所给见证人中有 {count} 位在号码产生之前见证了封存的方案，要求 {least} 位"
    ),
    "ask for the bundle with the other signatures": "请索取含其余见证签名的核验包",
    "proven row of {tree}: {row}": "已证明的一行（{tree}）：{row}",
    "it stands in the pool: it could be drawn": "它在参与抽取名单中",
    "it was left out: {reason}": "它未参与抽取：{reason}",
    "it lies outside the scope of this draw": "它不在本次抽取的范围内",
    "its path does not lead to the root": "路径通不到应有的校验值",
    "its leaf is no row of a register": "其内容不是名录库的一行",
    "the log holds no draw of this plan": "日志中没有这份方案的抽取",
    "the row is not proven for the release that the plan names": "所证明的不是方案写明的那一版名录库",
    ASK_PROOF: "请向机关索取与本次抽取相应的证明",
    UNCHECKED["local"]: "须信任经办人：未使用公开随机号码（local）",
    UNCHECKED["times"]: "时间次序有误（有记录的时间早于日志中排在它前面的记录）",
    UNCHECKED["order"]: "顺序未证明（没有号码产生之前写下的方案校验码）",
    UNCHECKED["uniqueness"]: "唯一性未证明（无法证明没有另一份方案）",
    UNCHECKED["signature"]: "日志的签名（未提供公钥）",
    UNCHECKED["published"]: "本次抽取尚未公开",
    UNCHECKED["drand"]: "drand 自身的签名",
    UNCHECKED["numbers"]: "号码本身：请与公告核对",
    UNCHECKED["issue"]: "方案没有写明该期何时开奖：请核对开奖之日不早于方案规定的取号时间",
    UNCHECKED["undrawn"]: "这些号码本会抽中哪些（监督人员可用方案、号码和封存随机数算出）",
    UNCHECKED["dealings"]: "固定检查组确实九次都分不成",
    UNCHECKED["whole"]: "哪些机构必须抽中、由谁检查（监督用核验包可以核对）",
    UNCHECKED["changes"]: "递补和更换检查人员是否依签号进行",
    UNCHECKED["followed"]: "所给公钥未签署现在的日志封存码；日志自身的记录由它引至签署者",
    UNCHECKED["again"]: "号码曾重复录入",
    UNCHECKED["corrected"]: "有记录的时间曾经校正",
    UNCHECKED["later"]: "有变动为补录",
    UNCHECKED["beside"]: "同一地区和类别另有方案同时未结束",
    UNCHECKED["void"]: "本次抽取已作废",
    UNCHECKED["no head"]: "方案未写明封存日志",
    UNCHECKED["no register"]: "名单不是取自名录库",
    UNCHECKED["old lists"]: "名单早于封存之日三十一天以上",
    UNCHECKED["newer release"]: "封存方案时名录库已有更新的版本",
    UNCHECKED["publish late"]: "公开期限在封存一年之后",
    UNCHECKED["ceremony"]: "须信任经办人：现场号码无人见证，可能由其选定（0 位）",
    UNCHECKED["few"]: "可能的号码太少：须信任经办人",
    UNCHECKED["sealed"]: "无法证明方案何时封存、是否唯一（没有日志，也没有方案校验码）",
    UNCHECKED["visits"]: "由谁检查（监督用核验包可以核对）",
    UNCHECKED["forced"]: "有的机构只有一种可能的检查组，无从随机",
    UNCHECKED["few teams"]: "可能的检查组太少，几乎无从随机",
    "intact: everything was checked": "完好：全部核对无误",
    "intact, but not checked: {what}": "完好，但未能核对：{what}",
    "WRONG: {file}: {what}": "有误：{file}：{what}",
    "cannot be judged: {why}; next step: {step}": "无法判定：{why}；下一步：{step}",
    "{file} is missing": "缺少 {file}",
    "{file}: its line ends or its beginning were rewritten": "{file}：传送途中换行符或文件开头被改写",
    "{file}: the archive is damaged": "{file}：压缩包已损坏",
    "{file}: encrypted, or packed by another method than store and deflate": "{file}：已加密，"
    "或压缩方式不是存储、deflate",
    "this program does not know {protocol}": "本程序不掌握 {protocol}",
    AS_PUBLISHED: "请使用公布时的 .zip 原件",
    "take a newer program": "请使用较新的核验程序",
    "these are a plan and revealed values, no bundle": "这是方案和公布的数值，不是核验包",
    "compute it: verify.py --replay FOLDER": "请改为计算：verify.py --replay 文件夹",
    "the log holds an act of the future": "日志中有未来的记录",
    "set the clock, or ask for a corrected log": "请校准本机时钟，或索取已校正的日志",
    "no line of the checkpoint is by the key that was given": "日志封存码上没有所给公钥的签名",
    "get today's bundle, or the key of that time": "请索取今天的核验包，或当时的公钥",
    "the head that was kept is of another log, or newer than this bundle": "手中保存的日志封存码属于另一日志，"
    "或比本核验包更新",
    "ask for a bundle of today": "请索取今天的核验包",
    "the log's head in it is not this log's": "其中写明的日志封存码不是本日志的",
    "its release is not the newest one of the log": "其名录库版本不是日志中最新的版本",
    "{source}: logged before it can be known": "{source}：录入时间早于最早可知时间",
    "{source}: it can be known before the plan was sealed": "{source}：在方案封存之前就可能得知",
    "{source}: it was not logged before the draw": "{source}：抽取之前没有录入",
    "a witness saw what could not be known yet": "见证人见证的时间早于号码可知的时间",
    "entered {time}: {source} = {value}": "{time} 录入：{source} = {value}",
    "entry {line} happened at {time}, not when it is dated": "第 {line} 条实际发生于 {time}，并非其所记时间",
    "another plan of the same area and kinds: {draw} ({how})": "同一地区和类别的另一份方案：{draw}（{how}）",
    "the bundle holds no log, so neither a key nor a witness shows when its plan was sealed": "核验包中没有日志，"
    "公钥和见证人都无法证明方案何时封存",
    "ask for the bundle with its log": "请索取带日志的核验包",
    "strata are internal, so a public bundle does not hold this file": "抽取分组不公开，公开的核验包不应有此文件",
    "it does not cover {name}": "其中没有 {name} 的校验值",
    "{source}: it can be known before not_before": "{source}：在方案规定的取号时间之前就可能得知",
    "{source}: beside other sources it has to come before not_before": "{source}：与其他来源并用时，"
    "必须在方案规定的取号时间之前产生",
    "{id}: the price is not that of the load": "{id}：价格与承担家数不符",
    "the teams have other loads, or cost another sum": "检查组的承担家数或总费用不符",
    "only one team was possible for {id}": "{id} 只有一种可能的检查组",
    "teams that are possible at all: {number}": "可能的检查组共 {number} 种",
    "left out: {number} ({reason})": "未参与抽取：{number} 家（{reason}）",
    "that the plan was sealed in time and alone rests on the code from outside": "方案及时封存且唯一，"
    "以外部抄下的方案校验码为凭",
    "{source}: its operators are trusted": "{source}：须信任其运营方",
    "{source} = {value}: {format}; known from {utc} ({time}); published: {published}": "{source} = {value}：{format}；"
    "最早可知时间 {utc}（{time}）；公布于 {published}",
    "passed over, as a file manager wrote it: {files}": "以下文件由文件管理器自动生成，已略过：{files}",
    "it is no UTF-8 text": "不是 UTF-8 文本",
    "it is no canonical CSV": "不是规范格式的 CSV",
    "it is no canonical JSON": "不是规范格式的 JSON",
    "it is no plain file, or too large": "不是普通文件，或者过大",
    "it stands twice in the archive": "在压缩包中出现两次",
    "there is no bundle at {place}": "此处没有核验包：{place}",
    "this is no bundle: {place}": "这不是核验包：{place}",
    "no file of this name belongs into a bundle": "核验包中不应有此文件",
    "this file is missing": "缺少此文件",
    "{field}: missing or unknown: {odd}": "{field}：缺少或多出字段：{odd}",
    "{field}: not as the protocol has it": "{field}：不符合规程",
    "{line}: no possible value of {source}": "{line}：{source} 不可能有这样的号码或写法",
    "its hash is not the one in {where}": "与 {where} 中的校验值不符",
    "the plan names another number of rows, or another tree head": "行数或树根与方案不符",
    "{id}: no such id, or no salt": "{id}：编号或随机盐不合格式",
    "these are not the items of the plan": "抽查事项与方案不符",
    "{id}: not as the rule, the frame or the scope has it": "{id}：与规则、名单或范围不符",
    "these are not the ids and names of the frame": "与参与抽取名单的编号、名称不符",
    "{id}: stands in the pool too, or is no id": "{id}：同时在参与名单中，或编号不合格式",
    "{id}: this is none of the groups": "{id}：不是任何一个检查组",
    "{id}: not drawn, unknown, or may not go there": "{id}：未抽中、不在名单中，或应当回避",
    "{id}: the team has another size, or too few leads": "{id}：检查组人数不符，或主办不足",
    "{id}: more targets than the load": "{id}：超过承担家数上限",
    "{id}: the role is not the inspector's own": "{id}：主办、协办身份不符",
    "nobody is drawn: load, cost and prices are 0": "无人抽中时，家数、费用和价格应为 0",
    "the teams cost another sum": "检查组的总费用不符",
    "unknown ids": "有未知编号",
    "{id}: a price without scarcity": "{id}：有余量却有价格",
    "{id}: the prices do not prove the least cost": "{id}：价格不能证明费用最小",
    "the cut does not prove the smallest load": "割不能证明承担家数最小",
    "line {line}: the tickets say otherwise": "第 {line} 行：与签号推算的结果不符",
    "line {line}: this change cannot stand": "第 {line} 行：这一变动不能成立",
    "line {line} is not the one that was logged": "第 {line} 行不是日志所记的那一条",
    "the log has another number of changes": "条数与日志不符",
    "it is no signed head of a log": "不是日志封存码",
    "the key that was given did not sign it": "不是所给公钥签署的",
    "these are not the entries under the checkpoint": "条目与日志封存码不符",
    "entry {line} cannot stand there": "第 {line} 条不应在此处",
    "its code is not the one that was written down": "与事先写下的方案校验码不符",
    "this is not the plan that was committed": "不是当时封存的方案",
    "the plan's entry says otherwise: {field}": "日志中方案条目的 {field} 不同",
    "the log knows no draw with this result": "日志中没有这一结果",
    "the plan was committed at or after its own not_before": "方案封存时间不早于其自定的取号时间",
    "the numbers or the draw are older than the plan's not_before": "取号或抽取早于方案规定的时间",
    "the plan does not name the source {source}": "方案中没有来源 {source}",
    "balls and dice are logged before any other source is known": "现场号码必须先于其他来源记录",
    "the draw ended before it was made": "结束早于抽取",
    "{other} was open for the same when this was committed": "封存时，同一范围的 {other} 尚未结束",
    "nothing was drawn, so it does not belong here": "没有抽取，不应有此内容",
    "it is upon another head than this log's": "不是针对本日志的",
    "the witness's line is false": "见证人的签名不真实",
    "it does not continue the head that was kept": "与手中保存的日志封存码不衔接",
    "nothing was drawn": "没有抽取",
    "{by} saw the sealed plan at {time}": "{by} 于 {time} 见证方案已封存",
    "it belongs to another plan": "属于另一份方案",
    "its secret is not the one that the plan was sealed with": "封存随机数与方案不符",
    "the secret that was published is not the plan's": "公开的封存随机数与方案不符",
    "its numbers are not those in the log": "号码与日志不符",
    "the numbers of the draw are not those that were logged": "抽取所用号码与日志所记不符",
    "{source}: the proof does not belong to the value": "{source}：证明与号码不符",
    "its seed is not what plan, numbers and secret give": "种子数与方案、号码、封存随机数推算的不符",
    "{id}: no such reason": "{id}：没有这种理由",
    "the tickets say otherwise": "与签号推算的结果不符",
    "the notices in the log name other teams": "日志中的通知书树根与检查组不符",
    "{id}: does not stand so in pool.csv": "{id}：与 pool.csv 不符",
    "some target cannot have a team": "有的机构无法配齐检查人员",
    UNCHECKED["lost"]: "警告：同一事项和地区有一份方案已遗失，其抽取情况无从核对",
    "{source} was made before the plan's not_before": "{source} 在方案规定的取号时间之前就已产生",
    "the log's times were set right {time}: {newest} was dated ahead ({reason})": "日志时间已于 {time} 校正："
    "此前有记录误记为 {newest}（{reason}）",
    "code of the plan: {code}": "方案校验码：{code}",
    "public entropy: {bits} bits": "公开随机号码：{bits} 位",
    "compare with the notice or the witnesses: {source} = {value}": "请与公告或见证人记录核对：{source} = {value}",
    "this draw is void: {reason}": "本次抽取已作废：{reason}",
    "attested {time}: {by} · SHA-256 {hash}": "{time} 见证存证：{by} · SHA-256 {hash}",
    "changed after the draw: {kind}, {time}": "抽取之后的变动：{kind}，{time}",
    "another plan of the same item and area: {draw} ({how})": "同一事项和地区的另一份方案：{draw}（{how}）",
    "{stratum}: {drawn} of {rows} drawn, by the rule {a}/{b}": "{stratum}：{rows} 家抽 {drawn} 家，规则比例 {a}/{b}",
    "groups were dealt {times} times": "检查组分了 {times} 次",
    "a recusal that binds nobody was accepted: {one}": "以下回避登记未能对应到人或机构，经确认后仍按原方案抽取：{one}",
}


CLOSED = {  # the reasons of a justice bureau
    "district not known": "所在区不详",
    "inspected within 12 months": "十二个月内检查过",
    "another unit": "属其他单位",
    "certificate expired": "执法证过期",
    "no kind of this draw": "不承担本次事项",
    "on leave": "休假",
    "source not drawn": "号码未开出",
    "wrong plan": "方案有误",
    "institutions changed": "机构名单有变",
    "inspectors unavailable": "检查人员不能参加",
    "ordered by a higher authority": "上级要求",
    "number entered wrongly": "号码录入有误",
    "records lost": "资料遗失",
}


def spoken(named: dict[str, object], chinese: bool) -> dict[str, object]:
    """Values in the reader's language: a pair is English and Chinese."""
    return {
        name: value[1 if chinese else 0] if type(value) is tuple else value
        for name, value in named.items()
    }


def shown(verdict: Verdict, chinese: bool) -> list[str]:
    """The verdict's lines: the first one says what is wrong, or what could not be checked."""

    def say(sentence: str, **named: object) -> str:
        return (CHINESE[sentence] if chinese else sentence).format(**spoken(named, chinese))

    if verdict.fault is not None:
        what = say(verdict.fault.what, **verdict.fault.named)
        return [visible(say("WRONG: {file}: {what}", file=verdict.fault.file, what=what))]
    if verdict.undecided is not None:
        named = verdict.undecided.named
        why, step = (say(one, **named) for one in (verdict.undecided.why, verdict.undecided.step))
        return [visible(say("cannot be judged: {why}; next step: {step}", why=why, step=step))]
    what = ("；" if chinese else "; ").join(say(UNCHECKED[name]) for name in verdict.unchecked)
    head = (
        say("intact, but not checked: {what}", what=what)
        if what
        else say("intact: everything was checked")
    )
    return [head, *("  " + visible(say(sentence, **named)) for sentence, named in verdict.notes)]


def main(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    lang = next(
        (os.environ[name] for name in ("LC_ALL", "LANG") if os.environ.get(name)),
        "zh" if os.name == "nt" else "",
    )
    options = dict.fromkeys(("--key", "--code", "--checkpoint", "--row", "--least", "--replay"), "")
    options["--lang"] = lang
    witnesses: list[str] = []
    places, rest, as_json = [], iter(arguments), False
    try:
        for word in rest:
            if word in ("-h", "--help"):
                print(__doc__)
                return 0
            if word == "--json":
                as_json = True
            elif word == "--witness":
                witnesses.append(next(rest, ""))
            elif word in options:
                options[word] = next(rest, "")
                if not options[word]:
                    raise Misused(word)
            elif word.startswith("--"):
                raise Misused(word)
            else:
                places.append(word)
        if len(places) > 1:
            raise Misused(places[1])
        if options["--replay"]:
            drawn = json.dumps(replay(options["--replay"]), ensure_ascii=False, indent=1)
            print("\n".join(map(visible, drawn.split("\n"))))
            return 0
        verdict = Verdict()
        key, code = read_key(options["--key"]), read_code(options["--code"])
        trusted = [found for found in (read_key(one, b"\4") for one in witnesses) if found]
        kept = read_kept("--checkpoint", options["--checkpoint"])
        proof = read_kept("--row", options["--row"])
        least = options["--least"] or "0"
        if not re.fullmatch("[0-9]{1,2}", least):
            raise Misused(f"--least {least}")
        try:
            here = os.path.dirname(os.path.abspath(__file__))
            files, strays = read_bundle(places[0] if places else here)
            verdict = check(files, key, code, trusted, kept, proof, int(least))
            if strays:
                verdict.note(
                    "passed over, as a file manager wrote it: {files}", files="、".join(strays)
                )
        except Wrong as error:
            verdict.fault = error
    except Wrong as error:
        verdict = Verdict()
        verdict.fault = error
    except Undecided as error:
        verdict = Verdict()
        verdict.undecided = error
    except NoBundle as error:
        chinese = options["--lang"].lower().startswith("zh")
        what = CHINESE[error.what] if chinese else error.what
        print(visible(what.format(place=error.place)), file=sys.stderr)
        return 2
    except Misused as error:
        print(f"?: {visible(str(error))}\n{__doc__}", file=sys.stderr)
        return 2
    lines = shown(verdict, options["--lang"].lower().startswith("zh"))
    if as_json:
        fault = verdict.fault
        told = {
            "intact": verdict.word == "intact",
            "verdict": verdict.word,
            "file": fault.file if fault else "",
            "unchecked": verdict.unchecked,
        }
        lines = [
            escaped({**told, "kind": verdict.kind, "draw": verdict.draw, "lines": lines}),
        ]
    print("\n".join(lines))
    return {"intact": 0, "wrong": 1, "cannot be judged": 3}[verdict.word]


def read_key(text: str, kind: bytes = b"\1") -> Key | None:
    if not text:
        return None
    if os.path.isfile(text):
        with open(text, encoding="utf-8") as stream:
            text = stream.read()
    return Key(text, kind)


def read_kept(option: str, path: str) -> bytes | None:
    if not path:
        return None
    if not os.path.isfile(path):
        raise Misused(f"{option} {path}")
    with open(path, "rb") as stream:
        return stream.read()


def read_code(text: str) -> str | None:
    """The 32 letters of a code, written in any case and width, with blanks and dashes."""
    if not text:
        return None
    letters = re.sub(r"[\s\-\u2010\u2013\u2014_.]", "", unicodedata.normalize("NFKC", text).upper())
    if len(letters) != 32 or set(letters) - set(PAPER):
        raise Misused(f"--code {text}")
    return letters


if __name__ == "__main__":
    try:
        ended = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        ended = 1
    sys.exit(ended)
