"""Releases of any size, made up by SQL from row numbers: the same ones in every run, plainly fictitious."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from double_random.credit.schema import apply_schema

if TYPE_CHECKING:
    from double_random.store.home import Home

DAY = date(2016, 12, 31)

# hash() makes the data alone; nothing of the product hangs on it.
MADE = """
INSERT INTO added.institutions (id, kind, name, folded, status, district, head_office, valid_from, known_from)
SELECT 'L:示例' || lpad(CAST(i AS TEXT), 9, '0'), CASE WHEN i % 10 = 0 THEN 'law_firm_branch' ELSE 'law_firm' END,
    '示例' || i || '所', '示例' || i || '所', CASE WHEN i % 97 = 0 THEN 'cancelled' ELSE 'active' END,
    '99000' || (1 + i % 7), CASE WHEN i % 10 = 0 THEN '示例' || (i + 1) || '所' END, DATE '2000-01-01', $run
FROM range({institutions}) AS t(i);

INSERT INTO added.decisions
    (decision, institution, kind, event, name, folded, uscc, decided, state, arrived, known_from)
SELECT sha256('permit' || id), CASE WHEN hash(id) % 50 > 0 THEN id END, kind,
    CASE WHEN hash(id) % 31 = 0 THEN 'cancelled' ELSE 'founded' END, name, folded, id, DATE '2000-01-01', 'valid',
    $run, $run
FROM institutions;

INSERT INTO added.records
    (record, number, class, kinds, state, document_key, related_key, decided, ends, fine_fen, known_from)
SELECT sha256('record' || i), i,
    CASE WHEN shape < 5 THEN 'penalty' WHEN shape < 8 THEN 'complaint' WHEN shape = 8 THEN 'commendation'
         ELSE 'repair' END,
    CASE WHEN shape < 3 THEN 'fine' WHEN shape = 3 THEN 'suspension' WHEN shape = 4 THEN 'fine warning'
         WHEN shape = 8 THEN 'city' ELSE '' END,
    CASE WHEN shape BETWEEN 5 AND 7 THEN ['upheld', 'partly_upheld', 'unfounded'][1 + CAST(shape - 5 AS INTEGER)]
         ELSE 'decided' END,
    CASE WHEN shape < 5 THEN '罚' || (i // 3) WHEN shape < 8 THEN 'TS' || (i // 2) END,
    CASE WHEN shape = 9 OR shape = 5 THEN '罚' || ((i + 1) // 3) END,
    DATE '2012-01-01' + CAST(hash(i * 11 + 3) % 1826 AS INTEGER),
    CASE WHEN i % 3 = 0 THEN DATE '2012-01-01' + CAST(hash(i * 11 + 3) % 1826 + hash(i * 5 + 2) % 300 AS INTEGER) END,
    CASE WHEN shape < 5 THEN CAST(hash(i * 13) % 20000_00 AS BIGINT) END, $run
FROM (SELECT i, hash(i * 7 + 1) % 10 AS shape FROM range({records}) AS t(i)) AS shapes;

INSERT INTO added.links (claim, institution, how, known_from)
SELECT sha256('record' || i), 'L:示例' || lpad(CAST(hash(i // 4) % {institutions} AS TEXT), 9, '0'), 'code', $run
FROM range({records}) AS t(i);

INSERT INTO added.inspectors (id, name, unit, district, lead, kinds, status, known_from)
SELECT 'ZFXXXX' || lpad(CAST(i AS TEXT), 3, '0'), '检查员示例' || i, '示例司法局', '99000' || (1 + i % 7), i % 2 = 0,
    'law_firm law_firm_branch', 'on duty', $run
FROM range({inspectors}) AS t(i);
"""


def generate(home: Home, institutions: int, records: int, inspectors: int = 60) -> str:
    """A release of so many institutions, records and inspectors; its name."""
    with home.releases.write("sync", DAY) as draft:
        apply_schema(draft.connection)
        sizes = {"institutions": institutions, "records": records, "inspectors": inspectors}
        for statement in filter(str.strip, MADE.format(**sizes).split(";\n")):
            draft.connection.execute(statement, {"run": draft.run} if "$run" in statement else {})
    return draft.name
