"""How a thing appears in the catalogue: one card, naming only what all who see it may see."""

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from stadtwabe.catalog import kinds
from stadtwabe.catalog.commands.cards import german_slug
from stadtwabe.catalog.kinds import CardKind
from stadtwabe.catalog.rules import Audience, FacetName, PartyRole
from stadtwabe.catalog.specs import CardSpec
from stadtwabe.hub.models import Dataset, Datastream, Distribution, Location, Thing
from stadtwabe.hub.vocabularies import TOPIC_OF_THEME
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
kinds.register(
    CardKind(
        name="dataset",
        label=_("Datensatz"),
        plural=_("Datensätze"),
        prefix="/daten/datensaetze/",
        accent="hub",
        icon="module-hub",
        schema_type="Dataset",
        can_edit_action="hub.edit_dataset",
        thing_of=lambda card: card.hub_dataset,
    )
)

RESERVED = frozenset({"neu", "veroeffentlichen"})
"""Pages beside the datasets; a dataset of that name gets another address."""

SUMMARY_LENGTH = 300
STREAM_FILE_TYPES = frozenset({"CSV", "GEOJSON", "JSON"})
"""The formats in which every datastream is to be had."""


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


def dataset_card(
    dataset: Dataset,
    *,
    distributions: tuple[Distribution, ...],
    audience: str,
    networks: tuple[Network, ...],
    is_demo: bool = False,
) -> CardSpec:
    """Describe the card of a dataset. It does not name datastreams: they may become narrower."""
    place = dataset.place or place_of(dataset.owner)
    file_types = {each.file_type for each in distributions} - {""}
    if any(each.datastream_id for each in distributions):
        file_types |= STREAM_FILE_TYPES
    topics = {TOPIC_OF_THEME[theme] for theme in dataset.themes if theme in TOPIC_OF_THEME}
    slug = german_slug(dataset.title)
    return CardSpec(
        kind="dataset",
        title=dataset.title,
        summary=Truncator(dataset.description).chars(SUMMARY_LENGTH),
        slug=f"datensatz-{slug}" if slug in RESERVED and not dataset.card_id else "",
        place=place,
        places=(place,) if place else (),
        starts_on=dataset.starts_on,
        ends_on=dataset.ends_on if dataset.starts_on else None,
        parties=((dataset.publisher, PartyRole.PUBLISHER.value),) if dataset.publisher else (),
        facets={
            **{(FacetName.TOPIC.value, topic.value): str(topic.label) for topic in topics},
            **{(FacetName.FORMAT.value, each.lower()): each for each in file_types},
        },
        text="\n".join(
            filter(
                None,
                [
                    *dataset.keywords,
                    dataset.publisher_name,
                    dataset.description,
                    *(
                        each.title or each.file_name
                        for each in distributions
                        if not each.datastream_id
                    ),
                ],
            )
        ),
    ).owned_by(dataset.owner, audience=audience, networks=networks, is_demo=is_demo)
