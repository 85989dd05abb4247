"""What the pages of places need: who lies where, who is near, how much is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import BooleanField, Count, F, FloatField, QuerySet, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import RowNumber

from stadtwabe.catalog.german_order import GermanOrder
from stadtwabe.catalog.models import Card
from stadtwabe.catalog.queries.cards import visible_to
from stadtwabe.catalog.queries.changes import kept_for_visitors
from stadtwabe.catalog.queries.entries import LISTED
from stadtwabe.catalog.queries.facets import facet_id
from stadtwabe.catalog.rules import FacetName, PlaceKind
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.prepared import among, prepared
from stadtwabe.places.models import Network, NetworkMember, Place
from stadtwabe.places.rules import CITY_DISTRICT_KINDS, Level

KILOMETRES_PER_DEGREE = 111.2
"""Of latitude, on the mean sphere."""

NEIGHBOURS = 6
PREVIEW = 3


@dataclass(frozen=True, slots=True)
class KindPreview:
    """The newest things of a kind in a place, and how many there are."""

    kind: str
    count: int
    cards: Sequence[Card]


def things_visible_to(actor: Actor) -> QuerySet[Card]:
    """Return the cards that ``actor`` may see and that are neither places nor networks."""
    return visible_to(actor).exclude(kind__in=PlaceKind.values)


def things_of_network(actor: Actor, slug: str) -> QuerySet[Card]:
    """Return the things of a network's members."""
    return things_visible_to(actor).filter(facet_ids__contains=[facet_id(FacetName.NETWORK, slug)])


def previews_in(actor: Actor, key: str) -> list[KindPreview]:
    """Return the things in a place and in all places that lie in it: the newest of each kind."""
    return _previews(actor, facet_id(FacetName.PLACE, key))


def previews_of_network(actor: Actor, slug: str) -> list[KindPreview]:
    """Return the things of a network's members: the newest of each kind."""
    return _previews(actor, facet_id(FacetName.NETWORK, slug))


def _previews(actor: Actor, facet: int) -> list[KindPreview]:
    """Return the newest few of each kind, the kind with most things first; one query."""
    found: dict[str, list[Card]] = {}
    counts: dict[str, int] = {}
    for card in _newest_of_each_kind(actor, facet):
        found.setdefault(card.kind, []).append(card)
        counts[card.kind] = card.of_kind  # type: ignore[attr-defined]  # annotated
    return sorted(
        (KindPreview(kind, counts[kind], cards) for kind, cards in found.items()),
        key=lambda preview: (-preview.count, preview.kind),
    )


@prepared
def _newest_of_each_kind(actor: Actor, facet: int) -> QuerySet[Card]:
    kind = F("kind")
    ranked = (
        things_visible_to(actor)
        .filter(facet_ids__contains=[facet])
        .annotate(
            place_in_kind=Window(
                RowNumber(), partition_by=[kind], order_by=[F("changed_at").desc(), F("pk").desc()]
            ),
            of_kind=Window(Count("pk"), partition_by=[kind]),
        )
    )
    newest = ranked.filter(place_in_kind__lte=PREVIEW).order_by("place_in_kind")
    return newest.select_related("place").only(*LISTED)


def counts_by_place(actor: Actor, *, below: str = "") -> dict[str, int]:
    """Return how many things are known in each place whose key begins with ``below``."""
    counts = kept_for_visitors(actor, "counts by place", lambda: _counts_by_place(actor))
    return {key: count for key, count in counts.items() if key.startswith(below)}


def _counts_by_place(actor: Actor) -> dict[str, int]:
    sql, parameters = (
        things_visible_to(actor).order_by().values("facet_ids").query.sql_with_params()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT value, count(*) FROM"  # noqa: S608  # all values are parameters
            f" ({sql}) AS listed, unnest(facet_ids) AS facet_id"
            " JOIN catalog_facet ON catalog_facet.id = facet_id"
            " WHERE name = %s GROUP BY value",
            [*parameters, FacetName.PLACE.value],
        )
        return dict(cursor.fetchall())


