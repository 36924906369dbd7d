-- 检查对象名录库 and 执法检查人员名录库. History is added to: a row's knowledge ends (known_to), the row stays.
-- valid_* are the decisions' dates (to = first day no longer so, NULL = open); known_* are run numbers (to: NULL = still so).

CREATE TABLE IF NOT EXISTS decisions (           -- one row a distinct accepted permit decision (行政许可)
    decision     TEXT NOT NULL,                  -- SHA-256 of the typed content; a ! behind it where the permit is invalid
    institution  TEXT,                           -- USCC, or L: + licence number; NULL: not yet known whose
    kind         TEXT NOT NULL,                  -- data/kinds.toml
    event        TEXT NOT NULL,                  -- data/events.toml: founded | changed | branch | cancelled | …
    name         TEXT NOT NULL,
    folded       TEXT NOT NULL,                  -- the name for comparing (registry/institutions/names.py)
    uscc         TEXT,
    licence      TEXT,
    district     TEXT,                           -- six digits
    address      TEXT,
    head         TEXT,
    head_office  TEXT,                           -- of a branch: its head office's name
    document     TEXT,                           -- 文书号
    title        TEXT,                           -- 文书名称
    content      TEXT,
    decided      DATE NOT NULL,
    licence_from DATE,
    licence_to   DATE,                           -- NULL = 长期
    authority    TEXT,
    state        TEXT NOT NULL,                  -- the permit's own 当前状态: valid | invalid
    arrived      INTEGER NOT NULL,               -- the run in which it first came
    known_from   INTEGER NOT NULL,
    known_to     INTEGER,
    authority_code TEXT                          -- the authority's credit code, where the row has it
);

CREATE TABLE IF NOT EXISTS suspensions (         -- penalties that change a state: 停业整顿, 吊销. Kept also while nobody is known by that name
    suspension   TEXT NOT NULL,                  -- SHA-256 of the typed content
    institution  TEXT,                           -- NULL: not yet known whose
    event        TEXT NOT NULL,                  -- suspended | revoked
    name         TEXT NOT NULL,
    folded       TEXT NOT NULL,
    uscc         TEXT,
    document     TEXT,
    decided      DATE NOT NULL,
    ends         DATE,                           -- the first day after it; NULL = until permitted again
    authority    TEXT,
    known_from   INTEGER NOT NULL,
    known_to     INTEGER,
    licence      TEXT                            -- as given
);

CREATE TABLE IF NOT EXISTS institutions (        -- versions, derived from decisions and suspensions
    id           TEXT NOT NULL,
    kind         TEXT NOT NULL,
    name         TEXT NOT NULL,
    folded       TEXT NOT NULL,
    uscc         TEXT,
    licence      TEXT,
    status       TEXT NOT NULL,                  -- active | suspended | cancelled | revoked | withdrawn | moved_out
    district     TEXT,
    address      TEXT,
    head         TEXT,
    authority    TEXT,
    head_office  TEXT,                           -- of a branch: its head office's name
    founded      DATE,
    licence_from DATE,
    licence_to   DATE,
    valid_from   DATE NOT NULL,
    valid_to     DATE,
    known_from   INTEGER NOT NULL,
    known_to     INTEGER,
    district_kept BOOLEAN                        -- true: the address names no district, the last known one stays
);

CREATE TABLE IF NOT EXISTS inspectors (
    id          TEXT NOT NULL,                   -- 执法证号
    name        TEXT NOT NULL,
    unit        TEXT,
    district    TEXT,
    lead        BOOLEAN NOT NULL,                -- 主办
    kinds       TEXT NOT NULL,                   -- kinds of institution, sorted, joined by a blank
    status      TEXT NOT NULL,                   -- on duty | on leave, as the roster says it
    certificate_to DATE,                         -- the last day of the certificate (执法证)
    leave_from  DATE,
    leave_to    DATE,                            -- the last day of the leave
    known_from  INTEGER NOT NULL,
    known_to    INTEGER
);

CREATE TABLE IF NOT EXISTS recusals (            -- 回避
    inspector   TEXT NOT NULL,
    target      TEXT,                            -- an institution's id; NULL: not yet known whose
    reason      TEXT NOT NULL,
    uscc        TEXT,                            -- as given
    name        TEXT,                            -- as given
    folded      TEXT,
    known_from  INTEGER NOT NULL,
    known_to    INTEGER,
    since       DATE,                            -- the first day of it; NULL: always
    until       DATE,                            -- the last day of it; NULL: no end is known
    licence     TEXT,                            -- as given
    file        TEXT,                            -- where it was read first; NULL: by an older version
    sheet       TEXT,
    row         INTEGER
);

