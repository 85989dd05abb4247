"""Observations by the hour and by the day, as ``aggregate=hour`` shows them: from the rollups."""

from stadtwabe.hub.queries import visible
from stadtwabe.hub.sta.query.options import Aggregate
from stadtwabe.hub.sta.schema.entity import EntityType, Field, Kind, Relation

# They have no ids of their own; what reads entities wants one.
HOURS = "(SELECT 0::bigint AS id, hub_hour.* FROM hub_hour) {a}"
DAYS = "(SELECT 0::bigint AS id, hub_day.* FROM hub_day) {a}"


def _values(name: str, source: str, end: str) -> EntityType:
    return EntityType(
        name=name,
        collection="Observations",
        source=source,
        fields=(
            Field("id", Kind.NUMBER, "{a}.id"),
            Field("phenomenonTime", Kind.PERIOD, "{a}.start", end),
            Field("n", Kind.NUMBER, "{a}.n"),
            Field("sum", Kind.NUMBER, "{a}.sum"),
            Field("min", Kind.NUMBER, "{a}.min"),
            Field("max", Kind.NUMBER, "{a}.max"),
            Field("mean", Kind.NUMBER, "({a}.sum / {a}.n)"),
            Field("last", Kind.NUMBER, "{a}.last"),
            Field("lastTime", Kind.TIME, "{a}.last_time"),
        ),
        relations=(
            Relation("Datastream", "Datastream", key="datastream_id", covered=True),
            Relation("MultiDatastream", "MultiDatastream", key="datastream_id", covered=True),
        ),
        visible=visible.datastreams_visible_to,
        seen_as="{a}.datastream_id",
        order=("{a}.datastream_id", "{a}.start"),
        base="{a}.n > 0",
        has_ids=False,
    )


ROLLUPS = {
    Aggregate.HOUR: _values("HourlyValue", HOURS, "({a}.start + interval '1 hour')"),
    Aggregate.DAY: _values(
        "DailyValue",
        DAYS,
        "date_trunc('day', {a}.start + interval '36 hours', 'Europe/Berlin')",
    ),
}
