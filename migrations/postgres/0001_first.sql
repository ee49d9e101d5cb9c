-- Times are milliseconds, versions microseconds since 1970. Points and answers are bytes as `domain` writes them.

CREATE TABLE instance (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    id  text NOT NULL
);
INSERT INTO instance (id) VALUES (replace(gen_random_uuid()::text, '-', ''));

CREATE TABLE budget (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug       text NOT NULL CONSTRAINT budget_slug UNIQUE,
    definition text NOT NULL                                  -- JSON of domain::Budget
);

-- The row that every change of a budget locks. Apart from the wide definition and with room on its page, so that
-- advancing it never moves it or touches an index.
CREATE TABLE head (
    budget     integer PRIMARY KEY REFERENCES budget (id),
    categories smallint NOT NULL,
    closed     boolean NOT NULL DEFAULT false,
    version    bigint NOT NULL                                -- newest
) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

-- Partitioned by month of the id. Wide columns first, so that nothing is padded. No foreign key to the budget: the
-- head is locked and known to exist when a row is inserted, and budgets are never removed.
CREATE TABLE submission (
    version       bigint NOT NULL,                            -- of its commit
    participant   bigint,
    effective_ms  bigint,                                     -- only when it is not the id's time
    budget        integer NOT NULL,
    counted       boolean NOT NULL,
    first_counted boolean NOT NULL,                           -- what its first answer said
    id            uuid NOT NULL,
    points        bytea NOT NULL,
    segments      bytea,                        -- only when something was declared
    CONSTRAINT submission_id PRIMARY KEY (id)
) PARTITION BY RANGE (id);

-- "What counted before?" at a commit: one entry a participant, however long their history is.
CREATE INDEX submission_counted_of_participant ON submission (participant, budget)
    WHERE counted AND participant IS NOT NULL;
-- A participant's history, and "what counts next?" at a deletion.
CREATE INDEX submission_history_of_participant ON submission (participant) WHERE participant IS NOT NULL;

CREATE TABLE tombstone (
    id         uuid PRIMARY KEY,
    deleted_ms bigint NOT NULL
);

CREATE TABLE summary_cell (
    budget integer NOT NULL REFERENCES budget (id),
    number integer NOT NULL,
    kind   smallint NOT NULL,                                 -- domain's CellKey
    cell   bytea NOT NULL,
    PRIMARY KEY (budget, kind, number)
);

-- Rows come with every commit and go about once a second: vacuum keeps up by their number, not their share.
CREATE TABLE summary_delta (
    version    bigint NOT NULL,
    budget     integer NOT NULL REFERENCES budget (id),
    plus       bytea NOT NULL,                                -- entries that became counted
    minus      bytea NOT NULL,                                -- entries that stopped being so
    correction bytea,                                         -- a whole summary to add, from a rebuild or a bulk load
    PRIMARY KEY (budget, version)
) WITH (autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_scale_factor = 0);

-- The time that a UUID v7 begins with.
CREATE FUNCTION id_ms(id uuid) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ('x' || encode(substr(uuid_send(id), 1, 6), 'hex'))::bit(48)::bigint;

