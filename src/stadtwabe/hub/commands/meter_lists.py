"""Taking many meters in at once: all of a list, or none."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from stadtwabe.hub.commands.meters import COLUMNS, create_meter
from stadtwabe.hub.commands.observations import delete_observations, store_observations
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.queries.meter_lists import NewMeter
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import DomainError, Invalid

MOMENT = timedelta(microseconds=1)


class RowsRefused(Invalid):
    """Some rows cannot be taken in, so none is; ``problems`` by the line in the list."""

    def __init__(self, problems: dict[int, str]) -> None:
        super().__init__(_("Es wurde nichts aufgenommen: In einigen Zeilen stimmt etwas nicht."))
        self.problems = problems


def create_meters(*, actor: Actor, meters: Sequence[NewMeter], now: datetime) -> None:
    """Take in ``meters`` with their start readings as observations, all or none.

    Raises NotAllowed, RowsRefused, and Conflict when the database cannot take more now.
    """
    taken: list[NewMeter] = []
    try:
        with transaction.atomic():
            _create(actor, meters, now)
            _store(actor, [each for each in meters if each.row.at is not None], taken)
    except DomainError:
        # Observations go in by a way of their own, which no transaction of ours undoes.
        for each in taken:
            at = each.row.at
            assert at is not None, "as chosen above"
            delete_observations(
                actor=actor, datastream=each.datastream, since=at, until=at + MOMENT, now=now
            )
        raise


def _create(actor: Actor, meters: Sequence[NewMeter], now: datetime) -> None:
    problems: dict[int, str] = {}
    # By the datastream: two lists at once wait for each other, and never both.
    for each in sorted(meters, key=lambda meter: meter.datastream.pk):
        values = {name: getattr(each.row, name) for name in COLUMNS}
        try:
            with transaction.atomic():
                create_meter(actor=actor, datastream=each.datastream, values=values, now=now)
        except DomainError as error:
            problems[each.row.line] = str(error)
    if problems:
        raise RowsRefused(problems)


def _store(actor: Actor, meters: Sequence[NewMeter], taken: list[NewMeter]) -> None:
    if not meters:
        return
    outcomes = store_observations(
        actor=actor,
        observations=[
            NewObservation(
                datastream_id=each.datastream.pk,
                phenomenon_time=each.row.at,
                result=each.row.first_reading,
            )
            for each in meters
        ],
    )
    known = outcomes.refused.keys() | set(outcomes.repeated) | set(outcomes.versioned)
    taken += [each for place, each in enumerate(meters) if place not in known]
    if outcomes.refused:
        raise RowsRefused(
            {meters[place].row.line: refusal.reason for place, refusal in outcomes.refused.items()}
        )
