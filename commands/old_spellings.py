"""Former names of options: still accepted, with a warning on stderr that the next version drops them."""

from __future__ import annotations

from collections.abc import Sequence

from double_random.commands.render.terminal import print_message
from double_random.core.errors import Misuse
from double_random.core.translation import _

NEW = {
    "--districts": "--district",
    "--note": "--remark",
    "--out": "--output",
    "--who": "--by",
    "--why": "--reason",
}


def replace_old_options(args: Sequence[str], options: set[str], quiet: bool = False) -> list[str]:
    """Replace old option names of a command line by new ones, given the options that the command has."""
    replaced_words: list[str] = []
    old_names: set[str] = set()
    remaining = iter(args)
    for word in remaining:
        name, equals, value = word.partition("=")
        new = NEW.get(name, "")
        if word == "--":
            return [*replaced_words, word, *remaining]
        if new not in options or name in options:
            replaced_words.append(word)
            continue
        replaced_words.append(new + equals + value)
        old_names.add(name)
    for name in sorted(old_names):
        if any(word.partition("=")[0] == NEW[name] for word in args):
            raise Misuse(
                _("{old} is the old name of {new}").format(old=name, new=NEW[name]),
                _("say one of them, best the new one"),
            )
        if not quiet:
            sentence = _("{old} is called {new} now; the next version knows the new name only")
            print_message(sentence.format(old=name, new=NEW[name]))
    return replaced_words
