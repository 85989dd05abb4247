"""Which datastreams the rows of a list of meters name."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from stadtwabe.hub.metering.lists import ListRow
from stadtwabe.hub.models import Datastream, Observation
from stadtwabe.hub.queries.meters import countable
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.numbers import shown_number


@dataclass(frozen=True, slots=True)
class NewMeter:
    """A row of a list with the datastream that it names."""

    row: ListRow
    datastream: Datastream


def match_streams(actor: Actor, rows: Iterable[ListRow]) -> list[NewMeter]:
    """Find the datastream of each row, by number or by name; what is wrong goes to its problems.

    Only among those that ``actor`` may call meters, and that are none yet.
    """
    by_number, by_name = _known(actor)
    found: dict[int, NewMeter] = {}
    for row in rows:
        if not row.datastream:
            continue
        named = _named(row, by_number, by_name)
        if not named:
            row.problems.append(
                _(
                    "Die Messreihe „%s“ gibt es nicht, sie ist schon ein Zähler, oder nicht nur die"
                    " eigene Kommune sieht sie."
                )
                % row.datastream[:80]
            )
        elif len(named) > 1:
            row.problems.append(
                _("„%s“ heißen mehrere Messreihen. Nehmen Sie ihre Nummer.") % row.datastream[:80]
            )
        elif named[0].pk in found:
            line = found[named[0].pk].row.line
            row.problems.append(_("Diese Messreihe steht schon in Zeile %d.") % line)
        else:
            found[named[0].pk] = NewMeter(row, named[0])
    _compare_with_known(found)
    return list(found.values())


def _known(
    actor: Actor,
) -> tuple[dict[str, Datastream], dict[tuple[str, str], list[Datastream]]]:
    by_number: dict[str, Datastream] = {}
    by_name: dict[tuple[str, str], list[Datastream]] = defaultdict(list)
    for stream in countable(actor):
        by_number[str(stream.pk)] = stream
        for thing in ("", stream.thing.name.lower()):
            by_name[thing, stream.name.lower()].append(stream)
    return by_number, by_name


def _named(
    row: ListRow,
    by_number: dict[str, Datastream],
    by_name: dict[tuple[str, str], list[Datastream]],
) -> list[Datastream]:
    if row.datastream in by_number:
        return [by_number[row.datastream]]
    return by_name.get((row.thing.lower(), row.datastream.lower()), [])


def _compare_with_known(found: dict[int, NewMeter]) -> None:
    """A start reading must not take the place of another that is there already."""
    times = [each.row.at for each in found.values() if each.row.at is not None]
    known = Observation.objects.filter(
        datastream_id__in=list(found), phenomenon_time__in=times
    ).values_list("datastream_id", "phenomenon_time", "result")
    for pk, at, result in known:
        row = found[pk].row
        if row.at == at and row.first_reading != result and result is not None:
            row.problems.append(
                _("Zu diesem Zeitpunkt steht schon ein anderer Stand: %s.")
                % shown_number(result, decimals=3)
            )
