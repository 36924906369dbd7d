"""Rulings about a record: repair (信用修复), correction (更正, 撤销), objection (异议).

A ruling is an act: one fsynced line of HOME/acts/credit.jsonl, kept for ever. The next release includes it as a record
of its own that names the other one; nothing is changed or deleted. The policy decides its effect on a score.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Busy, DoubleRandomError, Misuse
from double_random.core.translation import _, join_words
from double_random.core.vocabulary import RECORD, code_word
from double_random.registry.institutions import linking
from double_random.store import durable_files
from double_random.store.frames import has_table
from double_random.store.locks import hold_lock
from double_random.store.tables import find_rows

if TYPE_CHECKING:
    import duckdb

    from double_random.store.home import Home
    from double_random.store.releases import Draft, Release

CLASSES = ("repair", "correction", "objection")
CORRECTIONS = ("revoked", "corrected")  # 撤销, 更正
STEPS = {  # an objection's states: 受理 → 核查 → 维持 or 更正
    None: ("accepted",),
    "accepted": ("checking", "kept", "corrected"),
    "checking": ("kept", "corrected"),
}
OPEN = ("accepted", "checking")


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """One decision about a record. `about` is the record's id; `document` the ruling's own number; `decided` its day.

    `ordered_by`, `order`: who ordered a repair before its shortest term, and the number of the order; else "".
    """

    record_class: str  # one of CLASSES
    kind: str  # correction: revoked | corrected; else ""
    state: str  # objection: accepted | checking | kept | corrected; else decided
    about: str
    document: str
    decided: date
    authority: str
    note: str
    ordered_by: str = ""
    order: str = ""

    @property
    def id(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self._canonical_json().encode()).hexdigest()

    def to_line(self, at: str) -> bytes:
        """The stored form: canonical JSON, with the time at which the ruling was entered."""
        return self._canonical_json(at=at).encode()

    def _canonical_json(self, **more: str) -> str:
        content = {**asdict(self), "decided": str(self.decided), **more}
        for name in (
            "ordered_by",
            "order",
        ):  # acts from before orders existed keep their ids
            if not content[name]:
                del content[name]
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def read(cls, line: bytes) -> Ruling:
        """Parse a stored line; ValueError, KeyError or TypeError if it is invalid."""
        content = json.loads(line)
        content.pop("at")
        return cls(**{**content, "decided": date.fromisoformat(content["decided"])})


def read_rulings(home: Home) -> list[Ruling]:
    """All rulings of a home, oldest first; DoubleRandomError if the file is damaged."""
    file = home.path / "acts" / "credit.jsonl"
    rulings = []
    for number, line in enumerate(durable_files.read_lines(file), 1):
        try:
            rulings.append(Ruling.read(line))
        except (ValueError, KeyError, TypeError):
            raise DoubleRandomError(
                _("{file} is damaged in line {line}").format(file=file, line=number),
                _("restore it from the backup"),
            ) from None
    return rulings


def enter_ruling(home: Home, ruling: Ruling, at: str) -> str | None:
    """Store a ruling for ever, include it in a new release and return the release's name.

    None if another run is writing: the ruling is stored and counts from the next load or score on. The same ruling is
    stored once. Misuse if it cannot follow the earlier rulings, or if a repair is before the shortest term without an
    order.
    """
    file = home.path / "acts" / "credit.jsonl"
    file.parent.mkdir(exist_ok=True)
    seconds = float(home.settings.get("lock_seconds", 10))
    with hold_lock(file.with_suffix(".lock"), ruling.record_class, seconds):
        before = read_rulings(home)
        if ruling not in before:
            _check_objection(ruling, before)
            _check_repair_term(home, ruling)
            durable_files.append_line(file, ruling.to_line(at))
    try:
        with home.releases.write("ruling", ruling.decided) as release:
            if not fold_rulings(home, release):
                release.discard()
        return release.name
    except Busy:
        return None


def fold_rulings(home: Home, release: Draft) -> int:
    """Add the stored rulings to an open release; returns how many are new. One about an unknown record waits."""
    from double_random.credit.schema import apply_schema

    apply_schema(release.connection)
    stored = read_rulings(home)
    known = _find_known(release.connection, stored)
    added = sum(
        _add_ruling(release.connection, ruling, release.run)
        for ruling in stored
        if ruling.id not in known
    )
    if added:
        linking.link_records(release.connection, release.run)
    return added


def _find_known(connection: duckdb.DuckDBPyConnection, stored: Sequence[Ruling]) -> set[str]:
    """The ids of the rulings that are records already, known or ended."""
    if not stored:
        return set()
    listed = ", ".join(f"('{ruling.id}')" for ruling in stored)  # SHA-256 each
    find_rows(connection, "records", f"FROM (VALUES {listed}) AS t(record)", "ruled_before")
    return {id_ for (id_,) in connection.execute("SELECT record FROM ruled_before").fetchall()}


def _add_ruling(connection: duckdb.DuckDBPyConnection, ruling: Ruling, run: int) -> int:
    """Add the ruling as a record with the claim of its target; 0 if it is known already or its target is unknown."""
    values = {
        "id": ruling.id,
        "class": ruling.record_class,
        "kind": ruling.kind,
        "state": ruling.state,
        "document": ruling.document,
        "decided": ruling.decided,
        "note": ruling.note or None,
        "authority": ruling.authority or None,
        "about": ruling.about,
        "run": run,
    }
    added = connection.execute(ADD_RECORD, values).fetchall()
    if added:
        connection.execute(
            ADD_CLAIM, {"id": ruling.id, "about": ruling.about, "run": run}
        ).fetchall()
        if has_table(connection, "person_claims"):
            for sql in (ADD_PERSON_CLAIM, ADD_PRACTITIONERS_LINK):
                connection.execute(
                    sql, {"id": ruling.id, "about": ruling.about, "run": run}
                ).fetchall()
        connection.execute(
            ADD_PERSONS_LINK, {"id": ruling.id, "about": ruling.about, "run": run}
        ).fetchall()
    return len(added)


ADD_RECORD = """
INSERT INTO added.records (record, number, class, kinds, state, document, document_key, related, related_key, happened,
                     decided, content, authority, name, code, known_from)
