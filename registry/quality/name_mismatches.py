"""Names that contradict the code: the code links the row, and an issue reports that the institution never had the
name.

These names are not a contradiction: a name in force on any day, before or after; a name that lacks its region
or has the 市 of it, as linking's `near` accepts it; two names of which one is the beginning of the other, as
with a branch and its head office or with an institution and its host, whose code it may use; a name with one
bracket more, 北京…(上海)律师事务所; a name that a manual decision links to this institution (manual_links.py).
Decisions about a change of name are not reported, nor is a row if a right one has the same document and title; a change
that took effect has given its name to a version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from double_random.registry import reasons
from double_random.registry.institutions.names import region_pattern
from double_random.store.json_rows import query_rows
from double_random.store.sql_files import read_sql

if TYPE_CHECKING:
    from double_random.store.releases import Draft, Release


def find_name_mismatches(release: Release | Draft) -> list[dict[str, str]]:
    """One issue for each institution and foreign name given with its code: name, column (its id), value, reason.

    The value has the first day of the foreign name, that name ≠ the institution's own on that day, the code, the
    document's number if it is known, and ×n if it occurs in several records or decisions.
    """
    if not (release.has("links") and release.has("decided_links")):  # an older version's
        return []
    documents = DOCUMENTS if release.has("records") else NO_DOCUMENTS
    release.connection.execute(f"CREATE OR REPLACE TEMP VIEW record_documents AS {documents}")
    parameters = {"region": region_pattern(), "reason": reasons.NAME_AGAINST_CODE}
    return query_rows(
        release.connection, read_sql("registry.quality", "name_mismatches"), parameters
    )


DOCUMENTS = "SELECT record AS claim, document FROM records WHERE known_to IS NULL"
NO_DOCUMENTS = "SELECT '' AS claim, CAST(NULL AS TEXT) AS document WHERE false"
