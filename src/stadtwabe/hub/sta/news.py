"""Observations that have just been stored, for whoever was told so by the database."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import connection

from stadtwabe.hub.sta.observations import observation_json
from stadtwabe.hub.sta.schema.entities import OBSERVATION
from stadtwabe.hub.sta.sql.compiler import visible
from stadtwabe.hub.sta.sql.fragment import fill, param
from stadtwabe.kit.actor import Actor

NEW = """
SELECT a.datastream_id, d.is_multi, a.id, coalesce(a.result, 0), to_json(a.phenomenon_time)::text,
       to_json(a.result_time)::text, a.detail::text, a.quality
FROM unnest({}, {}, {}) AS n (stream, first, after)
JOIN hub_observation a ON a.datastream_id = n.stream
    AND a.phenomenon_time >= timestamptz '2000-01-01 00:00+00' + n.first * interval '1 second'
    AND a.phenomenon_time < timestamptz '2000-01-01 00:00+00' + n.after * interval '1 second'
JOIN hub_datastream d ON d.id = a.datastream_id
WHERE a.phenomenon_time >= timestamptz '2000-01-01 00:00+00' + {} * interval '1 second'
  AND a.phenomenon_time < timestamptz '2000-01-01 00:00+00' + {} * interval '1 second'
  AND EXISTS (SELECT FROM unnest({}, {}) AS r (low, high) WHERE a.id BETWEEN r.low AND r.high)
  AND {}
ORDER BY a.phenomenon_time, a.id
"""


class New(NamedTuple):
    """An observation in JSON, and its datastream."""

    stream: int
    is_multi: bool
    body: bytes


def new_observations(
    actor: Actor,
    spans: Mapping[int, tuple[int, int]],
    ids: Sequence[tuple[int, int]],
    *,
    root: str,
) -> list[New]:
    """Return what ``actor`` may see of it now, oldest first.

    ``spans``: for each datastream from when until before when to look, in seconds since 2000;
    ``ids``: ranges of ids of observations, both ends included; ``root``: address of the service.
    """
    firsts = [first for first, _after in spans.values()]
    afters = [after for _first, after in spans.values()]
    sql = fill(
        NEW,
        param(list(spans), "integer[]"),
        param(firsts, "bigint[]"),
        param(afters, "bigint[]"),
        param(min(firsts), "bigint"),
        param(max(afters), "bigint"),
        param([low for low, _high in ids], "bigint[]"),
        param([high for _low, high in ids], "bigint[]"),
        visible(actor, OBSERVATION, "a"),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.text, sql.params)
        rows = cursor.fetchall()
    return [New(row[0], row[1], observation_json(*row[2:], root=root)) for row in rows]
