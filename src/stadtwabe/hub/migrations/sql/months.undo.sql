DROP FUNCTION hub_ensure_months(timestamptz, timestamptz);
