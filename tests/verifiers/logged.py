"""Bundles of version 2 with their log: as an honest bureau writes them, and as an operator could."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import random
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from double_random.core.errors import DoubleRandomError
from double_random.inspection.protocol.notices import build_notice, notice_leaf_hash
from double_random.inspection.protocol.text import epoch_seconds
from double_random.inspection.verification.logged_bundle import Standing
from double_random.store.log import cosignature
from double_random.store.log.checkpoint import Checkpoint, PublicKey
from double_random.store.log.merkle import tree_head
from tests.inspection.protocol.v2.cases import Case, make_case
from tests.inspection.protocol.v2.sources import LOTTERY, NUMBERS, dice
from tests.inspection.verification.bare import publish, seal_bundle
from tests.verifiers.corpus import KEY, SEALED, WITNESS_KEY
from tests.verifiers.mutants import change_bytes, change_deep, change_json, seal_again

Files = dict[str, bytes]
Entry = dict[str, Any]
RELEASE = "5" * 64
SEALED_AT, NUMBER_AT, DRAWN_AT, PUBLISHED_AT = (
    "2026-03-01T01:00:00Z",
    "2026-03-02T14:00:00Z",
    "2026-03-02T15:00:00Z",
    "2026-03-05T08:00:00Z",
)
REGISTERS = {"institutions": {"rows": 30, "root": "6" * 64}}
SYNC = {
    "kind": "sync",
    "time": "2026-02-28T01:00:00Z",
    "release": RELEASE,
    "registers": REGISTERS,
}


@dataclass
class Bureau:
    """An operator with the log's key: entries, and the files of a draw; `bundle` signs whatever stands in them."""

    case: Case
    files: Files
    entries: list[Entry] = field(default_factory=list)

    def entry(self, kind: str, draw: str = "") -> Entry:
        """The first entry of a kind."""
        return next(
            one for one in self.entries if one["kind"] == kind and draw in ("", one.get("draw"))
        )

    def bundle(self, auditor: bool = True) -> Files:
        """All files under a head signed anew."""
        lines = [rfc8785.dumps(entry) for entry in self.entries]
        note = Checkpoint(KEY.name, len(lines), tree_head(lines)).sign(SEALED, KEY)
        files = self.files if auditor else publish(self.files)
        return {
            "records.jsonl": b"",
            **files,
            "log.jsonl": b"".join(line + b"\n" for line in lines),
            "checkpoint": note,
        }


def head_of(entries: list[Entry]) -> dict[str, Any]:
    """The head of a log as a plan has it."""
    lines = [rfc8785.dumps(entry) for entry in entries]
    return {"origin": KEY.name, "size": len(lines), "root": tree_head(lines).hex()}


def carry_out(
    before: tuple[Entry, ...] = (SYNC,),
    plan: dict[str, Any] | None = None,
    end: str = "publish",
    witnesses: tuple[str, ...] = (),
    **numbers: Any,
) -> Bureau:
    """A draw from the plan to its end. `before`: the entries above the plan's."""
    entries = [dict(one) for one in before]
    fields = {"log": head_of(entries), "release": RELEASE, **(plan or {})}
    case = make_case(**{"values": (NUMBERS,), **numbers}, plan=fields)
    draw = case.draw()
    made, files = json.loads(case.plan.data), seal_bundle(case, draw)
    id = case.plan.draw
    sources = json.loads(case.files["sources.json"])["sources"]
    entries.append(
        {
            "kind": "plan",
            "time": SEALED_AT,
            "protocol": "double-random/2",
            "draw": id,
            "plan": case.plan.commitment,
            "items": made["items"],
            "scope": made["scope"],
            "sources": [{name: one[name] for name in ("source", "known_from")} for one in sources],
            **{name: made[name] for name in ("not_before", "publish_by", "replaces")},
        }
    )
    for line, source in zip(case.reveal.entropy.split("\n"), sources, strict=True):
        if source["kind"] != "local":
            first = source["kind"] == "ceremony" and len(sources) > 1
            time = "2026-03-02T11:30:00Z" if first else max(NUMBER_AT, source["known_from"])
            time = max(time, entries[-1]["time"])
            value = line.partition("=")[2]
            entries.append(
                {
                    "kind": "entropy",
                    "time": time,
                    "draw": id,
                    "source": source["source"],
                    "value": value,
                }
            )
    if witnesses:
        entries.append(
            {
                "kind": "attest",
                "time": "2026-03-02T14:30:00Z",
                "draw": id,
                "sha256": "7" * 64,
                "witnesses": list(witnesses),
            }
        )
    entries.append(
        {
            "kind": "draw",
            "time": max(DRAWN_AT, entries[-1]["time"]),
            "draw": id,
            "entropy": case.reveal.entropy,
            "proofs": {},
            "result": case.plan.digest.hash_bytes(files["result.json"]),
            "notices": draw.notices,
        }
    )
    if end == "publish":
        entries.append(
            {"kind": "publish", "time": PUBLISHED_AT, "draw": id, "secret": case.reveal.secret}
        )
    elif end == "void":
        entries.append(
            {
                "kind": "void",
                "time": PUBLISHED_AT,
                "draw": id,
                "reason": "number entered wrongly",
                "secret": case.reveal.secret,
                "entropy": case.reveal.entropy,
                "proofs": {},
            }
        )
    return Bureau(case, files, entries)


