"""Persistent cache of masking verdicts and pinyin initials (已核结果), keyed by text and rules.

HOME/kept/NAME.parquet, readable by the owner only: never published, and without data of ended records, since each build
keeps only its own questions. It may be deleted at any time: then everything is computed again.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from double_random.store import durable_files

Question = tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """A home's cached answers. `keep`: save this run's answers, if no other build runs; else they are only read."""

    folder: Path | None = None
    keep: bool = False

    def answers(
        self, name: str, rules: str, questions: Iterable[Question], work: Callable[..., str]
    ) -> dict[Question, str]:
        """Answer each question: from the cache if computed under the same rules, else by `work`."""
        asked = {one: _key(rules, one) for one in questions}
        known = self._read(name)
        found = {}
        for question, key in asked.items():
            answer = known.get(key)
            found[question] = work(*question) if answer is None else answer
        if self.keep and self.folder is not None and set(asked.values()) != set(known):
            _write(self.folder, name, {key: found[one] for one, key in asked.items()})
        return found

    def _read(self, name: str) -> dict[bytes, str]:
        """Read the cached answers; empty if there are none or they are unreadable."""
        import polars

        if self.folder is None or not (self.folder / f"{name}.parquet").exists():
            return {}
        try:
            content = (self.folder / f"{name}.parquet").read_bytes()
            rows = polars.read_parquet(io.BytesIO(content)).select("key", "answer", "check").rows()
        except (OSError, polars.exceptions.PolarsError, polars.exceptions.PanicException):
            return {}
        return {key: answer for key, answer, check in rows if check == _check(key, answer)}


def rules(*parts: bytes) -> str:
    """Hash what the answers depend on besides the question: word tables, source files, versions."""
    return hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in parts)).hexdigest()


def _key(rules: str, question: Question) -> bytes:
    told = "\0".join(str(len(one)) + ":" + one for one in (rules, *question))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest()


def _check(key: bytes, answer: str) -> bytes:
    """Checksum of a cached row: an answer damaged on disk is computed again."""
    return hashlib.sha256(key + answer.encode("utf-8", "surrogatepass")).digest()[:16]


def _write(folder: Path, name: str, answers: dict[bytes, str]) -> None:
    """Write the answers atomically; remove partial files of a killed writer."""
    import polars

    folder.mkdir(mode=0o700, exist_ok=True)
    for left in folder.glob(f".{name}.parquet.*"):
        left.unlink(missing_ok=True)
    frame = polars.DataFrame(
        {
            "key": list(answers),
            "answer": list(answers.values()),
            "check": [_check(*row) for row in answers.items()],
        },
        schema={"key": polars.Binary, "answer": polars.String, "check": polars.Binary},
    )
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1)
    durable_files.replace(folder / f"{name}.parquet", buffer.getvalue(), private=True)
