"""The eight entity types of SensorThings 1.1 (OGC 18-088, section 8), and MultiDatastream."""

from stadtwabe.hub.queries import visible
from stadtwabe.hub.sta.schema.entity import EntityType, Field, Kind, Relation, json_time

ID = Field("id", Kind.NUMBER, "{a}.id")
NAME = Field("name", Kind.TEXT, "{a}.name")
DESCRIPTION = Field("description", Kind.TEXT, "{a}.description")
ENCODING = Field("encodingType", Kind.TEXT, "{a}.encoding_type")
PROPERTIES = Field("properties", Kind.JSON, "{a}.properties")

LOCATIONS_OF_THING = (
    "{c}.id IN (SELECT l.location_id FROM hub_thing_locations l WHERE l.thing_id = {p})"
)
THINGS_OF_LOCATION = (
    "{c}.id IN (SELECT l.thing_id FROM hub_thing_locations l WHERE l.location_id = {p})"
)
LOCATIONS_OF_HISTORY = (
    "{c}.id IN (SELECT l.location_id FROM hub_historicallocation_locations l"
    " WHERE l.historicallocation_id = {p})"
)
HISTORY_OF_LOCATION = (
    "{c}.id IN (SELECT l.historicallocation_id FROM hub_historicallocation_locations l"
    " WHERE l.location_id = {p})"
)
PROPERTIES_OF_MULTI = (
    "{c}.id IN (SELECT m.observed_property_id FROM hub_multidatastreamproperty m"
    " WHERE m.datastream_id = {p})"
)
MULTI_OF_PROPERTY = (
    "{c}.id IN (SELECT m.datastream_id FROM hub_multidatastreamproperty m"
    " WHERE m.observed_property_id = {p})"
)

THING = EntityType(
    name="Thing",
    collection="Things",
    source="hub_thing {a}",
    fields=(ID, NAME, DESCRIPTION, PROPERTIES),
    relations=(
        Relation("Datastreams", "Datastream", condition="{c}.thing_id = {p}"),
        Relation("MultiDatastreams", "MultiDatastream", condition="{c}.thing_id = {p}"),
        Relation("Locations", "Location", condition=LOCATIONS_OF_THING, covered=True),
        Relation(
            "HistoricalLocations",
            "HistoricalLocation",
            condition="{c}.thing_id = {p}",
            covered=True,
        ),
    ),
    visible=visible.things_visible_to,
)
LOCATION = EntityType(
    name="Location",
    collection="Locations",
    source="hub_location {a}",
    fields=(
        ID,
        NAME,
        DESCRIPTION,
        ENCODING,
        Field("location", Kind.GEOMETRY, "{a}.location"),
        PROPERTIES,
    ),
    relations=(
        Relation("Things", "Thing", condition=THINGS_OF_LOCATION),
        Relation("HistoricalLocations", "HistoricalLocation", condition=HISTORY_OF_LOCATION),
    ),
    visible=visible.locations_visible_to,
)
HISTORICAL_LOCATION = EntityType(
    name="HistoricalLocation",
    collection="HistoricalLocations",
    source="hub_historicallocation {a}",
    fields=(ID, Field("time", Kind.TIME, "{a}.time")),
    relations=(
        Relation("Thing", "Thing", key="thing_id", covered=True),
        Relation("Locations", "Location", condition=LOCATIONS_OF_HISTORY, covered=True),
    ),
    visible=visible.historical_locations_visible_to,
)

