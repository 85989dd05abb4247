"""How a thing appears in the catalogue: one card, naming only what all who see it may see."""

from django.utils.translation import gettext_lazy as _

from stadtwabe.catalog import kinds
from stadtwabe.catalog.kinds import CardKind
from stadtwabe.catalog.rules import Audience, PartyRole
from stadtwabe.catalog.specs import CardSpec
from stadtwabe.hub.models import Datastream, Location, Thing
from stadtwabe.people.models import Party
from stadtwabe.places.models import Network, Place

kinds.register(
    CardKind(
        name="thing",
        label=_("Gerät"),
        plural=_("Geräte"),
        prefix="/daten/geraete/",
        accent="hub",
        icon="module-hub",
        schema_type="Thing",
        can_edit_action="hub.edit_thing",
        thing_of=lambda card: card.hub_thing,
    )
)


def thing_card(
    thing: Thing,
    *,
    networks: tuple[Network, ...],
    location: Location | None,
    datastreams: tuple[Datastream, ...],
) -> CardSpec:
    """Describe the card of a thing; ``datastreams`` are those as visible as the thing itself."""
    place = place_of(thing.owner)
    words = [
        word
        for datastream in datastreams
        for word in (
            datastream.name,
            datastream.description,
            *(each.name for each in datastream.multi_properties.all()),
            datastream.observed_property.name if datastream.observed_property else "",
        )
    ]
    longitude, latitude = middle_of(location)
    return CardSpec(
        kind="thing",
        title=thing.name,
        summary=thing.description,
        place=place,
        places=(place,) if place else (),
        longitude=longitude,
        latitude=latitude,
        parties=((thing.owner, PartyRole.OWNER.value),),
        text="\n".join(dict.fromkeys(filter(None, words))),
    ).owned_by(thing.owner, audience=thing.audience, networks=networks, is_demo=thing.is_demo)


def place_of(owner: Party) -> Place | None:
    """Return where things of ``owner`` are to be looked for: the town itself, or its seat."""
    if owner.place is not None:
        return owner.place
    return owner.organisation.seat if owner.organisation is not None else None


def middle_of(location: Location | None) -> tuple[float | None, float | None]:
    """Return longitude and latitude of the middle of a location's box."""
    if location is None or location.min_lon is None:
        return None, None
    assert location.max_lon is not None
    assert location.min_lat is not None
    assert location.max_lat is not None
    return (location.min_lon + location.max_lon) / 2, (location.min_lat + location.max_lat) / 2


def named_on_card(thing: Thing, networks: frozenset[int]) -> tuple[Datastream, ...]:
    """Return the datastreams that everybody sees who sees the thing."""
    datastreams = (
        thing.datastreams.filter(audience=thing.audience)
        .select_related("observed_property")
        .prefetch_related("multi_properties", "networks")
        .order_by("pk")
    )
    if thing.audience != Audience.NETWORKS:
        return tuple(datastreams)
    return tuple(
        datastream
        for datastream in datastreams
        if networks <= {network.pk for network in datastream.networks.all()}
    )
