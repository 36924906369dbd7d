"""Tests of teams: pairs of inspectors that meet too often, and an order of teams that can be predicted.

To test pairs, inspectors of the same round, group, office and kind are exchanged. Each keeps the number of visits, so
a system that spreads the load evenly is not suspected for it.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from double_random.inspection.bias_tests.p_values import PermutationResult, estimate_chances
from double_random.inspection.bias_tests.permutations import SeededStream

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from double_random.inspection.bias_tests.history import Numbers, RoundHistory

TURNS = 2  # exchanges tried for each place of a class, between the hub and a permutation


class Teams:
    """The teams of a history, in the order of its lists: those of two or more different inspectors."""

    def __init__(self, history: RoundHistory) -> None:
        import numpy as np

        self.history = history
        self.rows = np.array(
            [
                index
                for index, team in enumerate(history.teams)
                if history.drawn[index] and len(team) > 1 and len(set(team)) == len(team)
            ],
            dtype=np.int64,
        )
        teams = [history.teams[row] for row in self.rows]
        self.size = max(map(len, teams), default=0)
        self.seats = np.full((len(teams), self.size), -1, dtype=np.int64)  # numbers of slots
        slots: list[int] = []
        for number, team in enumerate(teams):
            self.seats[number, : len(team)] = range(len(slots), len(slots) + len(team))
            slots.extend(team)
        self.slots = np.array(slots, dtype=np.int64)  # who sits there
        self.block = history.block[self.rows]

    @property
    def is_testable(self) -> bool:
        """Whether the teams could have been formed in more than one way."""
        import numpy as np

        return len(self.rows) > 1 and bool((np.bincount(self.block) > 1).any())

    def pair_chance(self) -> PermutationResult:
        """Test how often pairs meet again: the number of pairs of visits that the same two inspectors made.

        The test runs twice and the larger p counts: once every inspector may take every seat; once the first-named
        (主办) keep their seats and the others keep their place in the team's list.
        """
        import numpy as np

        team = np.repeat(np.arange(len(self.seats)), (self.seats >= 0).sum(axis=1))
        position = np.concatenate([np.flatnonzero(row >= 0) for row in self.seats])
        freely = [self.block[team]]
        by_place = [
            np.where(position == seat, self.block[team], -1) for seat in range(1, self.size)
        ]
        fixed = self._exchange_chance(team, by_place, "pairs by place")
        free = self._exchange_chance(team, freely, "pairs", above=fixed.p)
        return max(fixed, free, key=lambda chance: chance.p)

    def order_chance(self) -> PermutationResult:
        """Test how often a step from an inspector to one of the next team in the list repeats: pairs of such steps.

        A permutation exchanges whole teams within their blocks.
        """
        import numpy as np

        stream = SeededStream(self.history.digest, "order")
        following = self._followed_teams
        members = np.where(self.seats >= 0, self.slots[self.seats], -1)

        def measure_order(teams: Numbers) -> npt.NDArray[np.int64]:
            current = members[teams[:, following]][:, :, :, None]
            next_ = members[teams[:, following + 1]][:, :, None, :]
            codes = current * len(self.history.inspectors) + next_
            codes = np.where((current < 0) | (next_ < 0), -1, codes).reshape(len(teams), -1)
            return _count_repeats(codes)

        seen = measure_order(np.arange(len(self.rows))[None, :])
        return estimate_chances(
            {"order": int(seen[0])},
            lambda count: {"order": measure_order(stream.draw_permutations(self.block, count))},
            max(1, len(following)) * self.size**2,
        )["order"]

    @property
    def pair_visits(self) -> int:
        """Number of pairs of inspectors on a visit together, summed over the visits."""
        return len(self._seats_together())

    @property
    def step_count(self) -> int:
        """Number of steps from an inspector to one of the next team in the list."""
        size = (self.seats >= 0).sum(axis=1)
        return int((size[self._followed_teams] * size[self._followed_teams + 1]).sum())

    @cached_property
    def _followed_teams(self) -> Numbers:
        """Indices of the teams that have a next team in their round's list."""
        import numpy as np

        rounds = self.history.round[self.rows]
        return np.flatnonzero(rounds[1:] == rounds[:-1])

    def _seats_together(self) -> Numbers:
        import numpy as np

        seat_pairs = [self.seats[:, list(two)] for two in combinations(range(self.size), 2)] or [
            np.empty((0, 2), dtype=np.int64)
        ]
        seats = np.concatenate(seat_pairs)
        together: Numbers = seats[(seats >= 0).all(axis=1)]
        return together

    def _exchange_chance(
        self, team: Numbers, layers: list[Numbers], name: str, above: Fraction = Fraction(0)
    ) -> PermutationResult:
        """Test pairs under exchanges within layers (Besag and Clifford 1989, Biometrika 76, 633).

        Reversible exchanges lead from the observed teams to a hub, and from the hub to each permutation, so that the
        observed teams and the permutations are exchangeable.
        """
        import numpy as np

        stream = SeededStream(self.history.digest, name)
        together = self._seats_together()

        def measure_pairs(state: Numbers) -> npt.NDArray[np.int64]:
            two = np.sort(state[:, together], axis=2)
            return _count_repeats(two[:, :, 0] * len(self.history.inspectors) + two[:, :, 1])

        def walk_from(state: Numbers, way: list[Numbers]) -> Numbers:
            return _walk_exchanges(state, self.seats, team, way, stream)

        seen = measure_pairs(self.slots[None, :])
        hub = walk_from(self.slots[None, :].copy(), layers[::-1])  # backwards
        return estimate_chances(
            {name: int(seen[0])},
            lambda count: {name: measure_pairs(walk_from(np.repeat(hub, count, axis=0), layers))},
            len(self.slots) * self.size,
            above,
        )[name]


