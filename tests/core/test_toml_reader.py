"""Facts and settings: a fault is one sentence with file, line, key, what was expected and what was found (D-037)."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

import pytest

from double_random import data
from double_random.core import toml_reader
from double_random.core.errors import BadFile, Misuse
from double_random.core.toml_reader import (
    DAY,
    TEXT,
    WHOLE,
    WORD,
    CheckedToml,
    FileName,
    List,
    Pattern,
    Place,
    Table,
    read_toml,
)
from double_random.intake.footers import load_footers
from double_random.intake.identifiers import load_identifiers
from double_random.intake.layouts import load_shipped_layouts
from double_random.registry.institutions.kinds import EVENTS, KINDS, load_shipped_kinds
from double_random.registry.practitioners.kinds import load_shipped_practitioner_facts
from double_random.store.home import Home
from tests.packages import modules

RULE = Table({"from": DAY, "reference": WORD}, {"days": WHOLE, "pattern": Pattern()})
SHAPE = Table({"rule": List(RULE, least=1)}, {"title": TEXT})
SOUND = 'title = "示例"\n\n[[rule]]\nfrom = 2010-01-31\nreference = "示例规定"\ndays = 3\n'


def refused(folder: Path, raw: str | bytes) -> str:
    """What is said of a file, without its name."""
    file = folder / "rules.toml"
    file.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    with pytest.raises(BadFile) as caught:
        read_toml(file, SHAPE)
    assert caught.value.file == str(file)
    return caught.value.reason


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "2010-01-31",
            "2010-31-01",
            "line 4: 2010-31-01: no such day; a day is written 2026-04-01",
        ),
        (
            "2010-01-31",
            "2010-02-30",
            "line 4: 2010-02-30: no such day; a day is written 2026-04-01",
        ),
        ("2010-01-31", "2010-1-3", "line 4: 2010-1-3: no such day; a day is written 2026-04-01"),
        (
            "2010-01-31",
            '"2010-01-31"',
            'line 4: rule[1].from: expected a date without quotes, such as 2026-04-01, got "2010-01-31"',
        ),
        (
            "days = 3",
            'days = "a"',
            'line 6: rule[1].days: expected a whole number from 0 to 1000000000, got "a"',
        ),
        (
            "days = 3",
            "days = true",
            "line 6: rule[1].days: expected a whole number from 0 to 1000000000, got true",
        ),
        (
            "days = 3",
            "days = -1",
            "line 6: rule[1].days: expected a whole number from 0 to 1000000000, got -1",
        ),
        (
            "days = 3",
            "days = 3.5",
            "line 6: rule[1].days: expected a whole number from 0 to 1000000000, got 3.5",
        ),
        ("days = 3", f"days = {'9' * 5000}", 'line 6: this is no TOML: "days = ' + "9" * 52 + "…"),
        ("days = 3", "dayz = 3", "line 6: rule[1].dayz is not known here"),
        ("days = 3", "days = 3\ndays = 4", "line 7: a key stands here twice"),
        (
            "days = 3",
            'pattern = "(?=a)(b)"',
            'line 6: rule[1].pattern: expected a regular expression, got "(?=a)(b)"',
        ),
        (
            "days = 3",
            'pattern = "b"',
            'line 6: rule[1].pattern: expected a regular expression with a group in ( ), got "b"',
        ),
        ('reference = "示例规定"\n', "", "line 3: rule[1].reference is missing"),
        (
            '"示例规定"',
            '" "',
            'line 5: rule[1].reference: expected a text that is not empty, got ""',
        ),
        ('"示例规定"', '"示例', "line 5: a quotation mark is not closed"),
        (
            '"示例规定"',
            "“示例规定”",
            'line 5: a Chinese mark where an ASCII one is expected: "reference = “示例规定”"',
        ),
        (
            '"示例规定"',
            '"C:\\用户"',
            "line 5: a backslash in double quotes is written twice, or the text in single quotes",
        ),
        ("[[rule]]", "[rule]", "line 3: rule: expected tables [[rule]], got a table"),
        ('title = "示例"', "title = [1, 2", "line 3: a bracket is not closed"),
        (
            'title = "示例"',
            f"title = {'[' * 5000}",
            "brackets within brackets, too deep to be read",
        ),
    ],
)
def test_a_fault_has_a_line_and_a_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in SOUND
    assert refused(tmp_path, SOUND.replace(old, new, 1)) == said


@pytest.mark.parametrize(
    "dress",
    [
        lambda text: text.encode(),
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r\n").encode("gb18030"),
        lambda text: codecs.BOM_UTF16_LE + text.replace("\n", "\r\n").encode("utf-16-le"),
    ],
)
def test_a_file_is_read_as_any_editor_saves_it(tmp_path: Path, dress: object) -> None:
    (tmp_path / "rules.toml").write_bytes(dress(SOUND))  # type: ignore[operator]
    assert read_toml(tmp_path / "rules.toml", SHAPE)["rule"][0]["reference"] == "示例规定"


def test_a_byte_of_no_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    raw = SOUND.encode().replace("规定".encode(), b"caf\xe9 \xff")
    assert refused(tmp_path, raw) == "line 5: byte 0xE9 is neither UTF-8 nor Chinese GB18030 text"
    cut = codecs.BOM_UTF16_LE + SOUND.encode("utf-16-le")[:-1]
    assert refused(tmp_path, cut) == "this is UTF-16 text that is cut off"


def test_a_folder_a_pipe_or_nothing_is_no_file(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "folder.toml").mkdir()
    for name in ("pipe.toml", "folder.toml"):
        with pytest.raises(BadFile, match="this is no file"):
            read_toml(tmp_path / name, SHAPE)
    with pytest.raises(BadFile, match="there is no such file"):
        read_toml(tmp_path / "none.toml", SHAPE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('lock_seconds = "a"', 'line 1: lock_seconds: expected a number from 0 to 86400, got "a"'),
        ("lock_seconds = nan", "line 1: lock_seconds: expected a number from 0 to 86400, got nan"),
        (
            "keep_releases = 0",
            "line 1: keep_releases: expected a whole number from 1 to 1000000000, got 0",
        ),
        ("keep_relases = 5", "line 1: keep_relases is not known here"),
        ("authority = 5", "line 1: authority: expected a table, got 5"),
        ("[authority]\nname = 1", "line 2: authority.name: expected a text in quotes, got 1"),
        (
            "[nightly]\nfewest_percent = 101",
            "line 2: nightly.fewest_percent: expected a whole number from 0 to 100, got 101",
        ),
    ],
)
def test_a_setting_of_a_wrong_type_is_named(tmp_path: Path, text: str, said: str) -> None:
    home = Home.create(tmp_path / "home", "示例区司法局", "11990000XXXX00027Q")
    (home.path / "settings.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Misuse) as caught:
        _ = Home.open(home.path).settings
    assert caught.value.message == f"{home.path / 'settings.toml'}: {said}"


def test_only_one_module_reads_toml() -> None:
    found = [
        name for name, file in modules().items() if "tomllib" in file.read_text(encoding="utf-8")
    ]
    assert found == ["core.toml_reader", "data"]


@pytest.mark.parametrize("value", ["a\\u0000b", "a\\u001bb", "\\u007f"])
def test_a_text_of_facts_holds_no_control_character(tmp_path: Path, value: str) -> None:
    """D-037: it would become a part of a file's name or of a page."""
    file = tmp_path / "x.toml"
    file.write_text(f'name = "{value}"\nother = "two\\nlines"\n', encoding="utf-8")
    with pytest.raises(BadFile, match="line 1: name: expected a text without control"):
        read_toml(file, Table({"name": TEXT, "other": TEXT}))


