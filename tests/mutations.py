"""Damaged drops, facts and settings: `python -m tests.mutations {drops,facts,settings} [--count 3000] [--seed 0]`.

Each case follows from the seed and its number alone. A case fails if anything but an error in words comes out, if rows
do not add up, if a quarantined row is not listed, if it takes a minute, or if the process ever needs 2 GB.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

from double_random import data
from double_random.core import working_days
from double_random.core.errors import DoubleRandomError
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.record_classes import load_record_classes
from double_random.credit.reports.measures import read_measure_file
from double_random.credit.reports.notices import read_terms
from double_random.inspection.casework import forms
from double_random.inspection.planning import items, local_rules
from double_random.intake.code_lists import load_code_list
from double_random.intake.database import DatabaseSource
from double_random.intake.delimited import decode_text
from double_random.intake.drop_reader import read_drop
from double_random.intake.layouts import load_layouts, load_shipped_layouts
from double_random.publish.disclosure.allow_list import AllowList
from double_random.publish.disclosure.masking import Masker
from double_random.publish.exports import upload_layout
from double_random.registry.institutions import kinds as registry_kinds
from double_random.store import memory_limit
from double_random.store.home import Home

AS_OF = date(2026, 10, 31)
MEMORY, SECONDS = 2 << 30, 60
PIECES = [
    *(b'"', b"'", b",", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe"),
    *(b"=", b"<", b"&#0;", b"]]>", b"[", b"{", b"1e999", b"-1", b"9" * 5000, b"true", b"2026-13-01"),
    *("无".encode(), "合计".encode(), "龥".encode("gb18030"), "\u202e\ud800".encode("utf-8", "surrogatepass")),
    *(b'""\n' * 300, b"\n" * 100_000, b"," * 2_000, b"a" * 40_000),
]  # fmt: skip
SUFFIXES = (".csv", ".txt", ".xls", ".xlsx", ".zip", ".tsv", ".et", ".html")
VALUES = ('""', '"a"', "0", "-1", "1.5", "nan", "true", "[]", '["a"]', "[[1]]", "{}", "2010-31-01",
          "2010-02-01", "12:00:00", "99999999999999999999", '"(?=a)"', '"([a"', "“引号”", "'''", "")  # fmt: skip


def bytes_changed(chance: random.Random, raw: bytes) -> bytes:
    """Some bytes are cut out, doubled, replaced or moved."""
    for _time in range(chance.randint(1, 4)):
        start = chance.randrange(len(raw) + 1)
        end = min(len(raw), start + chance.choice((1, 1, 2, 7, 60, 900)))
        piece = raw[start:end]
        match chance.randrange(6):
            case 0:
                raw = raw[:start] + raw[end:]
            case 1:
                raw = raw[:end] + piece * chance.randint(1, 5) + raw[end:]
            case 2:
                raw = raw[:start] + chance.choice(PIECES) + raw[end:]
            case 3:
                raw = raw[:start] + chance.randbytes(len(piece)) + raw[end:]
            case 4:
                raw = raw[:start] + chance.choice(PIECES) + raw[start:]
            case _:
                raw = raw[: chance.randrange(len(raw) + 1)]
    return raw


def members_changed(chance: random.Random, raw: bytes) -> bytes:
    """A member of an archive or workbook is changed, left out or put in twice, and all packed again."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = old.namelist()
        wanted = chance.choice(names)
        for name in names:
            content = old.read(name)
            if name == wanted:
                if not chance.randrange(6):
                    continue
                content = bytes_changed(chance, content)
            new.writestr(name, content)
    return packed.getvalue()


def drop_case(chance: random.Random, folder: Path) -> None:
    """One changed file of the sample, as text, workbook or archive, under a name that may mislead."""
    file = chance.choice(sorted(data.path("sample").iterdir()))
    raw = file.read_bytes()
    suffix = file.suffix
    if suffix == ".csv" and not chance.randrange(3):
        raw = (
            decode_text(file.name, raw)
            .decode()
            .encode(chance.choice(("gb18030", "utf-16", "utf-8-sig")))
        )
    if suffix == ".csv" and not chance.randrange(3):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(file.name, bytes_changed(chance, raw))
            archive.writestr("信.pdf", b"%PDF-")
        raw, suffix = packed.getvalue(), ".zip"
    inside = suffix in (".zip", ".xlsx") and chance.randrange(2)
    raw = members_changed(chance, raw) if inside else bytes_changed(chance, raw)
    name = file.stem + (suffix if chance.randrange(4) else chance.choice(SUFFIXES))
    (folder / name).write_bytes(raw)
    for one in read_drop(folder, AS_OF, load_shipped_layouts()):
        assert one.rows == one.accepted + one.duplicates + one.quarantined, "rows do not add up"
        assert one.accepted == sum(table.height for table in one.tables.values()), "a row is lost"
        assert one.result == "read" or one.reason, "refused without a reason"
        bad = one.issues.filter(severity="quarantined").select("sheet", "row").unique()
        assert one.quarantined == bad.height, "a row is not listed"


