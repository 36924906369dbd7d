"""Frauds on bundles of version 2 without a log: each breaks one rule, and everything around it is sealed again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import rfc8785

from double_random.inspection.protocol.canonical_csv import CsvTable
from double_random.inspection.protocol.files import TABLES
from double_random.inspection.protocol.selection import LIST, TARGETS
from double_random.inspection.protocol.teams import TEAMS
from tests.inspection.protocol.v2.cases import make_case
from tests.inspection.protocol.v2.sources import LOTTERY, NUMBERS, dice
from tests.inspection.verification.bare import bundle_of, make_uneven_bundles, publish
from tests.verifiers.mutants import CASES, QUICKNET, ROUND, ROUND_VALUE, Files, seal_again, wholes

Edit = Callable[[Files], Files]
COLUMNS: dict[str, CsvTable] = {**TABLES, **{one.file: one for one in (TARGETS, LIST, TEAMS)}}


@dataclass(frozen=True)
class Fraud:
    """A bundle, and the file that every verifier names, or the remark that every one makes first."""

    name: str
    files: Files
    file: str = ""
    remark: str = ""


def put(file: str, path: str, value: Any) -> Edit:
    """Another value at a path like `sources.0.known_from`; it may be computed from the old one."""

    def edit(files: Files) -> Files:
        content = json.loads(files[file])
        *way, last = [int(one) if one.isdigit() else one for one in path.split(".")]
        place = content
        for one in way:
            place = place[one]
        old = place.get(last) if isinstance(place, dict) else place[last]
        place[last] = value(old) if callable(value) else value
        return {**files, file: rfc8785.dumps(content)}

    return edit


def rows(file: str, change: Callable[[list[list[str]]], Sequence[Sequence[str]]]) -> Edit:
    """Other rows of a CSV file, in its canonical form."""

    def edit(files: Files) -> Files:
        header = files[file].split(b"\n")[0]
        made = change([list(row) for row in COLUMNS[file].load(files[file])])
        lines = [",".join(map(quote, row)).encode() for row in sorted(map(list, made))]
        return {**files, file: b"".join(line + b"\n" for line in (header, *lines))}

    return edit


def quote(text: str) -> str:
    """A field as canonical CSV has it, whatever stands in it."""
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text


def cell(file: str, column: int, value: str, at: int = 0) -> Edit:
    """Another text in one cell."""

    def change(found: list[list[str]]) -> list[list[str]]:
        found[at][column] = value
        return found

    return rows(file, change)


def both(*edits: Edit) -> Edit:
    """One edit after the other."""

    def edit(files: Files) -> Files:
        for one in edits:
            files = one(files)
        return files

    return edit


def source(**fields: Any) -> dict[str, Any]:
    """A case whose only source is the example's lottery with other fields."""
    return {"sources": ({**LOTTERY, **fields},), "values": (NUMBERS,)}


def group(**fields: Any) -> Edit:
    """Other fields in the first group of the format."""
    return both(
        *(
            put("sources.json", f"sources.0.format.groups.0.{name}", value)
            for name, value in fields.items()
        )
    )


