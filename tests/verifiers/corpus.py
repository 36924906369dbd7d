"""Bundles to try the verifiers on: whole ones of every kind of draw, and hundreds that somebody has broken.

Some are broken as a stranger would, by changing a file. The others are sealed: an operator with the log's key has made
every hash, the seed, the log and its signature fit again, so that only the rule itself is broken.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from double_random.inspection.draw import bundle_files, changes, lifecycle
from double_random.inspection.draw.draw_state import find_state
from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.verification import bundle
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from double_random.store.log import cosignature, external_evidence
from double_random.store.log.checkpoint import WITNESS, Checkpoint, PublicKey, SignedNote
from double_random.store.log.merkle import tree_head
from tests.clock import stopped

Files = dict[str, bytes]
Change = Callable[[Any], Any]

FROZEN = {
    "rules.json": "rules",
    "strata.json": "strata",
    "frame.csv": "frame",
    "pool.csv": "pool",
    "left_out.csv": "left_out",
    "inspectors.csv": "inspectors",
    "inspectors_left_out.csv": "inspectors_left_out",
    "recusals.csv": "recusals",
}
# A real round of drand quicknet, value and signature, as the network published it.
ROUND_1000 = (
    "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd",
    "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39",
)
VALUES = {
    "lottery": "01.05.09.17.25.33.07",
    "dice": "16325416",
    "balls": "0730915",
    "drand": ROUND_1000[0],
}
SEALED = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
WITNESS_KEY = PublicKey("example/witness", SEALED.public_key().public_bytes_raw(), WITNESS)
KEY = PublicKey("double-random/example", SEALED.public_key().public_bytes_raw())


@dataclass(frozen=True)
class Case:
    """A bundle, what the checker holds in his hands, and whether it should pass."""

    name: str
    files: Files
    key: str = KEY.text
    code: str = ""
    witness: str = ""
    proof: bytes = b""
    least: int = 0
    kept: bytes = b""
    intact: bool = False


@dataclass
class Forger:
    """An operator with a key: whatever he changes, hashes, seed, log and signature fit again."""

    files: Files
    everything: Files  # the auditor's bundle of the same draw: its plan tells the hash
    plan: dict[str, Any] = field(init=False)
    result: dict[str, Any] = field(init=False)
    entries: list[dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.files = dict(self.files)
        self.plan = json.loads(self.files["plan.json"])
        self.result = json.loads(self.files["result.json"])
        self.entries = [json.loads(line) for line in self.files["log.jsonl"].splitlines()]

    def hash(self, data: bytes) -> bytes:
        return hashlib.new(str(self.plan["hash"]), data).digest()

    def seal(self, seed: bool = True) -> Files:
        """Make everything fit, from the frozen files up to the signature."""
        files = self.files
        for name, key in FROZEN.items():
            if name in files and key in self.plan:
                lines = files[name].split(b"\n")[1:-1]
                said = self.plan[key]
                said["sha256"] = self.hash(files[name]).hex()
                said.update({"rows": len(lines)} if "rows" in said else {})
                said.update({"root": tree_head(lines, self.hash).hex()} if "root" in said else {})
        files["plan.json"] = rfc8785.dumps(self.plan)
        commitment = self.hash(files["plan.json"]).hex()
        former = self.result["commitment"]
        for entry in self.entries:
            if entry.get("plan") == former:
                entry["plan"] = commitment
        self.result["commitment"] = commitment
        if seed:
            text = f"double-random/1:seed:{commitment}:{self.result['entropy']}:{self.result['secret']}"
            self.result["seed"] = self.hash(text.encode()).hex()
        for name in self.result["files"]:
            if name in files:
                self.result["files"][name] = self.hash(files[name]).hex()
        files["result.json"] = rfc8785.dumps(self.result)
        return self.log(self.hash(files["result.json"]).hex())

    def log(self, result: str) -> Files:
        for entry in self.entries:
            if entry["kind"] == "draw" and entry["draw"] == self.result["draw"]:
                entry["result"] = result
        lines = [rfc8785.dumps(entry) for entry in self.entries]
        return self.head(lines)

    def head(self, lines: list[bytes]) -> Files:
        note = Checkpoint(KEY.name, len(lines), tree_head(lines)).sign(SEALED, KEY)
        log = b"".join(line + b"\n" for line in lines)
        return {**self.files, "log.jsonl": log, "checkpoint": note}


def draws(
    bureau: Callable[..., Home], wish: Callable[..., DrawRequest]
) -> Iterator[tuple[str, Home]]:
    """A home for each kind of draw d1, drawn and ended; `bureau` gives homes with the same registers."""

    def drawn(home: Home, end: str = "publish", before: str = "2026-11-03", **asked: Any) -> Home:
        asked_ = wish(**asked)
        freeze_plan(home, asked_)
        lifecycle.commit_plan(
            home, "d1", "2023-08-22T01:00:00Z" if before < "2026" else "2026-11-02T01:00:00Z"
        )
        for source in asked_.sources:
            kind = source.partition(":")[0]
            if kind != "local":
                proof = ROUND_1000[1] if kind == "drand" else ""
                lifecycle.log_entropy(
                    home, "d1", f"{source}={VALUES[kind]}", f"{before}T16:05:00Z", proof
                )
        lifecycle.run_draw(home, "d1", f"{before}T16:10:00Z")
        if end == "publish":
            lifecycle.publish_draw(home, "d1", "2026-11-06T08:00:00Z")
        elif end == "void":
            lifecycle.void_draw(home, "d1", "inspectors unavailable", "2026-11-06T08:00:00Z")
        return home

    def standing(home: Home) -> dict[str, tuple[str, ...]]:
        return dict(
            changes.rebuild_assignment(home, "d1", find_state(home.log.entries(), "d1")).teams
        )

    yield "plain", drawn(bureau())
    yield "groups", drawn(bureau(), team=TeamRule(2, 1, 2, False, False))
    yield "sm3", drawn(bureau(), hash="sm3")
    yield "local", drawn(bureau(), sources=("local",))
    yield "void", drawn(bureau(), end="void")
    yield "drawn", drawn(bureau(), end="")
    yield "kinds", drawn(bureau(), team=TeamRule(1, 1, None, True, True))
    several = ("dice:示例见证:8", "lottery:双色球:2026130")
    yield "several", drawn(bureau(), sources=several)
    start = "2023-08-23T15:59:24Z"  # when round 1000 was made
    yield (
        "drand",
        drawn(
            bureau(),
            before="2023-08-23",
            as_of=date(2023, 8, 22),
            sources=("drand:quicknet:1000",),
            not_before=start,
        ),
    )
    changed = drawn(bureau(firms=12, inspectors=8), end="")
    target, team = next(iter(standing(changed).items()))
    changes.substitute_inspector(
        changed, "d1", target, team[0], "illness", "2026-11-04", "2026-11-04T02:00:00Z"
    )
    for _ in range(2):
        gone = next(iter(standing(changed)))
        changes.replace_target(changed, "d1", gone, "ceased", "2026-11-04", "2026-11-04T02:00:00Z")
    lifecycle.publish_draw(changed, "d1", "2026-11-06T08:00:00Z")
    yield "changed", changed
    second = bureau()
    freeze_plan(second, wish("d0"))
    lifecycle.commit_plan(second, "d0", "2026-11-01T01:00:00Z")
    lifecycle.void_draw(second, "d0", "wrong plan", "2026-11-01T02:00:00Z")
    yield "second", drawn(second)
    early = bureau()
    freeze_plan(early, wish())
    lifecycle.commit_plan(early, "d1", "2026-11-02T01:00:00Z")
    lifecycle.void_draw(early, "d1", "wrong plan", "2026-11-02T02:00:00Z")
    yield "undrawn", early
    seen = bureau()
    freeze_plan(seen, wish())
    lifecycle.commit_plan(seen, "d1", "2026-11-02T01:00:00Z")
    moment = int(datetime(2026, 11, 2, 2, tzinfo=UTC).timestamp())
    body = SignedNote.parse(seen.log.checkpoint).head.body
    line = cosignature.cosignature_line(SEALED, WITNESS_KEY, body, moment).decode()
    external_evidence.attach_cosignature(seen.log, None, line, WITNESS_KEY)
    lifecycle.log_entropy(seen, "d1", "balls:示例摇号室:7=0730915", "2026-11-03T06:05:00Z")
    lifecycle.run_draw(seen, "d1", "2026-11-03T06:10:00Z")
    lifecycle.publish_draw(seen, "d1", "2026-11-06T08:00:00Z")
    yield "witnessed", seen
    gone = bureau()
    freeze_plan(gone, wish("d0"))
    lifecycle.commit_plan(gone, "d0", "2026-11-01T01:00:00Z")
    shutil.rmtree(gone.draws / "d0")
    lifecycle.void_draw(gone, "d0", "lost", "2026-11-01T02:00:00Z")
    yield "after_lost", drawn(gone)
    odd = bureau()
    sheet = odd.path.parent / "回避.csv"
    row = "ZF99XXXX99,,示例查无律师事务所,近亲属\n"
    sheet.write_text("执法证号,统一社会信用代码,检查对象名称,事由\n" + row, encoding="utf-8")
    sync_registers(odd, [sheet], date(2026, 10, 31))
    yield "unbound", drawn(odd, accept_unbound=True)
    ahead = bureau()  # its draw was dated a year ahead, by a wrong clock
    freeze_plan(ahead, wish())
    lifecycle.commit_plan(ahead, "d1", "2026-11-02T01:00:00Z")
    lifecycle.log_entropy(ahead, "d1", "balls:示例摇号室:7=0730915", "2026-11-03T06:05:00Z")
    with stopped("2027-11-03"):
        lifecycle.run_draw(ahead, "d1", "2027-11-03T06:10:00Z")
    lifecycle.set_clock(ahead, "clock wrong")
    lifecycle.publish_draw(ahead, "d1", lifecycle.current_time())
    yield "set_right", ahead


def whole(name: str, home: Home) -> Iterator[Case]:
    """The bundles of a draw as the product hands them out."""
    everything = bundle.gather_bundle(home, "d1", auditor=True)
    key = home.log.public.text
    yield Case(f"{name} auditor", everything, key, intact=True)
    yield Case(f"{name} auditor without a key", everything, "", intact=True)
    if name != "drawn":
        public = bundle.gather_bundle(home, "d1")
        yield Case(f"{name} public", public, key, intact=True)
        graded = {file: everything[file] for file in bundle_files.GRADED if file in everything}
        yield Case(f"{name} public with grades", {**public, **graded}, key, intact=True)
    if name == "witnessed":
        kept = (home.log.folder / "checkpoints" / "00000001").read_bytes()
        yield from witnessed(everything, key, kept)


def witnessed(files: Files, key: str, kept: bytes) -> Iterator[Case]:
    """What a witness's line and a head that somebody kept can show, and what becomes of false ones."""
    cosigned = "cosigned-00000001"
    assert cosigned in files

    def case(what: str, changed: Files, intact: bool = False, **held: Any) -> Case:
        trusted = {"witness": WITNESS_KEY.text, **held}
        return Case(f"witnessed: {what}", changed, key, intact=intact, **trusted)

    stranger = PublicKey("example/other", KEY.key, WITNESS).text
    yield case("by a witness", files, True)
    yield case("by a witness and a head kept", files, True, kept=kept)
    yield case("a head kept alone", files, True, kept=kept, witness="")
    yield case("by a stranger", files, True, witness=stranger)
    yield case(
        "a head of another log kept",
        files,
        kept=kept.replace(b"double-random/", b"double-random/x", 1),
    )
    yield case("a longer head kept", files, kept=kept.replace(b"\n1\n", b"\n9\n", 1))
    note = files[cosigned]
    ours = note.rindex("—".encode())
    for place in (*range(note.index(b"\n\n")), *range(ours, len(note), 5)):
        changed = bytearray(note)
        changed[place] ^= 1
        name, content = (
            bytes(changed)[ours:].split(b" ", 2)[-2:]
            if changed.count(b" ", ours) == 2
            else (b"", b"")
        )
        passed = name != WITNESS_KEY.name.encode() or content[:6] != note[ours:].split(b" ")[2][:6]
        # Under another name or number it is a stranger's line, which is passed over.
        yield case(
            f"byte {place}", {**files, cosigned: bytes(changed)}, passed and place >= ours + 4
        )
    rest = {name: content for name, content in files.items() if name != cosigned}
    yield case("upon another head", {**rest, "cosigned-00000002": note})
    yield case("upon a head to come", {**rest, "cosigned-00000009": note})
    yield case("a stamp upon a head to come", {**rest, "timestamp-00000009.tsr": b"x"})
    yield case("a stamp of another head", {**rest, "timestamp-00000001.tsr": b"0" * 99})


