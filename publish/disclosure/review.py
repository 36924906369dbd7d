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
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import N_, _
from double_random.publish.disclosure import masking
from double_random.publish.disclosure.masking import MaskedText, Masker
from double_random.publish.disclosure.verdict_cache import VerdictCache
from double_random.store import durable_files
from double_random.store.locks import hold_lock

if TYPE_CHECKING:
    import polars

    from double_random.core.worker_processes import WorkerProcesses
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
        lines = map(json.loads, durable_files.read_lines(home.path / "clearances.jsonl"))
        return cls({line["text"]: line["decision"] for line in lines})

    def allows(self, masked: MaskedText) -> bool:
        """Whether a masked text is published: it has no doubts, or a person approved it."""
        decision = self.decided.get(_text_digest(masked.text))
        return decision == "show" or (decision is None and not masked.doubts)


def apply_clearances(
    home: Home,
    penalties: polars.DataFrame,
    keep: bool = False,
    workers: WorkerProcesses | None = None,
) -> tuple[polars.DataFrame, polars.DataFrame]:
    """Return the penalties with publishable texts, and the waiting ones: record name doubts text.

    Facts in doubt wait for review; conduct and basis, which are legal terms, are emptied if in doubt. Verdicts of an
    earlier run under the same rules are reused (publish/disclosure/verdict_cache.py); decisions are always read anew.
    `keep`: save the verdicts of this run. `workers`: mask many new texts.
    """
    import polars

    brief = [name for name in BRIEF if name in penalties.columns]
    masked_texts = _mask_texts(
        home, penalties, ("facts", *brief), VerdictCache(home.path / "kept", keep, workers)
    )
    clearances = Clearances.read(home)
    facts_shown: list[str | None] = []
    waiting: list[tuple[Any, ...]] = []
    for record, name, facts in penalties.select("record", "name", "facts").iter_rows():
        if not facts:
            facts_shown.append(None)
            continue
        masked = masked_texts[facts, name or ""]
        if clearances.allows(masked):
            facts_shown.append(masked.text)
            continue
        facts_shown.append(None)
        if _text_digest(masked.text) not in clearances.decided:
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
                None
                if not passage or masked_texts[passage, name or ""].doubts
                else masked_texts[passage, name or ""].text
                for passage, name in penalties.select(column, "name").iter_rows()
            ],
            dtype=text,
        )
        for column in brief
    ]
    return (
        penalties.with_columns(polars.Series("facts", facts_shown, dtype=text), *others),
        polars.DataFrame(waiting, schema=schema, orient="row"),
    )


def _mask_texts(
    home: Home, penalties: polars.DataFrame, columns: Sequence[str], cache: VerdictCache
) -> dict[tuple[str, ...], MaskedText]:
    """Mask the texts of these columns, by (text, name)."""
    file = home.fact_file("persons.toml")
    rows = (
        row
        for column in columns
        for row in penalties.select(column, "name").unique(maintain_order=True).iter_rows()
    )
    texts = list(dict.fromkeys((passage, name or "") for passage, name in rows if passage))

    rules = masking.masking_rules_hash(file)
    answers = cache.find_answers("masked", rules, texts, partial(mask_facts, file, rules))
    verdicts = {question: json.loads(answer) for question, answer in answers.items()}
    return {
        question: MaskedText(text, tuple(doubts)) for question, (text, doubts) in verdicts.items()
    }


def mask_facts(file: Path, rules: str, facts: str, name: str) -> str:
    """Mask a text with the words of a file; return text and doubts as JSON. `rules`: the hash of words and rules."""
    masked = _load_masker(file, rules).mask(facts, (name,))
    return json.dumps([masked.text, masked.doubts])


@lru_cache(maxsize=1)
def _load_masker(file: Path, _rules: str) -> Masker:
    return Masker.read(file)


def record_decision(
    home: Home, waiting: polars.DataFrame, record: str, decision: str, by: str
) -> str:
    """Record a decision on one waiting text, selected by (a prefix of) its record; return the text.

    `by`: the reviewer. Misuse if none or several match.
    """
    matches = waiting.filter(waiting["record"].str.starts_with(record)).to_dicts()
    if len(matches) != 1 or decision not in DECISIONS or not by.strip():
        raise Misuse(
            _("{record}: {count} texts wait under this record").format(
                record=record, count=len(matches)
            ),
            _("those that wait are listed by: double-random publish check --texts"),
        )
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    act = {
        "record": matches[0]["record"],
        "text": _text_digest(matches[0]["text"]),
        "decision": decision,
        "by": by.strip(),
        "time": now,
    }
    with hold_lock(home.path / "clearances.lock", "clear", 10):
        durable_files.append_line(
            home.path / "clearances.jsonl", json.dumps(act, ensure_ascii=False).encode("utf-8")
        )
    return str(matches[0]["text"])


def list_waiting_texts(home: Home, as_of: Any) -> polars.DataFrame:
    """List the facts that would be shown on a day and wait for review."""
    from double_random.publish.disclosure import allow_list as rules
    from double_random.publish.disclosure.shown_penalties import PENALTIES

    allowed = rules.AllowList.read(home.fact_file("publishing.toml"))
    with home.releases.read() as release:
        if not release.has("records"):
            return apply_clearances(home, _empty_penalties())[1]
        candidates = release.frame(PENALTIES, [as_of])
        penalties = rules.filter_shown_penalties(
            candidates, as_of, allowed, rules.find_publication_rule(home, as_of)
        )
    return apply_clearances(home, penalties)[1]


def _empty_penalties() -> polars.DataFrame:
    import polars

    return polars.DataFrame(schema=dict.fromkeys(("record", "name", "facts"), polars.String))


def _text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