def text_changed(chance: random.Random, text: str) -> bytes:
    """Lines of a TOML file are left out, doubled or moved, a value is of another type, or bytes are changed."""
    lines = text.split("\n")
    for _time in range(chance.randint(1, 3)):
        place = chance.randrange(len(lines))
        key, equals, _value = lines[place].partition("=")
        match chance.randrange(7):
            case 0:
                del lines[place]
                lines = lines or [""]
            case 1:
                lines.insert(chance.randrange(len(lines)), lines[place])
            case 2 | 3 | 4 if equals:
                lines[place] = f"{key}= {chance.choice(VALUES)}"
            case 5 if equals:
                lines[place] = f"{key.strip()}x ={_value}"
            case _:
                continue
    raw = "\n".join(lines).encode()
    dress = chance.randrange(8)
    if dress == 0:
        return bytes_changed(chance, raw)
    return raw.decode().encode(("gb18030", "utf-16", "utf-8-sig")[dress - 1]) if dress < 4 else raw


def _layout(file: Path) -> None:
    found = load_layouts([file])
    sample = sorted(data.path("sample").glob("*.csv"))[0]
    read_drop(sample, AS_OF, found)


READERS: dict[str, Callable[[Path], object]] = {
    "layouts/*.toml": _layout,
    "policies/*.toml": read_policy,
    "working_days/*.toml": lambda file: working_days.read_calendars([file]),
    "items.toml": items.read_items,
    "place_rules.toml": local_rules.read_place_rules,
    "kinds.toml": registry_kinds.read_fact_file,
    "events.toml": registry_kinds.read_fact_file,
    "districts.toml": registry_kinds.read_fact_file,
    "penalty_kinds.toml": load_code_list,
    "inspection_results.toml": load_code_list,
    "publishing.toml": AllowList.read,
    "persons.toml": Masker.read,
    "upload_files.toml": upload_layout.read_upload_layouts,
    "record_kinds.toml": lambda file: load_record_classes(file.parent),
    "measures.toml": read_measure_file,
    "credit_terms.toml": read_terms,
}
SOURCE = 'connection = "DOUBLE_RANDOM_DATABASE"\nquery = """\nSELECT 1"""\nlayout = "permits-2018"\noverlap = 600\n'


def fact_case(chance: random.Random, folder: Path) -> None:
    """One changed file of facts, read by its own reader."""
    pattern = chance.choice([*READERS, "forms/forms.toml", "sources/source.toml"])
    if pattern.startswith("sources"):
        file = folder / "source.toml"
        file.write_bytes(text_changed(chance, SOURCE))
        DatabaseSource.read(file)
        return
    shipped_file = chance.choice(sorted(data.path().glob(pattern)))
    changed = text_changed(chance, shipped_file.read_text(encoding="utf-8"))
    if pattern.startswith("forms"):
        home = Home.create(folder / "home")
        file = home.path / "facts" / "forms" / "forms.toml"
        file.parent.mkdir(parents=True)
        file.write_bytes(changed)
        forms.read_forms(home)
        return
    file = folder / shipped_file.name
    file.write_bytes(changed)
    READERS[pattern](file)


EXTRA = """
site_lang = "zh_CN"
memory = "2GB"
policy = "risk-100"

[authority_codes]
"示例市司法局" = "11990000XXXX00019X"

[nightly]
fewest_percent = 90

[spark]
engine = "here"
remote = "sc://localhost:15002"
"""


def setting_case(chance: random.Random, folder: Path) -> None:
    """Changed settings, read, and used as the commands use them."""
    home = Home.create(folder / "home", "示例区司法局", "11990000XXXX00027Q")
    file = home.path / "settings.toml"
    first, table, rest = file.read_text(encoding="utf-8").partition("[authority]")
    head, extra, tables = EXTRA.partition("\n[authority_codes]")
    file.write_bytes(text_changed(chance, first + head + "\n" + table + rest + extra + tables))
    found = Home.open(home.path)
    memory_limit.database_config(found, folder)
    int(found.settings.get("keep_releases", 20))
    float(found.settings.get("lock_seconds", 10))
    assert isinstance(found.settings["authority"]["name"], str)
    local_rules.load_place_rules(found)


CASES = {"drops": drop_case, "facts": fact_case, "settings": setting_case}


def run(what: str, count: int, seed: int, first: int = 0) -> tuple[list[str], str]:
    """Run cases; what failed, and a sentence on all."""
    failed: list[str] = []
    ends: Counter[str] = Counter()
    slowest = 0.0
    for number in range(first, first + count):
        chance = random.Random(f"{what} {seed} {number}")
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
            try:
                CASES[what](chance, Path(folder))
                ends["read"] += 1
            except DoubleRandomError as error:
                ends["refused"] += 1
                if "\n" in error.message.strip():
                    failed.append(f"{what} {number}: more than one sentence: {error.message}")
            except Exception:
                failed.append(f"{what} {number}: {traceback.format_exc(limit=-3)}")
        took = time.monotonic() - began
        slowest = max(slowest, took)
        if took > SECONDS:
            failed.append(f"{what} {number}: {took:.0f} s")
    peak = max(
        resource.getrusage(who).ru_maxrss * 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    if peak > MEMORY:
        failed.append(f"{what}: {peak / 2**30:.2f} GiB")
    said = f"{what}: {count} cases, {dict(ends)}, {len(failed)} failed, slowest {slowest:.1f} s, {peak >> 20} MiB"
    return failed, said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=[*CASES, "all"])
    parser.add_argument("--count", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    asked = parser.parse_args()
    bad = False
    for what in CASES if asked.what == "all" else [asked.what]:
        failed, said = run(what, asked.count, asked.seed, asked.first)
        print(*failed, said, sep="\n")
        bad = bad or bool(failed)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
