"""How places and networks appear in the catalogue."""

from django.utils.translation import gettext_lazy as _

from stadtwabe.catalog import kinds
from stadtwabe.catalog.kinds import CardKind
from stadtwabe.catalog.rules import FacetName, PlaceKind
from stadtwabe.catalog.specs import CardSpec
from stadtwabe.places.models import Network, Place
from stadtwabe.places.rules import CITY_DISTRICT_KINDS, Level

for _kind, _plural, _prefix, _schema in (
    (PlaceKind.MUNICIPALITY, _("Städte und Gemeinden"), "/orte/", "City"),
    (PlaceKind.DISTRICT, _("Kreise"), "/orte/", "AdministrativeArea"),
    (PlaceKind.STATE, _("Länder"), "/orte/", "State"),
    (PlaceKind.NETWORK, _("Verbünde"), "/orte/verbund/", "Organization"),
):
    kinds.register(
        CardKind(
            name=_kind.value,
            label=_kind.label,
            plural=_plural,
            prefix=_prefix,
            accent="places",
            icon="kind-network" if _kind is PlaceKind.NETWORK else "kind-place",
            schema_type=_schema,
            has_compounds=_kind is PlaceKind.NETWORK,
            is_dated=False,
        )
    )


def has_own_card(place: Place) -> bool:
    """Whether the place has a card; a town that is its own district has one, not two."""
    return place.level != Level.DISTRICT or place.kind not in CITY_DISTRICT_KINDS


def place_card(place: Place, *, state: str = "", district: str = "") -> CardSpec:
    """Describe the card of a place; ``state`` and ``district`` are the names it lies in."""
    summary = ", ".join(filter(None, [place.official_name, district, state]))
    return CardSpec(
        kind=PlaceKind(place.level).value,
        title=place.name,
        summary=summary,
        slug=f"{place.key}-{place.slug}",
        place=place,
        places=(place,),
        text=" ".join(filter(None, [place.kind, place.key, place.ars])),
    )


def network_card(network: Network, members: tuple[Place, ...], *, aliases: str = "") -> CardSpec:
    """Describe the card of a network of towns."""
    return CardSpec(
        kind=PlaceKind.NETWORK.value,
        title=network.name,
        summary=network.description,
        slug=network.slug,
        places=members,
        facets={(FacetName.NETWORK.value, network.slug): network.name},
        text=aliases,
    )
