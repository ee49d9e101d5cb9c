-- Nearly every batch has nothing but submissions that are new, accepted and counted. For those there is a function that
-- takes the database about two thirds of the time of `commit_to_one_budget`: it asks once whether they are such, and then
-- need not ask of each. The rules are the same. What is not such is handed on to `commit_to_one_budget`.

-- The version before a commit that is under way: one that finds that it is not for it puts that back.
ALTER TABLE head ADD COLUMN previous bigint NOT NULL DEFAULT 0;

-- Checked at every commit, for nothing: whoever adds a delta holds the lock of the budget's head, which has such a key.
-- (The tables in the order in which commits come to them, so that nobody waits in a circle.)
ALTER TABLE summary_delta DROP CONSTRAINT summary_delta_budget_fkey;

-- Group commit of one budget, `budgets[1]`: see `commit_batch` for the arguments and the codes of outcomes. `ids` are in
-- order and differ, and every one is acceptable; `participants` differ, or are null when nobody is known.
--
-- When all were added and counted, the answer is one line with the place 0 and the version of all of them. An id that
-- another budget's commit adds at the same moment violates the primary key.
CREATE FUNCTION commit_new_to_one_budget(
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
    target  head%ROWTYPE;
    old_ids uuid[] := '{}';
    minus   bytea := '';
    other   boolean;
BEGIN
    -- 1. Lock the head and advance it, in one.
    UPDATE head SET previous = version, version = greatest(version + 1, now_us)
    WHERE budget = budgets[1]
    RETURNING * INTO target;

    -- 2. Is it a batch for this function? The range of the ids says which months to look into.
    other := target.budget IS NULL
        OR target.closed
        OR ids[1] < (lpad(to_hex(target.archived_ms), 12, '0') || repeat('0', 20))::uuid
        OR EXISTS (SELECT FROM tombstone t WHERE t.id = ANY (ids))
        OR EXISTS (
            SELECT FROM submission s WHERE s.id = ANY (ids) AND s.id BETWEEN ids[1] AND ids[cardinality(ids)]
        );

    -- 3. Who counted before. Of whom something newer counts, the new one doesn't.
    IF NOT other AND participants IS NOT NULL THEN
        SELECT coalesce(array_agg(o.id), '{}'), coalesce(string_agg(o.frame, ''), ''),
            coalesce(bool_or(o.time > b.time), false)
        INTO old_ids, minus, other
        FROM unnest(participants, times) AS b(participant, time)
            CROSS JOIN LATERAL (
                SELECT s.id, t.ms AS time, delta_entry(t.ms, s.segments, s.points) AS frame
                FROM submission s, coalesce(s.effective_ms, id_ms(s.id)) AS t(ms)
                WHERE s.participant = b.participant AND s.budget = target.budget AND s.standing < 'a'
                OFFSET 0
            ) AS o;
    END IF;
    IF other THEN
        UPDATE head SET version = target.previous WHERE budget = target.budget;
        RETURN QUERY SELECT * FROM commit_to_one_budget(
            now_us, ids, budgets, participants, owns, times, acceptables, all_points, all_segments, frames
        );
        RETURN;
    END IF;

    -- 4. Add them. Points of a wrong length become null, which the column refuses: they were validated against an older
    -- definition.
    IF cardinality(old_ids) > 0 THEN
        UPDATE submission s SET standing = lower(s.standing::text)::"char"
        FROM unnest(old_ids) AS o(id) WHERE s.id = o.id;
    END IF;
    INSERT INTO submission (version, participant, effective_ms, budget, standing, id, points, segments)
    SELECT target.version, b.participant, b.own, target.budget, 'C', b.id,
        CASE WHEN octet_length(b.points) = 2 * target.categories THEN b.points END, b.segments
    FROM unnest(ids, participants, owns, all_points, all_segments) AS b(id, participant, own, points, segments);
    INSERT INTO summary_delta (budget, version, plus, minus)
    SELECT target.budget, target.version, string_agg(b.frame, ''), minus FROM unnest(frames) AS b(frame);

    place := 0;
    outcome := 0;
    at_version := target.version;
    was_counted := true;
    RETURN NEXT;
END $$;
