"""A verdict has three values, each with its own exit code; what cannot be judged is neither intact nor wrong."""

from __future__ import annotations

from double_random.inspection.verification.verdict import Verdict


def test_three_values_and_their_exit_codes() -> None:
    intact = Verdict(draw="d", kind="public", unchecked=("one", "two"))
    wrong = Verdict(draw="d", kind="public", fault=("frame.csv", "changed"))
    open_question = Verdict(draw="d", kind="public", undecided=("no checkpoint", "ask for it"))
    assert [(one.word, one.exit_code, one.intact) for one in (intact, wrong, open_question)] == [
        ("intact", 0, True),
        ("wrong", 1, False),
        ("cannot be judged", 3, False),
    ]
    assert intact.first_line.startswith("intact, but not checked: one")
    assert wrong.first_line == "WRONG: frame.csv: changed"
    assert open_question.first_line == "cannot be judged: no checkpoint; next step: ask for it"
    assert Verdict(draw="", kind="").first_line == "intact: everything was checked"
