"""A history (历史抽查): past rounds of a system's draws, in the order of its lists, as columns of numbers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class ListRow:
    """One institution in the list of one round. `office`, `kind` and `group` are "" if unknown."""

    round: str
    institution: str
    drawn: bool
    team: tuple[str, ...] = ()  # inspectors, as written in the source
    office: str = ""
    kind: str = ""
    group: str = ""  # if ratios differ: chances are equal within a group


@dataclass(frozen=True, eq=False, kw_only=True)
class RoundHistory:
    """All rounds, row by row in the order of the lists; names are numbers, the indices of sorted tuples.

    `cell` is a number for round and group together: within a cell every row has the same chance. `block` is a number
    for round, group, office and kind together: within a block any team could have visited any institution.
    """

    rounds: tuple[str, ...]  # in order of first appearance
    institutions: tuple[str, ...]
    offices: tuple[str, ...]
    inspectors: tuple[str, ...]
    round: Numbers = field(repr=False)
    institution: Numbers = field(repr=False)
    office: Numbers = field(repr=False)
    cell: Numbers = field(repr=False)
    block: Numbers = field(repr=False)
    drawn: Flags = field(repr=False)
    teams: tuple[tuple[int, ...], ...] = field(repr=False)
    ordered: bool  # the rows are in the order of the list that was drawn from
    digest: bytes = field(repr=False)  # SHA-256 of all this: the seed of the permutations

    @classmethod
    def from_rows(cls, rows: Sequence[ListRow], ordered: bool = True) -> RoundHistory:
        """Build a history from rows in the order of their lists; rounds may be mixed."""
        import numpy as np

        rounds = tuple(dict.fromkeys(row.round for row in rows))
        number = {name: index for index, name in enumerate(rounds)}
        rows = sorted(rows, key=lambda row: number[row.round])  # stable: the lists keep their order
        institutions = _sort_unique(row.institution for row in rows)
        offices = _sort_unique(row.office for row in rows)
        inspectors = _sort_unique(name for row in rows for name in row.team)
        who = {name: index for index, name in enumerate(inspectors)}
        round_ = [number[row.round] for row in rows]
        return cls(
            rounds=rounds,
            institutions=institutions,
            offices=offices,
            inspectors=inspectors,
            round=np.array(round_, dtype=np.int64),
            institution=_number_keys([row.institution for row in rows]),
            office=_number_keys([row.office for row in rows]),
            cell=_number_keys([(number[row.round], row.group) for row in rows]),
            block=_number_keys(
                [(number[row.round], row.group, row.office, row.kind) for row in rows]
            ),
            drawn=np.array([row.drawn for row in rows], dtype=bool),
            teams=tuple(tuple(who[name] for name in row.team) for row in rows),
            ordered=ordered,
            digest=_hash_rows(rows, ordered),
        )

    @property
    def has_undrawn(self) -> bool:
        """Whether the lists include institutions that were not drawn."""
        return not self.drawn.all()


def _sort_unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


def _number_keys(keys: Sequence[Any]) -> Numbers:
    """Return each key's index among the sorted distinct keys."""
    import numpy as np

    index_of = {key: number for number, key in enumerate(sorted(set(keys)))}
    return np.array([index_of[key] for key in keys], dtype=np.int64)


def _hash_rows(rows: Sequence[ListRow], ordered: bool) -> bytes:
    hash_ = hashlib.sha256(b"double-random/lint-1:%d\n" % ordered)
    for row in rows:
        line = [row.round, row.institution, row.drawn, row.team, row.office, row.kind, row.group]
        hash_.update(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    return hash_.digest()