-- One entry of a delta: day (4 bytes), answers and points, each behind its length in one byte.
CREATE FUNCTION delta_entry(ms bigint, segments bytea, points bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN int4send((ms / 86400000)::integer)
    || substr(int2send(coalesce(octet_length(segments), 0)::smallint), 2) || coalesce(segments, ''::bytea)
    || substr(int2send(octet_length(points)::smallint), 2) || points;

-- The partition of the month of this time. Made apart and then attached, which blocks neither readers nor writers.
CREATE FUNCTION ensure_partition(ms bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    month   timestamp := date_trunc('month', to_timestamp(ms / 1000) AT TIME ZONE 'UTC');
    name    text := format('submission_%s', to_char(month, 'YYYY_MM'));
    lowest  uuid := (lpad(to_hex(extract(epoch FROM month)::bigint * 1000), 12, '0') || repeat('0', 20))::uuid;
    highest uuid := (lpad(to_hex(extract(epoch FROM month + interval '1 month')::bigint * 1000), 12, '0')
                     || repeat('0', 20))::uuid;
BEGIN
    IF to_regclass(name) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('allot: partitions', 0));
    IF to_regclass(name) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE submission INCLUDING ALL,
                    CONSTRAINT submission_month CHECK (id >= %L AND id < %L))', name, lowest, highest);
    EXECUTE format('ALTER TABLE submission ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, lowest, highest);
    RETURN true;
END $$;

-- The partitions of all months from one time to another; answers how many were made.
CREATE FUNCTION ensure_partitions(from_ms bigint, to_ms bigint) RETURNS bigint LANGUAGE sql
BEGIN ATOMIC
    SELECT count(*) FILTER (WHERE ensure_partition((extract(epoch FROM month) * 1000)::bigint))
    FROM generate_series(date_trunc('month', to_timestamp(from_ms / 1000) AT TIME ZONE 'UTC'),
                         to_timestamp(to_ms / 1000) AT TIME ZONE 'UTC', interval '1 month') AS month;
END;

-- Group commit: one batch in one call. Needs READ COMMITTED: every statement after the lock sees all that was
-- committed before it. Of the arrays, `owns` is the effective time where it is not the id's, `times` always; `frames`
-- are entries of a delta. The same id may come several times with different content, never with the same.
--
-- Outcomes: 0 added, 1 replayed, 2 conflict, 3 deleted, 4 closed, 5 no such budget, 6 id out of range.
--
-- The settings keep every look-up on an index: a cached plan that was made while a month was empty would read it whole.
CREATE FUNCTION commit_batch(
    now_us bigint, ids uuid[], budgets integer[], participants bigint[], owns bigint[], times bigint[],
    acceptables boolean[], all_points bytea[], all_segments bytea[], frames bytea[]
) RETURNS TABLE (place bigint, outcome smallint, at_version bigint, was_counted boolean)
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
    heads     integer[];
    versions  bigint[];
    shut      boolean[];
    sizes     smallint[];
    added     uuid[];
    new_ids   uuid[] := ids;
    new_budgets integer[] := budgets;
    new_participants bigint[] := participants;
    new_times bigint[] := times;
    new_frames bytea[] := frames;
    lost      uuid[] := '{}';
    old_ids   uuid[] := '{}';
    old_budgets integer[] := '{}';
    old_frames bytea[] := '{}';
BEGIN
    -- 1. Lock the heads, in budget order.
    SELECT array_agg(h.budget), array_agg(greatest(h.version + 1, now_us)), array_agg(h.closed), array_agg(h.categories)
    INTO heads, versions, shut, sizes
    FROM (SELECT * FROM head WHERE budget = ANY (budgets) ORDER BY budget FOR UPDATE) AS h;

    -- 2. Insert what is new, ordered by id so that two budgets' batches can't wait for each other in a circle. Points
    -- of a wrong length become null, which the column refuses: they were validated against an older definition.
    WITH inserted AS (
        INSERT INTO submission
            (version, participant, effective_ms, budget, counted, first_counted, id, points, segments)
        SELECT DISTINCT ON (b.id) h.version, b.participant, b.own, b.budget, true, true, b.id,
            CASE WHEN octet_length(b.points) = 2 * h.categories THEN b.points END, b.segments
        FROM unnest(ids, budgets, participants, owns, acceptables, all_points, all_segments) WITH ORDINALITY
                AS b(id, budget, participant, own, acceptable, points, segments, place)
            JOIN unnest(heads, versions, shut, sizes) AS h(budget, version, closed, categories) ON h.budget = b.budget
        WHERE b.acceptable AND NOT h.closed AND (SELECT true FROM tombstone t WHERE t.id = b.id) IS NULL
        ORDER BY b.id, b.place
        ON CONFLICT DO NOTHING
        RETURNING id
    )
    SELECT coalesce(array_agg(id), '{}') INTO added FROM inserted;

    IF cardinality(added) < cardinality(ids) THEN
        SELECT coalesce(array_agg(n.id), '{}'), coalesce(array_agg(n.budget), '{}'), array_agg(n.participant),
            array_agg(n.time), array_agg(n.frame)
        INTO new_ids, new_budgets, new_participants, new_times, new_frames
        FROM (
            SELECT DISTINCT ON (b.id) b.*
            FROM unnest(ids, budgets, participants, times, frames) WITH ORDINALITY
                    AS b(id, budget, participant, time, frame, place)
                JOIN unnest(heads, shut) AS h(budget, closed) ON h.budget = b.budget
            WHERE NOT h.closed AND b.id = ANY (added)
            ORDER BY b.id, b.place
        ) AS n;
    END IF;

    -- 3. Who counted before, and who loses: to somebody newer in the batch, or to a newer one from before.
    IF num_nonnulls(VARIADIC coalesce(new_participants, '{}')) > 0 THEN
        SELECT coalesce(array_agg(j.id) FILTER (WHERE NOT j.wins), '{}'),
            coalesce(array_agg(j.old_id) FILTER (WHERE j.wins AND j.old_id IS NOT NULL), '{}'),
            coalesce(array_agg(j.budget) FILTER (WHERE j.wins AND j.old_id IS NOT NULL), '{}'),
            coalesce(array_agg(j.old_frame) FILTER (WHERE j.wins AND j.old_id IS NOT NULL), '{}')
        INTO lost, old_ids, old_budgets, old_frames
        FROM (
            SELECT r.id, r.budget, o.id AS old_id, o.frame AS old_frame,
                r.rank = 1 AND (o.time IS NULL OR o.time <= r.time) AS wins
            FROM (
                SELECT n.*, h.version,
                    row_number() OVER (PARTITION BY n.budget, n.participant ORDER BY n.time DESC, n.id DESC) AS rank
                FROM unnest(new_ids, new_budgets, new_participants, new_times) AS n(id, budget, participant, time)
                    JOIN unnest(heads, versions) AS h(budget, version) ON h.budget = n.budget
                WHERE n.participant IS NOT NULL
            ) AS r
            LEFT JOIN LATERAL (
                SELECT s.id, t.ms AS time, delta_entry(t.ms, s.segments, s.points) AS frame
                FROM submission s, coalesce(s.effective_ms, id_ms(s.id)) AS t(ms)
                WHERE s.participant = r.participant AND s.budget = r.budget AND s.counted
                    AND s.version < r.version AND r.rank = 1
                OFFSET 0
            ) AS o ON true
        ) AS j;
    END IF;

    -- 4. Mark who counts, and append what that changes.
    IF cardinality(lost) > 0 THEN
        UPDATE submission s SET counted = false, first_counted = false FROM unnest(lost) AS l(id) WHERE s.id = l.id;
    END IF;
    IF cardinality(old_ids) > 0 THEN
        UPDATE submission s SET counted = false FROM unnest(old_ids) AS o(id) WHERE s.id = o.id;
    END IF;
    IF cardinality(added) > 0 THEN
        WITH touched AS (
            SELECT h.budget, h.version,
                (SELECT string_agg(n.frame, '') FROM unnest(new_ids, new_budgets, new_frames) AS n(id, budget, frame)
                 WHERE n.budget = h.budget AND n.id <> ALL (lost)) AS plus,
                (SELECT string_agg(o.frame, '') FROM unnest(old_budgets, old_frames) AS o(budget, frame)
                 WHERE o.budget = h.budget) AS minus
            FROM unnest(heads, versions) AS h(budget, version)
            WHERE h.budget = ANY (new_budgets)
        ), noted AS (
            INSERT INTO summary_delta (budget, version, plus, minus)
            SELECT t.budget, t.version, coalesce(t.plus, ''), coalesce(t.minus, '')
            FROM touched t WHERE t.plus IS NOT NULL OR t.minus IS NOT NULL
        )
        -- 5. Advance the heads.
        UPDATE head SET version = t.version FROM touched t WHERE head.budget = t.budget;
    END IF;

    IF cardinality(added) = cardinality(ids) THEN
        RETURN QUERY
        SELECT b.place, 0::smallint, h.version, b.id <> ALL (lost)
        FROM unnest(ids, budgets) WITH ORDINALITY AS b(id, budget, place)
            JOIN unnest(heads, versions) AS h(budget, version) ON h.budget = b.budget;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT b.place,
        (CASE
            WHEN s.same AND b.id = ANY (added) THEN 0
            WHEN s.same THEN 1
            WHEN s.same IS NOT NULL AND b.id <> ALL (added) THEN 2
            WHEN h.budget IS NULL AND t.id IS NULL THEN 5
            WHEN t.id IS NOT NULL THEN 3
            WHEN h.closed THEN 4
            WHEN s.same IS NOT NULL THEN 2
            WHEN NOT b.acceptable THEN 6
            -- Its tombstone was forgotten since the second step.
            ELSE 3
        END)::smallint, coalesce(s.version, 0), coalesce(s.first_counted, false)
    FROM unnest(ids, budgets, acceptables, all_points, all_segments) WITH ORDINALITY
            AS b(id, budget, acceptable, points, segments, place)
        LEFT JOIN unnest(heads, shut) AS h(budget, closed) ON h.budget = b.budget
        LEFT JOIN LATERAL (
            SELECT k.version, k.first_counted,
                k.budget = b.budget AND k.points = b.points AND k.segments IS NOT DISTINCT FROM b.segments AS same
            FROM submission k WHERE k.id = b.id LIMIT 1
        ) AS s ON true
        LEFT JOIN LATERAL (SELECT g.id FROM tombstone g WHERE g.id = b.id LIMIT 1) AS t ON s.same IS NULL;
END $$;
