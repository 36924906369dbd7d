-- Credit records, append-only, and the scores and explanation lines that a policy makes of them.

CREATE TABLE IF NOT EXISTS records (
    record        TEXT NOT NULL,                 -- SHA-256 of the row's typed content; also the claim's id
    class         TEXT NOT NULL,                 -- penalty | complaint | sanction | annual_check | commendation | inspection | repair
    kinds         TEXT NOT NULL,                 -- multi-valued, sorted, joined by a blank: warning fine confiscation suspension revocation …
    state         TEXT NOT NULL,                 -- of a complaint: open | refused | unfounded | withdrawn | upheld | partly_upheld; else decided
    document      TEXT,                          -- 文号 / 登记编号
    related       TEXT,                          -- of a complaint: the penalty's document
    happened      DATE,                          -- filed, of a complaint
    decided       DATE,
    ends          DATE,                          -- 处罚有效期 / end of a suspension
    publish_until DATE,                          -- 公示截止期
    fine_fen      BIGINT,
    confiscated_fen BIGINT,
    conduct       TEXT,                          -- 违法行为类型
    facts         TEXT,                          -- 违法事实: never leaves the house unmasked
    basis         TEXT,
    content       TEXT,
    authority     TEXT,
    name          TEXT,                          -- of the institution, as given
    known_from    INTEGER NOT NULL,
    known_to      INTEGER
);

CREATE TABLE IF NOT EXISTS scores (
    policy      TEXT    NOT NULL,
    as_of       DATE    NOT NULL,
    institution TEXT    NOT NULL,
    points      BIGINT  NOT NULL,                -- hundredths of a point
    grade       TEXT    NOT NULL,
    run         INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS score_lines (
    policy      TEXT    NOT NULL,
    as_of       DATE    NOT NULL,
    institution TEXT    NOT NULL,
    line        INTEGER NOT NULL,                -- 0 = the base
    record      TEXT,                            -- NULL: the base, a cap, a floor
    rule        TEXT    NOT NULL,
    points      BIGINT  NOT NULL,                -- the lines of an institution add up to its score
    reference   TEXT    NOT NULL,
    run         INTEGER NOT NULL
);