EARLY = "2026-03-02T11:59:59Z"
ROUND_999 = {**ROUND, "source": ROUND["source"].replace(":1000", ":999")}
# frauds that an operator draws from the beginning: every hash, seed, list and certificate is really that of the plan
DRAWN: dict[str, tuple[dict[str, Any], str, str]] = {
    "P-001: an issue drawn long ago": (
        source(source="lottery:示例:2003001", known_from="2003-01-01T13:15:00Z"),
        "sources.json",
        "",
    ),
    "P-001: an issue drawn a second before": (source(known_from=EARLY), "sources.json", ""),
    "P-002: dice that nobody attested": (
        {"sources": (dice(),), "values": ("1.2.3.4.5.6.1.2",)},
        "",
        "ceremony",
    ),
    "P-002: dice that nobody attested beside a lottery": (CASES["ceremony"], "", "ceremony"),
    "P-003: dice after the lottery": (
        {
            "sources": (LOTTERY, dice(known_from="2026-03-03T12:00:00Z")),
            "values": (NUMBERS, "1.2.3.4.5.6.1.2"),
        },
        "sources.json",
        "",
    ),
    "P-003: dice at not_before beside the lottery": (
        {"sources": (LOTTERY, dice()), "values": (NUMBERS, "1.2.3.4.5.6.1.2")},
        "sources.json",
        "",
    ),
    "P-004: a past round of drand": (
        {"sources": (ROUND,), "values": (ROUND_VALUE,)},
        "sources.json",
        "",
    ),
    "P-009: a roster cut to two": (
        {"inspectors": 2, "leads": (0, 1), "recusals": ()},
        "",
        "few teams",
    ),
    "P-022: a game that no program lists": (source(source="lottery:某国新彩:1"), "", "numbers"),
    "few outcomes": (
        {"sources": ({**LOTTERY, "format": {"hex": 4}, "outcomes": "65536"},), "values": ("0a1b",)},
        "",
        "few",
    ),
    "a free choice called local": (CASES["local"], "", "local"),
}
# P-findings and others on honest bundles, changed in one place and sealed again: base, edit, file
SEALED: dict[str, tuple[str, Edit, str]] = {
    "P-010: one source in two spellings": (
        "plain public",
        put(
            "sources.json",
            "sources",
            lambda old: [{**old[0], "source": f"lottery:{name}:1"} for name in ("Lotto", "LOTTO")],
        ),
        "sources.json",
    ),
    "P-006: a reason of one's own": (
        "plain auditor",
        cell("inspectors_left_out.csv", 1, "the director does not want him"),
        "inspectors_left_out.csv",
    ),
    "a firm left out for no reason of the rule": (
        "plain public",
        cell("left_out.csv", 1, "friend"),
        "left_out.csv",
    ),
    "P-006: as_of on no day": (
        "plain public",
        put("plan.json", "as_of", "2026-02-29"),
        "plan.json",
    ),
    "P-006: a release that is none": (
        "plain public",
        put("plan.json", "release", "0"),
        "plan.json",
    ),
    "P-006: publish_by on no day": (
        "plain public",
        put("plan.json", "publish_by", "9999"),
        "plan.json",
    ),
    "P-011: cut-offs shown though they tell grades": (
        "plain public",
        put("result.json", "cutoffs", lambda old: [""] * len(old)),
        "result.json",
    ),
    "P-011: a cut-off fewer": (
        "plain public",
        put("result.json", "cutoffs", lambda old: old[1:]),
        "result.json",
    ),
    "P-016: text that is not in normal form": (
        "plain public",
        put("plan.json", "title", "cafe\u0301"),
        "plan.json",
    ),
    "P-016: a name that is not in normal form": (
        "plain public",
        cell("inspectors.csv", 4, "e\u0301"),
        "inspectors.csv",
    ),
    "an invented time of a round": (
        "drand public",
        put("sources.json", "sources.0.known_from", "2027-01-01T00:00:00Z"),
        "sources.json",
    ),
    "an invented genesis": (
        "drand public",
        both(
            put("sources.json", "sources.0.chain.genesis", QUICKNET["genesis"] + 10**7),
            put("sources.json", "sources.0.known_from", "2023-12-17T09:46:04Z"),
        ),
        "sources.json",
    ),
    "an invented period": (
        "drand public",
        put("sources.json", "sources.0.chain.period", 30),
        "sources.json",
    ),
    "a round with a leading zero": (
        "drand public",
        put("sources.json", "sources.0.source", lambda old: old.replace(":1000", ":01000")),
        "sources.json",
    ),
    "a round of another format": (
        "drand public",
        put("sources.json", "sources.0.format", {"hex": 63}),
        "sources.json",
    ),
    "a beacon's pulse of another time": (
        "groups public",
        put("sources.json", "sources.1.known_from", "2026-03-03T12:00:00Z"),
        "sources.json",
    ),
    "a chain for a lottery": (
        "plain public",
        put("sources.json", "sources.0.chain", QUICKNET),
        "sources.json",
    ),
    "more outcomes than the format has": (
        "plain public",
        put("sources.json", "sources.0.outcomes", "17721089"),
        "sources.json",
    ),
    "more outcomes, with a leading zero": (
        "plain public",
        put("sources.json", "sources.0.outcomes", "017721088"),
        "sources.json",
    ),
    "ascending numbers that may repeat": ("plain public", group(distinct=False), "sources.json"),
    "more numbers than there are": ("plain public", group(count=34), "sources.json"),
    "too few digits for the highest": ("plain public", group(digits=1), "sources.json"),
    "no number at all": ("plain public", group(count=0), "sources.json"),
    "a highest below the lowest": ("plain public", group(low=34), "sources.json"),
    "a rest without a group before": ("plain public", group(rest=True), "sources.json"),
    "a field that nobody knows": ("plain public", group(more=1), "sources.json"),
    "a source without a name": (
        "plain public",
        put("sources.json", "sources.0.source", "lottery::1"),
        "sources.json",
    ),
    "a source of another kind than its spelling": (
        "plain public",
        put("sources.json", "sources.0.kind", "public"),
        "sources.json",
    ),
    "a source nobody publishes": (
        "plain public",
        put("sources.json", "sources.0.published", ""),
        "sources.json",
    ),
    "no source": ("plain public", put("sources.json", "sources", []), "sources.json"),
    "numbers that the game cannot give": (
        "plain public",
        put("result.json", "entropy", lambda old: old.replace("33", "34")),
        "result.json",
    ),
    "numbers in another order": (
        "plain public",
        put("result.json", "entropy", lambda old: old.replace("02.07", "07.02")),
        "result.json",
    ),
    "a bonus that was drawn already": (
        "ceremony public",
        put("result.json", "entropy", lambda old: old.replace("01.30", "02.30")),
        "result.json",
    ),
    "numbers of one source missing": (
        "groups public",
        put("result.json", "entropy", lambda old: old.split("\n")[0]),
        "result.json",
    ),
    "another secret": ("plain public", put("result.json", "secret", "0" * 64), "result.json"),
    "another inner": ("plain auditor", lambda files: {**files, "inner": b"0" * 64}, "inner"),
    "a proof that proves nothing": (
        "drand public",
        put("result.json", "proofs", {ROUND["source"]: "ab" * 48}),
        "result.json",
    ),
    "a proof for a lottery": (
        "plain public",
        put("result.json", "proofs", {LOTTERY["source"]: "ab"}),
        "result.json",
    ),
    "groups out of nowhere": (
        "plain public",
        put("result.json", "groups", [["SL001"]]),
        "result.json",
    ),
    "groups in another order": (
        "groups public",
        put("result.json", "groups", lambda old: old[::-1]),
        "result.json",
    ),
    "a group less": (
        "groups auditor",
        put("result.json", "groups", lambda old: old[1:]),
        "result.json",
    ),
    "a hash for a file that is not there": (
        "plain public",
        put("result.json", "files", lambda old: {**old, "more.csv": "0" * 64}),
        "more.csv",
    ),
    "a file that no hash covers": (
        "plain public",
        put(
            "result.json",
            "files",
            lambda old: {name: one for name, one in old.items() if name != "inner"},
        ),
        "result.json",
    ),
    "somebody drawn who is in no pool": (
        "plain public",
        cell("list.csv", 1, "示例别所"),
        "list.csv",
    ),
    "somebody drawn less": ("kinds public", rows("list.csv", lambda found: found[1:]), "teams.csv"),
    "the same list, one team fewer": (
        "kinds public",
        rows("teams.csv", lambda found: found[1:]),
        "teams.csv",
    ),
    "a team of strangers": ("plain public", cell("teams.csv", 1, "SL999"), "teams.csv"),
    "a role that is not one's own": (
        "plain public",
        rows(
            "teams.csv",
            lambda found: [
                [*found[0][:2], "lead" if found[0][2] == "member" else "member"],
                *found[1:],
            ],
        ),
        "teams.csv",
    ),
    "a role that there is not": ("plain public", cell("teams.csv", 2, "chief"), "teams.csv"),
    "a cheaper team than the proof allows": (
        "plain auditor",
        put("certificate.json", "cost", "1"),
        "certificate.json",
    ),
    "a larger load": (
        "plain auditor",
        put("certificate.json", "load", lambda old: old + 1),
        "certificate.json",
    ),
    "more squares": (
        "plain auditor",
        put("certificate.json", "squares", lambda old: old + 2),
        "certificate.json",
    ),
    "a price for somebody unknown": (
        "plain auditor",
        put("certificate.json", "target", lambda old: {**old, "N:X": [0, "0"]}),
        "certificate.json",
    ),
    "prices of nothing": (
        "plain auditor",
        put("certificate.json", "target", {}),
        "certificate.json",
    ),
    "inspectors without prices": (
        "plain auditor",
        put("certificate.json", "inspector", {}),
        "certificate.json",
    ),
    "a price with a zero below zero": (
        "plain auditor",
        put("certificate.json", "hub", lambda old: {**old, "N:X": [0, "-0"]}),
        "certificate.json",
    ),
    "a certificate where nobody visits": (
        "nobody auditor",
        put("certificate.json", "load", 1),
        "certificate.json",
    ),
    "a plan of size 0 with groups": (
        "nobody auditor",
        put("plan.json", "team.groups", 1),
        "plan.json",
    ),
    "a kind with white space": (
        "plain public",
        put("plan.json", "scope.kinds", ["law\u3000firm"]),
        "plan.json",
    ),
    "more leads than members": ("plain public", put("plan.json", "team.leads", 9), "plan.json"),
    "strata by nothing": ("plain public", put("plan.json", "strata_by", "grade"), "plan.json"),
    "an item twice": (
        "plain public",
        put("plan.json", "items", lambda old: [*old, *old]),
        "plan.json",
    ),
    "a hash that nobody knows": ("plain public", put("plan.json", "hash", "md5"), "plan.json"),
    "a time at hour 24": (
        "plain public",
        put("plan.json", "not_before", "2026-03-02T24:00:00Z"),
        "plan.json",
    ),
    "other items in the rules": (
        "plain public",
        put("rules.json", "items.0.id", "other"),
        "rules.json",
    ),
    "reasons twice": (
        "plain public",
        put("rules.json", "replace", ["ceased", "ceased"]),
        "rules.json",
    ),
    "reasons in another order": (
        "plain public",
        put("rules.json", "left_out", lambda old: old[::-1]),
        "rules.json",
    ),
    "a share above one": (
        "plain auditor",
        put("rules.json", "items.0.strata.0.ratio", [3, 2]),
        "rules.json",
    ),
    "another share than the rule's": (
        "plain auditor",
        put("strata.json", "strata.0.ratio", [1, 7]),
        "strata.json",
    ),
    "another population": (
        "plain auditor",
        put("strata.json", "strata.0.population", 1),
        "strata.json",
    ),
    "a stratum without rows": (
        "plain auditor",
        put("strata.json", "strata", lambda old: [*old, {**old[-1], "stratum": "~"}]),
        "strata.json",
    ),
    "a row in another stratum than its column": (
        "kinds public",
        cell("frame.csv", 1, "notary"),
        "frame.csv",
    ),
    "a row outside the scope": ("plain auditor", cell("frame.csv", 3, "999999"), "frame.csv"),
    "a row without a salt": ("plain auditor", cell("frame.csv", 5, ""), "frame.csv"),
    "an id with an invisible letter": (
        "plain public",
        cell("pool.csv", 0, "N:X\u200bY"),
        "pool.csv",
    ),
    "an id in two spellings": ("plain public", cell("pool.csv", 0, "N:x"), "pool.csv"),
    "somebody in the pool and left out": (
        "plain public",
        lambda files: cell("left_out.csv", 0, TABLES["pool.csv"].load(files["pool.csv"])[0][0])(
            files
        ),
        "left_out.csv",
    ),
    "a recusal of nobody": ("plain auditor", cell("recusals.csv", 1, "SL999"), "recusals.csv"),
    "a recusal more": (
        "plain auditor",
        lambda files: rows(
            "recusals.csv",
            lambda found: [
                *found,
                [TABLES["pool.csv"].load(files["pool.csv"])[-1][0], found[0][1], "0" * 32],
            ],
        )(files),
        "targets.csv",
    ),
    "an inspector twice as able": (
        "plain public",
        cell("inspectors.csv", 2, "law_firm law_firm"),
        "inspectors.csv",
    ),
    "a lead of sorts": ("plain public", cell("inspectors.csv", 1, "2"), "inspectors.csv"),
    "rows in another order": (
        "plain public",
        lambda files: {**files, "pool.csv": _turned(files["pool.csv"])},
        "pool.csv",
    ),
    "a field in needless quotes": (
        "plain public",
        lambda files: {**files, "pool.csv": files["pool.csv"].replace(b"id,name", b'"id",name')},
        "pool.csv",
    ),
    "a last line without its end": (
        "plain public",
        lambda files: {**files, "left_out.csv": files["left_out.csv"][:-1]},
        "left_out.csv",
    ),
    "JSON with a blank": (
        "plain public",
        lambda files: {**files, "rules.json": files["rules.json"].replace(b":", b": ", 1)},
        "rules.json",
    ),
    "JSON with a field twice": (
        "plain public",
        lambda files: {
            **files,
            "sources.json": files["sources.json"].replace(
                b'"chain":null', b'"chain":null,"chain":null'
            ),
        },
        "sources.json",
    ),
    "secret files beside public ones": (
        "plain public",
        lambda files: {**files, "frame.csv": wholes()["plain auditor"]["frame.csv"]},
        "frame.csv",
    ),
    "a file that has no place": (
        "plain public",
        lambda files: {**files, "note.txt": b"x"},
        "note.txt",
    ),
}


