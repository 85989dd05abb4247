"""The SQL of the writer. Times go in and out as microseconds (a codec of the connection)."""

SETTINGS = {
    # A late row is looked up by its key, never by reading a month.
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_seqscan": "off",
    "jit": "off",
    "timezone": "UTC",
}

LATE_COLUMNS = (
    "lead",
    "datastream_id",
    "quality",
    "feature_id",
    "result_time",
    "detail",
    "id",
    "phenomenon_time",
    "result",
)

STAGING = """
CREATE TEMPORARY TABLE late (
    lead integer NOT NULL, datastream_id integer NOT NULL, quality smallint NOT NULL,
    feature_id integer, result_time timestamptz, detail jsonb, id bigint NOT NULL,
    phenomenon_time timestamptz NOT NULL, result double precision
) ON COMMIT DELETE ROWS
"""

LOCK = """
SELECT datastream_id, last_time, last_result, unchanged_since FROM hub_datastreamstate
WHERE datastream_id = ANY($1::integer[]) ORDER BY datastream_id FOR NO KEY UPDATE
"""

# The times as the wire has them, eight bytes each: ten times faster than a row for each.
THERE = """
SELECT span.place, (
    SELECT string_agg(timestamptz_send(there.phenomenon_time), '') FROM (
        SELECT o.phenomenon_time FROM hub_observation o
        WHERE o.datastream_id = span.datastream_id
          AND o.phenomenon_time BETWEEN span.first AND span.last
        LIMIT span.most
    ) there
)
FROM unnest($1::integer[], $2::integer[], $3::timestamptz[], $4::timestamptz[], $5::integer[])
    AS span (place, datastream_id, first, last, most)
"""

INSERT_LATE = """
INSERT INTO hub_observation
    (id, phenomenon_time, result, datastream_id, feature_id, quality, result_time, detail)
SELECT id, phenomenon_time, result, datastream_id, feature_id, quality, result_time, detail
FROM late
ON CONFLICT (datastream_id, phenomenon_time) DO NOTHING
"""

COMPARE = """
SELECT late.lead, there.id,
       there.result IS NOT DISTINCT FROM late.result
       AND there.detail -> 'r' IS NOT DISTINCT FROM late.detail -> 'r'
FROM late CROSS JOIN LATERAL (
    SELECT o.id, o.result, o.detail FROM hub_observation o
    WHERE o.datastream_id = late.datastream_id AND o.phenomenon_time = late.phenomenon_time
    LIMIT 1
) there
WHERE there.id <> late.id
"""

REPLACE = """
WITH kept AS (
    INSERT INTO hub_observationversion
        (datastream_id, phenomenon_time, replaced_at, id, result, detail)
    SELECT late.datastream_id, late.phenomenon_time, clock_timestamp(), there.id, there.result,
           there.detail
    FROM late CROSS JOIN LATERAL (
        SELECT o.id, o.result, o.detail FROM hub_observation o
        WHERE o.datastream_id = late.datastream_id AND o.phenomenon_time = late.phenomenon_time
        LIMIT 1
    ) there
    WHERE late.lead = ANY($1::integer[])
)
UPDATE hub_observation o SET
    result = late.result, detail = late.detail, quality = late.quality,
    result_time = late.result_time, feature_id = late.feature_id
FROM late
WHERE late.lead = ANY($1::integer[])
  AND o.datastream_id = late.datastream_id AND o.phenomenon_time = late.phenomenon_time
"""

REPLACE_LAST = """
WITH changed AS (
    SELECT * FROM unnest($1::integer[], $2::timestamptz[]) AS c (datastream_id, phenomenon_time)
), touched AS (
    INSERT INTO hub_touchedhour (datastream_id, hour)
    SELECT DISTINCT datastream_id, date_trunc('hour', phenomenon_time) FROM changed
), newest AS (
    SELECT o.* FROM changed c JOIN hub_datastreamstate s
        ON s.datastream_id = c.datastream_id AND s.last_time = c.phenomenon_time
    CROSS JOIN LATERAL (
        SELECT * FROM hub_observation o
        WHERE o.datastream_id = c.datastream_id AND o.phenomenon_time = c.phenomenon_time LIMIT 1
    ) o
)
UPDATE hub_datastreamstate s SET
    last_result = newest.result, last_detail = newest.detail, last_quality = newest.quality
FROM newest WHERE s.datastream_id = newest.datastream_id
"""

KEEP = """
WITH touched AS (
    INSERT INTO hub_touchedhour (datastream_id, n, hour, sum, min, max, last, last_time)
    SELECT * FROM unnest(
        $13::integer[], $14::integer[], $15::timestamptz[], $16::float8[], $17::float8[],
        $18::float8[], $19::float8[], $20::timestamptz[]
    )
), announced AS (
    SELECT pg_notify('hub_observation', payload) FROM unnest($21::text[]) AS payload
), kept AS (
    UPDATE hub_datastreamstate s SET
        observation_count = observation_count + k.stored,
        first_time = least(s.first_time, k.first_time),
        last_time = greatest(s.last_time, k.last_time),
        last_end = greatest(s.last_end, k.last_end),
        first_result_time = least(s.first_result_time, k.first_result_time),
        last_result_time = greatest(s.last_result_time, k.last_result_time),
        last_id = coalesce(k.last_id, s.last_id),
        last_result = CASE WHEN k.last_id IS NULL THEN s.last_result ELSE k.last_result END,
        last_detail = CASE WHEN k.last_id IS NULL THEN s.last_detail ELSE k.last_detail END,
        last_quality = CASE WHEN k.last_id IS NULL THEN s.last_quality ELSE k.last_quality END,
        unchanged_since = coalesce(k.unchanged_since, s.unchanged_since),
        last_received = now()
    FROM unnest(
        $1::integer[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[],
        $6::timestamptz[], $7::timestamptz[], $8::bigint[], $9::float8[], $10::jsonb[],
        $11::smallint[], $12::timestamptz[]
    ) AS k (
        datastream_id, stored, first_time, last_time, last_end, first_result_time,
        last_result_time, last_id, last_result, last_detail, last_quality, unchanged_since
    )
    WHERE s.datastream_id = k.datastream_id
)
SELECT count(*) FROM announced
"""

NOTE_FEATURES = """
WITH pairs AS (
    SELECT * FROM unnest($1::integer[], $2::integer[]) AS p (datastream_id, feature_id)
), noted AS (
    INSERT INTO hub_datastreamfeature SELECT * FROM pairs ON CONFLICT DO NOTHING
), area AS (
    SELECT p.datastream_id, min(f.min_lon) AS min_lon, min(f.min_lat) AS min_lat,
           max(f.max_lon) AS max_lon, max(f.max_lat) AS max_lat
    FROM pairs p JOIN hub_featureofinterest f ON f.id = p.feature_id GROUP BY 1
)
UPDATE hub_datastreamstate s SET
    min_lon = least(s.min_lon, area.min_lon), min_lat = least(s.min_lat, area.min_lat),
    max_lon = greatest(s.max_lon, area.max_lon), max_lat = greatest(s.max_lat, area.max_lat)
FROM area WHERE s.datastream_id = area.datastream_id
"""

NOTE_STRETCHES = """
INSERT INTO hub_touchedstretch (datastream_id, first_time, last_time)
SELECT * FROM unnest($1::integer[], $2::timestamptz[], $3::timestamptz[])
"""

IDS = "SELECT nextval('hub_observation_id') FROM generate_series(1, $1)"
IDS_IN_BLOCK = 1000