# The observedArea is the box around everything observed, as a GeoJSON polygon or point.
OBSERVED_AREA = """
CASE WHEN {a}_state.min_lon IS NULL THEN NULL
     WHEN {a}_state.min_lon = {a}_state.max_lon AND {a}_state.min_lat = {a}_state.max_lat
     THEN jsonb_build_object('type', 'Point',
          'coordinates', jsonb_build_array({a}_state.min_lon, {a}_state.min_lat))
     ELSE jsonb_build_object('type', 'Polygon', 'coordinates', jsonb_build_array(jsonb_build_array(
          jsonb_build_array({a}_state.min_lon, {a}_state.min_lat),
          jsonb_build_array({a}_state.max_lon, {a}_state.min_lat),
          jsonb_build_array({a}_state.max_lon, {a}_state.max_lat),
          jsonb_build_array({a}_state.min_lon, {a}_state.max_lat),
          jsonb_build_array({a}_state.min_lon, {a}_state.min_lat)))) END
"""
STREAM_SOURCE = (
    "hub_datastream {a} LEFT JOIN hub_datastreamstate {a}_state ON {a}_state.datastream_id = {a}.id"
)
STREAM_TIMES = (
    Field("observedArea", Kind.GEOMETRY, OBSERVED_AREA.strip().replace("\n", " ")),
    Field(
        "phenomenonTime",
        Kind.PERIOD,
        "{a}_state.first_time",
        "coalesce({a}_state.last_end, {a}_state.last_time)",
    ),
    Field("resultTime", Kind.PERIOD, "{a}_state.first_result_time", "{a}_state.last_result_time"),
    PROPERTIES,
)
STREAM_RELATIONS = (
    Relation("Thing", "Thing", key="thing_id", covered=True),
    Relation("Sensor", "Sensor", key="sensor_id", covered=True),
    Relation("Observations", "Observation", condition="{c}.datastream_id = {p}", covered=True),
)
DATASTREAM = EntityType(
    name="Datastream",
    collection="Datastreams",
    source=STREAM_SOURCE,
    base="NOT {a}.is_multi",
    fields=(
        ID,
        NAME,
        DESCRIPTION,
        Field("observationType", Kind.TEXT, "{a}.observation_type"),
        Field("unitOfMeasurement", Kind.JSON, "({a}.units -> 0)"),
        *STREAM_TIMES,
    ),
    relations=(
        *STREAM_RELATIONS,
        Relation(
            "ObservedProperty",
            "ObservedProperty",
            key="observed_property_id",
            covered=True,
        ),
    ),
    visible=visible.datastreams_visible_to,
)
MULTI_DATASTREAM = EntityType(
    name="MultiDatastream",
    collection="MultiDatastreams",
    source=STREAM_SOURCE,
    base="{a}.is_multi",
    fields=(
        ID,
        NAME,
        DESCRIPTION,
        Field("observationType", Kind.TEXT, "{a}.observation_type"),
        Field("multiObservationDataTypes", Kind.JSON, "{a}.multi_types"),
        Field("unitOfMeasurements", Kind.JSON, "{a}.units"),
        *STREAM_TIMES,
    ),
    relations=(
        *STREAM_RELATIONS,
        Relation(
            "ObservedProperties", "ObservedProperty", condition=PROPERTIES_OF_MULTI, covered=True
        ),
    ),
    visible=visible.datastreams_visible_to,
)
SENSOR = EntityType(
    name="Sensor",
    collection="Sensors",
    source="hub_sensor {a}",
    fields=(
        ID,
        NAME,
        DESCRIPTION,
        ENCODING,
        Field("metadata", Kind.JSON, "{a}.metadata"),
        PROPERTIES,
    ),
    relations=(
        Relation("Datastreams", "Datastream", condition="{c}.sensor_id = {p}"),
        Relation("MultiDatastreams", "MultiDatastream", condition="{c}.sensor_id = {p}"),
    ),
    visible=visible.sensors_visible_to,
)
OBSERVED_PROPERTY = EntityType(
    name="ObservedProperty",
    collection="ObservedProperties",
    source="hub_observedproperty {a}",
    fields=(ID, NAME, Field("definition", Kind.TEXT, "{a}.definition"), DESCRIPTION, PROPERTIES),
    relations=(
        Relation("Datastreams", "Datastream", condition="{c}.observed_property_id = {p}"),
        Relation("MultiDatastreams", "MultiDatastream", condition=MULTI_OF_PROPERTY),
    ),
    visible=visible.observed_properties_visible_to,
)
FEATURE_OF_INTEREST = EntityType(
    name="FeatureOfInterest",
    collection="FeaturesOfInterest",
    source="hub_featureofinterest {a}",
    fields=(
        ID,
        NAME,
        DESCRIPTION,
        ENCODING,
        Field("feature", Kind.GEOMETRY, "{a}.feature"),
        PROPERTIES,
    ),
    relations=(Relation("Observations", "Observation", condition="{c}.feature_id = {p}"),),
    visible=visible.features_visible_to,
)
PHENOMENON_END = "hub_end({a}.phenomenon_time, {a}.detail)"
OBSERVATION = EntityType(
    name="Observation",
    collection="Observations",
    source="hub_observation {a}",
    fields=(
        ID,
        Field(
            "phenomenonTime",
            Kind.PERIOD,
            "{a}.phenomenon_time",
            PHENOMENON_END,
            columns=(json_time("{a}.phenomenon_time"), "{a}.detail"),
        ),
        Field("result", Kind.RESULT, "{a}.result", columns=("{a}.result", "{a}.detail")),
        Field(
            "resultTime",
            Kind.TIME,
            f"coalesce({{a}}.result_time, {PHENOMENON_END})",
            columns=(
                json_time("{a}.result_time"),
                json_time("{a}.phenomenon_time"),
                "{a}.detail",
            ),
        ),
        Field(
            "resultQuality",
            Kind.JSON,
            "({a}.detail -> 'q')",
            columns=("{a}.quality", "{a}.detail"),
        ),
        Field(
            "validTime",
            Kind.PERIOD,
            "({a}.detail #>> '{{v,0}}')::timestamptz",
            "({a}.detail #>> '{{v,1}}')::timestamptz",
            columns=("{a}.detail",),
        ),
        Field("parameters", Kind.JSON, "({a}.detail -> 'p')", columns=("{a}.detail",)),
    ),
    relations=(
        Relation("Datastream", "Datastream", key="datastream_id", covered=True),
        Relation("MultiDatastream", "MultiDatastream", key="datastream_id", covered=True),
        Relation(
            "FeatureOfInterest",
            "FeatureOfInterest",
            key="feature_id",
            covered=True,
        ),
    ),
    visible=visible.datastreams_visible_to,
    seen_as="{a}.datastream_id",
    order=("{a}.datastream_id", "{a}.phenomenon_time"),
)

ENTITY_TYPES = {
    entity.name: entity
    for entity in (
        THING,
        LOCATION,
        HISTORICAL_LOCATION,
        DATASTREAM,
        MULTI_DATASTREAM,
        SENSOR,
        OBSERVED_PROPERTY,
        OBSERVATION,
        FEATURE_OF_INTEREST,
    )
}
COLLECTIONS = {entity.collection: entity for entity in ENTITY_TYPES.values()}
