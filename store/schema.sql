-- What every release holds beside the registers and records: which runs made it, what they read, what they refused.
-- A run is known by its number and its date argument; no clock value, path or secret stands in a release.

CREATE TABLE IF NOT EXISTS runs (
    run   INTEGER NOT NULL,          -- running number, from 1
    kind  TEXT    NOT NULL,          -- sync | load | score | undo
    as_of DATE    NOT NULL           -- the run's date argument
);

CREATE TABLE IF NOT EXISTS undone (
    run     INTEGER NOT NULL,        -- a run that was taken back; what it had known stays askable
    undoing INTEGER NOT NULL         -- the run that took it back
);

CREATE TABLE IF NOT EXISTS files (
    run         INTEGER NOT NULL,
    file        TEXT    NOT NULL,    -- path in the drop, with /
    sha256      TEXT    NOT NULL,    -- the kept input
    layout      TEXT    NOT NULL,    -- '' where refused
    result      TEXT    NOT NULL,    -- read | refused | other
    rows        BIGINT  NOT NULL,    -- = accepted + duplicates + quarantined
    accepted    BIGINT  NOT NULL,
    duplicates  BIGINT  NOT NULL,
    quarantined BIGINT  NOT NULL,
    reason      TEXT    NOT NULL
);

CREATE TABLE IF NOT EXISTS issues (
    run      INTEGER NOT NULL,
    file     TEXT    NOT NULL,
    sha256   TEXT    NOT NULL,
    sheet    TEXT    NOT NULL,
    row      BIGINT  NOT NULL,       -- as Excel counts: from 1, headers included
    "column" TEXT    NOT NULL,       -- as the file spells it
    value    TEXT    NOT NULL,
    reason   TEXT    NOT NULL,       -- an English reason of a closed list, translated when shown
    name     TEXT    NOT NULL,       -- the row's institution or person, as given
    severity TEXT    NOT NULL        -- quarantined | noted
);

CREATE TABLE IF NOT EXISTS readings (  -- registry/sync/processed_files.py; no part of the hash
    run    INTEGER NOT NULL,
    sha256 TEXT    NOT NULL,
    rules  TEXT    NOT NULL         -- SHA-256 of the layouts, facts and sources by which the run has read the file
);
