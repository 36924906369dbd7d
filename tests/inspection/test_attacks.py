"""What somebody tries who has nothing but a public bundle: grades and recusals. Each attack comes back empty.

Every attack is first made by an insider, with the numbers that stay inside: there it succeeds, so it could. Then by an
outsider, who takes every number that stands anywhere in the public bundle for a salt or a secret, and even knows the
right answer already: he cannot confirm it.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from double_random import data
from double_random.credit.records.load import load_records
from double_random.inspection.draw import lifecycle
from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.inspection.protocol import canonical_csv, canonical_json, selection
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.draw import Reveal, compute_draw
from double_random.inspection.protocol.files import FRAME, LEFT_OUT, RECUSALS, Files
from double_random.inspection.protocol.plan import Plan, TeamRule
from double_random.inspection.protocol.selection import LIST
from double_random.inspection.protocol.strata import Strata
from double_random.inspection.protocol.teams import TEAMS
from double_random.inspection.protocol.tickets import Tickets
from double_random.inspection.verification import bundle
from double_random.inspection.verification.verify import verify_files
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from double_random.store.log import merkle

H = Digest("sha256")
DAY = date(2026, 10, 31)


@dataclass(frozen=True)
class Published:
    """A published draw by grade, of the sample district; `inside` is what the public never gets."""

    public: dict[str, bytes]
    inside: dict[str, bytes]

    @property
    def plan(self) -> Plan:
        return Plan.read(self.public["plan.json"])

    @property
    def tickets(self) -> Tickets:
        return Tickets(H, json.loads(self.public["result.json"])["seed"])

    @property
    def drawn(self) -> list[str]:
        return [row[0] for row in LIST.load(self.public["list.csv"])]


def harvest(files: dict[str, bytes], digits: int) -> set[str]:
    """Every run of so many hex digits anywhere in a bundle, overlapping ones too: what an attacker tries."""
    text = b"\n".join(files.values()).decode()
    return {*re.findall(rf"(?=([0-9a-f]{{{digits}}}))", text), "0" * digits}


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory, wish: Callable[..., Any]) -> Published:
    folder = tmp_path_factory.mktemp("sample")
    home = Home.create(folder / "home", "示例市示例区司法局", "11310000XXXX00071R")
    shutil.copytree(data.path("sample_home", "facts"), home.path / "facts", dirs_exist_ok=True)
    sync_registers(home, [data.path("sample")], DAY)
    load_records(home, [data.path("sample")], DAY)
    asked = wish("d1", items=("law-firm-practice",), team=TeamRule(2, 1, None, True, False))
    freeze_plan(home, asked)
    lifecycle.commit_plan(home, "d1", "2026-11-02T01:00:00Z")
    lifecycle.log_entropy(home, "d1", "balls:示例摇号室:7=0730915", "2026-11-03T06:05:00Z")
    lifecycle.run_draw(home, "d1", "2026-11-03T06:10:00Z")
    lifecycle.publish_draw(home, "d1", "2026-11-06T08:00:00Z")
    public, inside = (
        bundle.gather_bundle(home, "d1"),
        bundle.gather_bundle(home, "d1", auditor=True),
    )
    assert verify_files(inside, home.log.public).intact
    return Published(public, inside)


@pytest.fixture(scope="session")
def bound(
    registers: Callable[..., Path],
    tmp_path_factory: pytest.TempPathFactory,
    wish: Callable[..., Any],
    run: Callable[..., Any],
) -> Published:
    """A small draw in which recusals decide who goes."""
    recusals = tuple((firm, lead) for firm in range(1, 9) for lead in (1, 3))
    folder = tmp_path_factory.mktemp("bound") / "home"
    shutil.copytree(registers(8, 6, recusals), folder)
    home = Home.open(folder)
    run(home, wish())
    return Published(
        bundle.gather_bundle(home, "d1"), bundle.gather_bundle(home, "d1", auditor=True)
    )


def before(published: Published) -> dict[str, bytes]:
    """The public bundle as it was before cut-offs were hidden."""
    result = json.loads(published.public["result.json"])
    places = selection.read_targets(published.inside["targets.csv"])
    strata = Strata.read(published.inside["strata.json"])
    result["cutoffs"] = list(selection.find_cutoffs(places, strata))
    return {**published.public, "result.json": canonical_json.dump_canonical(result)}


def salts(content: bytes) -> set[str]:
    return {line.rsplit(b",", 1)[1].decode() for line in content.split(b"\n")[1:-1]}


# --- the attacks -------------------------------------------------------------------------------------------------


def grades_from_tickets(
    published: Published, guesses: Iterable[str], inners: Iterable[str]
) -> dict[str, int]:
    """Whose ticket is a stratum's cut-off? Cut-offs stand in the strata's order, so that tells the grade."""
    places = shown_cutoffs(published, inners)
    found = {}
    for guess in guesses:
        for id in published.drawn:
            ticket = published.tickets.target_ticket(id, guess)
            place = next((at for at, confirms in enumerate(places) if confirms(ticket)), None)
            if place is not None:
                found[id] = place
    return found


def empty_grades(published: Published, inners: Iterable[str]) -> list[str]:
    """Which strata have nobody drawn? Where a rule has a minimum, nobody is of that grade (P-011)."""
    strata = json.loads(published.public["rules.json"])["items"][0]["strata"]
    places = shown_cutoffs(published, inners)
    return [one["stratum"] for one, confirms in zip(strata, places, strict=True) if confirms("")]


def shown_cutoffs(published: Published, inners: Iterable[str]) -> list[Callable[[str], bool]]:
    """For each stratum, whether a cut-off that is guessed is its own: as it is, or under a guessed `inner`."""
    strata = json.loads(published.public["rules.json"])["items"][0]["strata"]
    tried = list(inners)

    def at(place: int, shown: str) -> Callable[[str], bool]:
        salts = [published.tickets.cutoff_salt(inner, strata[place]["stratum"]) for inner in tried]
        return lambda cutoff: (
            shown == cutoff or any(H(f"{cutoff}:{salt}") == shown for salt in salts)
        )

    cutoffs = json.loads(published.public["result.json"])["cutoffs"]
    return [at(place, shown) for place, shown in enumerate(cutoffs)]


def strata_confirmed(
    published: Published, right: dict[str, object], guesses: Iterable[str]
) -> list[str]:
    """Under which salt is this guess of all strata and their populations the committed one?"""
    wanted = published.plan.files["strata.json"].sha256
    return [
        guess
        for guess in guesses
        if H.hash_bytes(canonical_json.dump_canonical({**right, "salt": guess})) == wanted
    ]


def rows_confirmed(published: Published, row: tuple[str, ...], guesses: Iterable[str]) -> list[str]:
    """Under which salt is this guess of one row, grade and all, a leaf of the frame's tree that the plan betrays?"""
    known = {published.plan.files["frame.csv"].sha256, published.plan.files["frame.csv"].root}
    known |= harvest(published.public, 64)
    found = []
    for guess in guesses:
        line = canonical_csv.format_line((*row, guess)).encode()
        if known & {H.hash_bytes(line), merkle.hash_leaf(line).hex(), H.hash_bytes(line + b"\n")}:
            found.append(guess)
    return found


