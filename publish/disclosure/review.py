"""Review (人工核对): facts of penalties that may still be personal wait for a decision by a person.

Each decision is one line of HOME/clearances.jsonl, never changed; the newest for a text counts. A decision applies to
one masked text: if the text or the masking rules change, it must be reviewed again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import N_, _
from double_random.publish.disclosure import masking
from double_random.publish.disclosure.masking import Masked, Masker
from double_random.publish.disclosure.verdict_cache import Kept
from double_random.store import durable_files
from double_random.store.locks import only_writer

if TYPE_CHECKING:
    import polars

    from double_random.store.home import Home

BRIEF = ("conduct", "basis")
DECISIONS = (N_("show"), N_("hold"))


@dataclass(frozen=True)
class Clearances:
    """Decisions so far: SHA-256 of a masked text → show or hold."""

    decided: dict[str, str]

    @classmethod
    def read(cls, home: Home) -> Clearances:
        """Replay HOME/clearances.jsonl."""
        lines = map(json.loads, durable_files.lines(home.path / "clearances.jsonl"))
        return cls({line["text"]: line["decision"] for line in lines})

    def shows(self, masked: Masked) -> bool:
        """Whether a masked text is published: it has no doubts, or a person approved it."""
        decision = self.decided.get(_digest(masked.text))
        return decision == "show" or (decision is None and not masked.doubts)


def cleared(
    home: Home, penalties: polars.DataFrame, keep: bool = False
) -> tuple[polars.DataFrame, polars.DataFrame]:
    """Return the penalties with publishable texts, and the waiting ones: record name doubts text.

    Facts in doubt wait for review; conduct and basis, which are legal terms, are emptied if in doubt. Verdicts of an
    earlier run under the same rules are reused (publish/disclosure/verdict_cache.py); decisions are always read anew.
    `keep`: save the verdicts of this run.
    """
    import polars

    brief = [name for name in BRIEF if name in penalties.columns]
    known = _masked(home, penalties, ("facts", *brief), keep)
    clearances = Clearances.read(home)
    shown: list[str | None] = []
    waiting: list[tuple[Any, ...]] = []
    for record, name, facts in penalties.select("record", "name", "facts").iter_rows():
        if not facts:
            shown.append(None)
            continue
        masked = known[facts, name or ""]
        if clearances.shows(masked):
            shown.append(masked.text)
            continue
        shown.append(None)
        if _digest(masked.text) not in clearances.decided:
            waiting.append((record, name, list(masked.doubts), masked.text))
    text = polars.String
    schema: dict[str, Any] = {
        "record": text,
        "name": text,
        "doubts": polars.List(text),
        "text": text,
    }
    others = [
        polars.Series(
            column,
            [
                None if not said or known[said, name or ""].doubts else known[said, name or ""].text
                for said, name in penalties.select(column, "name").iter_rows()
            ],
            dtype=text,
        )
        for column in brief
    ]
    return (
        penalties.with_columns(polars.Series("facts", shown, dtype=text), *others),
        polars.DataFrame(waiting, schema=schema, orient="row"),
    )


def _masked(
    home: Home, penalties: polars.DataFrame, columns: Sequence[str], keep: bool
) -> dict[tuple[str, ...], Masked]:
    """Mask the texts of these columns, by (text, name)."""
    file = home.fact("persons.toml")
    masker = Masker.read(file)
    rows = (
        row
        for column in columns
        for row in penalties.select(column, "name").unique(maintain_order=True).iter_rows()
    )
    texts = list(dict.fromkeys((said, name or "") for said, name in rows if said))

    def mask(facts: str, name: str) -> str:
        masked = masker.mask(facts, (name,))
        return json.dumps([masked.text, masked.doubts])

    kept = Kept(home.path / "kept", keep)
    found = kept.answers("masked", masking.rules(file), texts, mask)
    told = {question: json.loads(answer) for question, answer in found.items()}
    return {question: Masked(text, tuple(doubts)) for question, (text, doubts) in told.items()}


def clear(home: Home, waiting: polars.DataFrame, record: str, decision: str, by: str) -> str:
    """Record a decision on one waiting text, selected by (a prefix of) its record; return the text.

    `by`: the reviewer. Misuse if none or several match.
    """
    found = waiting.filter(waiting["record"].str.starts_with(record)).to_dicts()
    if len(found) != 1 or decision not in DECISIONS or not by.strip():
        raise Misuse(
            _("{record}: {count} texts wait under this record").format(
                record=record, count=len(found)
            ),
            _("those that wait are listed by: double-random publish check --texts"),
        )
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    act = {
        "record": found[0]["record"],
        "text": _digest(found[0]["text"]),
        "decision": decision,
        "by": by.strip(),
        "time": now,
    }
    with only_writer(home.path / "clearances.lock", "clear", 10):
        durable_files.append(
            home.path / "clearances.jsonl", json.dumps(act, ensure_ascii=False).encode("utf-8")
        )
    return str(found[0]["text"])


def waiting(home: Home, as_of: Any) -> polars.DataFrame:
    """List the facts that would be shown on a day and wait for review."""
    from double_random.publish.disclosure import allow_list as rules
    from double_random.publish.disclosure.shown_penalties import PENALTIES

    allowed = rules.Allowed.read(home.fact("publishing.toml"))
    with home.releases.read() as release:
        if not release.has("records"):
            return cleared(home, _nothing())[1]
        known = release.frame(PENALTIES, [as_of])
        penalties = rules.penalties(known, as_of, allowed, rules.publication(home, as_of))
    return cleared(home, penalties)[1]


def _nothing() -> polars.DataFrame:
    import polars

    return polars.DataFrame(schema=dict.fromkeys(("record", "name", "facts"), polars.String))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
