"""Two short cuts for what is asked for most: whole observations in JSON, and the latest ones."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from stadtwabe.hub.sta import json_rows
from stadtwabe.hub.sta.json_rows import within
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


# Columns of a whole page as the wire has them, each in one value: nothing is done for a row but
# what PostgreSQL does. What only some rows have comes with their ids.
WHOLE = """
SELECT string_agg(int8send(id), ''), string_agg(timestamptz_send(phenomenon_time), ''),
       string_agg(float8send(coalesce(result, 0)), ''),
       string_agg(timestamptz_send(coalesce(result_time, phenomenon_time)), ''),
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


class Found(NamedTuple):
    """Whole observations column by column; times are microseconds since 2000."""

    columns: Sequence[NDArray[Any]]
    """Ids, times, results (0 where there is no number), and result times: where an observation
    has none of its own, its phenomenon time."""
    rich: dict[int, Sequence[Any]]
    """By id, of those that have more: what ``observation_json`` wants from ``start`` on."""

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids."""
        return self.columns[0]

    @property
    def times(self) -> NDArray[np.int64]:
        """The phenomenon times."""
        return self.columns[1]


class Whole(NamedTuple):
    """The parts of a page as a JSON array; ``ends_at``: the sort keys of the last row.

    None when there is nothing after it.
    """

    value: Sequence[bytes]
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


def found_of(row: Sequence[Any]) -> Found:
    """Return what the row of ``whole_sql`` holds."""
    columns = [np.frombuffer(sent or b"", kind) for sent, kind in zip(row, WIRE, strict=False)]
    rich = {each[0]: each[1:] for each in json.loads(row[4])} if row[4] else {}
    return Found(columns, rich)


WIRE = (">i8", ">i8", ">f8", ">i8")


def whole(row: Sequence[Any], root: str, *, top: int) -> Whole:
    """Return the page that the row of ``whole_sql`` holds; ``root`` is that of the service."""
    found = found_of(row)
    more = len(found.ids) > top
    return Whole(page_of_found(found, root, top=top), tuple(row[5:]) if more else None)


def page_of_found(found: Found, root: str, *, top: int) -> list[bytes]:
    """Return the parts of a JSON array of the first ``top`` of some observations."""
    ids, times, results, given = (column[:top] for column in found.columns)
    address = within(f"{root}/Observations(")
    numbers, starts = json_rows.numbers(ids), json_rows.moments(times)
    pieces: list[bytes | json_rows.Texts] = [
        b'{"@iot.id":',
        numbers,
        b',"@iot.selfLink":"' + address,
        numbers,
        b')","phenomenonTime":"',
        *starts,
        b'Z","result":',
        json_rows.numbers(results),
        b',"resultTime":"',
        *(starts if (given == times).all() else json_rows.moments(given)),
        b'Z"',
    ]
    for relation in OBSERVATION.relations:
        name = relation.name.encode()
        pieces += [
            b',"%b@iot.navigationLink":"%b' % (name, address),
            numbers,
            b')/%b"' % name,
        ]
    others = {}
    if found.rich:
        others = {
            place: observation_json(key, float(results[place]), *found.rich[key], root=root)
            for place, key in enumerate(ids.tolist())
            if key in found.rich
        }
    return json_rows.array(len(ids), [*pieces, b"}"], others)


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