def recusals_confirmed(
    published: Published, right: list[tuple[str, str]], salted: Callable[[str, str], Iterable[str]]
) -> bool:
    """Is this guess of all recusals the committed one, under the salts that the attacker has for each?"""
    rows = []
    for target, inspector in right:
        known = list(salted(target, inspector))
        if len(known) != 1:
            return False
        rows.append((target, inspector, known[0]))
    return H.hash_bytes(RECUSALS.dump(rows)) == published.plan.files["recusals.csv"].sha256


def optimum_without_recusals(published: Published, guesses: Iterable[str]) -> set[tuple[str, str]]:
    """Which pairs would the cheapest teams have, were nobody recused, that the published teams do not have?

    That takes the costs, and the costs take `inner`. The frame is granted to the attacker.
    """
    inner = [guess for guess in guesses if H(guess) == published.plan.inner]
    if not inner:
        return set()
    files = Files.read(published.plan, published.inside)
    free = Files(files.strata, files.rules, files.frame, files.inspectors, frozenset())
    result = json.loads(published.public["result.json"])
    best = compute_draw(published.plan, free, Reveal(result["entropy"], result["secret"], inner[0]))
    teams = {(row[0], row[1]) for row in TEAMS.load(published.public["teams.csv"])}
    return {(target, inspector) for target, inspector, _role in best.teams} - teams


# --- insider: it works; outsider: nothing --------------------------------------------------------------------------


def test_grades_from_tickets(published: Published) -> None:
    inner = published.inside["inner"].decode()
    row_salts = salts(published.inside["frame.csv"])
    insider = grades_from_tickets(published, row_salts, [inner])
    cutoffs = json.loads(before(published)["result.json"])["cutoffs"]
    assert sorted(insider.values()) == [place for place, cutoff in enumerate(cutoffs) if cutoff]
    assert len(insider) >= 4
    inners = [*harvest(published.public, 64)]
    assert grades_from_tickets(published, harvest(published.public, 32), inners[:50]) == {}
    assert grades_from_tickets(published, row_salts, ()) == {}  # not even with every row's salt


