"""Small worlds for tests of the catalogue and of those who build on it."""

from collections.abc import Iterable
from datetime import UTC, datetime

from stadtwabe.catalog.commands import write_card
from stadtwabe.catalog.commands.register import fill_place
from stadtwabe.catalog.models import Card
from stadtwabe.catalog.specs import CardSpec
from stadtwabe.places.models import Place
from stadtwabe.places.register import register_rows

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
"""A Monday, and later than anything the tests tell of."""


def make_places(*keys: str) -> dict[str, Place]:
    """Write the places of the register with these keys, and those that they lie in."""
    wanted = {part for key in keys for part in (key[:2], key[:5], key)}
    for row in register_rows():
        if row.key in wanted and not Place.objects.filter(key=row.key).exists():
            fill_place(Place(key=row.key), row).save()
    return Place.objects.in_bulk(list(wanted))


def make_card(title: str, *, kind: str = "network", places: Iterable[Place] = (), **more) -> Card:
    """Write a card; ``more`` are further fields of its ``CardSpec``."""
    places = tuple(places)
    spec = CardSpec(
        kind=kind,
        title=title,
        place=more.pop("place", places[0] if places else None),
        places=places,
        **more,
    )
    return write_card(spec=spec, now=NOW)
