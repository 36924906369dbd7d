"""What is written into a draw's case file: its task, papers, findings, and what was taken back. Nothing is changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from double_random.core.errors import BadFile
from double_random.core.translation import N_, _
from double_random.inspection.case.steps import PAPERS, Step
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.fields import Fields
from double_random.inspection.protocol.text import is_day

FILE = "case.jsonl"
CLASSES = (N_("undirected"), N_("directed"))  # 不定向 · 定向


@dataclass(frozen=True, kw_only=True)
class Task:
    """The draw as a task of the year's plan (抽查任务): its batch there, and the days between which visits are made."""

    number: str  # 抽查任务编号; "" where there is none
    year_plan: str  # the year plan's filing number; ""
    batch: str  # its batch there; ""
    type: str  # undirected | directed
    first_day: str
    last_day: str
    reason: str = ""  # why directed: which condition chose who could be drawn; "" where undirected


@dataclass(frozen=True)
class Paper:
    """One paper of one target: which step it proves, its number and day, and whose word it is."""

    target: str
    step: Step
    number: str  # 文号, 检查码; "" where the paper has none
    date: str
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found at one target for one item (双随机抽查记录表)."""

    target: str
    item: str
    codes: tuple[str, ...]  # of data/inspection_results.toml
    found: str = ""  # 存在问题, in the inspectors' words: it stays inside
    correct_by: str = ""  # 整改期限, a day
    rechecked: str = ""  # 复查, the day
    filed: str = ""  # 立案, the number
    transferred: str = ""  # 移送, to whom
    remark: str = ""


@dataclass(frozen=True)
class Joint:
    """One visit for several draws (综合查一次): it stands word for word the same in the file of each of them."""

    target: str
    draws: tuple[str, ...]  # in order
    number: str  # of the paper that decided it; "" where it has none
    date: str  # of that decision
    remark: str = ""


@dataclass(frozen=True)
class Withdrawal:
    """An act that was a mistake: it stays in the file, and counts no more."""

    withdrawn: int  # its number
    reason: str


Content = Task | Paper | Finding | Joint | Withdrawal
KINDS: dict[str, type[Task] | type[Paper] | type[Finding] | type[Joint] | type[Withdrawal]] = {
    "task": Task,
    "paper": Paper,
    "finding": Finding,
    "joint": Joint,
    "withdrawal": Withdrawal,
}
NAMES = {content: kind for kind, content in KINDS.items()}
DAYS = ("first_day", "last_day", "date", "correct_by", "rechecked")
NEEDED = ("first_day", "last_day", "date")


@dataclass(frozen=True)
class Act:
    """A line of the case file: its number from 1, when it was written, and what."""

    seq: int
    at: str
    content: Content

    def dump(self, after: str) -> bytes:
        """The canonical line; `after` is the SHA-256 of the line before, so that none can be taken out."""
        content = {name: _plain(value) for name, value in asdict(self.content).items()}
        return canonical_json.dump(
            {
                "seq": self.seq,
                "at": self.at,
                "after": after,
                "kind": NAMES[type(self.content)],
                **content,
            }
        )

    @classmethod
    def read(cls, line: bytes, after: str, number: int) -> Act:
        """The act of a line; BadFile names case.jsonl and the line where it is not as it was written."""
        value = canonical_json.load(line, FILE)
        where = _("line {number}").format(number=number)
        kind = KINDS.get(value.get("kind", "")) if isinstance(value, dict) else None
        if kind is None:
            raise BadFile(FILE, _("{where}: this is no act").format(where=where))
        own = tuple(one.name for one in fields(kind))
        read = Fields(FILE, value, ("seq", "at", "after", "kind", *own), where)
        if read.number("seq", least=1) != number or read.text("after", empty=True) != after:
            raise BadFile(
                FILE,
                _("{where}: a line before it was changed or taken out").format(where=where),
                _("restore it from the backup"),
            )
        content = {name: _field(read, name) for name in own}
        return cls(number, read.time("at"), kind(**content))


def _plain(value: Any) -> Any:
    if isinstance(value, Step):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _field(read: Fields, name: str) -> Any:
    if name in ("codes", "draws"):
        return tuple(read.texts(name))
    if name == "withdrawn":
        return read.number(name, least=1)
    if name == "step":
        return Step(read.one_of(name, PAPERS))
    if name == "type":
        return read.one_of(name, CLASSES)
    text = read.text(name, empty=True)
    if name in DAYS and (text or name in NEEDED) and not is_day(text):
        raise read.refuse(name, _("a day was expected"))
    return text
