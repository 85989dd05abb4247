"""Things of every kind for tests, each value quoting its own words in a document."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from stadtwabe.catalog.cards import place_card
from stadtwabe.catalog.commands import write_card
from stadtwabe.catalog.tests.factories import make_places
from stadtwabe.evidence.commands import create_thing
from stadtwabe.evidence.sources import Passage
from stadtwabe.evidence.tests.factories import NOW, document_of, editor_of
from stadtwabe.evidence.things import ThingKind, column_of, thing_kind
from stadtwabe.people.commands import party_for_place
from stadtwabe.people.models import Organisation, Party
from stadtwabe.places.models import Place

_numbers = count(1)


def quoting(party, name, *values):
    """Return passages of a new document in which each of ``values`` stands, and the document."""
    lines = [f"Dokument Nummer {next(_numbers)}."]
    lines += [f"Zu {name} steht hier: {value}." for value in values]
    document = document_of(party, text="\n\n".join(lines), title=f"Beleg für {name}")
    return [_passage(document, str(value)) for value in values]


def _passage(document, words):
    start = document.text.index(words)
    return Passage(document, start, start + len(words))


def make_thing(name: str, party: Any, *, parties: Any = (), **values: Any) -> Any:
    """Write a thing of the kind ``name``; each value quotes a document of its own."""
    kind = thing_kind(name)
    values = {"title": f"Ein {name}", **values}
    sources = {
        field: quoting(party, f"{name} {field} {values['title']}", f"{field}={value}")[0]
        for field, value in [*values.items(), ("parties", [str(each) for each, _ in parties])]
    }
    thing, _change = create_thing(
        actor=editor_of(party),
        kind=kind,
        owner=party,
        values=values,
        sources=sources,
        parties=parties,
        now=NOW,
    )
    return thing


def marked_values(kind: ThingKind, place: Place) -> dict[str, tuple[Any, str]]:
    """Return for every column a value of its own, and the words in which a page shows it."""
    return {
        name: _marked(kind, name, number, place) for number, name in enumerate(kind.shown_fields)
    }


def _marked(kind: ThingKind, name: str, number: int, place: Place) -> tuple[Any, str]:
    column = column_of(kind.model, name)
    if isinstance(column, ArrayField):
        return ([13], "13 Maßnahmen") if name == "goals" else (["mobility"], "Mobilität")
    if isinstance(column, models.ForeignKey):
        if column.related_model is Place:
            return place, place.name
        return Organisation.objects.create(name="Orgamarke", slug="orgamarke"), ""
    if isinstance(column, models.BooleanField):
        return True, "ja"
    if isinstance(column, models.DateField):
        day = date(2030 if name == "ends_on" else 2001, 1, 1 + number)
        return day, f"{day.day}. Januar {day.year}"
    if isinstance(column, models.TimeField):
        return f"{number % 24:02}:30:00", f"{number % 24:02}:30"
    if column.choices:
        value, label = list(column.flatchoices)[-1]
        return value, str(label)
    if isinstance(column, models.DecimalField):
        return Decimal(1_234_000 + number), f"1.234.{number:03}"
    if isinstance(column, models.PositiveIntegerField):
        return 70_000 + number, f"70.{number:03}"
    if isinstance(column, models.URLField):
        return f"https://marke{number}.example/", f"marke{number}.example"
    return f"Marke{number}x", f"Marke{number}x"


def town_with_card(key: str = "05315000") -> Party:
    """Return the party of a town that has a card, and so a cell."""
    place = make_places(key)[key]
    write_card(spec=place_card(place), now=NOW)
    return party_for_place(place)
