-- Credit records, append-only, and the scores and explanation lines that are computed from them.

CREATE TABLE IF NOT EXISTS records (
    record        TEXT NOT NULL,                 -- SHA-256 of the row's typed content; also the claim's id
    number        BIGINT NOT NULL,               -- in order of loading, within one run by SHA-256: short, for joins
    class         TEXT NOT NULL,                 -- penalty | complaint | sanction | annual_check | assessment | commendation | inspection;
                                                 -- for decisions about another record: repair | correction | objection
    kinds         TEXT NOT NULL,                 -- multi-valued, sorted, joined by a blank: warning fine confiscation suspension revocation …
    state         TEXT NOT NULL,                 -- complaint: open | refused | unfounded | withdrawn | upheld | partly_upheld;
                                                 -- objection: accepted | checking | kept | corrected; else decided
    document      TEXT,                          -- 文号 / 登记编号, as given
    document_key  TEXT,                          -- the same with width, brackets and blanks folded, for comparing
    related       TEXT,                          -- the penalty that a complaint led to, the record that a repair is about
    related_key   TEXT,
    happened      DATE,                          -- complaint: the day it was filed; annual check: the year's end
    decided       DATE,
    ends          DATE,                          -- 处罚有效期 / end of a suspension
    publish_until DATE,                          -- 公示截止期
    fine_fen      BIGINT,
    confiscated_fen BIGINT,
    conduct       TEXT,                          -- 违法行为类型; complaint: its matter
    facts         TEXT,                          -- 违法事实: never leaves the bureau unmasked
    basis         TEXT,                          -- repair before its shortest term: who ordered it, and the order's number
    content       TEXT,
    authority     TEXT,
    name          TEXT,                          -- of the institution or practitioner, as given
    code          TEXT,                          -- of the institution, as given
    known_from    INTEGER NOT NULL,
    known_to      INTEGER
);

CREATE TABLE IF NOT EXISTS checked_by (          -- 历次检查: the inspectors; used by rotation (inspection/planning/rotation.py)
    record        TEXT NOT NULL,                 -- of the class inspection
    inspector     TEXT NOT NULL,                 -- as given: a name, a certificate number, or both
    known_from    INTEGER NOT NULL,
    known_to      INTEGER
);

CREATE TABLE IF NOT EXISTS score_days (          -- a score run: the day for which it has scored by a policy
    policy      TEXT    NOT NULL,                -- its id
    edition     TEXT    NOT NULL,                -- of its content: scores of an edited policy are not mixed with its old ones
    as_of       DATE    NOT NULL,
    run         INTEGER NOT NULL,
    rules       TEXT                             -- SHA-256 of the program that computed (credit/scoring/affected.py)
);

CREATE TABLE IF NOT EXISTS score_history (       -- scores by a policy: known_from and known_to are score runs of it
    policy      TEXT    NOT NULL,
    edition     TEXT    NOT NULL,
    institution TEXT    NOT NULL,
    points      BIGINT  NOT NULL,                -- hundredths of a point
    grade       TEXT    NOT NULL,
    known_from  INTEGER NOT NULL,
    known_to    INTEGER
);

CREATE TABLE IF NOT EXISTS score_line_history (  -- their lines; a line that stays the same is written once
    policy      TEXT    NOT NULL,
    edition     TEXT    NOT NULL,
    institution TEXT    NOT NULL,
    part        TEXT    NOT NULL,                -- base | record | repeat | pair | rule cap | group cap | limit | veto
    rule        TEXT    NOT NULL,                -- the rule's, group's or veto's id
    number      BIGINT,                          -- the record's; NULL: the base, a cap, a limit
    points      BIGINT  NOT NULL,                -- the lines of an institution add up to its score
    reference   TEXT    NOT NULL,
    known_from  INTEGER NOT NULL,
    known_to    INTEGER
);

-- One row for each policy, day and institution; of a day's runs the newest counts.
CREATE VIEW scores AS
SELECT h.policy, h.edition, d.as_of, h.institution, h.points, h.grade, d.run
FROM (
    SELECT policy, arg_max(edition, run) AS edition, as_of, max(run) AS run FROM score_days GROUP BY policy, as_of
) AS d
JOIN score_history AS h ON h.policy = d.policy AND h.edition = d.edition
    AND h.known_from <= d.run AND (h.known_to IS NULL OR h.known_to > d.run);

-- The lines of all scores.
CREATE VIEW score_lines AS
SELECT h.policy, h.edition, d.as_of, h.institution, h.part, h.rule, h.number, h.points, h.reference, d.run
FROM (
    SELECT policy, arg_max(edition, run) AS edition, as_of, max(run) AS run FROM score_days GROUP BY policy, as_of
) AS d
JOIN score_line_history AS h ON h.policy = d.policy AND h.edition = d.edition
    AND h.known_from <= d.run AND (h.known_to IS NULL OR h.known_to > d.run);
