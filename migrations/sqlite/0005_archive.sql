-- What was counted of submissions that are no longer here. Together with those that are, it makes the summary.
CREATE TABLE archived_cell (
    budget INTEGER NOT NULL REFERENCES budget (id),
    kind   INTEGER NOT NULL,                      -- domain's CellKey
    number INTEGER NOT NULL,
    cell   BLOB NOT NULL,
    PRIMARY KEY (budget, kind, number)
) STRICT, WITHOUT ROWID;

-- Ids from before this time may be archived: none of them may be loaded any more.
ALTER TABLE budget ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