def seal_logged(bureau: Bureau) -> Bureau:
    """The same with every hash made to fit, from the frozen files to the log's entries."""
    files = seal_again(bureau.files)
    try:
        name = json.loads(files["plan.json"])["hash"]
        for entry in bureau.entries:
            if entry.get("draw") == bureau.case.plan.draw and entry["kind"] == "plan":
                entry["plan"] = hashlib.new(name, files["plan.json"]).hexdigest()
            if entry.get("draw") == bureau.case.plan.draw and entry["kind"] == "draw":
                entry["result"] = hashlib.new(name, files["result.json"]).hexdigest()
    except (KeyError, TypeError, ValueError):
        pass  # what was changed has no place for a hash any more
    return Bureau(bureau.case, files, bureau.entries)


def make_changes(bureau: Bureau, date: str = "2026-03-04", reason: str = "ceased") -> Bureau:
    """Replace the first target twice over and substitute an inspector, all before the end."""
    draw = bureau.case.draw()
    standing = Standing(
        selection=draw.selection,
        files=draw.files,
        inner=bureau.case.reveal.inner,
        teams=dict(draw.members),
    )
    records, entries = [], []
    end = next(at for at, one in enumerate(bureau.entries) if one["kind"] == "publish")
    for seq in (1, 2, 3):
        target = sorted(standing.teams)[0]
        old = target if seq < 3 else standing.teams[target][0]
        why = reason if seq < 3 else "illness"
        made = (
            standing.replace_target(old, why)
            if seq < 3
            else standing.substitute_inspector(target, old, why)
        )
        assert made is not None
        new, place, members = made
        record = {
            "draw": bureau.case.plan.draw,
            "seq": seq,
            "kind": "replace" if seq < 3 else "substitute",
            "old": old,
            "new": new,
            "target": place,
            "inspectors": list(members),
            "reason": why,
            "date": date,
        }
        line = rfc8785.dumps(record)
        digest, secret = bureau.case.plan.digest, bureau.case.reveal.secret
        leaf = ""
        if place:
            leaf = notice_leaf_hash(
                build_notice(place, members, draw.selection.tickets), draw.selection.tickets
            )
        records.append(line + b"\n")
        entries.append(
            {
                "kind": record["kind"],
                "time": "2026-03-04T03:00:00Z",
                "draw": bureau.case.plan.draw,
                "record": digest.hash_bytes(line + f":{secret}".encode()),
                "notice": leaf,
            }
        )
    files = {**bureau.files, "records.jsonl": b"".join(records)}
    return Bureau(bureau.case, files, [*bureau.entries[:end], *entries, *bureau.entries[end:]])


def make_void(bureau: Bureau, reason: str = "source not drawn") -> Bureau:
    """The plan made void before anything was known or drawn."""
    plan = next(at for at, one in enumerate(bureau.entries) if one["kind"] == "plan")
    void = {
        "kind": "void",
        "time": "2026-03-02T10:00:00Z",
        "draw": bureau.case.plan.draw,
        "reason": reason,
        "secret": bureau.case.reveal.secret,
        "entropy": "",
        "proofs": {},
    }
    drawn = ("result.json", "targets.csv", "teams.csv", "list.csv", "certificate.json")
    files = {name: data for name, data in bureau.files.items() if name not in drawn}
    return Bureau(bureau.case, files, [*bureau.entries[: plan + 1], void])


