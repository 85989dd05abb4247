"""Two short cuts for what is asked for most: whole observations in JSON, and the latest ones."""

import json
from collections.abc import Sequence
from itertools import chain
from struct import unpack
from typing import Any, NamedTuple

import msgspec

from stadtwabe.hub.sta.query.expressions import Property
from stadtwabe.hub.sta.query.options import Options, ResultFormat
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
from stadtwabe.hub.sta.sql.fragment import Sql, fill, join, param

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
    """Whether observations are asked for in JSON with all their properties and nothing inside."""
    is_json = options.result_format is ResultFormat.JSON
    return entity.name == OBSERVATION.name and is_json and not options.select and not options.expand


# Columns of a whole page, each in one value: nothing is done for a row but what PostgreSQL does.
# Ids and results as the wire has them; what only some rows have comes with their ids.
WHOLE = """
SELECT string_agg(int8send(id) || float8send(coalesce(result, 0)), ''),
       string_agg(phenomenon_time::text, '","'),
       array_agg(id) FILTER (WHERE result_time IS NOT NULL),
       string_agg(to_json(result_time)::text, ','),
       (json_agg(json_build_array(id, to_json(phenomenon_time)::text,
                                  to_json(result_time)::text, detail::text, quality))
           FILTER (WHERE detail IS NOT NULL OR quality <> 0))::text,
       {}
FROM (
    SELECT a.id, a.phenomenon_time, {} AS result, a.result_time, a.detail, a.quality, {}
    FROM hub_observation a WHERE {} ORDER BY {} LIMIT {} OFFSET {}
) page
"""


RESULT = OBSERVATION.names.index("result")


class Whole(NamedTuple):
    """A page of whole observations as a JSON array; ``ends_at``: the sort keys of the last one.

    None when there is nothing after it.
    """

    value: msgspec.Raw
    ends_at: tuple[Any, ...] | None


def whole_sql(
    entity: EntityType, where: Sql, order: Sequence[Sql], directions: Sql, *, top: int, skip: int
) -> Sql:
    """Return the query of which ``whole`` takes the only row."""
    last = (
        fill(f"(array_agg(k{number}))[{{}}]", param(top, "integer")) for number in range(len(order))
    )
    keys = (key + f" AS k{number}" for number, key in enumerate(order))
    return fill(
        WHOLE,
        join(", ", last),
        Sql(entity.fields[RESULT].shown_from[0].format(a="a")),
        join(", ", keys),
        where,
        directions,
        param(top + 1, "bigint"),
        param(skip, "bigint"),
    )


def whole(row: Sequence[Any], root: str, *, top: int) -> Whole:
    """Return the page that the row of ``whole_sql`` holds; ``root`` is that of the service."""
    if row[0] is None:
        return Whole(msgspec.Raw(b"[]"), None)
    count = len(row[0]) // 16
    values = unpack(f"!{count * 'qd'}", row[0])
    is_last, count = count <= top, min(count, top)
    keys, numbers = values[: 2 * count : 2], values[1 : 2 * count : 2]
    ids = msgspec.json.encode(keys)[1:-1].split(b",")[:count]
    results = msgspec.json.encode(numbers)[1:-1].split(b",")[:count]
    shown = f'"{row[1]}"'.replace(" ", "T").replace("+00", "Z").encode()
    times = shown.split(b",")[:count]
    given = times
    if row[2]:
        named = row[3].replace("+00:00", "Z").encode().split(b",")
        of_id = dict(zip(row[2], named, strict=True))
        given = [of_id.get(key, time) for key, time in zip(keys, times, strict=True)]
    columns = zip(ids, ids, times, results, given, *[ids] * len(OBSERVATION.relations), strict=True)
    template = _template(root)
    if row[4]:
        rich = {each[0]: each[1:] for each in json.loads(row[4])}
        made = [
            template % each
            if key not in rich
            else observation_json(key, number, *rich[key], root=root)
            for key, number, each in zip(keys, numbers, columns, strict=True)
        ]
        text = b",".join(made)
    else:
        # All rows by one operation: a third of the time of one for each.
        text = b",".join([template] * count) % tuple(chain.from_iterable(columns))
    return Whole(msgspec.Raw(b"[" + text + b"]"), None if is_last or not top else tuple(row[5:]))


def _template(root: str) -> bytes:
    """Return an observation with ``%b`` for id, id, times, result, and the id for each relation."""
    base = msgspec.json.encode(f"{root}/Observations(")[1:-1].replace(b"%", b"%%")
    links = b"".join(
        b',"%s@iot.navigationLink":"%s%%b)/%s"' % (name, base, name)
        for name in (relation.name.encode() for relation in OBSERVATION.relations)
    )
    return (
        b'{"@iot.id":%b,"@iot.selfLink":"'
        + base
        + b'%b)","phenomenonTime":%b,"result":%b,"resultTime":%b'
        + links
        + b"}"
    )


def observation_json(
    key: int,
    number: float,
    start: str,
    given: str | None,
    detail: str | None,
    flags: int,
    *,
    root: str,
) -> bytes:
    """Return an observation, which may have more than a number, or another result (``r``)."""
    is_other = detail is not None and "r" in json.loads(detail)
    address = f"{root}/Observations({key})"
    made: dict[str, Any] = {
        "@iot.id": key,
        "@iot.selfLink": address,
        "phenomenonTime": phenomenon_time(start, detail),
        "result": result(None if is_other else number, detail),
        "resultTime": result_time(given, start, detail),
    }
    more = {
        "resultQuality": quality(flags, detail),
        "validTime": valid_time(detail),
        "parameters": parameters(detail),
    }
    made |= {name: value for name, value in more.items() if value is not None}
    for relation in OBSERVATION.relations:
        made[f"{relation.name}@iot.navigationLink"] = f"{address}/{relation.name}"
    return msgspec.json.encode(made)
