-- What was counted of submissions that are no longer here. Together with those that are, it makes the summary.
CREATE TABLE archived_cell (
    budget integer NOT NULL REFERENCES budget (id),
    number integer NOT NULL,
    kind   smallint NOT NULL,                                 -- domain's CellKey
    cell   bytea NOT NULL,
    PRIMARY KEY (budget, kind, number)
);

-- Ids from before this time may be archived: none of them may be loaded any more.
ALTER TABLE head ADD COLUMN archived_ms bigint NOT NULL DEFAULT 0;
