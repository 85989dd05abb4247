-- Makes the monthly partitions between two times where they are missing: 1900-01 to 2100-12 UTC.
-- Returns how many were made. Attaching, unlike CREATE … PARTITION OF, lets readers and writers go on.
CREATE FUNCTION hub_ensure_months(first_time timestamptz, last_time timestamptz) RETURNS integer
LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
    month timestamptz := date_trunc('month', greatest(first_time, '1900-01-01 00:00+00'), 'UTC');
    last_month timestamptz := date_trunc('month', least(last_time, '2100-12-31 23:00+00'), 'UTC');
    partition text;
    made integer := 0;
BEGIN
    WHILE month <= last_month LOOP
        partition := 'hub_observation_' || to_char(month, 'YYYY_MM');
        IF to_regclass(partition) IS NULL THEN
            PERFORM pg_advisory_xact_lock(hashtext('hub_ensure_months'));
            IF to_regclass(partition) IS NULL THEN
                EXECUTE format(
                    'CREATE TABLE %1$I (LIKE hub_observation INCLUDING DEFAULTS INCLUDING INDEXES,'
                    ' CONSTRAINT %2$I CHECK (phenomenon_time >= %3$L AND phenomenon_time < %4$L))',
                    partition, partition || '_only', month, month + interval '1 month'
                );
                EXECUTE format(
                    'ALTER TABLE hub_observation ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                    partition, month, month + interval '1 month'
                );
                EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', partition, partition || '_only');
                made := made + 1;
            END IF;
        END IF;
        month := month + interval '1 month';
    END LOOP;
    RETURN made;
END
$$;
