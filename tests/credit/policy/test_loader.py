"""A policy that cannot be right is refused when it is read, with its file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random import data
from double_random.core.errors import BadFile, Misuse
from double_random.credit.policy.loader import read_policy

SOUND = """\
format = "double-random/policy/1"
id = "example"
title = "示例"
purpose = "风险分类"
subjects = ["law_firm"]
from = 2010-01-01
ignored = ["sanction", "annual_check", "commendation", "inspection"]

[[scale]]
from = 2010-01-01
base = 100_00
floor = 0
grades = [{ grade = "A", from = 90_00 }, { grade = "B" }]
reference = "示例"

[[group]]
id = "bad"
title = "违法"

[[group.value]]
from = 2010-01-01
reference = "示例"

[[rule]]
id = "penalty"
title = "处罚"
class = "penalty"
group = "bad"

[[rule.value]]
from = 2010-01-01
steps = [{ months = 12, points = -10_00 }, { months = 24, points = -5_00 }]
reference = "示例"

[[rule]]
id = "complaint"
title = "投诉"
class = "complaint"
group = "bad"

[[rule.value]]
from = 2010-01-01
steps = [{ months = 12, points = -5_00 }]
cap = -20_00
reference = "示例"
"""

LATER = """
[[rule.value]]
from = 2020-01-01
steps = []
reference = "示例"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "example.toml"
    path.write_text(text, encoding="utf-8")
    return path


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.split("\n"), 1) if part in line)


def test_a_sound_policy_is_read(tmp_path: Path) -> None:
    policy = read_policy(written(tmp_path, SOUND))
    rules = policy.in_force_on(date(2016, 12, 31))
    assert (policy.public, rules.scale.base, rules.grade_for(90_00), rules.grade_for(89_99)) == (
        "no",
        100_00,
        "A",
        "B",
    )


REFUSED = {
    "a key stands twice": ('title = "处罚"', 'title = "处罚"\ntitle = "处分"', "twice"),
    "an id stands twice": ('id = "complaint"', 'id = "penalty"', "stands already in line 24"),
    "a gap in time": (
        "steps = [{ months = 12, points = -5_00 }]",
        "until = 2015-01-01\nsteps = []",
        "gap",
    ),
    "a gap at the beginning": (
        "from = 2010-01-01\nsteps = [{ months = 12, points = -5_00 }]",
        "from = 2011-01-01\nsteps = []",
        "gap",
    ),
    "an overlap": ("cap = -20_00", "cap = -20_00\nuntil = 2021-01-01\n#later", "overlap"),
    "an unreachable grade": (
        '{ grade = "B" }',
        '{ grade = "B", from = 0 }, { grade = "C" }',
        "nobody can have",
    ),
    "a grade above the best score": ("from = 90_00", "from = 100_01", "nobody can have"),
    "grades out of order": (
        '{ grade = "A", from = 90_00 }',
        '{ grade = "A", from = 80_00 }, { grade = "A2", from = 90_00 }',
        "nobody can have",
    ),
    "a grade twice": ('{ grade = "B" }', '{ grade = "A" }', "twice"),
    "a kind without a rule": (
        'class = "penalty"',
        'class = "penalty"\nkinds = ["fine"]',
        "no rule is for penalty:warning",
    ),
    "a class without a rule": ('"commendation", ', "", "no rule is for commendation"),
    "an unknown kind": (
        'class = "penalty"',
        'class = "penalty"\nkinds = ["fines"]',
        "fines is not known",
    ),
    "a rule that is ignored too": ('"sanction", ', '"sanction", "complaint", ', "ignored"),
    "a bonus for a penalty": ("points = -10_00", "points = 10_00", "only take points"),
    "a decay that grows": (
        "points = -5_00 }]\nreference",
        "points = -50_00 }]\nreference",
        "weigh less",
    ),
    "months out of order": ("months = 24", "months = 6", "order of their months"),
    "a decimal number": ("-10_00", "-10.5", "decimal number"),
    "a slip of the pen": ("cap = -20_00", "capp = -20_00", "capp is not known"),
    "a missing reference": (
        'cap = -20_00\nreference = "示例"',
        "cap = -20_00",
        "reference is missing",
    ),
    "an unknown group": (
        'group = "bad"\n\n[[rule.value]]\nfrom = 2010-01-01\nsteps = [{ months = 12, points = -5_00',
        'group = "worse"\n\n[[rule.value]]\nfrom = 2010-01-01\nsteps = [{ months = 12, points = -5_00',
        "no group worse",
    ),
    "a complaint that never can count": (
        'class = "complaint"',
        'class = "complaint"\nstates = ["open"]',
        "open is not known",
    ),
    "a cap that lets a record raise a score": (
        "{ months = 24, points = -5_00 }]",
        "{ months = 24, points = -5_00 }]\ncap = -30_00",
        "capped only in a group",
    ),
    "a wrong purpose": ("风险分类", "别的", "expected one of 风险分类, 信用评价"),
    "a date in quotes": (
        "from = 2010-01-01\nbase",
        'from = "2010-01-01"\nbase',
        "a date without quotes",
    ),
    "no policy at all": (
        'format = "double-random/policy/1"',
        'format = "x"',
        "this form is not known",
    ),
    "no TOML": ("[[scale]]", "[[scale", "line"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_refused(why: str, tmp_path: Path) -> None:
    old, new, said = REFUSED[why]
    assert old in SOUND
    text = SOUND.replace(old, new, 1)
    if "#later" in text:
        text = text.replace("#later", "") + LATER
    with pytest.raises(BadFile) as caught:
        read_policy(written(tmp_path, text))
    assert said in caught.value.message
    assert caught.value.message.startswith("example.toml: line ")


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("cap = -20_00", "capp = -20_00", "capp"),
        ("months = 24", "months = 6", "[[rule.value]]"),
        ('class = "penalty"', 'class = "penalties"', 'class = "penalties"'),
        ('title = "处罚"', 'title = "处罚"\ntitle = "处分"', 'title = "处分"'),
        ("-10_00", "-10.5", "-10.5"),
        ('{ grade = "B" }', '{ grade = "A" }', "grades ="),
    ],
)
def test_the_line_is_the_right_one(old: str, new: str, at: str, tmp_path: Path) -> None:
    text = SOUND.replace(old, new, 1)
    with pytest.raises(BadFile) as caught:
        read_policy(written(tmp_path, text))
    assert f"line {line_of(text, at)}:" in caught.value.message


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="no such file"):
        read_policy(tmp_path / "nothing.toml")
    (tmp_path / "gbk.toml").write_bytes(b"title = '\xe9\xff'")
    with pytest.raises(BadFile, match="UTF-8"):
        read_policy(tmp_path / "gbk.toml")


