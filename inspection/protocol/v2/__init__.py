"""The draw protocol `double-random/2` as pure mathematics: no database, no clock, no files.

The specification is docs/reference/draw-protocol-2.md. What it shares with version 1 (hashes, canonical CSV and JSON,
tickets, allocation, groups, notices) is imported from there.
"""

PROTOCOL = "double-random/2"
