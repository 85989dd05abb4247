DROP FUNCTION hub_end(timestamptz, jsonb);
DROP TABLE hub_datastreamfeature;
DROP TABLE hub_observationversion;
DROP TABLE hub_observation;
DROP SEQUENCE hub_observation_id;
