"""The rules of quality of a datastream, and looking again at stretches that have changed.

Ingest judges what comes in order. What comes late has neighbours on both sides, which ingest does
not look up: it notes the stretch, and ``review_touched`` judges the stretch and its neighbours.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from stadtwabe.hub.commands.announce import announce_change
from stadtwabe.hub.ingest.quality import AROUND, flags_in_order, outlier_flags
from stadtwabe.hub.ingest.times import EARLIEST, LATEST, microseconds, moment
from stadtwabe.hub.models import Datastream, DatastreamState, TouchedStretch
from stadtwabe.hub.queries.archive import outside_archive
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Invalid
from stadtwabe.people.audit import record
from stadtwabe.people.permissions import require

ROWS_AT_ONCE = 5_000
"""So many rows of one datastream are judged in a transaction, during which it takes no new ones."""

Rules = dict[str, Any]
Row = tuple[datetime, float | None, int]
"""Phenomenon time, result, flags."""


@transaction.atomic
def set_quality_rules(
    *, actor: Actor, datastream: Datastream, rules: Mapping[str, Any], review: bool, now: datetime
) -> Datastream:
    """Set what looks wrong in a datastream; ``review``: judge also what is there already.

    Raises NotAllowed, Invalid.
    """
    require(actor, "hub.edit_datastream", datastream)
    check_quality_rules(rules)
    datastream.quality_rules = dict(rules)
    datastream.save(update_fields=["quality_rules"])
    announce_change()
    state = DatastreamState.objects.get(pk=datastream.pk)
    if review and state.first_time is not None and state.last_time is not None:
        TouchedStretch.objects.create(
            datastream_id=datastream.pk, first_time=state.first_time, last_time=state.last_time
        )
    record(
        actor=actor,
        command="hub.set_quality_rules",
        subject=datastream,
        now=now,
        details={"rules": dict(rules), "review": review},
    )
    return datastream


def check_quality_rules(rules: Mapping[str, Any]) -> None:
    """Raise Invalid, naming the rule, for one that ingest could not follow."""
    for name, rule in rules.items():
        is_fine = _CHECKS.get(name)
        if is_fine is None:
            raise Invalid(
                _("Diese Regel gibt es nicht: %(name)s.") % {"name": name[:40]},
                field="quality_rules",
                remedy=_("Möglich sind: %(names)s.") % {"names": ", ".join(sorted(_CHECKS))},
            )
        if not is_fine(rule):
            raise Invalid(
                _("So lässt sich die Regel „%(name)s“ nicht anwenden.") % {"name": name},
                field="quality_rules",
                remedy=_(
                    "range: [kleinster, größter]; rate, stuck und gap: eine Zahl über 0;"
                    " outlier: [Vielfaches ab 1, kleinste Abweichung über 0]."
                ),
            )


def review_touched(*, most: int = 100) -> int:
    """Judge what ingest has noted, at most ``most`` datastreams; return how many."""
    waiting = TouchedStretch.objects.order_by("datastream_id").values_list("datastream_id")
    streams = [pk for (pk,) in waiting.distinct()[:most]]
    for pk in streams:
        _review(pk)
    return len(streams)


@transaction.atomic
def _review(pk: int) -> None:
    # The state first, as every writer does: then nobody changes a neighbour meanwhile.
    state = DatastreamState.objects.select_for_update(no_key=True).filter(pk=pk).first()
    touched = TouchedStretch.objects.filter(datastream_id=pk)
    stretches = outside_archive(pk, _joined(touched.values_list("first_time", "last_time")))
    touched.delete()
    datastream = Datastream.objects.filter(pk=pk).first()
    if state is None or datastream is None:
        return
    left = ROWS_AT_ONCE
    for number, (first, last) in enumerate(stretches):
        done, until = _judge(state, datastream.quality_rules, first, last, left)
        left -= done
        if until is not None or left <= 0:
            rest = [(until, last)] if until is not None else []
            TouchedStretch.objects.bulk_create(
                TouchedStretch(datastream_id=pk, first_time=begin, last_time=end)
                for begin, end in [*rest, *stretches[number + 1 :]]
            )
            return


def _joined(stretches: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    joined: list[tuple[datetime, datetime]] = []
    for first, last in sorted(stretches):
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined


def _judge(
    state: DatastreamState, rules: Rules, first: datetime, last: datetime, most: int
) -> tuple[int, datetime | None]:
    """Judge a stretch with its neighbours: how many rows, and where to go on if it was too long."""
    pk = state.pk
    inside = _rows(pk, "phenomenon_time BETWEEN %s AND %s ORDER BY 1", first, last, most + 1)
    is_cut = len(inside) > most
    inside = inside[:most]
    last = inside[-1][0] if is_cut else last
    # Twice the window, because the outermost ones that may change look so far themselves; and one
    # more, which only tells what was there before.
    before = _rows(pk, "phenomenon_time < %s ORDER BY 1 DESC", first, 2 * AROUND + 1)[::-1]
    after = _rows(pk, "phenomenon_time > %s ORDER BY 1", last, 2 * AROUND)
    if stuck := rules.get("stuck"):
        until = _later(last, stuck)
        further = _rows(
            pk, "phenomenon_time > %s AND phenomenon_time <= %s ORDER BY 1", last, until, most
        )
        after = max(after, further, key=len)
    rows = [*before, *inside, *after]
    if not rows:
        return 0, None
    flags = _flags(pk, rules, rows, seed=len(before) == 2 * AROUND + 1)
    begin = max(0, len(before) - AROUND)
    # The last ones have too little after them, unless the datastream ends there.
    end = len(rows) - (AROUND if len(after) >= 2 * AROUND else 0)
    _write(state, rows[begin:end], flags[begin:end])
    # The stretch goes on at the last row, which is judged again with those after it.
    return len(inside), last if is_cut else None


def _flags(pk: int, rules: Rules, rows: Sequence[Row], *, seed: bool) -> list[int]:
    """Return the flags of rows; ``seed``: the first only says what was there before."""
    times = [microseconds(at) for at, _result, _flags in rows]
    results = [result for _at, result, _flags in rows]
    skip = 1 if seed else 0
    since = _unchanged_since(pk, rows[0], rules) if seed else None
    flags = flags_in_order(
        rules,
        times[skip:],
        results[skip:],
        last_time=times[0] if seed else None,
        last_result=results[0] if seed else None,
        unchanged_since=since,
    )
    whole = [rows[0][2]] * skip + flags
    return [one | other for one, other in zip(whole, outlier_flags(rules, results), strict=True)]


def _unchanged_since(pk: int, row: Row, rules: Rules) -> int | None:
    """Since when the result of ``row`` has stood, looking back no further than the rule asks."""
    at, result, _flags = row
    stuck = rules.get("stuck")
    if stuck is None or result is None:
        return None
    floor = _later(at, -stuck)
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, {"pk": pk, "at": at, "floor": floor, "result": result})
        (since,) = cursor.fetchone()
    return microseconds(since or at)


_SINCE = """
SELECT min(phenomenon_time) FROM hub_observation
WHERE datastream_id = %(pk)s AND phenomenon_time <= %(at)s AND result = %(result)s
  AND phenomenon_time > coalesce((
      SELECT phenomenon_time FROM hub_observation
      WHERE datastream_id = %(pk)s AND phenomenon_time < %(at)s AND phenomenon_time >= %(floor)s
        AND result <> %(result)s
      ORDER BY phenomenon_time DESC LIMIT 1
  ), %(floor)s)