def cosign(files: Files, size: int, time: str, private: Ed25519PrivateKey = SEALED) -> Files:
    """The bundle with a witness's line upon the head of so many entries."""
    lines = files["log.jsonl"].split(b"\n")[:size]
    head = Checkpoint(KEY.name, size, tree_head(lines))
    line = cosignature.cosignature_line(private, WITNESS_KEY, head.body, epoch_seconds(time))
    return {**files, f"cosigned-{size:08d}": head.body + b"\n" + line}


OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
OTHER_KEY = PublicKey(KEY.name, OTHER.public_key().public_bytes_raw())


def change_key(bureau: Bureau, proven: bool = True) -> Files:
    """The bundle of a log whose key was changed by an entry, with or without the old owner's proof."""
    text = f"double-random key\n{KEY.name}\n{KEY.text}\n{OTHER_KEY.text}\n"
    proof = base64.b64encode((SEALED if proven else OTHER).sign(text.encode())).decode()
    entry = {
        "kind": "key",
        "time": "2026-03-06T00:00:00Z",
        "old": KEY.text,
        "new": OTHER_KEY.text,
        "proof": proof,
    }
    changed = Bureau(bureau.case, bureau.files, [*bureau.entries, entry])
    files = changed.bundle()
    lines = files["log.jsonl"].split(b"\n")[:-1]
    head = Checkpoint(KEY.name, len(lines), tree_head(lines))
    return {**files, "checkpoint": head.sign(OTHER, OTHER_KEY)}


@cache
def whole_logs() -> dict[str, Bureau]:
    """Honest draws with their logs, by name; `log_mutant` copies before it changes."""
    beside = {
        "sources": (dice(known_from="2026-03-02T11:00:00Z"), LOTTERY),
        "values": ("1.2.3.4.5.6.1.2", NUMBERS),
    }
    by_kind = {
        "strata": (("law_firm", 12, [1, 3], 0, "up"),),
        "plan": {"strata_by": "kind"},
    }
    return {
        "plain": carry_out(),
        "changed": make_changes(carry_out()),
        "changed by kind": make_changes(carry_out(**by_kind)),
        "attested": carry_out(witnesses=("示例公证处",), **beside),
        "void": carry_out(end="void"),
        "undrawn": make_void(carry_out()),
        "open": carry_out(end=""),
    }


def log_mutant(seed: int, number: int) -> tuple[str, Files]:
    """A bundle whose log or files somebody changed and signed again, and how it came about."""
    chance = random.Random(f"log {seed} {number}")
    whole = chance.choice(sorted(whole_logs()))
    found = whole_logs()[whole]
    bureau = Bureau(found.case, dict(found.files), copy.deepcopy(found.entries))
    told = [whole]
    for _time in range(chance.choice((1, 1, 2))):
        how = chance.randrange(10)
        at = chance.randrange(len(bureau.entries)) if bureau.entries else 0
        if how < 5 and bureau.entries:
            bureau.entries[at] = change_deep(chance, bureau.entries[at])
        elif how == 5 and bureau.entries:
            other = chance.choice(sorted(whole_logs()))
            bureau.entries.insert(at, copy.deepcopy(chance.choice(whole_logs()[other].entries)))
        elif how == 6 and bureau.entries:
            del bureau.entries[at]
        elif how == 7 and bureau.entries:
            bureau.entries.insert(0, bureau.entries.pop(at))
        else:
            name = chance.choice(sorted(set(bureau.files) - {"verify.py", "verify.html"}))
            change = change_json if name.endswith(".json") else change_bytes
            try:
                bureau.files[name] = change(chance, bureau.files[name])
            except (ValueError, UnicodeError):
                continue
            how = name
        told.append(str(how))
    try:
        if chance.random() < 0.7:
            bureau = seal_logged(bureau)
            told.append("sealed")
        files = bureau.bundle(chance.random() < 0.6)
    except (rfc8785.CanonicalizationError, AttributeError, TypeError, DoubleRandomError):
        files = found.bundle()  # such an entry cannot be written at all
    if chance.random() < 0.1:
        name = chance.choice(sorted(files))
        files = {**files, name: change_bytes(chance, files[name])}
        told.append(f"then {name}")
    return f"{seed}/{number}: {', '.join(told)}", files
