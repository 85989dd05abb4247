"""Loading the register of places and the networks: places, their cards, and the history."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection, transaction

from stadtwabe.catalog.cards import has_own_card, network_card, place_card
from stadtwabe.catalog.changes import note_change
from stadtwabe.catalog.commands.cards import german_slug, write_cards
from stadtwabe.catalog.commands.words import count_words
from stadtwabe.catalog.models import Card, Facet
from stadtwabe.kit.actor import Actor
from stadtwabe.people import audit
from stadtwabe.people.permissions import require
from stadtwabe.places.models import Network, NetworkMember, Place
from stadtwabe.places.register import NetworkRow, RegisterRow, network_rows, register_rows
from stadtwabe.places.rules import Level

_FIELDS = tuple(
    field.attname
    for field in Place._meta.concrete_fields
    if field.name not in {"key", "wikidata_id"}
)


@dataclass(frozen=True, slots=True)
class RegisterLoaded:
    """What loading the register changed: numbers of rows."""

    places: int
    networks: int
    members: int
    cards: int


@transaction.atomic
def load_register(*, actor: Actor, now: datetime) -> RegisterLoaded:
    """Bring places, networks and their cards to what ``places/data`` says; repeatable.

    Nothing is deleted: a place may be the owner of things. Members that somebody else wrote
    stay. Raises NotAllowed unless the operator or the installation itself acts.
    """
    require(actor, "catalog.load_register")
    rows = register_rows()
    places = _write_places(rows)
    networks = network_rows()
    changed_networks, changed_members = _write_networks(networks)
    cards = _write_cards(networks, now=now)
    loaded = RegisterLoaded(places, changed_networks, changed_members, cards)
    if any(asdict(loaded).values()):
        count_words()
        _tell_the_planner()
        note_change()
        audit.record(
            actor=actor,
            command="catalog.load_register",
            subject=Place.objects.order_by("key")[0],
            now=now,
            details=asdict(loaded),
        )
    return loaded


def _tell_the_planner() -> None:
    """Count the tables anew: until then PostgreSQL takes thousands of new rows for a handful.

    Without this a home page that is opened right after the first load takes a minute.
    """
    with connection.cursor() as cursor:
        for model in (Place, Card, Facet, NetworkMember):
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')


def _write_places(rows: Iterable[RegisterRow]) -> int:
    known = {place.key: place for place in Place.objects.all()}
    written = []
    for row in rows:
        place = known.get(row.key)
        before = place and [getattr(place, name) for name in _FIELDS]
        place = fill_place(place or Place(key=row.key), row)
        if before != [getattr(place, name) for name in _FIELDS]:
            written.append(place)
    Place.objects.bulk_create(
        written,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=_FIELDS,
    )
    return len(written)


def fill_place(place: Place, row: RegisterRow) -> Place:
    """Bring ``place``, which has its key, to what the register says; it is not saved."""
    place.level = row.level
    place.parent_id = {2: None, 5: row.key[:2], 8: row.key[:5]}[len(row.key)]
    place.ars, place.name, place.official_name = row.ars, row.name, row.official_name
    place.kind, place.slug = row.kind, german_slug(row.name)
    place.is_town = row.level == Level.MUNICIPALITY and "Stadt" in row.kind
    place.population, place.population_on = row.population, row.population_on
    place.population_source = row.population_source
    place.area_km2, place.geonames_id = row.area_km2, row.geonames_id
    place.longitude, place.latitude = row.longitude, row.latitude
    place.edition, place.previous_keys = row.edition, list(row.previous_keys)
    return place


def _write_networks(rows: Iterable[NetworkRow]) -> tuple[int, int]:
    networks = members = 0
    for row in rows:
        network, created = Network.objects.get_or_create(slug=row.slug, defaults={"name": row.name})
        networks += created
        known = set(network.members.values_list("place_id", "since"))
        missing = [
            NetworkMember(
                network=network,
                place_id=member.key,
                since=member.since,
                until=member.until,
                source=member.source,
            )
            for member in row.members
            if (member.key, member.since) not in known
        ]
        NetworkMember.objects.bulk_create(missing)
        members += len(missing)
    return networks, members


def _write_cards(rows: Iterable[NetworkRow], *, now: datetime) -> int:
    places = {place.key: place for place in Place.objects.order_by("key")}
    specs = [
        place_card(
            place,
            state=places[place.key[:2]].name if len(place.key) > len("05") else "",
            district=_district_name(place, places),
        )
        for place in places.values()
        if has_own_card(place)
    ]
    aliases = {row.slug: " ".join(row.aliases) for row in rows}
    for network in Network.objects.prefetch_related("members__place"):
        members = tuple(member.place for member in network.members.all())
        specs.append(network_card(network, members, aliases=aliases.get(network.slug, "")))
    return write_cards(specs=specs, now=now)


def _district_name(place: Place, places: dict[str, Place]) -> str:
    district = places.get(place.key[:5])
    if place.level != Level.MUNICIPALITY or district is None or not has_own_card(district):
        return ""
    return district.official_name
