"""One option name for one thing; a name that an option had before is still taken, and said to go."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from double_random.commands.old_spellings import NEW, replace_old_options
from double_random.core.errors import Misuse
from tests.command_tree import commands

# What each option says, in all commands that have it: no meaning stands here twice.
MEANINGS = {
    "--confirm": "the second entry of a number",
    "--entropy": "source of randomness, or its value",
    "--folder": "where plan and bundles are written",
    "--inspectors": "table of inspectors",
    "--plan": "the sealed plan",
    "--recusals": "table of recusals",
    "--rule": "file of the draw's rule",
    "--sources": "further sources of randomness",
    "--targets": "table of targets",
    "--accept": "go on although a guard rail would stop it",
    "--accept-unbound": "go on although a recusal names nobody",
    "--acts": "show the acts",
    "--against": "what something is compared with",
    "--all": "also what is over",
    "--approve": "approve a year's plan",
    "--as": "as which of several kinds",
    "--as-of": "the day that is asked about or worked for",
    "--at": "when an act was done",
    "--auditor": "with what is not public",
    "--authority": "the supervising authority's name",
    "--batch": "the batch of the year's plan",
    "--before": "an earlier day to compare with",
    "--blank": "write an empty sheet to fill in",
    "--by": "who decided",
    "--changes": "show a policy's change log",
    "--checkpoint": "an earlier head of the log",
    "--closed": "also what a person has closed",
    "--code": "a code that identifies",
    "--data": "folder of data from elsewhere",
    "--date": "the day of a paper or visit",
    "--decided": "the day of the authority's decision",
    "--department": "only this department",
    "--directed": "the condition of a directed draw",
    "--district": "only these districts",
    "--draw": "the draw's name",
    "--dry-run": "change nothing",
    "--each": "a row for each institution",
    "--engine": "where it is computed",
    "--entries": "the head with so many entries",
    "--entry": "place of an entry",
    "--every": "months between points",
    "--file": "a filled sheet",
    "--first-day": "first day for visits",
    "--force": "replace a file",
    "--format": "form of the answer",
    "--from": "where it begins, or comes from",
    "--full": "read live sources whole",
    "--future": "a day still to come is meant",
    "--grade": "only this grade",
    "--ground": "why an inspection was triggered",
    "--groups": "number of fixed groups",
    "--hash": "hash function",
    "--hold": "hold a text back",
    "--host": "address to listen on",
    "--institution": "only this institution",
    "--item": "the inspection item",
    "--key": "the log's public key",
    "--known-from": "when a source can be known",
    "--kind": "only this kind",
    "--known-at": "what was known when",
    "--lang": "language of the site",
    "--last-day": "last day for visits",
    "--leads": "leads in a team",
    "--least": "so many witnesses",
    "--letter": "as a letter",
    "--letters": "folder for letters",
    "--log": "the published log",
    "--mapping": "mapping file of data from elsewhere",
    "--match-kind": "inspectors of the institution's kind",
    "--months": "how long an outcome is waited for",
    "--name": "a witness's name",
    "--not-before": "earliest time of the randomness",
    "--number": "number of a paper or decision",
    "--on-finish": "command at the end",
    "--only": "only forms whose name begins so",
    "--order": "number of a court's order",
    "--ordered-by": "who ordered it",
    "--other-district": "inspectors of another district",
    "--outcome": "the record that counts",
    "--output": "where the answer is written",
    "--policy": "the policy",
    "--port": "port to listen on",
    "--protocol": "version of the draw protocol",
    "--proof": "drand's signature",
    "--publish-by": "last day for publication",
    "--quarter": "the quarter",
    "--reason": "why",
    "--record": "the record",
    "--register": "a list of institutions from outside",
    "--release": "the release to ask",
    "--remark": "a remark for the file",
    "--remote": "the server",
    "--remove": "take a passphrase away",
    "--reopen": "a row is open again",
    "--replaces": "the void draw that is replaced",
    "--reserve": "share of reserves",
    "--result": "code of a result",
    "--row": "an own row's proof",
    "--scan": "scan of a signed record",
    "--scenarios": "scenarios of policies",
    "--since": "only what was decided since",
    "--source": "source of randomness",
    "--status": "only this status",
    "--step": "state of an objection",
    "--tables": "folder for the server",
    "--team-size": "inspectors a team",
    "--texts": "texts that wait for a look",
    "--title": "title of a draw",
    "--to": "folder of the machine outside",
    "--trials": "number of trial seeds",
    "--tsa": "time stamping authority",
    "--undo": "the edition before",
    "--unit": "only inspectors of these units",
    "--until": "where a range of days ends",
    "--withdraw": "a code is not confirmed",
    "--witness": "a witness",
    "--years": "years back",
    "--yes": "do not ask",
    "--zip": "one file instead of a folder",
}
OPTIONS = [
    (name, option)
    for name, command in commands().items()
    for option in command.params
    if option.param_type_name == "option"
]


def test_every_option_has_one_name_and_no_meaning_has_two() -> None:
    """S-006."""
    assert {one for _name, option in OPTIONS for one in option.opts} == set(MEANINGS)
    assert [meaning for meaning, count in Counter(MEANINGS.values()).items() if count > 1] == []


def test_options_with_the_same_help_have_the_same_name() -> None:
    """S-006."""
    names: dict[str, set[str]] = {}
    for _name, option in OPTIONS:
        names.setdefault(option.help, set()).add(option.opts[0])
    assert {text: found for text, found in names.items() if len(found) > 1} == {}


def test_every_new_name_is_one_that_commands_have_and_no_old_one_is() -> None:
    assert set(NEW.values()) <= set(MEANINGS)
    assert not set(NEW) & set(MEANINGS)


def test_an_old_name_is_taken_and_said_to_go(tmp_path: Path) -> None:
    """S-006."""
    words = [
        "--lang",
        "en",
        "--home",
        str(tmp_path / "h"),
        "registry",
        "close",
        "7",
        "--by",
        "示例",
    ]
    words += ["--why=示例", "--as-of", "2026-10-31"]
    program = [sys.executable, "-m", "double_random.cli"]
    subprocess.run([*program, *words[:4], "init"], capture_output=True, check=True)
    said = subprocess.run([*program, *words], capture_output=True, text=True)
    first, *rest = said.stderr.splitlines()
    assert first == "--why is called --reason now; the next version knows the new name only"
    assert "missing" not in "".join(rest) and "no option" not in "".join(rest)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (["--why", "x"], ["--reason", "x"]),
        (["--why=--out"], ["--reason=--out"]),
        (["--", "--why"], ["--", "--why"]),
        (["--out", "x"], ["--out", "x"]),  # the command has neither
    ],
)
def test_only_options_that_the_command_has_are_renamed(given: list[str], taken: list[str]) -> None:
    assert replace_old_options(given, {"--reason"}) == taken


def test_an_old_name_beside_its_new_one_is_refused() -> None:
    with pytest.raises(Misuse, match="--out is the old name of --output"):
        replace_old_options(["--out", "folder", "--output", "list.json"], {"--output"})
