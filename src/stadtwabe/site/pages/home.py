"""The home page: search first, the honeycomb, what is new, numbers that are counted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.queries.changes import kept_for_visitors
from stadtwabe.catalog.queries.entries import LISTED, MUNICIPALITY_KEY_LENGTH, with_facets
from stadtwabe.catalog.queries.places import counts_by_place, things_visible_to
from stadtwabe.catalog.rules import Topic
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.rules import StatementState
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.drawing.honeycomb import Cell
from stadtwabe.people.actors import actor_of
from stadtwabe.places.honeycomb import Position, district_positions, state_positions
from stadtwabe.places.models import Place
from stadtwabe.places.rules import Level

NEWEST = 6
OF_A_KIND = 2
LOOKED_THROUGH = 60


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where people of one role start."""

    path: str
    title: str | Promise
    text: str | Promise
    icon: str
    accent: str


ENTRANCES = (
    Entrance(
        "/orte/",
        _("Mein Ort"),
        _("Was in Ihrer Stadt oder Gemeinde digital läuft, und wen Sie fragen können."),
        "module-places",
        "places",
    ),
    Entrance(
        "/atlas/projekte/",
        _("Projekte zum Nachnutzen"),
        _("Was andere schon gebaut haben: mit wem, womit, mit welchem Geld."),
        "kind-project",
        "atlas",
    ),
    Entrance(
        "/redaktion/",
        _("Redaktion"),
        _("Dokumente hineingeben, Vorschläge prüfen, Einträge aktuell halten."),
        "module-desk",
        "programme",
    ),
    Entrance(
        "/api/docs",
        _("Offene Daten"),
        _("Jede Ansicht als Datei oder Schnittstelle, jeder Wert mit seiner Quelle."),
        "download",
        "hub",
    ),
)


@dataclass(frozen=True, slots=True)
class Combs:
    """The states and the districts with what is known in them."""

    states: Sequence[Cell]
    districts: Sequence[Cell]
    towns: int
    """In how many municipalities anything is known."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the home page."""
    actor = actor_of(request)
    combs = kept_for_visitors(actor, "honeycombs", lambda: _combs(counts_by_place(actor)))
    newest = things_visible_to(actor).select_related("place").order_by("-changed_at", "-pk")
    context = {
        "states": sorted(combs.states, key=lambda cell: cell.name),
        "state_cells": combs.states,
        "district_cells": combs.districts,
        "newest": with_facets(_mixed(newest.only(*LISTED)[:LOOKED_THROUGH])),
        "figures": figures(actor, combs.towns),
        "topics": Topic,
        "entrances": ENTRANCES,
        "search_is_on_page": True,
    }
    return render(request, "site/home.html", context)


def _mixed(newest: Iterable[Card]) -> list[Card]:
    """Return the newest few, no kind more often than ``OF_A_KIND`` while there are others.

    One town that connects twenty devices should not push everything else off the home page.
    """
    seen: Counter[str] = Counter()
    first: list[Card] = []
    later: list[Card] = []
    for card in newest:
        seen[card.kind] += 1
        (first if seen[card.kind] <= OF_A_KIND else later).append(card)
    return (first + later)[:NEWEST]


def _combs(counts: Mapping[str, int]) -> Combs:
    found = Place.objects.filter(level__in=[Level.STATE, Level.DISTRICT])
    places = {place.key: place for place in found.only("key", "name", "slug")}
    return Combs(
        _cells(state_positions(), places, counts),
        _cells(district_positions(), places, counts),
        sum(len(key) == MUNICIPALITY_KEY_LENGTH for key in counts),
    )


def _cells(
    positions: Mapping[str, Position], places: Mapping[str, Place], counts: Mapping[str, int]
) -> list[Cell]:
    return [
        Cell(
            key=key,
            name=places[key].name,
            column=position.column,
            row=position.row,
            value=counts.get(key, 0),
            href=places[key].get_absolute_url(),
            text=position.letters,
        )
        for key, position in positions.items()
        if key in places
    ]


def figures(actor: Actor, towns: int) -> list[tuple[int, str | Promise]]:
    """Count what ``actor`` can find here: things, towns with any, statements with a source."""
    things = things_visible_to(actor)
    return [
        (things.count(), _("Einträge")),
        (towns, _("Städte und Gemeinden")),
        (
            Statement.objects.filter(state=StatementState.CURRENT, card__in=things).count(),
            _("Angaben mit Quelle"),
        ),
    ]
