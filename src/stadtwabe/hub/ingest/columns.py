"""The tables that ingest writes: names and types, as the migrations of the hub make them.

An architecture test compares them with the database.
"""

OBSERVATION = {
    "id": "bigint",
    "phenomenon_time": "timestamp with time zone",
    "result": "double precision",
    "datastream_id": "integer",
    "feature_id": "integer",
    "quality": "smallint",
    "result_time": "timestamp with time zone",
    "detail": "jsonb",
}

STATE = {
    "datastream_id": "integer",
    "observation_count": "bigint",
    "first_time": "timestamp with time zone",
    "last_time": "timestamp with time zone",
    "last_end": "timestamp with time zone",
    "first_result_time": "timestamp with time zone",
    "last_result_time": "timestamp with time zone",
    "last_id": "bigint",
    "last_result": "double precision",
    "last_detail": "jsonb",
    "last_quality": "smallint",
    "unchanged_since": "timestamp with time zone",
    "last_received": "timestamp with time zone",
    "min_lon": "double precision",
    "min_lat": "double precision",
    "max_lon": "double precision",
    "max_lat": "double precision",
}

TOUCHED_HOUR = {
    "datastream_id": "integer",
    "n": "integer",
    "hour": "timestamp with time zone",
    "sum": "double precision",
    "min": "double precision",
    "max": "double precision",
    "last": "double precision",
    "last_time": "timestamp with time zone",
}

TOUCHED_STRETCH = {
    "id": "bigint",
    "datastream_id": "integer",
    "first_time": "timestamp with time zone",
    "last_time": "timestamp with time zone",
}

TABLES = {
    "hub_observation": OBSERVATION,
    "hub_datastreamstate": STATE,
    "hub_touchedhour": TOUCHED_HOUR,
    "hub_touchedstretch": TOUCHED_STRETCH,
}

READ = {
    "hub_datastream": (
        "id",
        "thing_id",
        "is_multi",
        "observation_type",
        "multi_types",
        "owner_id",
        "audience",
        "on_differing",
        "quality_rules",
    ),
    "hub_thing_locations": ("thing_id", "location_id"),
    "hub_location": (
        "id",
        "name",
        "description",
        "encoding_type",
        "location",
        "min_lon",
        "min_lat",
        "max_lon",
        "max_lat",
    ),
    "hub_featureofinterest": (
        "id",
        "name",
        "description",
        "encoding_type",
        "feature",
        "properties",
        "owner_id",
        "location_id",
        "min_lon",
        "min_lat",
        "max_lon",
        "max_lat",
    ),
    "hub_datastreamfeature": ("datastream_id", "feature_id"),
    "hub_observationversion": (
        "datastream_id",
        "phenomenon_time",
        "replaced_at",
        "id",
        "result",
        "detail",
    ),
    "hub_archivemonth": ("month", "bucket", "file", "streams"),
    "hub_devicetoken": (
        "digest",
        "owner_id",
        "datastream_id",
        "thing_id",
        "revoked_at",
        "last_used",
    ),
    "people_apitoken": (
        "digest",
        "user_id",
        "scopes",
        "expires_at",
        "revoked_at",
        "last_used_at",
    ),
    "people_user": ("id", "is_active", "is_operator"),
    "people_membership": ("user_id", "party_id", "role", "since", "until"),
}
"""Tables that others own: the columns that ingest reads or fills."""
