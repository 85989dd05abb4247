"""Two short cuts for what is asked for most: whole observations in JSON, and the latest ones."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from stadtwabe.hub.sta.query.expressions import Property
from stadtwabe.hub.sta.query.options import Options
from stadtwabe.hub.sta.rendering import (
    parameters,
    phenomenon_time,
    quality,
    result,
    result_time,
    valid_time,
)
from stadtwabe.hub.sta.schema.entities import OBSERVATION
from stadtwabe.hub.sta.schema.entity import EntityType

LATEST = (
    "(SELECT s.last_id AS id, s.datastream_id, s.last_time AS phenomenon_time,"
    " s.last_result AS result, s.last_detail AS detail, s.last_quality AS quality,"
    " nullif(s.last_result_time, s.last_time) AS result_time, NULL::integer AS feature_id"
    " FROM hub_datastreamstate s WHERE s.last_id IS NOT NULL) a"
)
"""The newest observation of each datastream as ingest keeps it: a FROM item with the alias a."""


def is_latest(entity: EntityType, options: Options) -> bool:
    """Whether just the newest observation is asked for, and nothing that is not kept."""
    if entity is not OBSERVATION or options.top != 1 or len(options.orderby) != 1:
        return False
    (key,) = options.orderby
    by_time = isinstance(key.expression, Property) and key.expression.path == ("phenomenonTime",)
    plain = not (options.filter or options.skip or options.expand or options.count)
    return by_time and key.descending and plain


def is_whole(entity: EntityType, options: Options) -> bool:
    """Whether observations are asked for with all their properties and nothing inside them."""
    return entity is OBSERVATION and not options.select and not options.expand


def encoded(rows: Iterable[Sequence[Any]], root: str) -> list[msgspec.Raw]:
    """Return whole observations as JSON.

    ``rows`` begin with id, phenomenon time (JSON), detail, result, result time (JSON), quality.
    """
    base = f"{root}/Observations(".replace("%", "%%")
    links = "".join(
        f',"{relation.name}@iot.navigationLink":"{base}%d)/{relation.name}"'
        for relation in OBSERVATION.relations
    )
    plain = f'{{"@iot.id":%d,"@iot.selfLink":"{base}%d)","phenomenonTime":%s,'
    plain += f'"result":%r,"resultTime":%s{links}}}'
    found: list[msgspec.Raw] = []
    for row in rows:
        key, start, detail, number, given, flags = row[:6]
        if detail is None and number is not None and not flags:
            text = plain % (key, key, start, number, given or start, key, key, key)
            found.append(msgspec.Raw(text.encode()))
        else:
            found.append(msgspec.Raw(_rich(row, root)))
    return found


def _rich(row: Sequence[Any], root: str) -> bytes:
    key, start, detail, number, given, flags = row[:6]
    address = f"{root}/Observations({key})"
    whole: dict[str, Any] = {
        "@iot.id": key,
        "@iot.selfLink": address,
        "phenomenonTime": phenomenon_time(start, detail),
        "result": result(number, detail),
        "resultTime": result_time(given, start, detail),
    }
    more = {
        "resultQuality": quality(flags, detail),
        "validTime": valid_time(detail),
        "parameters": parameters(detail),
    }
    whole |= {name: value for name, value in more.items() if value is not None}
    for relation in OBSERVATION.relations:
        whole[f"{relation.name}@iot.navigationLink"] = f"{address}/{relation.name}"
    return msgspec.json.encode(whole)
