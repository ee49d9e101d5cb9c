-- Times are milliseconds, versions microseconds since 1970. Points and answers are bytes as `domain` writes them.

CREATE TABLE instance (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id   TEXT NOT NULL
) STRICT;
INSERT INTO instance (only, id) VALUES (1, lower(hex(randomblob(16))));

CREATE TABLE budget (
    id         INTEGER PRIMARY KEY,
    slug       TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL,                     -- JSON of domain::Budget
    closed     INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
    head       INTEGER NOT NULL DEFAULT 0         -- newest version
) STRICT;

CREATE TABLE submission (
    id            BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    budget        INTEGER NOT NULL REFERENCES budget (id),
    version       INTEGER NOT NULL,               -- of its commit
    counted       INTEGER NOT NULL CHECK (counted IN (0, 1)),
    first_counted INTEGER NOT NULL CHECK (first_counted IN (0, 1)), -- what its first answer said
    participant   INTEGER,
    effective     INTEGER,                        -- only when it is not the id's time
    points        BLOB NOT NULL,
    segments      BLOB                            -- only when something was declared
) STRICT, WITHOUT ROWID;

-- "What counted before?" at a commit, "what counts next?" at a deletion, and a participant's history.
CREATE INDEX submission_of_participant ON submission (participant, budget, counted) WHERE participant IS NOT NULL;

CREATE TABLE tombstone (
    id      BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    deleted INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE summary_cell (
    budget INTEGER NOT NULL REFERENCES budget (id),
    kind   INTEGER NOT NULL,                      -- domain's CellKey
    number INTEGER NOT NULL,
    cell   BLOB NOT NULL,
    PRIMARY KEY (budget, kind, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE summary_delta (
    seq        INTEGER PRIMARY KEY,
    budget     INTEGER NOT NULL REFERENCES budget (id),
    version    INTEGER NOT NULL,
    plus       BLOB NOT NULL,                     -- entries that became counted
    minus      BLOB NOT NULL,                     -- entries that stopped being so
    correction BLOB                               -- a whole summary to add, from a rebuild or a bulk load
) STRICT;

-- Reading and folding the deltas of one budget.
CREATE INDEX summary_delta_of_budget ON summary_delta (budget, seq);
