-- When the summary was last corrected, so that a difference found by an older audit is not added once more.
ALTER TABLE budget ADD COLUMN corrected INTEGER NOT NULL DEFAULT 0;  -- version
