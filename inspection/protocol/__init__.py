"""The draw protocol `double-random/1` as mathematics: no database, no clock, no files. See docs/draw-protocol.md."""
