"""From everything that is public before publication nobody learns who is drawn, who goes there, or who was replaced.

The attacker has the whole public folder, the log with it, the lottery's numbers, and may guess every record and every
list rightly: what he lacks is a way to see that he guessed right. Each attack is made by an insider first, who knows
the secret, so that it is known to work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from double_random.inspection.draw import changes
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.draw.draw_state import find_state
from double_random.inspection.planning.plan_builder import FrozenPlan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.protocol import canonical_csv, notices
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.draw import select_targets
from double_random.inspection.protocol.files import Files
from double_random.inspection.protocol.tickets import Tickets, compute_seed
from double_random.publish.site import build
from double_random.store.home import Home

H = Digest("sha256")


@dataclass(frozen=True)
class Waiting:
    """A draw with a replacement that is not public yet."""

    home: Home
    public: bytes  # every byte of the public folder and of the log
    folder: DrawFolder
    replaced: tuple[str, str]

    @property
    def numbers(self) -> str:
        found = find_state(self.home.log.entries(), "d1").drawn
        assert found is not None
        return str(found["entropy"])

    @property
    def guesses(self) -> list[str]:
        """Every text of 64 hex digits that stands anywhere in public: a secret could be one of them."""
        return sorted({one.decode() for one in re.findall(rb"[0-9a-f]{64}", self.public)})


@pytest.fixture
def waiting(
    bureau: Callable[..., Home], wish: Callable[..., DrawRequest], run: Callable[..., FrozenPlan]
) -> Waiting:
    home = bureau(firms=12, inspectors=8)
    run(home, wish(), until="draw")
    folder = DrawFolder.find(home, "d1")
    target = sorted(
        changes.rebuild_assignment(home, "d1", find_state(home.log.entries(), "d1")).teams
    )[0]
    record = changes.replace_target(
        home, "d1", target, "ceased", "2026-11-04", "2026-11-04T02:00:00Z"
    )
    shown = build.build_site(home, date(2026, 11, 5))
    files = [file.read_bytes() for file in sorted(Path(shown).rglob("*")) if file.is_file()]
    everything = b"\n".join([*files, *home.log.lines(), home.log.checkpoint])
    return Waiting(home, everything, folder, (target, record.change.new))


def seeds(waiting: Waiting, secrets: Iterable[str]) -> list[str]:
    """The draw's seed, by the secrets that fit the commitment."""
    plan_ = waiting.folder.read_plan()
    fitting = [one for one in secrets if H(one) == plan_.secret]
    return [compute_seed(H, plan_.commitment, waiting.numbers, one) for one in fitting]


def lists(waiting: Waiting, secrets: Iterable[str]) -> list[tuple[str, ...]]:
    """Who is drawn, by the secrets that fit; the attacker is granted the whole frame with its salts."""
    plan_ = waiting.folder.read_plan()
    files = Files.read(plan_, waiting.folder.read_files())
    fitting = [one for one in secrets if H(one) == plan_.secret]
    return [select_targets(plan_, files, waiting.numbers, one).drawn for one in fitting]


def records(waiting: Waiting, secrets: Iterable[str]) -> list[str]:
    """Under which secret is the right guess of the record the one whose hash stands in the log?"""
    (entry,) = find_state(waiting.home.log.entries(), "d1").changes
    right = waiting.folder.read_record(1).decode()
    return [one for one in secrets if H(f"{right}:{one}") == entry["record"]]


def notices_seen(waiting: Waiting, found: Iterable[str]) -> list[str]:
    """Under which seed is the right guess of target and team the notice whose leaf stands in the log?"""
    (entry,) = find_state(waiting.home.log.entries(), "d1").changes
    now = changes.rebuild_assignment(
        waiting.home, "d1", find_state(waiting.home.log.entries(), "d1")
    )
    new = waiting.replaced[1]
    team = now.teams[new] if new else ()
    hits = []
    for one in found:
        tickets = Tickets(H, one)
        leaf = notices.notice_leaf_hash(notices.build_notice(new, team, tickets), tickets)
        if leaf == entry["notice"]:
            hits.append(one)
    return hits


def test_seed_and_list(waiting: Waiting) -> None:
    listed = canonical_csv.data_lines(waiting.folder.read_result()["list.csv"])
    right = tuple(line.decode().partition(",")[0] for line in listed)
    assert lists(waiting, [waiting.folder.secret]) == [right]
    assert len(waiting.guesses) > 5
    assert seeds(waiting, waiting.guesses) == [] == lists(waiting, waiting.guesses)


def test_the_record_of_a_replacement(waiting: Waiting) -> None:
    assert records(waiting, [waiting.folder.secret]) == [waiting.folder.secret]
    assert records(waiting, ["", waiting.numbers, *waiting.guesses]) == []


def test_the_notice_of_a_replacement(waiting: Waiting) -> None:
    if not waiting.replaced[1]:
        pytest.fail("this draw has a reserve")
    inside = seeds(waiting, [waiting.folder.secret])
    assert notices_seen(waiting, inside) == inside
    assert notices_seen(waiting, waiting.guesses) == []


def test_no_name_of_who_is_drawn_or_goes_is_there(waiting: Waiting) -> None:
    """Institutions have pages of their own, so that they are named shows nothing; on the draw's page it would."""
    shown = Path(build.build_site(waiting.home, date(2026, 11, 5)))
    pages = [
        file for file in shown.rglob("*") if file.is_file() and "d1" in (*file.parts, file.stem)
    ]
    drawn = canonical_csv.data_lines(waiting.folder.read_result()["list.csv"])
    ids = [line.decode().partition(",")[0] for line in drawn]
    logged = b"\n".join(waiting.home.log.lines())
    for id in ids:
        assert id.encode() not in logged
        assert not [file for file in pages if id.encode() in file.read_bytes()]
    for line in canonical_csv.data_lines(waiting.folder.read_files()["inspectors.csv"]):
        assert line.split(b",")[-1] not in waiting.public


def test_a_guessed_plan_is_not_confirmed_by_its_files(
    waiting: Waiting,
) -> None:
    """Frame, strata and recusals are salted: the right content under another salt has another hash."""
    plan_ = waiting.folder.read_plan()
    for name in ("frame.csv", "strata.json", "recusals.csv"):
        content = waiting.folder.read_files()[name]
        assert H.hash_bytes(content) == plan_.files[name].sha256
        resalted = re.sub(rb"[0-9a-f]{32}(?=[\n\"])", b"0" * 32, content)
        assert resalted != content and H.hash_bytes(resalted) != plan_.files[name].sha256