@pytest.mark.parametrize("name", ["../x", "a/b", "a:b", ".x", "x.", "a?"])
def test_a_file_is_named_as_every_system_can(tmp_path: Path, name: str) -> None:
    """D-037: the title of an upload file is its name."""
    file = tmp_path / "x.toml"
    file.write_text(f'title = "{name}"\n', encoding="utf-8")
    with pytest.raises(BadFile, match="file's name"):
        read_toml(file, Table({"title": FileName()}))


@pytest.mark.parametrize("name", ["kinds.toml", "events.toml"])
def test_a_kind_or_event_without_words_is_refused(tmp_path: Path, name: str) -> None:
    """D-037: the search for no word at all ended in a traceback."""
    text = re.sub(r"^words = .*$", "words = []", data.path(name).read_text("utf-8"), flags=re.M)
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadFile, match="words"):
        read_toml(tmp_path / name, {"kinds.toml": KINDS, "events.toml": EVENTS}[name])


def test_a_text_that_fits_one_shape_is_still_checked_by_another(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(SOUND, "utf-8")
    assert read_toml(file, SHAPE) == read_toml(file, SHAPE)
    with pytest.raises(BadFile):
        read_toml(file, Table({"title": TEXT}))
    with pytest.raises(BadFile):
        read_toml(file, Table({**SHAPE.needed, "more": TEXT}))


def test_every_shipped_expression_is_one_that_polars_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands do not check them again."""
    seen: list[str] = []
    check = Pattern.check

    def watched(self: Pattern, value: object, reading: CheckedToml, key_path: Place) -> None:
        check(self, value, reading, key_path)
        seen.append(reading.file)

    monkeypatch.setattr(toml_reader, "_fitting", {})
    monkeypatch.setattr(toml_reader, "is_shipped", lambda file: False)
    monkeypatch.setattr(Pattern, "check", watched)
    load_shipped_kinds()
    load_shipped_practitioner_facts()
    load_shipped_layouts()
    load_identifiers(data.path("identifiers.toml"))
    load_footers(data.path("footers.toml"))
    names = {Path(file).name for file in seen}
    files = {"kinds.toml", "practitioners.toml", "identifiers.toml", "footers.toml"}
    assert files < names and all(Path(file).is_relative_to(data.path()) for file in seen)
    monkeypatch.undo()
    assert toml_reader.is_shipped(str(data.path("kinds.toml")))
    assert not toml_reader.is_shipped("/srv/bureau/facts/kinds.toml")
