"""Seed (种子数) and tickets (签号): the whole chance of a draw is in these few hashes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.plan import PROTOCOL

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

Priced = tuple[int, int, bytes]  # a price, the taker's place, and the id as it is hashed


def seed(digest: Digest, commitment: str, entropy: str, secret: str) -> str:
    """H("double-random/1:seed:" + commitment + ":" + entropy + ":" + secret), 64 hex digits."""
    return digest(f"{PROTOCOL}:seed:{commitment}:{entropy}:{secret}")


class Maker(Protocol):
    """Whatever makes tickets of a hash and a seed: `Tickets` itself, or another way to the same ones."""

    def of(self, digest: Digest, seed: str) -> Tickets:
        """The tickets of a seed."""


@dataclass(frozen=True)
class Tickets:
    """The tickets of one seed. Tickets are compared as text; equal ones fall to the smaller id."""

    digest: Digest
    seed: str

    @classmethod
    def of(cls, digest: Digest, seed: str) -> Tickets:
        """The tickets of a seed."""
        return cls(digest, seed)

    def ticket(self, purpose: str, text: str) -> str:
        """H(seed + ":" + purpose + ":" + text), 64 hex digits."""
        return self.digest(f"{self.seed}:{purpose}:{text}")

    def target(self, id: str, salt: str) -> str:
        """The ticket that decides whether a row is drawn; a firm that has its row computes it itself."""
        return self.ticket("target", f"{id}:{salt}")

    def visit(self, id: str) -> str:
        """The ticket that decides the order of visits."""
        return self.ticket("visit", id)

    def inspector(self, id: str, round: int = 1) -> str:
        """The ticket by which groups are dealt; from the second dealing on the purpose has its number."""
        return self.ticket("inspector" if round == 1 else f"inspector{round}", id)

    def team(self, inner: str, target: str, inspector: str) -> str:
        """The ticket of a pair; without `inner` nobody can compute it."""
        return self.ticket("team", f"{inner}:{target}:{inspector}")

    def notice(self, target: str) -> str:
        """The salt of a target's notice."""
        return self.ticket("notice", target)

    def cutoff(self, inner: str, stratum: str) -> str:
        """The salt of a stratum's hidden cut-off; without `inner` nobody can compute it."""
        return self.ticket("cutoff", f"{inner}:{stratum}")

    def unbound(self, inner: str) -> str:
        """The salt of the recusals that were accepted though they bind nobody."""
        return self.ticket("unbound", inner)

    def costs(self, inner: str, target: str, inspectors: Iterable[str]) -> list[int]:
        """The first 40 bits of each pair's team ticket: what a pair costs, one number an inspector."""
        begun = self.digest.start(f"{self.seed}:team:{inner}:{target}:".encode())
        found = []
        for inspector in inspectors:
            pair = begun.copy()
            pair.update(inspector.encode())
            found.append(int.from_bytes(pair.digest()[:5], "big"))
        return found

    def cheaper(self, inner: str, target: str, priced: Sequence[Priced], limit: int) -> list[int]:
        """The places among `priced` (ascending) whose cost and price together lie below a limit.

        Most lie far above it, and their ticket's first bytes show that.
        """
        most = limit.to_bytes(5, "big") if 0 < limit < 2**40 else b"\xff" * 33
        begun = self.digest.start(f"{self.seed}:team:{inner}:{target}:".encode()).copy
        found = []
        for price, place, id in priced:
            if price >= limit:
                break
            pair = begun()
            pair.update(id)
            ticket = pair.digest()
            if ticket < most and int.from_bytes(ticket[:5], "big") + price < limit:
                found.append(place)
        return found

    def matrix(
        self, inner: str, targets: Sequence[str], takers: Sequence[str], may: NDArray[numpy.bool_]
    ) -> NDArray[numpy.int64]:
        """The cost of every admissible pair, targets × takers; −1 where a pair is not admissible."""
        import numpy

        cost = numpy.full(may.shape, -1, dtype=numpy.int64)
        for row, target in enumerate(targets):
            columns = numpy.flatnonzero(may[row])
            cost[row, columns] = self.costs(inner, target, [takers[at] for at in columns.tolist()])
        return cost

    def least(self, rows: Sequence[tuple[str, str]], number: int) -> list[tuple[str, str]]:
        """The first `number` of (ticket, id), by ticket and then id, over rows of (id, salt).

        What all tickets begin with is hashed once, and only those that can still be among the first are kept.
        """
        begun = self.digest.start(f"{self.seed}:target:".encode()).copy
        kept: list[tuple[bytes, str]] = []
        last = b"\xff" * 32
        for id, salt in rows:
            one = begun()
            one.update(f"{id}:{salt}".encode())
            ticket = one.digest()
            if ticket <= last:
                kept.append((ticket, id))
                if len(kept) >= 4 * number + 1000:
                    kept.sort()
                    del kept[number:]
                    last = kept[-1][0] if kept else b""
        kept.sort()
        return [(ticket.hex(), id) for ticket, id in kept[:number]]

    def order(self, purpose: str, ids: Sequence[str]) -> list[str]:
        """The ids by their tickets of one purpose."""
        return sorted(ids, key=lambda id: (self.ticket(purpose, id), id))
