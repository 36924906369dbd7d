-- 执业人员. Made with the first permit of a person, so that the hash of a register without persons stays what it was.
-- History is added to, as in registry/schema.sql. No ID number, telephone number or address of a person is in any column.

CREATE TABLE IF NOT EXISTS practitioner_decisions ( -- one row a distinct accepted permit decision about a person
    decision     TEXT NOT NULL,                  -- SHA-256 of the typed content; a ! behind it where the permit is invalid
    practitioner TEXT,                           -- P: + a licence number; NULL: it waits (`held`)
    held         TEXT,                           -- why it waits (registry/reasons.py)
    kind         TEXT NOT NULL,                  -- data/practitioners.toml
    event        TEXT NOT NULL,                  -- data/practitioners.toml
    category     TEXT,                           -- as the content says it
    concurrent   BOOLEAN NOT NULL,               -- it allows a second post
    name         TEXT NOT NULL,
    folded       TEXT NOT NULL,
    licence      TEXT NOT NULL,
    former_name  TEXT,                           -- 原姓名
    former_licence TEXT,                         -- 原执业证号
    practice     TEXT,                           -- the institution as given, and its code
    practice_code TEXT,
    former_practice TEXT,                        -- 原执业机构
    employer     TEXT,                           -- of a public or company lawyer: the unit
    document     TEXT,
    title        TEXT,
    decided      DATE NOT NULL,
    licence_from DATE,
    licence_to   DATE,
    authority    TEXT,
    state        TEXT NOT NULL,                  -- valid | invalid
    arrived      INTEGER NOT NULL,
    known_from   INTEGER NOT NULL,
    known_to     INTEGER
);

CREATE TABLE IF NOT EXISTS practitioners (       -- versions, derived from decisions and penalties
    id           TEXT NOT NULL,                  -- P: + the first of the person's licence numbers
    kind         TEXT NOT NULL,
    category     TEXT NOT NULL,
    name         TEXT NOT NULL,
    folded       TEXT NOT NULL,
    licence      TEXT NOT NULL,                  -- the number in force
    status       TEXT NOT NULL,                  -- active | suspended | cancelled | revoked | withdrawn | moved_out
    employer     TEXT,
    authority    TEXT,
    first_decided DATE,                          -- the first known decision
    licence_from DATE,
    licence_to   DATE,
    valid_from   DATE NOT NULL,
    valid_to     DATE,
    known_from   INTEGER NOT NULL,
    known_to     INTEGER
);

CREATE TABLE IF NOT EXISTS employment (          -- where a practitioner practises, from when to when
    practitioner TEXT NOT NULL,
    institution  TEXT NOT NULL,
    since        DATE,                           -- NULL: since before the data
    until        DATE,                           -- the first day no longer there; NULL = open
    why          TEXT NOT NULL,                  -- what ended it: an event, or institution; '' while it is open
    known_from   INTEGER NOT NULL,
    known_to     INTEGER
);

CREATE TABLE IF NOT EXISTS practitioner_notes (  -- what a supervisor should be told, derived with the versions
    practitioner TEXT NOT NULL,
    reason       TEXT NOT NULL,
    day          DATE NOT NULL,
    value        TEXT NOT NULL,
    known_from   INTEGER NOT NULL,
    known_to     INTEGER
);

CREATE TABLE IF NOT EXISTS practitioner_penalties ( -- persons' penalties that change a status. Kept also while nobody is known by them
    penalty      TEXT NOT NULL,                  -- SHA-256 of the typed content
    event        TEXT NOT NULL,                  -- suspended (停止执业) | revoked (吊销)
    name         TEXT NOT NULL,
    folded       TEXT NOT NULL,
    licence      TEXT,
    practice     TEXT,                           -- the institution as given, folded
    conducted    DATE,                           -- the day of the conduct
    document     TEXT,
    decided      DATE NOT NULL,
    ends         DATE,                           -- the first day after it; NULL: no end is known
    authority    TEXT,
    known_from   INTEGER NOT NULL,
    known_to     INTEGER,
    practice_code TEXT
);

-- Whom a record or a recusal about a person speaks of; the links are rows of `links` (registry/schema.sql).
CREATE TABLE IF NOT EXISTS person_claims (
    claim        TEXT NOT NULL,                  -- the record's id, or the recusal's
    name         TEXT,                           -- as given
    folded       TEXT,
    licence      TEXT,                           -- as given
    practice     TEXT,                           -- the institution as given, folded, and its code
    practice_code TEXT,
    conducted    DATE,                           -- the day of the conduct
    day          DATE,                           -- the decision's; a recusal's has none: as it is now
    known_from   INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS person_recusals (     -- 回避 from a person
    claim        TEXT NOT NULL,
    inspector    TEXT NOT NULL,
    reason       TEXT NOT NULL,
    since        DATE,                           -- the first day of it; NULL: always
    until        DATE,                           -- the last day of it; NULL: no end is known
    file         TEXT,                           -- where it was read first
    sheet        TEXT,
    row          INTEGER,
    known_from   INTEGER NOT NULL,
    known_to     INTEGER
);

CREATE TABLE IF NOT EXISTS practitioner_links (  -- whose penalty it is
    penalty      TEXT NOT NULL,
    practitioner TEXT NOT NULL,
    how          TEXT NOT NULL,                  -- licence | name
    known_from   INTEGER NOT NULL,
    known_to     INTEGER
);