"""


def _write(state: DatastreamState, rows: Sequence[Row], flags: Sequence[int]) -> None:
    """Keep what has changed, also of what the state says of the last one."""
    changed = [(row[0], flag) for row, flag in zip(rows, flags, strict=True) if row[2] != flag]
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE hub_observation o SET quality = judged.quality"
                " FROM unnest(%s::timestamptz[], %s::smallint[]) AS judged (at, quality)"
                " WHERE o.datastream_id = %s AND o.phenomenon_time = judged.at",
                [[at for at, _flag in changed], [flag for _at, flag in changed], state.pk],
            )
    if rows and rows[-1][0] == state.last_time:
        since = _start_of_the_last(rows)
        if state.unchanged_since is not None and since > state.unchanged_since:
            state.unchanged_since = since
        state.last_quality = flags[-1]
        state.save(update_fields=["last_quality", "unchanged_since"])


def _start_of_the_last(rows: Sequence[Row]) -> datetime:
    """Return the time of the first of the equal results at the end of ``rows``."""
    last = rows[-1][1]
    return list(takewhile(lambda row: row[1] == last, reversed(rows)))[-1][0]


def _rows(pk: int, condition: str, *parameters: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phenomenon_time, result, quality FROM hub_observation"  # noqa: S608 - conditions are written above
            f" WHERE datastream_id = %s AND {condition} LIMIT %s",
            [pk, *parameters],
        )
        return list(cursor.fetchall())


def _later(at: datetime, seconds: float) -> datetime:
    """Return a moment some seconds after ``at``, or the last or first one there is."""
    try:
        return at + timedelta(seconds=seconds)
    except OverflowError:
        return moment(LATEST if seconds > 0 else EARLIEST)


def _is_number(value: object) -> bool:
    is_one = isinstance(value, int | float) and not isinstance(value, bool)
    return is_one and math.isfinite(float(value))  # type: ignore[arg-type]  # it is one


def _is_positive(value: Any) -> bool:
    return _is_number(value) and value > 0


def _is_range(value: Any) -> bool:
    if not (isinstance(value, list | tuple) and len(value) == 2):
        return False
    given = [each for each in value if each is not None]
    return bool(given) and all(map(_is_number, given)) and given == sorted(given)


def _is_outlier_rule(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and all(map(_is_positive, value))
        and value[0] >= 1
    )


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "range": _is_range,
    "rate": _is_positive,
    "stuck": _is_positive,
    "gap": _is_positive,
    "outlier": _is_outlier_rule,
}
