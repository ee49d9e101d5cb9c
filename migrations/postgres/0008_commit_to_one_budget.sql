-- A batch is nearly always of one budget, because each budget has a writer of its own. For such batches there is a
-- function with half the statements of `commit_batch` and none of its joins; the rules are the same. `commit_batch` stays,
-- for batches of several budgets and for processes of the version before.

-- Group commit of one budget, `budgets[1]`: see `commit_batch` for the arguments and the codes of outcomes. `ids` are in
-- order, so that two budgets' batches can't wait for each other in a circle. `participants` is null when nobody is known.
--
-- When all were added and counted, the answer is one line with the place 0 and the version of all of them.
CREATE FUNCTION commit_to_one_budget(
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
    target      head%ROWTYPE;
    own_version bigint;
    oldest      uuid;
    inserted    bigint;
    added       uuid[] := ids;
    lost        uuid[] := '{}';
    old_ids     uuid[] := '{}';
    old_frames  bytea[] := '{}';
BEGIN
    -- 1. Lock the head.
    SELECT h.* INTO target FROM head h WHERE h.budget = budgets[1] FOR UPDATE;
    own_version := greatest(target.version + 1, now_us);
    oldest := (lpad(to_hex(target.archived_ms), 12, '0') || repeat('0', 20))::uuid;

    -- 2. Insert what is new. Points of a wrong length become null, which the column refuses: they were validated against
    -- an older definition. Each id is looked for among the deleted ones only if one of them is there.
    INSERT INTO submission (version, participant, effective_ms, budget, standing, id, points, segments)
    SELECT own_version, b.participant, b.own, target.budget, 'C', b.id,
        CASE WHEN octet_length(b.points) = 2 * target.categories THEN b.points END, b.segments
    FROM unnest(ids, participants, owns, acceptables, all_points, all_segments)
            AS b(id, participant, own, acceptable, points, segments)
    WHERE b.acceptable AND b.id >= oldest AND NOT target.closed
        AND ((SELECT true FROM tombstone t WHERE t.id = ANY (ids) LIMIT 1) IS NULL
             OR (SELECT true FROM tombstone t WHERE t.id = b.id) IS NULL)
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS inserted = ROW_COUNT;

    IF inserted < cardinality(ids) THEN
        SELECT coalesce(array_agg(i.id), '{}') INTO added
        FROM (SELECT DISTINCT u.id FROM unnest(ids) AS u(id)) AS i
            CROSS JOIN LATERAL (SELECT s.version, s.budget FROM submission s WHERE s.id = i.id LIMIT 1) AS s
        -- Another budget's commit may have the same version.
        WHERE s.version = own_version AND s.budget = target.budget;
    END IF;

    -- 3. Who counted before, and who loses: to somebody newer in the batch, or to a newer one from before. Of an id that
    -- comes several times the first was added.
    IF inserted > 0 AND participants IS NOT NULL THEN
        SELECT coalesce(array_agg(j.id) FILTER (WHERE NOT j.wins), '{}'),
            coalesce(array_agg(j.old_id) FILTER (WHERE j.wins AND j.old_id IS NOT NULL), '{}'),
            coalesce(array_agg(j.old_frame) FILTER (WHERE j.wins AND j.old_id IS NOT NULL), '{}')
        INTO lost, old_ids, old_frames
        FROM (
            SELECT r.id, o.id AS old_id, o.frame AS old_frame,
                r.rank = 1 AND (o.time IS NULL OR o.time <= r.time) AS wins
            FROM (
                SELECT n.*, row_number() OVER (PARTITION BY n.participant ORDER BY n.time DESC, n.id DESC) AS rank
                FROM (
                    SELECT DISTINCT ON (b.id) b.id, b.participant, b.time
                    FROM unnest(ids, participants, times) WITH ORDINALITY AS b(id, participant, time, place)
                    WHERE b.id = ANY (added)
                    ORDER BY b.id, b.place
                ) AS n
                WHERE n.participant IS NOT NULL
            ) AS r
            LEFT JOIN LATERAL (
                SELECT s.id, t.ms AS time, delta_entry(t.ms, s.segments, s.points) AS frame
                FROM submission s, coalesce(s.effective_ms, id_ms(s.id)) AS t(ms)
                WHERE s.participant = r.participant AND s.budget = target.budget AND s.standing < 'a'
                    AND s.version < own_version AND r.rank = 1
                OFFSET 0
            ) AS o ON true
        ) AS j;
    END IF;

    -- 4. Mark who counts, append what that changes, and advance the head.
    IF cardinality(lost) > 0 THEN
        UPDATE submission s SET standing = 's' FROM unnest(lost) AS l(id) WHERE s.id = l.id;
    END IF;
    IF cardinality(old_ids) > 0 THEN
        UPDATE submission s SET standing = lower(s.standing::text)::"char"
        FROM unnest(old_ids) AS o(id) WHERE s.id = o.id;
    END IF;
    IF inserted = cardinality(ids) AND cardinality(lost) = 0 THEN
        INSERT INTO summary_delta (budget, version, plus, minus)
        SELECT target.budget, own_version, (SELECT string_agg(b.frame, '') FROM unnest(frames) AS b(frame)),
            coalesce((SELECT string_agg(o.frame, '') FROM unnest(old_frames) AS o(frame)), '');
    ELSIF inserted > 0 THEN
        INSERT INTO summary_delta (budget, version, plus, minus)
        SELECT target.budget, own_version, coalesce(c.plus, ''), coalesce(c.minus, '')
        FROM (
            SELECT
                (SELECT string_agg(n.frame, '') FROM (
                    SELECT DISTINCT ON (b.id) b.frame
                    FROM unnest(ids, frames) WITH ORDINALITY AS b(id, frame, place)
                    WHERE b.id = ANY (added) AND b.id <> ALL (lost)
                    ORDER BY b.id, b.place
                ) AS n) AS plus,
                (SELECT string_agg(o.frame, '') FROM unnest(old_frames) AS o(frame)) AS minus
        ) AS c
        WHERE c.plus IS NOT NULL OR c.minus IS NOT NULL;
    END IF;
    IF inserted > 0 THEN
        UPDATE head SET version = own_version WHERE budget = target.budget;
    END IF;

    IF inserted = cardinality(ids) AND cardinality(lost) = 0 THEN
        place := 0;
        outcome := 0;
        at_version := own_version;
        was_counted := true;
        RETURN NEXT;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT b.place,
        (CASE
            WHEN s.same AND b.id = ANY (added) THEN 0
            WHEN s.same THEN 1
            WHEN s.same IS NOT NULL AND b.id <> ALL (added) THEN 2
            WHEN target.budget IS NULL AND t.id IS NULL THEN 5
            WHEN t.id IS NOT NULL THEN 3
            WHEN target.closed THEN 4
            WHEN s.same IS NOT NULL THEN 2
            WHEN NOT b.acceptable OR b.id < oldest THEN 6
            -- Its tombstone was forgotten since the second step.
            ELSE 3
        END)::smallint, coalesce(s.version, 0), coalesce(s.first_counted, false)
    FROM unnest(ids, acceptables, all_points, all_segments) WITH ORDINALITY
            AS b(id, acceptable, points, segments, place)
        LEFT JOIN LATERAL (
            SELECT k.version, k.standing IN ('C', 'c') AS first_counted,
                k.budget = budgets[1] AND k.points = b.points AND k.segments IS NOT DISTINCT FROM b.segments AS same
            FROM submission k WHERE k.id = b.id LIMIT 1
        ) AS s ON true
        LEFT JOIN LATERAL (SELECT g.id FROM tombstone g WHERE g.id = b.id LIMIT 1) AS t ON s.same IS NULL;
END $$;
