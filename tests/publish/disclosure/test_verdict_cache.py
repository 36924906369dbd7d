"""What was masked or spelt on an earlier night is not worked out again; a changed rule or a decision holds at once."""

from __future__ import annotations

import shutil
import stat
from datetime import date
from pathlib import Path

import polars
import pytest

from double_random.publish.disclosure import masking, review
from double_random.publish.disclosure.masking import Masker
from double_random.publish.disclosure.verdict_cache import VerdictCache, hash_rules
from double_random.publish.site import build
from double_random.store.home import Home

DAY = date(2017, 1, 21)


@pytest.fixture
def home(district_home: Home, tmp_path: Path) -> Home:
    shutil.copytree(district_home.path, tmp_path / "home", symlinks=True)
    shutil.rmtree(tmp_path / "home" / "kept", ignore_errors=True)
    return Home.open(tmp_path / "home")


@pytest.fixture
def masked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the masker is given, which still masks them."""
    seen: list[str] = []
    mask = Masker.mask

    def watched(self: Masker, text: str, kept: tuple[str, ...] = ()) -> masking.MaskedText:
        seen.append(text)
        return mask(self, text, kept)

    monkeypatch.setattr(Masker, "mask", watched)
    return seen


def content(folder: Path) -> dict[str, bytes]:
    real = folder.resolve()
    files = (one for one in sorted(real.rglob("*")) if one.is_file())
    return {one.relative_to(real).as_posix(): one.read_bytes() for one in files}


def test_the_next_night_masks_nothing_that_is_known_and_shows_the_same(
    home: Home, masked: list[str]
) -> None:
    first = content(build.build_site(home, DAY))
    assert masked
    masked.clear()
    assert content(build.build_site(home, DAY)) == first
    assert masked == []
    shutil.rmtree(home.path / "kept")
    assert content(build.build_site(home, DAY)) == first


def test_a_changed_rule_masks_anew(home: Home, masked: list[str]) -> None:
    build.build_site(home, DAY)
    words = home.fact_file("persons.toml").read_text(encoding="utf-8")
    own = home.path / "facts" / "persons.toml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(words + "\n# of this bureau\n", encoding="utf-8")
    before = len(masked)
    build.build_site(home, DAY)
    assert len(masked) == 2 * before


def test_what_somebody_decides_holds_at_once(home: Home, masked: list[str]) -> None:
    text = polars.String
    row = ("0" * 64, "示例律师事务所", "该所安排,李四海,参加会议。")
    frame = polars.DataFrame(
        [row], schema={"record": text, "name": text, "facts": text}, orient="row"
    )
    shown, waiting = review.apply_clearances(home, frame, keep=True)
    assert shown["facts"].to_list() == [None]
    review.record_decision(home, waiting, "0" * 64, "show", "示例核对人")
    shown, waiting = review.apply_clearances(home, frame, keep=True)
    assert shown["facts"].to_list() == [row[2]] and waiting.is_empty()
    assert len(masked) == 1


def test_it_lies_outside_the_site_for_the_owner_alone(home: Home) -> None:
    for keys in (home.path / "editions").glob("keys-*"):
        keys.unlink()  # without them every page is made, and every question asked
    build.build_site(home, DAY)
    files = sorted((home.path / "kept").iterdir())
    assert [one.name for one in files] == ["initials.parquet", "masked.parquet"]
    assert [stat.S_IMODE(one.stat().st_mode) for one in files] == [0o600, 0o600]
    assert stat.S_IMODE((home.path / "kept").stat().st_mode) == 0o700


def test_only_what_was_asked_for_is_left_and_a_damaged_file_is_no_answer(tmp_path: Path) -> None:
    asked: list[str] = []

    def work(text: str) -> str:
        asked.append(text)
        return text.upper()

    kept, rule = VerdictCache(tmp_path / "kept", True), hash_rules(b"1")
    assert kept.find_answers("x", rule, [("a",), ("b",)], work) == {("a",): "A", ("b",): "B"}
    kept.find_answers("x", rule, [("b",), ("c",)], work)
    assert asked == ["a", "b", "c"]
    VerdictCache(tmp_path / "kept").find_answers(
        "x", rule, [("d",)], work
    )  # a reader leaves nothing
    kept.find_answers("x", rule, [("a",), ("d",)], work)
    assert asked == ["a", "b", "c", "d", "a", "d"]
    (tmp_path / "kept" / ".x.parquet.99").write_bytes(b"half")  # of a killed writer
    (tmp_path / "kept" / "x.parquet").write_bytes(b"half")
    assert kept.find_answers("x", hash_rules(b"2"), [("a",)], work) == {("a",): "A"}
    assert [one.name for one in (tmp_path / "kept").iterdir()] == ["x.parquet"]


def test_a_kept_answer_that_the_disk_changed_is_worked_out_anew(tmp_path: Path) -> None:
    """D-035: any byte of the file may differ; what it says then never counts."""
    kept, rule = VerdictCache(tmp_path / "kept", True), hash_rules(b"1")
    questions = [(f"{number:04d}" * 8,) for number in range(40)]
    right = kept.find_answers("x", rule, questions, lambda text: text[::-1])
    file = tmp_path / "kept" / "x.parquet"
    whole = file.read_bytes()
    for place in range(0, len(whole), 37):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        assert (
            VerdictCache(tmp_path / "kept").find_answers("x", rule, questions, lambda t: t[::-1])
            == right
        )


def test_the_next_night_writes_no_list_and_no_index_anew_where_nothing_changed(home: Home) -> None:
    def places(folder: Path) -> dict[str, int]:
        real = folder.resolve()
        return {
            one.relative_to(real).as_posix(): one.stat().st_ino
            for part in ("institutions", "search")
            for one in (real / part).rglob("*.*")
        }

    before = places(build.build_site(home, DAY))
    after = places(build.build_site(home, date(2017, 1, 22)))
    anew = {path for path, place in after.items() if before.get(path) != place}
    assert len(after) > 100 and anew == {"institutions/index.html"}
