-- Background jobs. The queue is apalis (crates apalis-sqlite 1.0): "Jobs" and "Workers" are its tables as its own
-- migrations leave them, columns in this order, because it names them by place. They are made here, so that the schema
-- changes in one way only.
CREATE TABLE Workers (
    id           TEXT NOT NULL UNIQUE,
    worker_type  TEXT NOT NULL,                   -- the queue that it works on
    storage_name TEXT NOT NULL,
    layers       TEXT,
    last_seen    INTEGER NOT NULL DEFAULT (strftime('%s', 'now')),  -- seconds; a worker silent for too long is dead
    started_at   INTEGER
);
CREATE INDEX workers_by_type ON Workers (worker_type);
CREATE INDEX workers_by_last_seen ON Workers (last_seen);

CREATE TABLE Jobs (
    job             BLOB NOT NULL,                -- JSON
    id              TEXT NOT NULL UNIQUE,         -- a ULID
    job_type        TEXT NOT NULL,                -- the queue
    status          TEXT NOT NULL DEFAULT 'Pending',
    attempts        INTEGER NOT NULL DEFAULT 0,
    max_attempts    INTEGER NOT NULL DEFAULT 25,
    run_at          INTEGER NOT NULL DEFAULT (strftime('%s', 'now')),
    last_result     TEXT,
    lock_at         INTEGER,
    lock_by         TEXT,
    done_at         INTEGER,
    priority        INTEGER NOT NULL DEFAULT 0,
    metadata        TEXT,
    idempotency_key TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY (lock_by) REFERENCES Workers (id)
);
CREATE UNIQUE INDEX idx_jobs_idempotency_key ON Jobs (job_type, idempotency_key);
CREATE INDEX idx_jobs_pending ON Jobs (job_type, priority DESC, run_at ASC, id ASC)
    WHERE status = 'Pending' AND lock_by IS NULL;
CREATE INDEX idx_jobs_failed ON Jobs (job_type, priority DESC, run_at ASC, id ASC)
    WHERE status = 'Failed' AND attempts < max_attempts;
CREATE INDEX LIdx ON Jobs (lock_by);

-- Jobs that belong to a commit, written in its transaction; a worker moves them to the queue.
CREATE TABLE job_outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,        -- never used again: it is the job's idempotency key
    job TEXT NOT NULL                             -- JSON
) STRICT;

-- What a job says of itself while it runs, and whether an operator asked it to stop.
CREATE TABLE job_note (
    job       TEXT NOT NULL PRIMARY KEY,
    progress  TEXT,
    cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled IN (0, 1))
) STRICT, WITHOUT ROWID;