SELECT $id, (SELECT max(number) FROM records) + 1, $class, $kind, $state, $document, $document,
       coalesce(document, record), coalesce(document_key, record), $decided, $decided, $note, $authority,
       name, code, $run
FROM records
WHERE record = $about AND known_to IS NULL AND NOT EXISTS (FROM records WHERE record = $id)
RETURNING record
"""

ADD_CLAIM = """
INSERT INTO added.claims (claim, code, licence, name, folded, day, known_from)
SELECT $id, code, licence, name, folded, day, $run FROM claims WHERE claim = $about
RETURNING claim
"""

ADD_PERSON_CLAIM = """
INSERT INTO added.person_claims
SELECT $id, name, folded, licence, practice, practice_code, conducted, day, $run FROM person_claims WHERE claim = $about
RETURNING claim
"""

# A ruling is whose the record is; while that waits, the ruling waits with it.
ADD_PRACTITIONERS_LINK = """
INSERT INTO added.links
SELECT $id, l.institution, l.how, $run, NULL FROM links l JOIN person_claims c ON c.claim = l.claim
WHERE l.claim = $about AND l.how <> 'person' AND l.known_to IS NULL
RETURNING claim
"""

# A manual link takes precedence over codes and names; it also applies to rulings about the record.
ADD_PERSONS_LINK = """
INSERT INTO added.links
SELECT $id, institution, how, $run, NULL FROM links WHERE claim = $about AND how = 'person' AND known_to IS NULL
RETURNING claim
"""


def find_record(release: Release, institution: str, asked: str) -> tuple[str, date]:
    """Find a record of an institution by its document number or (the beginning of) its id; returns id and day.

    Misuse if none or several match.
    """
    from double_random.registry.institutions.names import normalize_name

    matches = release.connection.execute(
        """SELECT r.record, coalesce(r.decided, r.happened), r.document
           FROM records AS r JOIN links AS l ON l.claim = r.record AND l.known_to IS NULL
           WHERE l.institution = $who AND r.known_to IS NULL AND r.class NOT IN ('repair', 'correction', 'objection')
             AND (r.document_key = $key OR (length($asked) >= 8 AND starts_with(r.record, $asked)))
           ORDER BY r.record""",
        {"who": institution, "key": normalize_name(asked), "asked": asked},
    ).fetchall()
    if len(matches) == 1:
        return matches[0][0], matches[0][1]
    if matches:
        raise Misuse(
            _("{asked} may mean several records").format(asked=asked),
            _("name one of these ids: {ids}").format(
                ids=join_words(row[0][:12] for row in matches)
            ),
        )
    raise Misuse(
        _("this institution has no record {asked}").format(asked=asked),
        _("its records are listed by: double-random credit show {id}").format(id=institution),
    )


def group_objections(rulings: Iterable[Ruling]) -> dict[str, list[Ruling]]:
    """The steps of each objection in order, by the objection's number."""
    by_number: dict[str, list[Ruling]] = {}
    for ruling in rulings:
        if ruling.record_class == "objection":
            by_number.setdefault(ruling.document, []).append(ruling)
    return by_number


