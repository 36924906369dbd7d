"""Random numbers of permutations: SHA-256 in counter mode, so the same history gives the same figures."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class SeededStream:
    """Numbers of one purpose: block i is SHA-256(seed + ":" + purpose + ":" + i as 8 bytes), eight words each."""

    def __init__(self, seed: bytes, purpose: str) -> None:
        self._begun = seed + b":" + purpose.encode() + b":"
        self._next = 0

    def draw_words(self, *shape: int) -> npt.NDArray[np.uint64]:
        """Return words of 32 bits; the rest of the last block is discarded."""
        import math

        import numpy as np

        count = math.prod(shape)
        blocks = range(self._next, self._next + -(-count // 8))
        self._next = blocks.stop
        begun, sha256 = self._begun, hashlib.sha256
        raw = b"".join([sha256(begun + i.to_bytes(8, "big")).digest() for i in blocks])
        return np.frombuffer(raw, dtype=">u4")[:count].astype(np.uint64).reshape(shape)

    def draw_below(self, bound: int | npt.NDArray[np.int64], *shape: int) -> npt.NDArray[np.int64]:
        """Return integers from 0 to below `bound`; the bias of each is at most bound / 2**32."""
        import numpy as np

        scaled = self.draw_words(*shape) * np.asarray(bound).astype(np.uint64)
        return (scaled >> np.uint64(32)).astype(np.int64)

    def draw_subsets(self, rows: int, size: int, count: int) -> npt.NDArray[np.int64]:
        """Return `count` fair draws of `size` out of `rows` rows, sorted: shape (count, size)."""
        import numpy as np

        few = min(size, rows - size)  # drawing the rows to leave out is equivalent
        order = np.tile(np.arange(rows, dtype=np.int64), (count, 1))
        each = np.arange(count)
        for position in range(few):  # Fisher–Yates shuffle, as far as needed
            partner = position + self.draw_below(rows - position, count)
            moved = order[each, partner]
            order[each, partner] = order[:, position]
            order[:, position] = moved
        return np.sort(order[:, :few] if few == size else order[:, few:], axis=1)

    def draw_permutations(
        self, classes: npt.NDArray[np.int64], count: int
    ) -> npt.NDArray[np.int64]:
        """Return `count` fair permutations that move an index only within its class: shape (count, indices)."""
        import numpy as np

        homes = np.argsort(classes, kind="stable")
        keys = (classes[homes].astype(np.uint64) << np.uint64(32)) + self.draw_words(
            count, len(classes)
        )
        permuted = np.empty((count, len(classes)), dtype=np.int64)
        permuted[:, homes] = homes[np.argsort(keys, axis=1, kind="stable")]
        return permuted
