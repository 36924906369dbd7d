"""The register of practitioners: owners of persons' permits, versions, employment and notes. Only persons whose
permits, institutions or penalties this run has touched are derived again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from double_random.registry import reasons
from double_random.registry.practitioners.claims import link_person_claims
from double_random.registry.practitioners.employment import (
    ELSEWHERE,
    PersonDecision,
    PersonHistory,
    PersonPenalty,
    build_history,
)
from double_random.registry.practitioners.identity import PermitClaim, assign_claims
from double_random.registry.practitioners.penalties import link_penalties
from double_random.registry.practitioners.places import (
    Place,
    find_places,
    load_institution_ends,
)
from double_random.registry.practitioners.tables import list_ids, replace_rows
from double_random.store.frames import frame_to_arrow, has_table, query_frame
from double_random.store.tables import end_rows

if TYPE_CHECKING:
    import duckdb
    import polars

    from double_random.registry.practitioners.kinds import PractitionerFacts

AT_ONCE = 200_000  # decisions that are held in memory together

Row = dict[str, Any]


@dataclass(frozen=True)
class PractitionerRegister:
    """An open release's tables of practitioners, and the facts by which they are derived."""

    connection: duckdb.DuckDBPyConnection
    facts: PractitionerFacts
    districts: dict[str, str]
    run: int

    def refresh(self) -> None:
        """Derive again whatever this run's permits, institutions and manual links may have changed."""
        self.rebuild(list_ids(self.connection, TOUCHED_NUMBERS, [self.run] * 6))

    def rebuild_persons(self, ids: Collection[str]) -> None:
        """Derive these persons again."""
        asked = sorted(ids)
        self.rebuild(list_ids(self.connection, NUMBERS_OF_PERSONS, [asked]))

    def rebuild(self, numbers: Collection[str]) -> None:
        """Derive the persons that have one of these licence numbers, with all that share a number with them."""
        if not numbers:
            return
        self._group_numbers(numbers)
        ((count,),) = self.connection.execute(COUNTED).fetchall()
        parts = int(count) // AT_ONCE + 1
        for part in range(parts):
            rows = query_frame(self.connection, DECISIONS, [parts, part]).to_dicts()
            self._rebuild_part(rows)

    def _group_numbers(self, numbers: Collection[str]) -> None:
        """Make `person_groups` (licence, root): the numbers, with those that a decision ties to one of them."""
        joined: dict[str, str] = {}

        def find(number: str) -> str:
            while joined.setdefault(number, number) != number:
                number = joined[number]
            return number

        for former, licence in self.connection.execute(TIES).fetchall():
            joined[find(former)] = find(licence)
        roots = {find(number) for number in numbers}
        every = {*numbers, *(number for number in list(joined) if find(number) in roots)}
        import polars

        grouped = polars.DataFrame(
            {"licence": sorted(every), "root": [find(number) for number in sorted(every)]},
            schema={"licence": polars.String, "root": polars.String},
        )
        self.connection.register("numbers_asked", grouped.to_arrow())
        self.connection.execute("CREATE OR REPLACE TEMP TABLE person_groups AS FROM numbers_asked")
        self.connection.unregister("numbers_asked")

    def _rebuild_part(self, rows: Sequence[Row]) -> None:
        """Owners, versions, employment and notes of some persons, of whom all decisions are here."""
        ownership = assign_claims([_claim_of(row) for row in rows])
        places = self._find_places(rows)
        told = [
            row | self._judge(row, ownership.owners.get(row["decision"]), places) for row in rows
        ]
        self._write_owners(told)
        before = {row["practitioner"] for row in rows if row["practitioner"]}
        people: dict[str, list[PersonDecision]] = {}
        for row in told:
            if row["owner"]:
                people.setdefault(row["owner"], []).append(self._read_decision(row, places))
        self._write_histories({*before, *people}, people)

    def _find_places(self, rows: Sequence[Row]) -> dict[Place, str]:
        import polars

        asked = [
            (
                row["kind"],
                row[name],
                (row["practice_code"] or "") if name == "practice" else "",
                row["decided"],
            )
            for row in rows
            for name in ("practice", "former_practice")
            if row[name]
        ]
        asked += [
            (row["kind"], "", row["practice_code"], row["decided"])
            for row in rows
            if row["practice_code"] and not row["practice"]
        ]
        text = polars.String()
        schema = {"kind": text, "folded": text, "code": text, "day": polars.Date()}
        frame = polars.DataFrame(sorted(set(asked)), schema=schema, orient="row")
        return find_places(self.connection, frame, self.facts, self.districts)

    def _judge(self, row: Row, owner: str | None, places: dict[Place, str]) -> Row:
        """The owner of a decision, or why it waits: its number is another person's, or its institution not known."""
        if owner is None:
            return {"owner": None, "why": reasons.OTHER_PERSON}
        post = self.facts.event(row["event"]).post
        placed = self.facts.kind(row["kind"]).institutions
        named = row["practice"] or row["practice_code"]
        needed = post == "moves" or (post == "begins" and named)
        if row["state"] == "valid" and placed and needed and not _place_of(row, places):
            return {"owner": None, "why": reasons.PRACTICE_UNKNOWN}
        return {"owner": owner, "why": None}

    def _read_decision(self, row: Row, places: dict[Place, str]) -> PersonDecision:
        former = (row["kind"], row["former_practice"] or "", "", row["decided"])
        return PersonDecision(
            decision=row["decision"],
            kind=row["kind"],
            event=row["event"],
            category=row["category"] or "",
            concurrent=row["concurrent"],
            name=row["name"],
            folded=row["folded"],
            licence=row["licence"],
            renames=row["former_name"] is not None,
            practice=_place_of(row, places),
            former_practice=places.get(former, ""),
            employer=row["employer"],
            authority=row["authority"],
            document=row["document"] or "",
            decided=row["decided"],
            licence_from=row["licence_from"],
            licence_to=row["licence_to"],
            valid=row["state"] == "valid",
        )

    def _write_owners(self, rows: Sequence[Row]) -> None:
        """Store the owners that differ: a row that an earlier run wrote ends, and a new one follows it."""
        import polars

        changed = [
            (row["decision"], row["owner"], row["why"])
            for row in rows
            if (row["owner"], row["why"]) != (row["practitioner"], row["held"])
        ]
        if not changed:
            return
        text = polars.String()
        schema = {"decision": text, "practitioner": text, "held": text}
        frame = polars.DataFrame(changed, schema=schema, orient="row")
        self.connection.register("owners_now", frame_to_arrow(frame))
        self.connection.execute("CREATE OR REPLACE TEMP TABLE person_owners AS FROM owners_now")
        self.connection.unregister("owners_now")
        self.connection.execute(OWNERS_LATER)
        self.connection.execute(OWNERS_AT_ONCE, {"run": self.run})
        self.connection.execute(
            "DELETE FROM owners_later WHERE known_from = $run", {"run": self.run}
        )
        ((later,),) = self.connection.execute("SELECT count(*) FROM owners_later").fetchall()
        if later:
            self.connection.execute(OWNERS_ADDED, {"run": self.run})
            end_rows(
                self.connection,
                "practitioner_decisions",
                "SELECT place FROM owners_later",
                self.run,
            )

    def _write_histories(
        self, touched: Collection[str], people: dict[str, list[PersonDecision]]
    ) -> None:
        histories = self._build_histories(people, self._load_penalties(sorted(people)))
        firsts = {id_: min(d.decided for d in decisions) for id_, decisions in people.items()}
        for table, key, frame in (
            ("practitioners", "id", _version_frame(histories, firsts)),
            ("employment", "practitioner", _post_frame(histories)),
            ("practitioner_notes", "practitioner", _note_frame(histories)),
        ):
            replace_rows(self.connection, table, key, touched, frame, self.run)

    def derive_decided_posts(self, ids: Collection[str]) -> polars.DataFrame:
        """The posts of some persons by their permits alone (practitioner institution since until why).

        Whose a penalty is must not depend on what penalties change: these posts do not.
        """
        rows = query_frame(self.connection, DECISIONS_OF_PERSONS, [sorted(ids)]).to_dicts()
        places = self._find_places(rows)
        people: dict[str, list[PersonDecision]] = {}
        for row in rows:
            people.setdefault(row["practitioner"], []).append(self._read_decision(row, places))
        return _post_frame(self._build_histories(people, {}))

    def _build_histories(
        self,
        people: dict[str, list[PersonDecision]],
        penalties: dict[str, list[PersonPenalty]],
    ) -> dict[str, PersonHistory]:
        named = {d.practice for rows in people.values() for d in rows}
        named |= {d.former_practice for rows in people.values() for d in rows}
        ends = load_institution_ends(self.connection, sorted(named - {"", ELSEWHERE}))

        def institution_end(institution: str, since: date | None) -> date | None:
            days = ends.get(institution, ())
            return next((day for day in days if since is None or day > since), None)

        kinds = {kind.code: kind for kind in self.facts.kinds}
        events = self.facts.events_by_code()
        return {
            id_: build_history(decisions, penalties.get(id_, ()), kinds, events, institution_end)
            for id_, decisions in people.items()
        }

    def _load_penalties(self, ids: Sequence[str]) -> dict[str, list[PersonPenalty]]:
        penalties: dict[str, list[PersonPenalty]] = {}
        for id_, event, decided, ends in self.connection.execute(PENALTIES).fetchall():
            penalty = PersonPenalty(event=event, decided=decided, ends=ends)
            penalties.setdefault(id_, []).append(penalty)
        wanted = set(ids)
        return {id_: some for id_, some in penalties.items() if id_ in wanted}