def _turned(data: bytes) -> bytes:
    header, *lines = data.split(b"\n")[:-1]
    return b"".join(line + b"\n" for line in (header, *reversed(lines)))


def frauds() -> Iterator[Fraud]:
    """Every fraud, in the bundle of the auditor and in that of the public where both show it."""
    for name, (numbers, file, remark) in DRAWN.items():
        whole = bundle_of(make_case(**{"values": (NUMBERS,), **numbers}))
        yield Fraud(f"{name}, auditor", whole, file, remark)
        yield Fraud(f"{name}, public", publish(whole), file, remark)
    for name, (base, edit, file) in SEALED.items():
        yield Fraud(name, seal_again(edit(wholes()[base])), file)
    yield uneven_loads()
    yield friend_in_the_list()


def uneven_loads() -> Fraud:
    """P-024: the loads of version 1, one bound for all, with a certificate that claims them."""
    return Fraud("P-024: uneven loads", make_uneven_bundles()[1], "certificate.json")


def friend_in_the_list() -> Fraud:
    """P-012: with public strata everybody sees that another row had to be drawn."""
    files = wholes()["kinds public"]
    listed = [list(row) for row in LIST.load(files["list.csv"])]
    pool = [list(row) for row in TABLES["pool.csv"].load(files["pool.csv"])]
    friend = next(row for row in pool if row not in listed)
    gone = listed[0][0]
    edit = both(
        rows("list.csv", lambda found: [friend, *found[1:]]),
        rows(
            "teams.csv",
            lambda found: [[friend[0] if row[0] == gone else row[0], *row[1:]] for row in found],
        ),
    )
    return Fraud("P-012: a friend in the list", seal_again(edit(files)), "list.csv")
