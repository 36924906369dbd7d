"""The verdict on a bundle: intact, wrong, or cannot be judged; the last is never the one nor the other."""

from __future__ import annotations

from dataclasses import dataclass, field

from double_random.core.errors import DoubleRandomError
from double_random.core.translation import _, join_clauses

INTACT, WRONG, UNDECIDED = "intact", "wrong", "cannot be judged"


class CannotJudge(DoubleRandomError):
    """Nothing contradicts, but this copy, key or program is not enough; the hint names one next step."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Result of a check. Only a fault makes a bundle wrong; `unchecked` never does."""

    draw: str
    kind: str  # public | auditor | "" if unknown
    fault: tuple[str, str] | None = None  # file, what is wrong with it
    undecided: tuple[str, str] | None = None  # why it cannot be judged, the next step
    unchecked: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    code: str = ""

    @property
    def intact(self) -> bool:
        """Whether the bundle was judged and no fault was found."""
        return self.fault is None and self.undecided is None

    @property
    def word(self) -> str:
        """The verdict in one word: intact, wrong, or cannot be judged."""
        if self.fault is not None:
            return WRONG
        return INTACT if self.undecided is None else UNDECIDED

    @property
    def exit_code(self) -> int:
        """0 intact, 1 wrong, 3 cannot be judged."""
        return {INTACT: 0, WRONG: 1, UNDECIDED: 3}[self.word]

    @property
    def first_line(self) -> str:
        """The first line of output: the fault, what is missing for a verdict, or what could not be checked."""
        if self.fault is not None:
            return _("WRONG: {file}: {what}").format(file=self.fault[0], what=self.fault[1])
        if self.undecided is not None:
            return _("cannot be judged: {why}; next step: {step}").format(
                why=self.undecided[0], step=self.undecided[1]
            )
        if not self.unchecked:
            return _("intact: everything was checked")
        return _("intact, but not checked: {what}").format(what=join_clauses(self.unchecked))
