"""A draw's folder is written completely or not at all; damaged and missing files are named with the way out."""

from __future__ import annotations

import stat
from collections.abc import Callable

import pytest

from double_random.core.errors import BadFile, DoubleRandomError, Misuse
from double_random.inspection.draw import draw_folder
from double_random.inspection.draw.bundle_files import UNBOUND
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.protocol import canonical_json
from double_random.store.home import Home
from tests.inspection.protocol.conftest import make_case

CASE = make_case(seed=8)
BADGES = {f"ZFXXXX{number:02d}": f"SL{number:03d}" for number in range(6)}
Write = Callable[..., DrawFolder]


@pytest.fixture
def write(home: Home) -> Write:
    """Writes the folder of a draw d1 with a small fictitious plan."""

    def of(plan: bytes = CASE.plan.data, secret: str = CASE.reveal.secret) -> DrawFolder:
        return DrawFolder.create(
            home,
            "d1",
            plan,
            files=CASE.files,
            badges=BADGES,
            secret=secret,
            inner=CASE.reveal.inner,
            apart=[("31310000XXXX00000A", "SL000", "declared")],
        )

    return of


def seal(home: Home) -> None:
    """Log a plan of d1 as a commit does."""
    home.log.append(
        {
            "kind": "plan",
            "time": "2026-11-02T01:00:00Z",
            "draw": "d1",
            "plan": CASE.plan.commitment,
            "items": [],
            "scope": {"districts": [], "kinds": []},
            "not_before": CASE.plan.not_before,
            "publish_by": CASE.plan.publish_by,
            "replaces": None,
        }
    )


def test_a_written_folder_is_read_back(write: Write) -> None:
    folder = write()
    assert folder.read_plan() == CASE.plan and folder.read_files() == CASE.files
    assert (folder.secret, folder.inner) == (CASE.reveal.secret, CASE.reveal.inner)
    assert folder.read_badges() == BADGES
    assert folder.read_exclusions() == [("31310000XXXX00000A", "SL000", "declared")]
    assert folder.read_unbound() == [] and folder.read_proofs() == {} and folder.read_result() == {}


def test_the_secrets_and_the_result_are_their_owners_until_the_draw_has_ended(
    write: Write,
) -> None:
    folder = write()
    folder.keep_result({"result.json": b"{}"})
    private = [folder.path / "sealed" / "secret", folder.path / "result" / "result.json"]
    assert [stat.S_IMODE(file.stat().st_mode) for file in private] == [0o600, 0o600]
    assert stat.S_IMODE((folder.path / "sealed").stat().st_mode) == 0o700
    folder.open_to_group()
    assert stat.S_IMODE((folder.path / "sealed").stat().st_mode) != 0o700
    assert folder.read_result() == {"result.json": b"{}"}


def test_an_unsealed_plan_is_replaced_and_a_sealed_one_is_not(write: Write, home: Home) -> None:
    write()
    assert write(secret="0" * 64).secret == "0" * 64
    seal(home)
    with pytest.raises(Misuse, match="there is a draw d1 already"):
        write()
    assert DrawFolder.find(home, "d1").secret == "0" * 64
    assert not [path for path in home.path.iterdir() if path.name.startswith((".plan", ".former"))]


def test_an_unsealed_plan_can_be_discarded_and_a_sealed_one_cannot(
    write: Write, home: Home
) -> None:
    write()
    assert not draw_folder.is_sealed(home, "d1")
    draw_folder.discard_plan(home, "d1")
    assert not (home.draws / "d1").exists()
    write()
    seal(home)
    assert draw_folder.is_sealed(home, "d1")
    with pytest.raises(Misuse, match="the plan of d1 is sealed"):
        draw_folder.discard_plan(home, "d1")


@pytest.mark.parametrize("name", ["d2", "", "..", "d1/sealed"])
def test_an_unknown_draw_is_refused_with_the_known_ones(
    write: Write, home: Home, name: str
) -> None:
    write()
    with pytest.raises(Misuse, match="there is no draw") as refused:
        DrawFolder.find(home, name)
    assert "d1" in refused.value.hint


def test_a_sealed_draw_without_its_plan_is_lost(write: Write, home: Home) -> None:
    (write().path / "plan.json").unlink()
    seal(home)
    with pytest.raises(DoubleRandomError, match=r"plan\.json is missing") as refused:
        DrawFolder.find(home, "d1")
    assert "void d1 --reason lost" in refused.value.hint


def test_a_missing_file_is_named_and_only_what_cannot_be_restored_is_lost(write: Write) -> None:
    folder = write()
    (folder.path / "frame.csv").unlink()
    with pytest.raises(DoubleRandomError, match=r"frame\.csv is missing") as refused:
        folder.read_files()
    assert "--reason lost" in refused.value.hint
    with pytest.raises(DoubleRandomError, match=r"000001\.json is missing") as refused:
        folder.read_record(1)
    assert "--reason lost" not in refused.value.hint


def test_damaged_numbers_and_exclusions_are_named(write: Write) -> None:
    folder = write()
    (folder.path / "badges.json").write_bytes(canonical_json.dump_canonical({"ZFXXXX01": "SL001"}))
    with pytest.raises(BadFile, match="does not name all inspectors"):
        folder.read_badges()
    (folder.path / "apart.json").write_bytes(canonical_json.dump_canonical([["a", "b"]]))
    with pytest.raises(BadFile, match="no target, inspector and reason"):
        folder.read_exclusions()
    (folder.path / "apart.json").unlink()
    assert folder.read_exclusions() == []


def test_proofs_and_records_are_added_and_overwritten(write: Write) -> None:
    folder = write()
    folder.keep_proof("drand:quicknet:1", "aa")
    folder.keep_proof("drand:quicknet:2", "bb")
    assert folder.read_proofs() == {"drand:quicknet:1": "aa", "drand:quicknet:2": "bb"}
    folder.keep_record(1, b"left by a killed run")
    folder.keep_record(1, b"{}")
    assert folder.read_record(1) == b"{}"


def test_accepted_recusals_are_listed_once(write: Write) -> None:
    folder = write()
    (folder.path / UNBOUND).write_bytes(
        canonical_json.dump_canonical(["回避.csv 2", "回避.csv 2", "x"])
    )
    assert folder.read_unbound() == ["回避.csv 2", "x"]
