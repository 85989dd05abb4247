-- Results by hour and by day; the mean is sum / n.
CREATE TABLE hub_hour (
    datastream_id integer NOT NULL,
    n integer NOT NULL,
    start timestamptz NOT NULL,
    sum double precision NOT NULL,
    min double precision NOT NULL,
    max double precision NOT NULL,
    last double precision NOT NULL,
    last_time timestamptz NOT NULL,
    PRIMARY KEY (datastream_id, start)
);
CREATE TABLE hub_day (LIKE hub_hour INCLUDING ALL);

-- What ingest has added to an hour, in the transaction that stored it; n NULL: count it anew
-- (after a changed or deleted result). Only ever appended to and emptied, so it needs no key.
CREATE TABLE hub_touchedhour (
    datastream_id integer NOT NULL,
    n integer,
    hour timestamptz NOT NULL,
    sum double precision,
    min double precision,
    max double precision,
    last double precision,
    last_time timestamptz
);

-- Emptied every other second: without frequent vacuum it would only grow.
ALTER TABLE hub_touchedhour SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000
);

-- Takes at most `most` touched rows into the hours and days. Returns how many; -1: another
-- process is at it. One statement, so one snapshot: what is counted anew is exactly what the
-- touched rows taken here stand for, whatever is committed in the meantime.
CREATE FUNCTION hub_roll_up(most integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    taken_rows integer;
    streams integer[];
    hours timestamptz[];
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('hub_roll_up')) THEN
        RETURN -1;
    END IF;
    WITH anew AS MATERIALIZED (
        -- An hour is counted anew only together with all that has been added to it.
        SELECT DISTINCT datastream_id, hour FROM hub_touchedhour WHERE n IS NULL
        ORDER BY datastream_id, hour LIMIT most
    ), additions AS MATERIALIZED (
        SELECT ctid AS place FROM hub_touchedhour WHERE n IS NOT NULL LIMIT most
    ), taken AS (
        DELETE FROM hub_touchedhour t
        WHERE ctid IN (SELECT place FROM additions)
           OR (datastream_id, hour) IN (SELECT datastream_id, hour FROM anew)
        RETURNING t.*
    ), counted AS (
        SELECT o.datastream_id, anew.hour, count(o.result) AS n, sum(o.result) AS sum,
               min(o.result) AS min, max(o.result) AS max,
               (array_agg(o.result ORDER BY o.phenomenon_time DESC))[1] AS last,
               max(o.phenomenon_time) AS last_time
        FROM anew JOIN hub_observation o
          ON o.datastream_id = anew.datastream_id
         AND o.phenomenon_time >= anew.hour AND o.phenomenon_time < anew.hour + interval '1 hour'
        WHERE o.result IS NOT NULL
        GROUP BY 1, 2
    ), emptied AS (
        DELETE FROM hub_hour h USING anew
        WHERE h.datastream_id = anew.datastream_id AND h.start = anew.hour
          AND NOT EXISTS (
              SELECT FROM counted c
              WHERE c.datastream_id = h.datastream_id AND c.hour = h.start
          )
    ), written_anew AS (
        INSERT INTO hub_hour (datastream_id, n, start, sum, min, max, last, last_time)
        SELECT datastream_id, n, hour, sum, min, max, last, last_time FROM counted
        ON CONFLICT (datastream_id, start) DO UPDATE SET
            n = excluded.n, sum = excluded.sum, min = excluded.min, max = excluded.max,
            last = excluded.last, last_time = excluded.last_time
    ), added AS (
        SELECT datastream_id, hour, sum(n) AS n, sum(sum) AS sum, min(min) AS min, max(max) AS max,
               (array_agg(last ORDER BY last_time DESC))[1] AS last, max(last_time) AS last_time
        FROM taken t
        WHERE n > 0 AND NOT EXISTS (
            SELECT FROM anew WHERE anew.datastream_id = t.datastream_id AND anew.hour = t.hour
        )
        GROUP BY 1, 2
    ), written AS (
        INSERT INTO hub_hour AS h (datastream_id, n, start, sum, min, max, last, last_time)
        SELECT datastream_id, n, hour, sum, min, max, last, last_time FROM added
        ORDER BY datastream_id, hour
        ON CONFLICT (datastream_id, start) DO UPDATE SET
            n = h.n + excluded.n, sum = h.sum + excluded.sum,
            min = least(h.min, excluded.min), max = greatest(h.max, excluded.max),
            last = CASE WHEN excluded.last_time >= h.last_time THEN excluded.last ELSE h.last END,
            last_time = greatest(h.last_time, excluded.last_time)
    ), days AS (
        SELECT datastream_id, date_trunc('day', hour, 'Europe/Berlin') AS start, sum(n) AS n,
               sum(sum) AS sum, min(min) AS min, max(max) AS max,
               (array_agg(last ORDER BY last_time DESC))[1] AS last, max(last_time) AS last_time
        FROM added GROUP BY 1, 2
    ), written_days AS (
        INSERT INTO hub_day AS d (datastream_id, n, start, sum, min, max, last, last_time)
        SELECT datastream_id, n, start, sum, min, max, last, last_time FROM days
        ORDER BY datastream_id, start
        ON CONFLICT (datastream_id, start) DO UPDATE SET
            n = d.n + excluded.n, sum = d.sum + excluded.sum,
            min = least(d.min, excluded.min), max = greatest(d.max, excluded.max),
            last = CASE WHEN excluded.last_time >= d.last_time THEN excluded.last ELSE d.last END,
            last_time = greatest(d.last_time, excluded.last_time)
    )
    SELECT (SELECT count(*) FROM taken), array_agg(datastream_id), array_agg(hour)
    INTO taken_rows, streams, hours FROM anew;
    IF streams IS NULL THEN
        RETURN taken_rows;
    END IF;
    -- The days of hours that were counted anew are counted anew from their hours.
    WITH days AS MATERIALIZED (
        SELECT DISTINCT datastream_id, date_trunc('day', hour, 'Europe/Berlin') AS start
        FROM unnest(streams, hours) AS recounted (datastream_id, hour)
    ), counted AS (
        SELECT d.datastream_id, d.start, sum(h.n) AS n, sum(h.sum) AS sum, min(h.min) AS min,
               max(h.max) AS max, (array_agg(h.last ORDER BY h.start DESC))[1] AS last,
               max(h.last_time) AS last_time
        FROM days d JOIN hub_hour h
          ON h.datastream_id = d.datastream_id AND h.start >= d.start
         AND h.start < date_trunc('day', d.start + interval '36 hours', 'Europe/Berlin')
        GROUP BY 1, 2
    ), emptied AS (
        DELETE FROM hub_day USING days
        WHERE hub_day.datastream_id = days.datastream_id AND hub_day.start = days.start
          AND NOT EXISTS (
              SELECT FROM counted c
              WHERE c.datastream_id = days.datastream_id AND c.start = days.start
          )
    )
    INSERT INTO hub_day (datastream_id, n, start, sum, min, max, last, last_time)
    SELECT datastream_id, n, start, sum, min, max, last, last_time FROM counted
    ON CONFLICT (datastream_id, start) DO UPDATE SET
        n = excluded.n, sum = excluded.sum, min = excluded.min, max = excluded.max,
        last = excluded.last, last_time = excluded.last_time;
    RETURN taken_rows;
END
$$;