def refresh_practitioners(
    connection: duckdb.DuckDBPyConnection,
    facts: PractitionerFacts,
    districts: dict[str, str],
    run: int,
) -> None:
    """Derive the practitioners that this run may have changed, with the penalties and records that are theirs.

    Nothing is done in a register without persons.
    """
    if not has_table(connection, "practitioners"):
        return
    register = PractitionerRegister(connection, facts, districts, run)
    register.refresh()
    changed = link_penalties(connection, register.derive_decided_posts, run)
    if changed:
        register.rebuild_persons(changed)
    link_person_claims(connection, register.derive_decided_posts, run)


def _claim_of(row: Row) -> PermitClaim:
    return PermitClaim(**{name: row[name] for name in PermitClaim.__dataclass_fields__})


def _place_of(row: Row, places: dict[Place, str]) -> str:
    place = (row["kind"], row["practice"] or "", row["practice_code"] or "", row["decided"])
    return places.get(place, "")


def _version_frame(
    histories: dict[str, PersonHistory], firsts: dict[str, date]
) -> polars.DataFrame:
    import polars

    text, day = polars.String(), polars.Date()
    schema = dict.fromkeys(
        ("id", "kind", "category", "name", "folded", "licence", "status", "employer", "authority"),
        text,
    ) | dict.fromkeys(
        ("first_decided", "licence_from", "licence_to", "valid_from", "valid_to"), day
    )

    def rows() -> Iterable[tuple[Any, ...]]:
        for id_, history in histories.items():
            following = [*(since for since, _v in history.versions[1:]), None]
            for (since, v), until in zip(history.versions, following, strict=True):
                yield (
                    id_, v.kind, v.category, v.name, v.folded, v.licence, v.status, v.employer, v.authority,
                    firsts[id_], v.licence_from, v.licence_to, since, until,
                )  # fmt: skip

    return polars.DataFrame(list(rows()), schema=schema, orient="row")