def test_cut_offs_tell_no_empty_grade(published: Published) -> None:
    """P-011."""
    inner = published.inside["inner"].decode()
    strata = json.loads(published.inside["strata.json"])["strata"]
    drawn = {place.stratum for place in selection.read_targets(published.inside["targets.csv"])}
    empty = [one["stratum"] for one in strata if one["stratum"] not in drawn]
    assert empty and empty_grades(published, [inner]) == empty
    assert empty_grades(published, harvest(published.public, 64)) == []


def test_the_script_that_read_empty_grades_reads_none(
    published: Published, shared: Path, tmp_path: Path
) -> None:
    """P-011."""
    said = {}
    for name, files in (("public", published.public), ("shown", before(published))):
        path = bundle.write_bundle(files, tmp_path / f"{name}.zip")
        ran = [sys.executable, shared / "cases/redteam/cutoffs.py", path]
        said[name] = subprocess.run(ran, capture_output=True, text=True, check=True).stdout
    assert "nobody has this grade" in said["shown"]
    assert "nobody has this grade" not in said["public"]


def test_grades_from_the_plan(published: Published) -> None:
    right = json.loads(published.inside["strata.json"])
    salt = right.pop("salt")
    assert strata_confirmed(published, right, [salt]) == [salt]
    assert strata_confirmed(published, right, harvest(published.public, 32)) == []


def test_grades_from_single_rows_of_the_frame(published: Published) -> None:
    guesses = harvest(published.public, 32)
    for row in FRAME.load(published.inside["frame.csv"]):
        assert row[1].count("/") == 1, "the group tells the grade"
        assert rows_confirmed(published, row[:-1], guesses) == []


def test_a_single_row_is_confirmed_by_who_has_its_salt_and_path(published: Published) -> None:
    lines = canonical_csv.data_lines(published.inside["frame.csv"])
    leaves = [merkle.hash_leaf(line) for line in lines]
    root = bytes.fromhex(published.plan.files["frame.csv"].root or "")
    path = merkle.inclusion_path(leaves, 3)
    assert merkle.verify_inclusion(root, len(leaves), 3, leaves[3], path)
    other = lines[3].replace(b"/A", b"/D") if b"/A" in lines[3] else lines[3].replace(b"/B", b"/A")
    assert not merkle.verify_inclusion(root, len(leaves), 3, merkle.hash_leaf(other), path)


def test_grades_from_the_order_of_visits(published: Published) -> None:
    """The order follows from the public seed and the public list alone: no grade can be in it."""
    from_public = published.tickets.sort_by_ticket("visit", published.drawn)
    files = Files.read(published.plan, published.inside)
    result = json.loads(published.public["result.json"])
    inner = published.inside["inner"].decode()
    drawn = compute_draw(published.plan, files, Reveal(result["entropy"], result["secret"], inner))
    assert list(drawn.selection.visits) == from_public
    strata = {row.id: row.stratum for row in files.frame}
    by_stratum = sorted(from_public, key=lambda id: strata[id])
    by_ticket = sorted(
        from_public, key=lambda id: published.tickets.target_ticket(id, files.target(id).salt)
    )
    assert from_public not in (by_stratum, by_ticket), (
        "neither sorted by group nor by the secret tickets"
    )


def test_grades_stand_in_no_public_file(published: Published) -> None:
    """A grade stands beside no institution: groups are named in the published rule alone."""
    for name, content in published.public.items():
        if name != "rules.json":
            assert not re.search(rb"law_firm(_branch)?/[A-D]", content), name
    ids = [row[0] for row in FRAME.load(published.inside["frame.csv"])]
    assert not any(id.encode() in published.public["rules.json"] for id in ids)
    assert LEFT_OUT.load(published.public["left_out.csv"]) == []


def test_recusals_from_their_hash(published: Published) -> None:
    rows = RECUSALS.load(published.inside["recusals.csv"])
    assert rows
    right = [(row[0], row[1]) for row in rows]
    known = {(row[0], row[1]): row[2] for row in rows}
    assert recusals_confirmed(published, right, lambda *pair: [known[pair]])
    for guess in harvest(published.public, 32):
        assert not recusals_confirmed(published, right, lambda *_pair, one=guess: [one])
    assert set(known.values()) <= harvest(published.inside, 32), "the harvest would find a salt"
    assert not set(known.values()) & harvest(published.public, 32)


def test_recusals_from_the_optimum_without_them(bound: Published) -> None:
    """Two of three leads are recused everywhere, so the cheapest teams without recusals are others for certain."""
    insider = optimum_without_recusals(bound, harvest(bound.inside, 64))
    assert {inspector for _target, inspector in insider} & {"J01", "J03"}
    assert optimum_without_recusals(bound, harvest(bound.public, 64)) == set()