def test_a_day_before_the_policy_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="not in force on 2009-12-31"):
        read_policy(written(tmp_path, SOUND)).in_force_on(date(2009, 12, 31))


def test_comments_do_not_change_the_edition_but_points_do(tmp_path: Path) -> None:
    first = read_policy(written(tmp_path, SOUND)).edition
    assert read_policy(written(tmp_path, "# note\n" + SOUND)).edition == first
    assert read_policy(written(tmp_path, SOUND.replace("-10_00", "-10_01"))).edition != first


def test_an_exclusive_bound_is_not_in_its_grade(tmp_path: Path) -> None:
    text = SOUND.replace("from = 90_00 }", "from = 90_00, inclusive = false }")
    rules = read_policy(written(tmp_path, text)).in_force_on(date(2016, 1, 1))
    assert (rules.grade_for(90_00), rules.grade_for(90_01)) == ("B", "A")


@pytest.mark.parametrize("file", sorted(data.path("policies").glob("*.toml")), ids=lambda f: f.name)
def test_shipped_policies_are_sound_and_say_that_they_are_examples(file: Path) -> None:
    policy = read_policy(file)
    assert policy.example
    assert policy.public == "no"
    assert policy.id == file.stem


def test_a_bureau_s_own_list_of_kinds_is_the_one_its_policy_must_cover(tmp_path: Path) -> None:
    own = tmp_path / "facts" / "policies"
    own.mkdir(parents=True)
    narrow = SOUND.replace('class = "penalty"', 'class = "penalty"\nkinds = ["示例"]')
    with pytest.raises(BadFile, match="示例 is not known"):
        read_policy(written(own, narrow))
    kinds = '[[kind]]\ncode = "示例"\nseverity = 1\nreference = "示例"\nwords = ["示例"]\n'
    (tmp_path / "facts" / "penalty_kinds.toml").write_text(kinds, encoding="utf-8")
    assert read_policy(written(own, narrow)).rules[0].match.kinds == ("示例",)


FINES = """
[[rule]]
id = "large"
title = "大额罚款"
class = "penalty"
kinds = ["fine"]
fine_from = 5000_00

[[rule.value]]
from = 2010-01-01
steps = [{ months = 12, points = -20_00 }]
reference = "示例"

"""
TERMS = """
[[publication]]
from = 2010-01-01
months = { minor = 0, general = 12, serious = 36 }
severity = [{ level = "minor", kinds = ["warning"] }]
reference = "示例"
"""


def test_a_rule_may_begin_with_an_amount(tmp_path: Path) -> None:
    text = SOUND.replace('[[rule]]\nid = "penalty"', FINES + '[[rule]]\nid = "penalty"')
    rules = read_policy(written(tmp_path, text)).in_force_on(date(2020, 1, 1))
    found = [rules.rule_for("penalty", ["fine"], "decided", fine) for fine in (4999_99, 5000_00)]
    assert [rule.id for rule in found if rule] == ["penalty", "large"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SOUND + TERMS, "no term for a penalty of the kind"),
        (SOUND + TERMS.replace("minor = 0", "minor = -1"), "months count from 0"),
        (SOUND + TERMS.replace('"warning"', '"sheep"'), "sheep is not known"),
        (SOUND + FINES.replace("5000_00", "5000_00\nfine_below = 100"), "no fine is that large"),
        (
            SOUND + FINES.replace('"penalty"\nkinds = ["fine"]', '"complaint"'),
            "only penalties have a fine",
        ),
        (
            SOUND.replace('kinds = ["fine"]\n', "")
            + '\n[[objection]]\nfrom = 2010-01-01\neffect = "x"\nreference = "x"\n',
            "one of counts, suspended",
        ),
    ],
)
def test_terms_and_amounts_that_cannot_be_are_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        read_policy(written(tmp_path, text))