-- Who a record speaks of. Credit writes claims; the registry links them, at every sync and every load.
CREATE TABLE IF NOT EXISTS claims (
    claim   TEXT NOT NULL,                       -- the record's id
    code    TEXT,
    licence TEXT,
    name    TEXT,                                -- as given, NFC
    folded  TEXT,
    day     DATE NOT NULL,                       -- the day on which the name is asked
    known_from INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS links (
    claim       TEXT NOT NULL,
    institution TEXT NOT NULL,
    how         TEXT NOT NULL,                   -- code | licence | name | near (the name but for its region) | person
    known_from  INTEGER NOT NULL,
    known_to    INTEGER
);

CREATE TABLE IF NOT EXISTS waiting_claims (      -- claims that every run asks again: of nobody known, or linked by a near name
    claim       TEXT NOT NULL,
    code        TEXT,                            -- this and the next three as in claims
    licence     TEXT,
    folded      TEXT,
    day         DATE NOT NULL,
    how         TEXT,                            -- near; NULL: not linked
    known_from  INTEGER NOT NULL,
    known_to    INTEGER
);

CREATE TABLE IF NOT EXISTS linkings (            -- a run that asked every claim, for waiting_claims did not say which wait
    run   INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS decided_links (       -- what people decided (HOME/acts/links.jsonl has who, when and why)
    folded      TEXT NOT NULL,                   -- the name it is about; '' where it is about one record
    record      TEXT NOT NULL,                   -- the record it is about; '' where it is about a name
    institution TEXT NOT NULL,
    known_from  INTEGER NOT NULL,
    known_to    INTEGER
);

-- Quarantined rows (registry/quality/quarantine.py): each place in which one was seen, and which of them are done with.
CREATE TABLE IF NOT EXISTS set_aside (
    content    TEXT NOT NULL,                    -- SHA-256 of the row: it is known by this, wherever it stands
    noun       TEXT NOT NULL,
    rest       TEXT NOT NULL,                    -- SHA-256 without its faulty columns: the same when it comes mended
    faulty     TEXT NOT NULL,                    -- the faulty columns, sorted, joined by a blank
    anchor     TEXT NOT NULL,                    -- a column that is not faulty, by which a mended one is looked for
    anchored   TEXT NOT NULL,                    -- what it holds
    file       TEXT NOT NULL,
    sheet      TEXT NOT NULL,
    row        BIGINT NOT NULL,
    arrived    INTEGER NOT NULL,                 -- the run whose issues say what is wrong with it
    known_from INTEGER NOT NULL,
    known_to   INTEGER,
    claim      TEXT,                             -- of a row that waits for its institution: the record, or decision
    sha256     TEXT                              -- the file's; NULL where an older version has set it aside
);

CREATE TABLE IF NOT EXISTS beside (              -- rows of the file of a quarantined one that differ in its fault alone
    content    TEXT NOT NULL,                    -- the quarantined row
    taken      TEXT NOT NULL,                    -- SHA-256 of the other row, which is never that one mended
    known_from INTEGER NOT NULL,
    known_to   INTEGER
);

CREATE TABLE IF NOT EXISTS settled (
    content    TEXT NOT NULL,
    how        TEXT NOT NULL,                    -- mended | closed (HOME/acts/closed.jsonl has who, when and why)
    known_from INTEGER NOT NULL,
    known_to   INTEGER
);

CREATE TABLE IF NOT EXISTS unplaced (            -- what quarantined permits say (registry/quality/quarantined_approvals.py), as far as readable
    content    TEXT NOT NULL,
    name       TEXT NOT NULL,
    kind       TEXT,
    event      TEXT,
    district   TEXT,
    uscc       TEXT,
    licence    TEXT,
    decided    DATE,
    state      TEXT,
    known_from INTEGER NOT NULL,
    known_to   INTEGER
);

CREATE TABLE IF NOT EXISTS arrivals (            -- from decision to register: what each file brought, and how late
    file       TEXT NOT NULL,
    decisions  BIGINT NOT NULL,                  -- that no run before had
    lag_days   BIGINT NOT NULL,                  -- the median of the days from the decision to the run's day, rounded up
    longest    BIGINT NOT NULL,
    known_from INTEGER NOT NULL,
    known_to   INTEGER
);

-- Live sources (registry/sync/sources.py): how far each was read, and which decisions it gave.
CREATE TABLE IF NOT EXISTS watermarks (
    source     TEXT NOT NULL,
    mark       TEXT NOT NULL,                    -- the newest watermark, with its type, as JSON
    tail       TEXT NOT NULL,                    -- the rows so near to it that they are read again, as CSV
    known_from INTEGER NOT NULL,
    known_to   INTEGER
);

CREATE TABLE IF NOT EXISTS given (
    source     TEXT NOT NULL,
    decision   TEXT NOT NULL,
    known_from INTEGER NOT NULL,
    known_to   INTEGER
);

CREATE TABLE IF NOT EXISTS placings (            -- registry/institutions/reassignment.py; no part of the hash
    run   INTEGER NOT NULL,                      -- a run that has said whose every decision is
    rules TEXT    NOT NULL                       -- SHA-256 of what it went by
);
