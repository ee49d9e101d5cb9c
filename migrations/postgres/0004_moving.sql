-- Of which database this one is a copy (its instance), once a copy was begun.
CREATE TABLE copied_from (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    instance text NOT NULL
);

-- The heads as the copy left them: another one says that this database has been used since.
CREATE TABLE copied_head (
    version bigint NOT NULL,
    budget  integer PRIMARY KEY REFERENCES budget (id)
);

-- Results that had another address in the application from which they were imported. The key is a hash: the address
-- itself may still open a session there.
CREATE TABLE legacy_result (
    id  uuid NOT NULL,                            -- stays when the submission goes, so that no import brings it back
    key uuid PRIMARY KEY
);
