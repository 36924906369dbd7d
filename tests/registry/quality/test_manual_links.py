"""A person's word on whom a name means: kept for ever with who and why, applied at every rebuild."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime

import pytest

from double_random.commands.release_logging import log_new_release
from double_random.core.errors import Misuse
from double_random.credit.records.load import load_records
from double_random.store.home import Home

DAY = ("--as-of", "2016-12-31")
ID, B = "31310000XXXX30015D", "31310000XXXX300238"


@pytest.fixture
def nameless(drop):
    """A 停业整顿 whose row has no code, and a short name that nobody bears."""
    name = "上海示例甲所"
    row = f"{name},第7号,2015-01-02,停业整顿,示例行为,责令停业整顿,2015-04-02,示例市示例区司法局"
    header = "CF_XDR_MC,CF_WSH,CF_JDRQ,CF_CFLB,CF_WFXW,CF_NR,CF_YXQ,CF_CFJG"
    (drop / "处罚.csv").write_text(f"{header}\n{row}\n", "utf-8")
    return name


def now():
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def decide(ask, name, institution=ID, **said):
    words = {
        "by": "示例某",
        "reason": "电话核实",
        "as-of": "2016-12-31",
        "at": now(),
    } | said
    return ask(
        "link",
        name,
        institution,
        *(part for key, word in words.items() for part in (f"--{key}", word)),
    )


def suspensions(ask, institution=ID):
    return len(ask("show", institution)[0]["suspensions"])


def test_a_word_places_what_waited_and_says_who_and_why(ask, drop, home, nameless):
    ask("sync", drop, *DAY)
    with log_new_release(home, "sync"):
        load_records(home, [drop], date(2016, 12, 31))
    at = now()
    waiting = [row for row in ask("issues")[0] if row["reason"] == "no such institution"]
    assert [(row["name"], row["candidates"]) for row in waiting] == [(nameless, [ID])]
    assert suspensions(ask) == 0
    said, error = decide(ask, nameless, at=at)
    assert error is None and said["release"] == home.releases.current()
    assert suspensions(ask) == 1
    with home.releases.read() as release:
        linked = release.frame("SELECT institution, how FROM links WHERE known_to IS NULL").rows()
    assert linked == [(ID, "person")]
    (line,) = (home.path / "acts" / "links.jsonl").read_text("utf-8").splitlines()
    word = json.loads(line)
    assert (word["who"], word["why"], word["at"]) == ("示例某", "电话核实", at)


def test_a_home_that_is_built_anew_applies_it_again(
    ask, drop, home, nameless, tmp_path, monkeypatch
):
    ask("sync", drop, *DAY)
    decide(ask, nameless)
    other = Home.create(tmp_path / "other")
    shutil.copytree(home.path / "acts", other.path / "acts")
    monkeypatch.setenv("DOUBLE_RANDOM_HOME", str(other.path))
    ask("sync", drop, *DAY)
    assert suspensions(ask) == 1


def test_the_last_word_counts_and_the_first_stays_written(ask, drop, home, nameless):
    ask("sync", drop, *DAY)
    decide(ask, nameless)
    header, row = (drop / "许可.csv").read_text("utf-8").splitlines()
    other = row.replace(ID, B).replace("示例甲", "示例乙").replace("第1号", "第9号")
    (drop / "许可三.csv").write_text(f"{header}\n{other.replace('103001', '103002')}\n", "utf-8")
    ask("sync", drop, *DAY)
    decide(ask, nameless, B)
    assert (suspensions(ask), suspensions(ask, B)) == (0, 1)
    assert len((home.path / "acts" / "links.jsonl").read_text("utf-8").splitlines()) == 2


def test_a_word_without_a_reason_or_on_nobody_is_refused(ask, drop, nameless):
    ask("sync", drop, *DAY)
    assert isinstance(decide(ask, nameless, reason=" ")[1], Misuse)
    assert isinstance(decide(ask, nameless, "31310000XXXX99999X")[1], Misuse)
