"""The draw protocol `double-random/1` as pure mathematics: no database, no clock, no files.

The specification is docs/reference/draw-protocol.md.
"""
