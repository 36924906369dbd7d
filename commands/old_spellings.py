"""Former names of options: still accepted, with a warning on stderr that the next version drops them."""

from __future__ import annotations

from collections.abc import Sequence

from double_random.commands.render.terminal import say
from double_random.core.errors import Misuse
from double_random.core.translation import _

NEW = {
    "--districts": "--district",
    "--note": "--remark",
    "--out": "--output",
    "--who": "--by",
    "--why": "--reason",
}


def replaced(args: Sequence[str], known: set[str], quiet: bool = False) -> list[str]:
    """Replace old option names of a command line by new ones, given the options that the command has."""
    words: list[str] = []
    said: set[str] = set()
    left = iter(args)
    for word in left:
        name, equals, value = word.partition("=")
        new = NEW.get(name, "")
        if word == "--":
            return [*words, word, *left]
        if new not in known or name in known:
            words.append(word)
            continue
        words.append(new + equals + value)
        said.add(name)
    for name in sorted(said):
        if any(word.partition("=")[0] == NEW[name] for word in args):
            raise Misuse(
                _("{old} is the old name of {new}").format(old=name, new=NEW[name]),
                _("say one of them, best the new one"),
            )
        if not quiet:
            told = _("{old} is called {new} now; the next version knows the new name only")
            say(told.format(old=name, new=NEW[name]))
    return words
