"""Short messages that several modules share, each meaning one thing: `python -m tests.shared_words` writes the list.

One word may mean two things in English and need two words in Chinese. Whoever uses a short message in a further module
looks at its translation there; if it means another thing, it gets a context, C_("context", "word").
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

from tests.catalogue import template

PAGE = Path(__file__).with_suffix(".txt")
WORDS = 2  # a longer message says by itself what it means


def shared() -> dict[str, list[str]]:
    """Each short message without a context that stands in more than one file, with these files."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for message in template():
        words = message.id.split() if isinstance(message.id, str) else []
        if words and len(words) <= WORDS and not message.context:
            found[message.id] |= {file for file, _line in message.locations}
    return {word: sorted(files) for word, files in sorted(found.items()) if len(files) > 1}


def text() -> str:
    """The list: a message, and the files that share it."""
    return "".join(f"{word}: {' '.join(files)}\n" for word, files in shared().items())


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
    print(PAGE, file=sys.stderr)
