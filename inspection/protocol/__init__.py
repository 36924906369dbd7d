"""The draw protocol `double-random/1` as mathematics, no database, clock or file: docs/reference/draw-protocol.md."""
