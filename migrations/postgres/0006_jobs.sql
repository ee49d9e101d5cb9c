-- Background jobs. The queue is apalis (crate apalis-postgres 1.0): the schema "apalis" has its tables and its function
-- as its own migrations leave them, columns in this order, because it names them by place. They are made here, so that
-- the schema changes in one way only.
CREATE EXTENSION IF NOT EXISTS hstore;
CREATE SCHEMA IF NOT EXISTS apalis;

CREATE TABLE apalis.workers (
    id           text PRIMARY KEY,
    worker_type  text NOT NULL,                               -- the queue that it works on
    storage_name text NOT NULL,
    layers       text NOT NULL DEFAULT '',
    last_seen    timestamptz NOT NULL DEFAULT now(),          -- a worker silent for too long is dead
    started_at   timestamptz
);
CREATE INDEX idx_apalis_workers_last_seen ON apalis.workers (last_seen);
CREATE INDEX idx_apalis_workers_worker_type ON apalis.workers (worker_type);

CREATE TABLE apalis.jobs (
    job             bytea NOT NULL,                           -- JSON
    id              text PRIMARY KEY,                         -- a ULID
    job_type        text NOT NULL,                            -- the queue
    status          text NOT NULL DEFAULT 'Pending',
    attempts        integer NOT NULL DEFAULT 0,
    max_attempts    integer NOT NULL DEFAULT 25,
    run_at          timestamptz NOT NULL DEFAULT now(),
    last_result     jsonb,
    lock_at         timestamptz,
    lock_by         text CONSTRAINT fk_worker_lock_by REFERENCES apalis.workers (id),
    done_at         timestamptz,
    priority        integer DEFAULT 0,
    idempotency_key text,
    metadata        hstore
);
CREATE UNIQUE INDEX idx_jobs_idempotency_key ON apalis.jobs (job_type, idempotency_key);
CREATE INDEX idx_apalis_jobs_fetch_partial ON apalis.jobs (job_type, priority DESC, run_at ASC)
    WHERE status = 'Pending' OR (status = 'Failed' AND attempts < max_attempts);
CREATE INDEX idx_apalis_jobs_lock_by ON apalis.jobs (lock_by);

CREATE FUNCTION apalis.get_jobs(worker_id text, v_job_type text, v_job_count integer DEFAULT 5)
RETURNS SETOF apalis.jobs LANGUAGE sql VOLATILE AS $$
    WITH jobs AS (
        SELECT id FROM apalis.jobs
        WHERE (status = 'Pending' OR (status = 'Failed' AND attempts < max_attempts))
            AND run_at < now() AND job_type = v_job_type
        ORDER BY priority DESC, run_at ASC
        LIMIT v_job_count
        FOR UPDATE SKIP LOCKED
    )
    UPDATE apalis.jobs j SET status = 'Queued', lock_by = worker_id, lock_at = now()
    FROM jobs WHERE j.id = jobs.id
    RETURNING j.*;
$$;

-- Jobs that belong to a commit, written in its transaction; a worker moves them to the queue.
CREATE TABLE job_outbox (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,      -- the job's idempotency key
    job text NOT NULL                                         -- JSON
);

-- What a job says of itself while it runs, and whether an operator asked it to stop.
CREATE TABLE job_note (
    job       text PRIMARY KEY,
    progress  text,
    cancelled boolean NOT NULL DEFAULT false
);
