"""Who sees a datastream: what its thing says, or fewer."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.models import Datastream, Meter, Thing
from stadtwabe.kit.errors import Invalid

WIDTH = {Audience.OWNER: 0, Audience.NETWORKS: 1, Audience.PUBLIC: 2}


def refuse_wider(thing: Thing, wanted: str | None) -> None:
    """Raise Invalid when a datastream of ``thing`` would be seen by more than the thing."""
    if wanted is not None and WIDTH[Audience(wanted)] > WIDTH[Audience(thing.audience)]:
        raise Invalid(
            _("Eine Messreihe kann nicht sichtbarer sein als ihr Gerät."),
            field="audience",
            remedy=_("Machen Sie zuerst das Gerät sichtbarer."),
        )


def apply_audience(datastream: Datastream) -> None:
    """Set owner, audience and networks in force: the thing's, narrowed as the datastream wishes.

    A wish that has become wider than the thing's audience counts as no wish. Raises Invalid for a
    meter that others would come to see.
    """
    # Whoever makes a meter of it meanwhile comes before this or after it.
    list(Datastream.objects.select_for_update(no_key=True).filter(pk=datastream.pk).values("pk"))
    thing = datastream.thing
    audience = min(
        Audience(thing.audience),
        Audience(datastream.narrowed_to or thing.audience),
        key=lambda each: WIDTH[each],
    )
    if audience != Audience.OWNER and Meter.objects.filter(datastream=datastream.pk).exists():
        raise Invalid(
            _("Zähler von Wohnungen und Räumen darf nur die eigene Kommune sehen."),
            field="audience",
            remedy=_("Nehmen Sie „%s“ zuerst aus der Verbrauchsabrechnung.") % datastream.name,
        )
    datastream.owner, datastream.audience = thing.owner, audience
    datastream.save(update_fields=["owner", "audience"])
    datastream.networks.set(_networks(datastream) if audience == Audience.NETWORKS else ())


def _networks(datastream: Datastream) -> Iterable[int]:
    thing = datastream.thing
    of_thing = {network.pk for network in thing.networks.all()}
    if datastream.narrowed_to != Audience.NETWORKS:
        return of_thing
    wanted = {network.pk for network in datastream.narrowed_networks.all()}
    return wanted & of_thing if thing.audience == Audience.NETWORKS else wanted
