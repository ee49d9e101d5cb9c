-- Of which database this one is a copy (its instance), once a copy was begun.
CREATE TABLE copied_from (
    only     INTEGER PRIMARY KEY CHECK (only = 1),
    instance TEXT NOT NULL
) STRICT;

-- The heads as the copy left them: another one says that this database has been used since.
CREATE TABLE copied_head (
    budget INTEGER PRIMARY KEY REFERENCES budget (id),
    head   INTEGER NOT NULL
) STRICT;

-- Results that had another address in the application from which they were imported. The key is a hash: the address
-- itself may still open a session there.
CREATE TABLE legacy_result (
    key BLOB NOT NULL PRIMARY KEY CHECK (length(key) = 16),
    id  BLOB NOT NULL CHECK (length(id) = 16)     -- stays when the submission goes, so that no import brings it back
) STRICT, WITHOUT ROWID;
