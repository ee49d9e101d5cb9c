-- A commit asks the budget, too, whether the month of an id is archived: until now only the clock of the process that
-- commits kept such ids out, and a clock may be years behind.
--
-- Otherwise the function is as it was, so that processes of the version before go on.

-- Group commit: one batch in one call. Needs READ COMMITTED: every statement after the lock sees all that was
-- committed before it. Of the arrays, `owns` is the effective time where it is not the id's, `times` always; `frames`
-- are entries of a delta. The same id may come several times with different content, never with the same.
--
-- Outcomes: 0 added, 1 replayed, 2 conflict, 3 deleted, 4 closed, 5 no such budget, 6 id out of range: by the clock, or
-- from a month that is archived.
--
-- The settings keep every look-up on an index: a cached plan that was made while a month was empty would read it whole.
CREATE OR REPLACE FUNCTION commit_batch(
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
    oldest    uuid[];
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
    SELECT array_agg(h.budget), array_agg(greatest(h.version + 1, now_us)), array_agg(h.closed),
        array_agg(h.categories), array_agg((lpad(to_hex(h.archived_ms), 12, '0') || repeat('0', 20))::uuid)
    INTO heads, versions, shut, sizes, oldest
    FROM (SELECT * FROM head WHERE budget = ANY (budgets) ORDER BY budget FOR UPDATE) AS h;

    -- 2. Insert what is new, ordered by id so that two budgets' batches can't wait for each other in a circle. Points
    -- of a wrong length become null, which the column refuses: they were validated against an older definition.
    WITH inserted AS (
        INSERT INTO submission
            (version, participant, effective_ms, budget, standing, id, points, segments)
        SELECT DISTINCT ON (b.id) h.version, b.participant, b.own, b.budget, 'C', b.id,
            CASE WHEN octet_length(b.points) = 2 * h.categories THEN b.points END, b.segments
        FROM unnest(ids, budgets, participants, owns, acceptables, all_points, all_segments) WITH ORDINALITY
                AS b(id, budget, participant, own, acceptable, points, segments, place)
            JOIN unnest(heads, versions, shut, sizes, oldest) AS h(budget, version, closed, categories, oldest)
                ON h.budget = b.budget
        WHERE b.acceptable AND b.id >= h.oldest AND NOT h.closed AND (SELECT true FROM tombstone t WHERE t.id = b.id) IS NULL
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
                WHERE s.participant = r.participant AND s.budget = r.budget AND s.standing < 'a'
                    AND s.version < r.version AND r.rank = 1
                OFFSET 0
            ) AS o ON true
        ) AS j;
    END IF;

    -- 4. Mark who counts, and append what that changes.
    IF cardinality(lost) > 0 THEN
        UPDATE submission s SET standing = 's' FROM unnest(lost) AS l(id) WHERE s.id = l.id;
    END IF;
    IF cardinality(old_ids) > 0 THEN
        UPDATE submission s SET standing = lower(s.standing::text)::"char"
        FROM unnest(old_ids) AS o(id) WHERE s.id = o.id;
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
            WHEN NOT b.acceptable OR b.id < h.oldest THEN 6
            -- Its tombstone was forgotten since the second step.
            ELSE 3
        END)::smallint, coalesce(s.version, 0), coalesce(s.first_counted, false)
    FROM unnest(ids, budgets, acceptables, all_points, all_segments) WITH ORDINALITY
            AS b(id, budget, acceptable, points, segments, place)
        LEFT JOIN unnest(heads, shut, oldest) AS h(budget, closed, oldest) ON h.budget = b.budget
        LEFT JOIN LATERAL (
            SELECT k.version, k.standing IN ('C', 'c') AS first_counted,
                k.budget = b.budget AND k.points = b.points AND k.segments IS NOT DISTINCT FROM b.segments AS same
            FROM submission k WHERE k.id = b.id LIMIT 1
        ) AS s ON true
        LEFT JOIN LATERAL (SELECT g.id FROM tombstone g WHERE g.id = b.id LIMIT 1) AS t ON s.same IS NULL;
END $$;
