"""Every command that the program prints as a hint or a next step is one that can be typed."""

from __future__ import annotations

import pytest

from tests.commands.printed import printed, read, within


def test_every_printed_command_can_be_typed() -> None:
    """D-079: in English and Chinese, with plausible words for what is left open."""
    commands = dict(printed())
    wrong = []
    for command, sentence in commands.items():
        try:
            read(command)
        except Exception as error:
            wrong.append(f"{sentence}: {command}: {error}")
    assert not wrong, "\n".join(wrong)
    assert len(commands) > 60


def test_the_reader_takes_what_typer_takes_alone() -> None:
    (command,) = within("write it: double-random inspection year-plan YEAR --blank；then go on")
    assert command == "inspection year-plan YEAR --blank"
    for wrong in (
        command,
        "nonsense",
        "registry list --no-such",
        "store check makes it",
        "credit score --as-of DAY",
    ):
        with pytest.raises(Exception, match=r".+"):
            read(wrong)
    read("inspection plan ITEM …")
    read("--home FOLDER init")
