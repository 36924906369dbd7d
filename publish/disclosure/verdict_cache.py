"""Persistent cache of masking verdicts and pinyin initials (已核结果), keyed by text and rules.

HOME/kept/NAME.parquet, readable by the owner only: never published, and without data of ended records, since each build
keeps only its own questions. It may be deleted at any time: then everything is computed again.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.store import durable_files

if TYPE_CHECKING:
    from double_random.core.worker_processes import WorkerProcesses

Question = tuple[str, ...]

BATCH, LEAST = (
    250,
    2_000,
)  # questions at once; questions from which on the start of workers is repaid


@dataclass(frozen=True)
class VerdictCache:
    """A home's cached answers. `keep`: save this run's answers, if no other build runs; else they are only read."""

    folder: Path | None = None
    keep: bool = False
    workers: WorkerProcesses | None = None

    def find_answers(
        self, name: str, rules: str, questions: Iterable[Question], work: Callable[..., str]
    ) -> dict[Question, str]:
        """Answer each question: from the cache if computed under the same rules, else by `work`.

        Many new questions are answered by `workers`, for which `work` must be a function of a module, or `partial` of
        one.
        """
        keys = {item: _question_key(rules, item) for item in questions}
        cached = self._read_answers(name)
        new = [question for question, key in keys.items() if key not in cached]
        worked = dict(zip(new, self._work_out(work, new), strict=True))
        results = {
            question: cached[key] if key in cached else worked[question]
            for question, key in keys.items()
        }
        if self.keep and self.folder is not None and set(keys.values()) != set(cached):
            _write_answers(self.folder, name, {key: results[item] for item, key in keys.items()})
        return results

    def _work_out(self, work: Callable[..., str], questions: list[Question]) -> Iterable[str]:
        if self.workers is not None and self.workers.repay_start(len(questions), LEAST):
            return self.workers.map_batches(answer_questions, (work,), questions, BATCH)
        return answer_questions(work, questions)

    def _read_answers(self, name: str) -> dict[bytes, str]:
        """Read the cached answers; empty if there are none or they are unreadable."""
        import polars

        if self.folder is None or not (self.folder / f"{name}.parquet").exists():
            return {}
        try:
            content = (self.folder / f"{name}.parquet").read_bytes()
            rows = polars.read_parquet(io.BytesIO(content)).select("key", "answer", "check").rows()
        except (OSError, polars.exceptions.PolarsError, polars.exceptions.PanicException):
            return {}
        return {key: answer for key, answer, check in rows if check == _row_checksum(key, answer)}


def answer_questions(work: Callable[..., str], questions: Sequence[Question]) -> list[str]:
    """Answer questions one after another."""
    return [work(*question) for question in questions]


def hash_rules(*parts: bytes) -> str:
    """Hash what the answers depend on besides the question: word tables, source files, versions."""
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _question_key(rules: str, question: Question) -> bytes:
    message = "\0".join(str(len(part)) + ":" + part for part in (rules, *question))
    return hashlib.sha256(message.encode("utf-8", "surrogatepass")).digest()


def _row_checksum(key: bytes, answer: str) -> bytes:
    """Checksum of a cached row: an answer damaged on disk is computed again."""
    return hashlib.sha256(key + answer.encode("utf-8", "surrogatepass")).digest()[:16]


def _write_answers(folder: Path, name: str, answers: dict[bytes, str]) -> None:
    """Write the answers atomically; remove partial files of a killed writer."""
    import polars

    folder.mkdir(mode=0o700, exist_ok=True)
    for left in folder.glob(f".{name}.parquet.*"):
        left.unlink(missing_ok=True)
    frame = polars.DataFrame(
        {
            "key": list(answers),
            "answer": list(answers.values()),
            "check": [_row_checksum(*row) for row in answers.items()],
        },
        schema={"key": polars.Binary, "answer": polars.String, "check": polars.Binary},
    )
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1)
    durable_files.replace_file(folder / f"{name}.parquet", buffer.getvalue(), private=True)
