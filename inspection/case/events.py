"""The acts of a draw's case file: task, papers, findings, joint visits, withdrawals. A written act never changes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from double_random.core.errors import BadFile
from double_random.core.translation import N_, _
from double_random.inspection.case.steps import PAPERS, Step
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.fields import StrictObject
from double_random.inspection.protocol.text import is_day

FILE = "case.jsonl"
CLASSES = (N_("undirected"), N_("directed"))  # 不定向 · 定向


@dataclass(frozen=True, kw_only=True)
class Task:
    """The draw as a task of the year's plan (抽查任务): its batch, and the first and last day of visits."""

    number: str  # 抽查任务编号; "" if it has none
    year_plan: str  # the year plan's filing number, or ""
    batch: str  # its batch of the year's plan, or ""
    type: str  # undirected | directed
    first_day: str
    last_day: str
    reason: str = ""  # the condition that chose the pool of a directed draw; "" if undirected


@dataclass(frozen=True)
class Paper:
    """One paper of one target: the step that it proves, its number, its day and a remark."""

    target: str
    step: Step
    number: str  # 文号, 检查码; "" if the paper has none
    date: str
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found at one target for one item (双随机抽查记录表)."""

    target: str
    item: str
    codes: tuple[str, ...]  # of data/inspection_results.toml
    found: str = ""  # 存在问题, in the inspectors' words; not published
    correct_by: str = ""  # 整改期限, a day
    rechecked: str = ""  # 复查, the day
    filed: str = ""  # 立案, the number
    transferred: str = ""  # 移送, to whom
    remark: str = ""


@dataclass(frozen=True)
class Joint:
    """One visit for several draws (综合查一次): the case file of each draw holds the same act."""

    target: str
    draws: tuple[str, ...]  # sorted
    number: str  # of the paper that decided it; "" if it has none
    date: str  # of that decision
    remark: str = ""


@dataclass(frozen=True)
class Withdrawal:
    """Withdraws an act that was a mistake: that act stays in the file, but no longer counts."""

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
    """A line of the case file: its number from 1, the time of writing, and its content."""

    seq: int
    at: str
    content: Content

    def dump(self, after: str) -> bytes:
        """Return the canonical line; `after` is the SHA-256 of the line before, so that no line can be removed."""
        content = {name: _to_json(value) for name, value in asdict(self.content).items()}
        return canonical_json.dump_canonical(
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
        """Read the act of a line; BadFile names case.jsonl and the line if it was changed."""
        value = canonical_json.load_canonical(line, FILE)
        where = _("line {number}").format(number=number)
        kind = KINDS.get(value.get("kind", "")) if isinstance(value, dict) else None
        if kind is None:
            raise BadFile(FILE, _("{where}: this is no act").format(where=where))
        names = tuple(field.name for field in fields(kind))
        reader = StrictObject(FILE, value, ("seq", "at", "after", "kind", *names), where)
        if reader.number("seq", least=1) != number or reader.text("after", empty=True) != after:
            raise BadFile(
                FILE,
                _("{where}: a line before it was changed or taken out").format(where=where),
                _("restore it from the backup"),
            )
        content = {name: _read_field(reader, name) for name in names}
        return cls(number, reader.time("at"), kind(**content))


def _to_json(value: Any) -> Any:
    if isinstance(value, Step):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _read_field(reader: StrictObject, name: str) -> Any:
    if name in ("codes", "draws"):
        return tuple(reader.texts(name))
    if name == "withdrawn":
        return reader.number(name, least=1)
    if name == "step":
        return Step(reader.one_of(name, PAPERS))
    if name == "type":
        return reader.one_of(name, CLASSES)
    text = reader.text(name, empty=True)
    if name in DAYS and (text or name in NEEDED) and not is_day(text):
        raise reader.refuse(name, _("a day was expected"))
    return text
