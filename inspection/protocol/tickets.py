"""Seed (种子数) and tickets (签号): these hashes are the only randomness of a draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.plan import PROTOCOL

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

Priced = tuple[int, int, bytes]  # a price, the taker's index, and the id's bytes for hashing


def dealing_purpose(number: int) -> str:
    """The purpose of the tickets that deal groups for the first, second … time."""
    return "inspector" if number == 1 else f"inspector{number}"


def compute_seed(digest: Digest, commitment: str, entropy: str, secret: str) -> str:
    """H("double-random/1:seed:" + commitment + ":" + entropy + ":" + secret), 64 hex digits."""
    return digest(f"{PROTOCOL}:seed:{commitment}:{entropy}:{secret}")


class TicketFactory(Protocol):
    """Makes tickets from a hash and a seed: `Tickets` itself, or another implementation of the same tickets."""

    def for_seed(self, digest: Digest, seed: str) -> Tickets:
        """The tickets of a seed."""


@dataclass(frozen=True)
class Tickets:
    """The tickets of one seed. Tickets are compared as text; of equal tickets the smaller id goes first."""

    digest: Digest
    seed: str

    @classmethod
    def for_seed(cls, digest: Digest, seed: str) -> Tickets:
        """The tickets of a seed."""
        return cls(digest, seed)

    def ticket(self, purpose: str, text: str) -> str:
        """H(seed + ":" + purpose + ":" + text), 64 hex digits."""
        return self.digest(f"{self.seed}:{purpose}:{text}")

    def target_ticket(self, id: str, salt: str) -> str:
        """The ticket that decides whether a row is drawn; a firm that has its row can compute it."""
        return self.ticket("target", f"{id}:{salt}")

    def visit_ticket(self, id: str) -> str:
        """The ticket that decides the order of visits."""
        return self.ticket("visit", id)

    def inspector_ticket(self, id: str, round: int = 1) -> str:
        """The ticket that deals inspectors into groups; from dealing 2 on, the purpose has its number."""
        return self.ticket(dealing_purpose(round), id)

    def team_ticket(self, inner: str, target: str, inspector: str) -> str:
        """The ticket of a pair; computing it requires `inner`."""
        return self.ticket("team", f"{inner}:{target}:{inspector}")

    def notice_salt(self, target: str) -> str:
        """The salt of a target's notice."""
        return self.ticket("notice", target)

    def cutoff_salt(self, inner: str, stratum: str) -> str:
        """The salt of a stratum's hidden cut-off; computing it requires `inner`."""
        return self.ticket("cutoff", f"{inner}:{stratum}")

    def unbound_salt(self, inner: str) -> str:
        """The salt of the accepted recusals that match no known inspector or institution."""
        return self.ticket("unbound", inner)

    def costs(self, inner: str, target: str, inspectors: Iterable[str]) -> list[int]:
        """The cost of each pair: the first 40 bits of its team ticket, one number per inspector."""
        prefix_hash = self.digest.new_hash(f"{self.seed}:team:{inner}:{target}:".encode())
        pair_costs = []
        for inspector in inspectors:
            pair = prefix_hash.copy()
            pair.update(inspector.encode())
            pair_costs.append(int.from_bytes(pair.digest()[:5], "big"))
        return pair_costs

    def takers_below(
        self, inner: str, target: str, priced: Sequence[Priced], limit: int
    ) -> list[int]:
        """The indexes in `priced` (sorted by price) whose cost plus price is below a limit.

        Most are far above it; comparing the first bytes of the ticket is enough for these.
        """
        highest = limit.to_bytes(5, "big") if 0 < limit < 2**40 else b"\xff" * 33
        copy_prefix = self.digest.new_hash(f"{self.seed}:team:{inner}:{target}:".encode()).copy
        below = []
        for price, index, id in priced:
            if price >= limit:
                break
            pair = copy_prefix()
            pair.update(id)
            ticket = pair.digest()
            if ticket < highest and int.from_bytes(ticket[:5], "big") + price < limit:
                below.append(index)
        return below

    def cost_matrix(
        self,
        inner: str,
        targets: Sequence[str],
        takers: Sequence[str],
        admissible: NDArray[numpy.bool_],
    ) -> NDArray[numpy.int64]:
        """The costs of the admissible pairs, targets × takers; −1 for pairs that are not admissible."""
        import numpy

        cost = numpy.full(admissible.shape, -1, dtype=numpy.int64)
        for row, target in enumerate(targets):
            columns = numpy.flatnonzero(admissible[row])
            cost[row, columns] = self.costs(inner, target, [takers[at] for at in columns.tolist()])
        return cost

    def least_tickets(self, rows: Sequence[tuple[str, str]], number: int) -> list[tuple[str, str]]:
        """The smallest `number` of (ticket, id), by ticket and then id, over rows of (id, salt).

        The common prefix of all tickets is hashed once, and only candidates for the result are stored.
        """
        copy_prefix = self.digest.new_hash(f"{self.seed}:target:".encode()).copy
        candidates: list[tuple[bytes, str]] = []
        highest = b"\xff" * 32
        for id, salt in rows:
            row_hash = copy_prefix()
            row_hash.update(f"{id}:{salt}".encode())
            ticket = row_hash.digest()
            if ticket <= highest:
                candidates.append((ticket, id))
                if len(candidates) >= 4 * number + 1000:
                    candidates.sort()
                    del candidates[number:]
                    highest = candidates[-1][0] if candidates else b""
        candidates.sort()
        return [(ticket.hex(), id) for ticket, id in candidates[:number]]

    def sort_by_ticket(self, purpose: str, ids: Sequence[str]) -> list[str]:
        """The ids sorted by their tickets of one purpose."""
        return sorted(ids, key=lambda id: (self.ticket(purpose, id), id))