def find_open_objection(rulings: Sequence[Ruling], about: str) -> str | None:
    """The number of the open objection to a record; None if there is none."""
    return next(
        (
            number
            for number, steps in group_objections(rulings).items()
            if steps[-1].about == about and steps[-1].state in OPEN
        ),
        None,
    )


def next_objection_number(rulings: Sequence[Ruling], about: str) -> str:
    """A number for a new objection to a record: the beginning of the record's id and a counter."""
    before = sum(steps[0].about == about for steps in group_objections(rulings).values())
    return f"YY-{about[:12]}-{before + 1}"


def _check_repair_term(home: Home, ruling: Ruling) -> None:
    """Misuse if a repair (信用修复) is before the shortest term, without an order of a court or an authority."""
    from double_random.credit.policy.publication_terms import PublicationTerms

    if ruling.record_class != "repair" or (ruling.ordered_by.strip() and ruling.order.strip()):
        return
    with home.releases.read() as opened:
        penalties = opened.connection.execute(
            """SELECT kinds, fine_fen, decided, coalesce(document, record) FROM records
               WHERE record = ? AND known_to IS NULL AND class = 'penalty' AND decided IS NOT NULL""",
            [ruling.about],
        ).fetchall()
    for kinds, fine, decided, named in penalties:
        terms = PublicationTerms.from_home(home)
        first = terms.earliest_repair((kinds or "").split(), fine or 0, decided, ruling.decided)
        if first is not None and ruling.decided < first.day:
            raise Misuse(
                _("{document} cannot be repaired on {day}: possible from {first} on").format(
                    document=named, day=ruling.decided, first=first.day
                ),
                _(
                    "{level}: shortest term {months} months ({reference}); an order of a court or a higher authority"
                    " goes before it: --ordered-by WHO --order NUMBER"
                ).format(level=_(first.level), months=first.months, reference=first.reference),
            )


def _check_objection(ruling: Ruling, before: Sequence[Ruling]) -> None:
    """Misuse if a step of an objection is out of order or dated before the last one."""
    if ruling.record_class != "objection":
        return
    steps = group_objections(before).get(ruling.document, [])
    last = steps[-1] if steps else None
    allowed: Any = STEPS.get(last.state if last else None, ())
    if ruling.state not in allowed:
        raise Misuse(
            _("the objection {number} is {state}; it cannot become {wanted}").format(
                number=ruling.document,
                state=_render_step(last.state) if last else _("not accepted yet"),
                wanted=_render_step(ruling.state),
            ),
            _("its way is: accepted, checking, then kept or corrected"),
        )
    if last and ruling.about != last.about:
        raise Misuse(
            _("the objection {number} is about another record").format(number=ruling.document),
            _("give this one another number with --number, or leave --number away"),
        )
    if last and ruling.decided < last.decided:
        raise Misuse(
            _("this step of the objection {number} comes before its last").format(
                number=ruling.document
            ),
            _("its last step is of {day}").format(day=last.decided),
        )


def _render_step(state: str) -> str:
    """The words for a step of an objection."""
    return code_word(RECORD, f"objection:{state}")
