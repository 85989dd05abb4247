-- Observations and what goes with them. No foreign keys; every unique key contains the datastream,
-- so that an extension such as Citus can distribute the tables by it.
-- Wide columns first: no byte is lost to alignment. Eight columns: the ninth would cost eight bytes.
CREATE TABLE hub_observation (
    id bigint NOT NULL,
    phenomenon_time timestamptz NOT NULL,
    result double precision,
    datastream_id integer NOT NULL,
    feature_id integer,
    quality smallint NOT NULL DEFAULT 0,
    result_time timestamptz,
    detail jsonb
) PARTITION BY RANGE (phenomenon_time);

-- Each datastream grows at its own end, where full pages cost nothing.
CREATE UNIQUE INDEX hub_observation_once ON hub_observation (datastream_id, phenomenon_time)
    WITH (fillfactor = 97);
CREATE INDEX hub_observation_by_id ON hub_observation USING brin (id) WITH (pages_per_range = 32);

-- What lies outside the months that hub_ensure_months makes. The check lets a month be attached
-- without searching this table.
CREATE TABLE hub_observation_default PARTITION OF hub_observation DEFAULT;
ALTER TABLE hub_observation_default ADD CONSTRAINT hub_observation_default_outside
    CHECK (phenomenon_time < '1900-01-01 00:00+00' OR phenomenon_time >= '2101-01-01 00:00+00');

CREATE SEQUENCE hub_observation_id AS bigint INCREMENT BY 1000 START WITH 1;

CREATE TABLE hub_observationversion (
    datastream_id integer NOT NULL,
    phenomenon_time timestamptz NOT NULL,
    replaced_at timestamptz NOT NULL,
    id bigint NOT NULL,
    result double precision,
    detail jsonb,
    PRIMARY KEY (datastream_id, phenomenon_time, replaced_at)
);

CREATE TABLE hub_datastreamfeature (
    datastream_id integer NOT NULL,
    feature_id integer NOT NULL,
    PRIMARY KEY (datastream_id, feature_id)
);
CREATE INDEX hub_datastreamfeature_by_feature ON hub_datastreamfeature (feature_id);

-- Rewritten with every commit of ingest: room on the page keeps the new row beside the old one.
ALTER TABLE hub_datastreamstate SET (fillfactor = 50);
-- The end of a phenomenon time: of an interval its end, of an instant itself.
CREATE FUNCTION hub_end(phenomenon_time timestamptz, detail jsonb) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT coalesce((detail ->> 'e')::timestamptz, phenomenon_time)
$$;