def _post_frame(histories: dict[str, PersonHistory]) -> polars.DataFrame:
    import polars

    text, day = polars.String(), polars.Date()
    schema = {"practitioner": text, "institution": text, "since": day, "until": day, "why": text}
    rows = [
        (id_, post.institution, post.since, post.until, post.why)
        for id_, history in histories.items()
        for post in history.posts
    ]
    return polars.DataFrame(rows, schema=schema, orient="row")


def _note_frame(histories: dict[str, PersonHistory]) -> polars.DataFrame:
    import polars

    text = polars.String()
    schema = {"practitioner": text, "reason": text, "day": polars.Date(), "value": text}
    rows = {
        (id_, note.reason, note.day, note.value)
        for id_, history in histories.items()
        for note in history.notes
    }
    return polars.DataFrame(sorted(rows), schema=schema, orient="row")


# New and ended permits, waiting ones, and those that name an institution that this run has changed.
TOUCHED_NUMBERS = """
WITH changed AS (
    SELECT id, uscc, folded FROM institutions WHERE known_from = ? OR known_to = ?
), names AS (
    SELECT folded FROM changed
    UNION ALL
    SELECT folded FROM decided_links WHERE known_from = ? OR known_to = ?
)
SELECT licence FROM practitioner_decisions
WHERE known_from = ? OR known_to = ? OR known_to IS NULL AND (
    practitioner IS NULL
    OR practice IN (SELECT folded FROM names) OR former_practice IN (SELECT folded FROM names)
    OR practice_code IN (SELECT uscc FROM changed WHERE uscc IS NOT NULL)
    OR practitioner IN (
        SELECT practitioner FROM employment
        WHERE known_to IS NULL AND institution IN (SELECT id FROM changed))
)
"""

NUMBERS_OF_PERSONS = """
SELECT licence FROM practitioner_decisions WHERE known_to IS NULL AND list_contains(?, practitioner)
"""

DECISIONS_OF_PERSONS = """
SELECT * FROM practitioner_decisions WHERE known_to IS NULL AND list_contains(?, practitioner)
"""

TIES = """
SELECT DISTINCT former_licence, licence FROM practitioner_decisions
WHERE former_licence IS NOT NULL ORDER BY ALL
"""

COUNTED = """
SELECT count(*) FROM practitioner_decisions d JOIN person_groups g ON g.licence = d.licence WHERE d.known_to IS NULL
"""

DECISIONS = """
SELECT d.* FROM practitioner_decisions d JOIN person_groups g ON g.licence = d.licence
WHERE d.known_to IS NULL AND hash(g.root) % ? = ?
"""

OWNERS_LATER = """
CREATE OR REPLACE TEMP TABLE owners_later AS
SELECT d.place, d.known_from, o.practitioner, o.held
FROM placed.practitioner_decisions d JOIN person_owners o ON o.decision = d.decision WHERE d.known_to IS NULL
"""

OWNERS_AT_ONCE = """
UPDATE added.practitioner_decisions d SET practitioner = l.practitioner, held = l.held
FROM owners_later l WHERE l.place = -1 - d.rowid AND l.known_from = $run
"""

OWNERS_ADDED = """
INSERT INTO added.practitioner_decisions
SELECT d.* EXCLUDE (place) REPLACE (l.practitioner AS practitioner, l.held AS held, CAST($run AS INTEGER) AS known_from)
FROM placed.practitioner_decisions d JOIN owners_later l ON l.place = d.place
"""

PENALTIES = """
SELECT l.practitioner, p.event, p.decided, p.ends
FROM practitioner_links l JOIN practitioner_penalties p ON p.penalty = l.penalty AND p.known_to IS NULL
WHERE l.known_to IS NULL ORDER BY ALL
"""