@prepared
def place_with_parent(key: str) -> QuerySet[Place]:
    """Return the place with an official key, if there is one."""
    return Place.objects.filter(key=key).select_related("parent")


@prepared
def places_with(keys: list[str]) -> QuerySet[Place]:
    """Return the places with these keys, the larger ones first."""
    return Place.objects.filter(among("places_place.key", keys)).order_by("key")


def lying_in(place: Place) -> QuerySet[Place]:
    """Return the places one level below, by name; a town that is its own district as the town."""
    below = Place.objects.filter(parent=place)
    towns = below.filter(level=Level.DISTRICT, kind__in=CITY_DISTRICT_KINDS)
    own = Place.objects.filter(parent__in=towns, level=Level.MUNICIPALITY)
    keys = below.exclude(pk__in=towns).values("pk").union(own.values("pk"))
    return Place.objects.filter(pk__in=keys).order_by(GermanOrder("name"))


def near(place: Place) -> list[Place]:
    """Return the municipalities around ``place``, by distance between centres."""
    if place.longitude is None or place.latitude is None:
        return []
    return _near(place.key, place.longitude, place.latitude)


@prepared
def _near(key: str, longitude: float, latitude: float) -> QuerySet[Place]:
    around = RawSQL(
        "latitude BETWEEN %s - 0.5 AND %s + 0.5 AND longitude BETWEEN %s - 0.5 AND %s + 0.5",
        [latitude, latitude, longitude, longitude],
        output_field=BooleanField(),
    )
    return _by_distance(key, longitude, latitude).filter(around)[:NEIGHBOURS]


def nearest_with_things(actor: Actor, place: Place) -> list[tuple[Place, int]]:
    """Return the nearest municipalities of which something is known, and how much."""
    if place.longitude is None or place.latitude is None:
        return []
    counts = counts_by_place(actor)
    found = _nearest_of(list(counts), place.key, place.longitude, place.latitude)
    return [(town, counts[town.key]) for town in found]


@prepared
def _nearest_of(keys: list[str], here: str, longitude: float, latitude: float) -> QuerySet[Place]:
    towns = _by_distance(here, longitude, latitude)
    return towns.filter(among("places_place.key", keys))[:NEIGHBOURS]


def _by_distance(here: str, longitude: float, latitude: float) -> QuerySet[Place]:
    distance = RawSQL(
        "%s * sqrt(power(latitude - %s, 2) + power((longitude - %s) * cos(radians(%s)), 2))",
        (KILOMETRES_PER_DEGREE, latitude, longitude, latitude),
        output_field=FloatField(),
    )
    return (
        Place.objects.filter(level=Level.MUNICIPALITY, latitude__isnull=False)
        .only("key", "slug", "name", "kind")
        .exclude(key=here)
        .annotate(distance_km=distance)
        .order_by("distance_km")
    )


def networks_of(place: Place) -> list[NetworkMember]:
    """Return the memberships of a place in networks, those that last first."""
    return _memberships(place.key)


@prepared
def _memberships(key: str) -> QuerySet[NetworkMember]:
    members = NetworkMember.objects.filter(place=key).select_related("network")
    return members.order_by(F("until").desc(nulls_first=True), "network__name")


def members_of(network: Network) -> list[NetworkMember]:
    """Return the members of a network by name, those that last first."""
    return _members_of(network.pk)


@prepared
def _members_of(network: int) -> QuerySet[NetworkMember]:
    members = NetworkMember.objects.filter(network=network).select_related("place__parent")
    return members.order_by(F("until").desc(nulls_first=True), GermanOrder("place__name"))


def is_own_district(place: Place) -> bool:
    """Whether a district is one town, whose page stands for both."""
    return place.level == Level.DISTRICT and place.kind in CITY_DISTRICT_KINDS