def broken(name: str, home: Home) -> Iterator[Case]:
    """What a stranger without a key can do to a bundle."""
    for which in ("auditor", "public"):
        files = bundle.gather_bundle(home, "d1", auditor=which == "auditor")
        key = home.log.public.text

        def case(
            what: str, changed: Files, key: str = key, which: str = which, code: str = ""
        ) -> Case:
            return Case(f"{name} {which}: {what}", changed, key, code)

        for file, content in files.items():
            rest = {other: data for other, data in files.items() if other != file}
            yield case(f"without {file}", rest)
            flipped = bytearray(content or b"x")
            flipped[len(flipped) // 3] ^= 1
            yield case(f"a byte of {file}", {**rest, file: bytes(flipped)})
            yield case(f"a line more in {file}", {**rest, file: content + b"\n"})
        yield case("an unknown file", {**files, "note.txt": b"x"})
        yield case("another key", files, PublicKey(home.log.public.name, KEY.key).text)
        yield case("a key of another name", files, KEY.text)
        yield case("another code", files, code="2345" * 8)


Edit = Callable[[Forger], None]


def _text(file: str, old: str, new: str) -> Edit:
    def edit(forger: Forger) -> None:
        before = forger.files[file]
        forger.files[file] = before.replace(old.encode(), new.encode(), 1)
        assert forger.files[file] != before, (file, old)

    return edit


def _json(file: str, change: Change) -> Edit:
    def edit(forger: Forger) -> None:
        value = json.loads(forger.files[file])
        change(value)
        forger.files[file] = rfc8785.dumps(value)

    return edit


def _rows(file: str, change: Callable[[list[bytes]], list[bytes]]) -> Edit:
    def edit(forger: Forger) -> None:
        header, *rows, last = forger.files[file].split(b"\n")
        forger.files[file] = b"\n".join([header, *change(rows), last])

    return edit


def _plan(change: Change) -> Edit:
    return lambda forger: change(forger.plan)


def _result(change: Change) -> Edit:
    return lambda forger: change(forger.result)


def _entry(kind: str, **fields: Any) -> Edit:
    def edit(forger: Forger) -> None:
        for entry in forger.entries:
            if entry["kind"] == kind:
                entry.update(fields)

    return edit


def _befriended(forger: Forger) -> bytes:
    """list.csv, still in order, with somebody who was not drawn in the place of the last one."""
    head, *drawn = forger.files["list.csv"].splitlines()
    pool = forger.files["pool.csv"].splitlines()[1:]
    friend = next(row for row in pool if row not in drawn)
    return b"\n".join([head, *sorted([*drawn[:-1], friend]), b""])


def _set(*path: Any) -> Change:
    """Set what stands at a path, the last part being the value."""
    *way, name, value = path

    def change(thing: Any) -> None:
        for step in way:
            thing = thing[step]
        thing[name] = value

    return change


def _drop(*path: Any) -> Change:
    *way, name = path

    def change(thing: Any) -> None:
        for step in way:
            thing = thing[step]
        del thing[name]

    return change


# What only the auditor's bundle can show to be wrong, or one with grades: the public one passes, and says what it left.
UNSEEN = {
    "a result without cut-offs": ("public",),
    "a result with another cut-off": ("public", "graded"),  # its salt takes `inner`
    "cut-offs that are shown and called hidden": ("public", "graded"),
    "a result of before, with another cut-off": ("public",),
    "hashes of cut-offs that are not called so": ("public",),
}
# What an operator could try, by what he does; each file that it needs must be in the bundle.
TRIES: dict[str, tuple[str, Edit]] = {
    "csv with CRLF": ("pool.csv", _text("pool.csv", "\n", "\r\n")),
    "csv with a BOM": ("pool.csv", _text("pool.csv", "id,name", "\ufeffid,name")),
    "csv without its last line feed": (
        "pool.csv",
        lambda f: f.files.update({"pool.csv": f.files["pool.csv"][:-1]}),
    ),
    "csv out of order": ("pool.csv", _rows("pool.csv", lambda rows: rows[::-1])),
    "csv with a double row": ("pool.csv", _rows("pool.csv", lambda rows: [rows[0], *rows])),
    "csv with a double key": (
        "pool.csv",
        _rows("pool.csv", lambda rows: [rows[0], rows[0] + b"X", *rows[1:]]),
    ),
    "csv with a field more": (
        "pool.csv",
        _rows("pool.csv", lambda rows: [rows[0] + b",", *rows[1:]]),
    ),
    "csv with a field less": (
        "left_out.csv",
        _rows("left_out.csv", lambda rows: [b"L:X,on leave"]),
    ),
    "csv quoted without need": (
        "pool.csv",
        _rows("pool.csv", lambda r: [b",".join(b'"' + x + b'"' for x in r[0].split(b",")), *r[1:]]),
    ),
    "csv with an open quote": (
        "pool.csv",
        _rows("pool.csv", lambda r: [r[0].replace(b",", b',"'), *r[1:]]),
    ),
    "csv with another header": ("pool.csv", _text("pool.csv", "id,name", "id,title")),
    "csv not in NFC": ("pool.csv", _text("pool.csv", "示例", "e\u0301示例")),
    "csv with a control character": ("pool.csv", _text("pool.csv", "示例", "\u0085示例")),
    "csv that is no UTF-8": (
        "pool.csv",
        lambda f: f.files.update({"pool.csv": f.files["pool.csv"].replace(b",", b"\xff,", 1)}),
    ),
    "csv with a blank line": ("pool.csv", _rows("pool.csv", lambda rows: [b"", *rows])),
    "json with blanks": ("rules.json", _text("rules.json", ":", ": ")),
    "json with a line feed": (
        "rules.json",
        lambda f: f.files.update({"rules.json": f.files["rules.json"] + b"\n"}),
    ),
    "json with a fraction": ("rules.json", _text("rules.json", '"minimum":', '"minimum":0.0,"x":')),
    "json with an exponent": (
        "rules.json",
        _text("rules.json", '"minimum":', '"minimum":1e0,"x":'),
    ),
    "json with a double key": (
        "rules.json",
        _text("rules.json", '{"items"', '{"items":[],"items"'),
    ),
    "json escaped without need": ("rules.json", _text("rules.json", "law", "\\u006caw")),
    "json cut off": (
        "rules.json",
        lambda f: f.files.update({"rules.json": f.files["rules.json"][:-1]}),
    ),
    "json that is a list": ("rules.json", lambda f: f.files.update({"rules.json": b"[]"})),
    "json with a large number": (
        "rules.json",
        _text("rules.json", '"minimum":', '"minimum":9007199254740993,"x":'),
    ),
    "rules without items": ("rules.json", _json("rules.json", _set("items", []))),
    "rules of another item": ("rules.json", _json("rules.json", _set("items", 0, "id", "other"))),
    "rules with a field more": ("rules.json", _json("rules.json", _set("more", 1))),
    "rules with a share above one": (
        "rules.json",
        _json("rules.json", _set("items", 0, "strata", 0, "ratio", [2, 1])),
    ),
    "rules with a share of three": (
        "rules.json",
        _json("rules.json", _set("items", 0, "strata", 0, "ratio", [1, 2, 3])),
    ),
    "rules with another rounding": (
        "rules.json",
        _json("rules.json", _set("items", 0, "strata", 0, "rounding", "down")),
    ),
    "rules with another share": (
        "strata.json",
        _json("rules.json", _set("items", 0, "strata", 0, "ratio", [1, 2])),
    ),
    "strata with another share": (
        "strata.json",
        _json("strata.json", _set("strata", 0, "ratio", [1, 2])),
    ),
    "strata with another population": (
        "strata.json",
        _json("strata.json", _set("strata", 0, "population", 7)),
    ),
    "strata without a salt": ("strata.json", _json("strata.json", _set("salt", ""))),
    "strata with a reserve above one": (
        "strata.json",
        _json("strata.json", _set("reserve", [3, 2])),
    ),
    "strata twice": (
        "strata.json",
        _json("strata.json", lambda v: v["strata"].append(v["strata"][0])),
    ),
    "a stratum of its own": (
        "frame.csv",
        _rows("frame.csv", lambda r: [r[0].replace(b",law_firm,", b",friends,", 1), *r[1:]]),
    ),
    "a row outside the scope": (
        "frame.csv",
        _rows("frame.csv", lambda r: [_other_district(r[0]), *r[1:]]),
    ),
    "a row without a salt": ("frame.csv", _rows("frame.csv", lambda r: [r[0][:-1], *r[1:]])),
    "a row with a bad code": ("frame.csv", _rows("frame.csv", lambda r: [b"3" + r[0], *r[1:]])),
    "a firm dropped from the frame alone": ("frame.csv", _rows("frame.csv", lambda r: r[1:])),
    "a name changed in the pool": ("pool.csv", _rows("pool.csv", lambda r: [r[0] + b"X", *r[1:]])),
    "left out and in the pool": (
        "left_out.csv",
        lambda f: _rows("left_out.csv", lambda r: [_left(f)])(f),
    ),
    "left out for no reason": (
        "left_out.csv",
        _rows("left_out.csv", lambda r: [b"L:AB1,a friend,x"]),
    ),
    "left out with a bad id": (
        "left_out.csv",
        _rows("left_out.csv", lambda r: [b"ab,district not known,x"]),
    ),
    "left out with a wide id": (
        "left_out.csv",
        _rows("left_out.csv", lambda r: ["L:Ａ1,district not known,x".encode()]),
    ),
    "an inspector with lead 2": (
        "inspectors.csv",
        _rows("inspectors.csv", lambda r: [r[0].replace(b",1,", b",2,", 1), *r[1:]]),
    ),
    "an inspector with a kind twice": (
        "inspectors.csv",
        _rows(
            "inspectors.csv", lambda r: [r[0].replace(b"law_firm", b"law_firm law_firm", 1), *r[1:]]
        ),
    ),
    "an inspector with a bad id": (
        "inspectors.csv",
        _rows("inspectors.csv", lambda r: [b"Z " + r[0], *r[1:]]),
    ),
    "an inspector dropped": ("inspectors.csv", _rows("inspectors.csv", lambda r: r[1:])),
    "an inspector both in and out": (
        "inspectors_left_out.csv",
        lambda f: _rows(
            "inspectors_left_out.csv",
            lambda r: [
                f.files["inspectors.csv"].split(b"\n")[1].split(b",")[0]
                + b",on leave,x,"
                + b"0" * 32
            ],
        )(f),
    ),
    "a recusal of a stranger": (
        "recusals.csv",
        _rows("recusals.csv", lambda r: [b"L:X,ZFXXXX02," + b"0" * 32]),
    ),
    "a recusal without a salt": ("recusals.csv", _rows("recusals.csv", lambda r: [r[0][:-1]])),
    "a plan of another protocol": ("plan.json", _plan(_set("protocol", "double-random/2"))),
    "a plan of another hash": (
        "plan.json",
        lambda f: f.plan.update(hash="sm3" if f.plan["hash"] == "sha256" else "sha256"),
    ),
    "a plan without a title": ("plan.json", _plan(_set("title", ""))),
    "a plan with a field more": ("plan.json", _plan(_set("more", ""))),
    "a plan with a field less": ("plan.json", _plan(_drop("number"))),
    "a plan on a day that does not exist": ("plan.json", _plan(_set("as_of", "2026-02-30"))),
    "a plan at a time that does not exist": (
        "plan.json",
        _plan(_set("entropy", "not_before", "2026-11-03T24:00:00Z")),
    ),
    "a plan without items": ("plan.json", _plan(_set("items", []))),
    "a plan with more leads than members": ("plan.json", _plan(_set("team", "leads", 9))),
    "a plan with teams of nobody": ("plan.json", _plan(_set("team", "size", 0))),
    "a plan with no group": ("plan.json", _plan(_set("team", "groups", 0))),
    "a plan with a flag of 1": ("plan.json", _plan(_set("team", "match_kind", 1))),
    "a plan without sources": ("plan.json", _plan(_set("entropy", "sources", []))),
    "a plan with a source twice": (
        "plan.json",
        _plan(lambda p: p["entropy"]["sources"].append(p["entropy"]["sources"][0])),
    ),
    "a plan with an unknown source": ("plan.json", _plan(_set("entropy", "sources", ["coin:x:7"]))),
    "a plan with an unknown lottery": (
        "plan.json",
        _plan(_set("entropy", "sources", ["lottery:六合彩:2026001"])),
    ),
    "a plan with a short issue": (
        "plan.json",
        _plan(_set("entropy", "sources", ["lottery:快乐8:26001"])),
    ),
    "a plan with no balls": ("plan.json", _plan(_set("entropy", "sources", ["balls:x:0"]))),
    "a plan with a blank in a source": (
        "plan.json",
        _plan(_set("entropy", "sources", ["balls:x :7"])),
    ),
    "a plan with local beside others": (
        "plan.json",
        _plan(lambda p: p["entropy"]["sources"].append("local")),
    ),
    "a plan with a blank in a kind": ("plan.json", _plan(_set("scope", "kinds", ["law firm"]))),
    "a plan with a hash in capitals": (
        "plan.json",
        _plan(lambda p: p.update(secret=p["secret"].upper() + "")),
    ),
    "a plan with a secret of its own": ("plan.json", _plan(_set("secret", "0" * 64))),
    "a plan with another inner": ("plan.json", _plan(_set("inner", "0" * 64))),
    "a plan with rows as text": ("plan.json", _plan(_set("release", 7))),
    "a plan that replaces itself": (
        "plan.json",
        _plan(_set("replaces", {"draw": "d 0", "reason": "x"})),
    ),
    "a result of another draw": ("result.json", _result(_set("draw", "d2"))),
    "a result with a field more": ("result.json", _result(_set("more", 1))),
    "a result with another secret": ("result.json", _result(_set("secret", "0" * 64))),
    "a result with other numbers": (
        "result.json",
        _result(_set("entropy", "balls:示例摇号室:7=0730916")),
    ),
    "a result with a leading zero lost": (
        "result.json",
        lambda f: _both(f, "entropy", "balls:示例摇号室:7=730915"),
    ),
    "a result with a value too long": (
        "result.json",
        lambda f: _both(f, "entropy", "balls:示例摇号室:7=07309155"),
    ),
    "a result with a line more": (
        "result.json",
        lambda f: _both(f, "entropy", f.result["entropy"] + "\nlocal="),
    ),
    "a result with a strange proof": ("result.json", lambda f: _both(f, "proofs", {"local": "00"})),
    "a result with a proof of balls": (
        "result.json",
        lambda f: _both(f, "proofs", {f.plan["entropy"]["sources"][0]: "00"}),
    ),
    "a result without cut-offs": ("result.json", _result(_set("cutoffs", []))),
    "a result with another cut-off": ("result.json", _result(_set("cutoffs", ["f" * 64]))),
    "cut-offs that are shown and called hidden": (
        "result.json",
        lambda f: f.result.update(cutoffs=_shown(f)),
    ),
    "cut-offs that are called hidden and are no hashes": (
        "result.json",
        _result(_set("cutoffs", [""])),
    ),
    "cut-offs called not hidden": ("result.json", _result(_set("cutoffs_hidden", False))),
    "cut-offs called hidden by a number": ("result.json", _result(_set("cutoffs_hidden", 1))),
    "hashes of cut-offs that are not called so": ("result.json", _result(_drop("cutoffs_hidden"))),
    "a result of before, with another cut-off": (
        "result.json",
        lambda f: _before(f, ["f" * 64]),
    ),
    "a result with groups": ("result.json", _result(_set("groups", [["ZFXXXX01", "ZFXXXX02"]]))),
    "a result that names no list": ("result.json", _result(_drop("files", "list.csv"))),
    "a result that names a file more": (
        "result.json",
        _result(_set("files", "more.csv", "0" * 64)),
    ),
    "a friend in the list": ("list.csv", lambda f: f.files.update({"list.csv": _befriended(f)})),
    "one drawn more": ("list.csv", lambda f: f.files.update({"list.csv": f.files["pool.csv"]})),
    "nobody drawn": ("list.csv", lambda f: f.files.update({"list.csv": b"id,name\n"})),
    "another name in the list": ("list.csv", _rows("list.csv", lambda r: [r[0] + b"X", *r[1:]])),
    "a reserve preferred": ("targets.csv", _text("targets.csv", ",reserve,", ",drawn,")),
    "a ticket changed": ("targets.csv", _rows("targets.csv", lambda r: [r[0][:-1] + b"x", *r[1:]])),
    "an inspector left at home": ("teams.csv", _rows("teams.csv", lambda r: r[1:])),
    "an inspector swapped": ("teams.csv", lambda f: _swap(f)),
    "a stranger in a team": (
        "teams.csv",
        _rows("teams.csv", lambda r: [*r[:-1], r[-1].split(b",")[0] + b",ZZ,member"]),
    ),
    "another role": ("teams.csv", _text("teams.csv", ",lead", ",member")),
    "a team for somebody not drawn": (
        "teams.csv",
        _rows("teams.csv", lambda r: [*r, b"P:9,ZFXXXX01,lead"]),
    ),
    "another load": (
        "certificate.json",
        _json("certificate.json", lambda v: v.update(load=v["load"] + 1)),
    ),
    "a smaller load": ("certificate.json", _json("certificate.json", lambda v: v.update(load=0))),
    "another cost": (
        "certificate.json",
        _json("certificate.json", lambda v: v.update(cost=str(int(v["cost"]) + 1))),
    ),
    "a cost as a number": ("certificate.json", _json("certificate.json", _set("cost", 7))),
    "a price of a stranger": (
        "certificate.json",
        _json("certificate.json", _set("target", "L:X", "1")),
    ),
    "a price with a leading zero": (
        "certificate.json",
        _json("certificate.json", _set("inspector", "ZFXXXX01", "01")),
    ),
    "a price below zero": (
        "certificate.json",
        _json("certificate.json", _set("inspector", "ZFXXXX01", "-1")),
    ),
    "a price without end": (
        "certificate.json",
        _json("certificate.json", _set("target", "L:X", "9" * 19)),
    ),
    "a price without scarcity": (
        "certificate.json",
        _json(
            "certificate.json",
            lambda v: v["inspector"].update({f"ZFXXXX{n:02d}": "5" for n in range(1, 5)}),
        ),
    ),
    "all targets at no price": ("certificate.json", _json("certificate.json", _set("target", {}))),
    "large prices": (
        "certificate.json",
        _json(
            "certificate.json",
            lambda v: v["target"].update({id: str(1 << 58) for id in v["target"]}),
        ),
    ),
    "large prices below zero": (
        "certificate.json",
        _json(
            "certificate.json",
            lambda v: v["target"].update({id: str(-(1 << 58)) for id in v["target"]}),
        ),
    ),
    "a cut out of nothing": (
        "certificate.json",
        _json("certificate.json", _set("cut", {"targets": [], "hubs": [], "inspectors": []})),
    ),
    "unbound recusals under another salt": (
        "unbound_recusals.json",
        _json("unbound_recusals.json", _set("salt", "0" * 64)),
    ),
    "unbound recusals that are none": (
        "unbound_recusals.json",
        _json("unbound_recusals.json", _set("recusals", 7)),
    ),
    "an inner of another plan": ("inner", lambda f: f.files.update({"inner": b"0" * 64})),
    "an inner with a line feed": (
        "inner",
        lambda f: f.files.update({"inner": f.files["inner"] + b"\n"}),
    ),
    "a record out of nowhere": (
        "records.jsonl",
        lambda f: f.files.update({"records.jsonl": b"{}\n"}),
    ),
    "the plan after the numbers": ("plan.json", _entry("plan", time="2026-11-03T06:00:00Z")),
    "the draw too early": ("plan.json", _entry("draw", time="2026-11-03T05:59:59Z")),
    "the numbers too early": ("plan.json", _entry("entropy", time="2026-11-03T05:59:59Z")),
    "published before it was drawn": (
        "plan.json",
        lambda f: [
            e.update(time="2026-11-03T06:00:00Z")
            for e in f.entries
            if e["kind"] in ("publish", "void")
        ],
    ),
    "another secret published": (
        "plan.json",
        lambda f: [
            e.update(secret="0" * 64) for e in f.entries if e["kind"] in ("publish", "void")
        ],
    ),
    "other numbers logged": ("plan.json", _entry("entropy", value="1111111")),
    "a source that the plan does not name": ("plan.json", _entry("entropy", source="balls:示例:7")),
    "other notices": ("plan.json", _entry("draw", notices="0" * 64)),
    "another not_before in the log": (
        "plan.json",
        _entry("plan", not_before="2026-11-03T05:00:00Z"),
    ),
    "other items in the log": ("plan.json", _entry("plan", items=[])),
    "another scope in the log": ("plan.json", _entry("plan", scope={"districts": [], "kinds": []})),
    "another replaces in the log": (
        "plan.json",
        _entry("plan", replaces={"draw": "d0", "reason": "wrong plan"}),
    ),
    "an entry with a field more": ("plan.json", _entry("plan", more="")),
    "an entry of an unknown kind": (
        "plan.json",
        lambda f: f.entries.append({"kind": "party", "time": "2026-11-09T00:00:00Z"}),
    ),
    "an entry at no time": ("plan.json", _entry("plan", time="2026-11-02")),
    "an entry with a field of another type": ("plan.json", _entry("entropy", value=7)),
    "the plan's entry taken out": (
        "plan.json",
        lambda f: f.entries.__setitem__(
            slice(None), [e for e in f.entries if not (e["kind"] == "plan" and e["draw"] == "d1")]
        ),
    ),
    "the draw's entry taken out": (
        "plan.json",
        lambda f: f.entries.__setitem__(slice(None), [e for e in f.entries if e["kind"] != "draw"]),
    ),
    "the numbers' entry taken out": (
        "plan.json",
        lambda f: f.entries.__setitem__(
            slice(None), [e for e in f.entries if e["kind"] != "entropy"]
        ),
    ),
    "entries in another order": ("plan.json", lambda f: f.entries.reverse()),
    "published twice": (
        "plan.json",
        lambda f: f.entries.append(
            {
                "kind": "publish",
                "time": "2026-11-09T00:00:00Z",
                "draw": "d1",
                "secret": f.result["secret"],
            }
        ),
    ),
    "drawn twice": (
        "plan.json",
        lambda f: f.entries.append(dict(next(e for e in f.entries if e["kind"] == "draw"))),
    ),
    "a second open plan": (
        "plan.json",
        lambda f: f.entries.insert(
            0,
            {
                **next(e for e in f.entries if e["kind"] == "plan" and e["draw"] == "d1"),
                "draw": "d9",
                "plan": "0" * 64,
            },
        ),
    ),
    "a change without a record": (
        "plan.json",
        lambda f: f.entries.append(
            {
                "kind": "replace",
                "time": "2026-11-09T00:00:00Z",
                "draw": "d1",
                "record": "0" * 64,
                "notice": "",
            }
        ),
    ),
    "a record changed": ("records.jsonl", lambda f: _record(f, reason="force majeure")),
    "a record for no reason": ("records.jsonl", lambda f: _record(f, reason="a friend")),
    "a record with somebody else": ("records.jsonl", lambda f: _record(f, new="ZFXXXX01")),
    "a record with another number": ("records.jsonl", lambda f: _record(f, seq=9)),
    "a record with another old one": ("records.jsonl", lambda f: _record(f, old="ZFXXXX99")),
    "a record with another team": (
        "records.jsonl",
        lambda f: _record(f, inspectors=["ZFXXXX01", "ZFXXXX02"]),
    ),
    "a record with a field more": ("records.jsonl", lambda f: _record(f, more=1)),
    "a record on no day": ("records.jsonl", lambda f: _record(f, date="2026-11-31")),
}


def _other_district(row: bytes) -> bytes:
    parts = row.split(b",")
    return b",".join([*parts[:3], b"999999", *parts[4:]])


def _shown(forger: Forger) -> list[str]:
    """The cut-offs themselves, from the auditor's bundle."""
    last = {one["stratum"]: "" for one in json.loads(forger.everything["strata.json"])["strata"]}
    for row in forger.everything["targets.csv"].decode().splitlines()[1:]:
        _id, stratum, role, _place, ticket = row.split(",")
        if role == "drawn":
            last[stratum] = max(ticket, last[stratum])
    return [last[stratum] for stratum in sorted(last)]


def _before(forger: Forger, cutoffs: list[str]) -> None:
    """The result as the program wrote it before it hid the cut-offs."""
    del forger.result["cutoffs_hidden"]
    forger.result["cutoffs"] = cutoffs


def _left(forger: Forger) -> bytes:
    id, name = forger.files["pool.csv"].split(b"\n")[1].split(b",")
    return id + b",district not known," + name


def _both(forger: Forger, field: str, value: Any) -> None:
    forger.result[field] = value
    for entry in forger.entries:
        if entry["kind"] == "draw":
            entry[field] = value


def _swap(forger: Forger) -> None:
    """In the first team, somebody else of the same flag; else the first one of the roster."""
    header, *rows, last = forger.files["teams.csv"].split(b"\n")
    target, person, role = rows[0].split(b",")
    team = {row.split(b",")[1] for row in rows if row.startswith(target)}
    flag = b"1" if role == b"lead" else b"0"
    people = [row.split(b",") for row in forger.files["inspectors.csv"].split(b"\n")[1:-1]]
    other = next((one[0] for one in people if one[1] == flag and one[0] not in team), person + b"9")
    rows[0] = b",".join([target, other, role])
    forger.files["teams.csv"] = b"\n".join([header, *sorted(rows), last])


def _record(forger: Forger, **fields: Any) -> None:
    """Change the first record, and the log's hash of it."""
    lines = forger.files["records.jsonl"].splitlines()
    if not lines:
        raise LookupError("no record")
    value = {**json.loads(lines[0]), **fields}
    lines[0] = rfc8785.dumps(value)
    forger.files["records.jsonl"] = b"".join(line + b"\n" for line in lines)
    entry = next(one for one in forger.entries if one["kind"] in ("replace", "substitute"))
    entry["record"] = forger.hash(lines[0] + b":" + forger.result["secret"].encode()).hex()


def forged(name: str, home: Home) -> Iterator[Case]:
    """What an operator with the key can do: every hash and signature fits, a rule is broken."""
    everything = bundle.gather_bundle(home, "d1", auditor=True)
    public = bundle.gather_bundle(home, "d1")
    graded = {file: everything[file] for file in ("strata.json", "frame.csv", "targets.csv")}
    for which, files in (
        ("auditor", everything),
        ("public", public),
        ("graded", {**public, **graded}),
    ):
        forger = Forger(files, everything)
        yield Case(f"{name} {which}: sealed again", forger.seal(), intact=True)
        forger = Forger(files, everything)
        _before(forger, _shown(forger))
        yield Case(f"{name} {which}: with cut-offs shown", forger.seal(), intact=True)
        forger = Forger(files, everything)
        later = {"kind": "sync", "time": "2030-01-01T00:00:00Z", "release": "0" * 64}
        forger.entries.insert(0, later)
        yield Case(f"{name} {which}: dated before what stands above", forger.seal(), intact=True)
        for what, (needed, edit) in TRIES.items():
            forger = Forger(files, everything)
            if needed not in files:
                continue
            try:
                edit(forger)
            except (AssertionError, LookupError, StopIteration):
                continue  # this draw has nothing of the kind
            sealed = forger.seal(seed=what != "a plan of another hash")
            unseen = which in UNSEEN.get(what, ())
            yield Case(f"{name} {which}: {what}", sealed, intact=unseen)
        forger = Forger(files, everything)
        lines = [rfc8785.dumps(entry) for entry in forger.entries]
        for what, log in {
            "the log with blanks": [lines[0].replace(b":", b": ", 1), *lines[1:]],
            "the log with a double key": [lines[0].replace(b"{", b'{"draw":"d1",', 1), *lines[1:]],
            "the log with no object": [b"7", *lines],
            "an empty log": [],
        }.items():
            yield Case(f"{name} {which}: {what}", forger.head(log))
        head_ = forger.head(lines)["checkpoint"]
        for what, note in {
            "a head without a blank line": head_.replace(b"\n\n", b"\n"),
            "a head with a size more": head_.replace(
                f"\n{len(lines)}\n".encode(), f"\n{len(lines) + 1}\n".encode()
            ),
            "a head with a leading zero": head_.replace(
                f"\n{len(lines)}\n".encode(), f"\n0{len(lines)}\n".encode()
            ),
            "a head with a blank more": head_.replace("— ".encode(), "—  ".encode()),
            "a head without its last line feed": head_[:-1],
            "a head signed twice": head_ + head_.split(b"\n\n")[1],
            "a head of four lines": head_.replace(b"\n\n", b"\nmore\n\n"),
            "a head with loose base64": head_.replace(b"=\n\n", b"\n\n"),
        }.items():
            yield Case(f"{name} {which}: {what}", {**forger.head(lines), "checkpoint": note})


def vectors(root: Path) -> list[Path]:
    """The folders of vectors under a path."""
    return sorted(folder.parent for folder in root.glob("*/expected.json"))