def _walk_exchanges(
    state: Numbers, seats: Numbers, team: Numbers, layers: list[Numbers], stream: SeededStream
) -> Numbers:
    """Exchange inspectors within classes; no team ever holds an inspector twice. Changes state: (walks, slots).

    Each layer gives every slot's class, -1 for slots that stay. In one step each class of a layer tries to
    exchange two random slots, 2 tries for each slot of the class; classes of one layer never share a team.
    """
    import numpy as np

    each = np.arange(len(state))[:, None]
    for classes in layers:
        homes = np.argsort(classes, kind="stable")
        homes = homes[classes[homes] >= 0]
        starts = np.flatnonzero(np.diff(classes[homes], prepend=-1))
        sizes = np.diff(np.append(starts, len(homes)))
        largest = np.argsort(-sizes, kind="stable")[: int((sizes > 1).sum())]
        starts, sizes = starts[largest], sizes[largest]
        for step in range(TURNS * int(sizes.max(initial=0))):
            size = sizes[TURNS * sizes > step]
            two = stream.draw_below(size * size, len(state), len(size))
            first_slot = homes[starts[: len(size)] + two // size]
            second_slot = homes[starts[: len(size)] + two % size]
            first, second = state[each, first_slot], state[each, second_slot]
            fits = ~_is_seated(state, seats[team[first_slot]], first_slot, second)
            fits &= ~_is_seated(state, seats[team[second_slot]], second_slot, first)
            state[each, first_slot] = np.where(fits, second, first)
            state[each, second_slot] = np.where(fits, first, second)
    return state


def _is_seated(
    state: Numbers, mates: Numbers, slot: Numbers, who: Numbers
) -> npt.NDArray[np.bool_]:
    """Whether `who` already holds another slot of that team than `slot`."""
    import numpy as np

    each = np.arange(len(state))[:, None, None]
    matches = (state[each, mates] == who[:, :, None]) & (mates >= 0) & (mates != slot[:, :, None])
    seated: npt.NDArray[np.bool_] = matches.any(axis=2)
    return seated


def _count_repeats(codes: Numbers) -> npt.NDArray[np.int64]:
    """Return Σ n(n−1)/2 over the codes of each line, n being the count of a code; negative codes do not count."""
    import numpy as np

    codes = np.sort(codes, axis=1)
    index = np.arange(codes.shape[1])
    begins = np.ones(codes.shape, dtype=bool)
    begins[:, 1:] = codes[:, 1:] != codes[:, :-1]
    since = np.maximum.accumulate(np.where(begins, index, 0), axis=1)
    repeats: npt.NDArray[np.int64] = ((index - since) * (codes >= 0)).sum(axis=1)
    return repeats
