"""The register as pages: the list, a place's cell, networks, and suggestions while typing."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from stadtwabe.catalog.kinds import CardKind, kind_of
from stadtwabe.catalog.pages.lists import card_list
from stadtwabe.catalog.panels import shown_panels
from stadtwabe.catalog.queries import card_of_place, visible_to
from stadtwabe.catalog.queries.entries import ListedCard, with_facets
from stadtwabe.catalog.queries.places import (
    KindPreview,
    counts_by_place,
    is_own_district,
    lying_in,
    members_of,
    near,
    nearest_with_things,
    networks_of,
    place_with_parent,
    places_with,
    previews_in,
    previews_of_network,
)
from stadtwabe.catalog.rules import FacetName, PlaceKind
from stadtwabe.catalog.search.filters import Sort
from stadtwabe.catalog.search.parties import networks_like, organisations_like
from stadtwabe.catalog.search.places import places_beginning
from stadtwabe.kit.drawing.honeycomb import Cell
from stadtwabe.kit.formats.geojson import Feature, write_geojson
from stadtwabe.kit.formats.negotiation import MEDIA_TYPES
from stadtwabe.people.actors import actor_of
from stadtwabe.people.rules import OrganisationKind, Role
from stadtwabe.places.boundaries import boundary_of, bounds_of
from stadtwabe.places.honeycomb import district_positions
from stadtwabe.places.models import Network, Place
from stadtwabe.places.register import editions
from stadtwabe.places.rules import Level, ancestors_of_key

SHORTEST_NAME = 2
"""Letters typed before networks and organisations are offered."""
NEIGHBOURS = "neighbours"
SLOTS = (
    "portrait",
    "projects",
    "data",
    "participation",
    "events",
    "guide",
    "sources",
    "contacts",
    NEIGHBOURS,
)
"""The slots of a place's cell in their order; what lies there stands before the last one."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the facts of a place, as the component ``facts.html`` shows it."""

    label: str
    value: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class KindSection:
    """The things of a kind in a place: the newest, and the way to all."""

    kind: CardKind
    count: int
    listed: Sequence[ListedCard]
    address: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place in the list of what lies in another."""

    place: Place
    things: int


def places(request: HttpRequest) -> HttpResponseBase:
    """Show the register: search with suggestions, the states, and the list of places."""
    states: list[PlaceRow] = []
    if "format" not in request.GET:
        counts = counts_by_place(actor_of(request))
        found = Place.objects.filter(level=Level.STATE).order_by("name")
        states = [PlaceRow(state, counts.get(state.key, 0)) for state in found]
    return card_list(
        request,
        kinds=PlaceKind.values,
        title=_("Orte"),
        lead=_("Alle Städte, Gemeinden, Kreise und Länder, und die Verbünde, die sie bilden."),
        template="catalog/places.html",
        default_sort=Sort.TITLE,
        context={"states": states},
    )


def suggestions(request: HttpRequest) -> JsonResponse:
    """Answer with places that begin with what is being typed.

    ``als=filter`` fills a field instead of leading to the place; ``als=beteiligte`` offers
    networks too, and to editors organisations, as everywhere where somebody has part in a thing.
    """
    as_party = request.GET.get("als") == "beteiligte"
    as_filter = as_party or request.GET.get("als") == "filter"
    names = dict(Place.objects.filter(level=Level.STATE).values_list("key", "name"))
    results = []
    for place in places_beginning(request.GET.get("q", "")):
        within = names.get(place.key[:2], "") if place.level != Level.STATE else ""
        hint = ", ".join(filter(None, [place.kind, within]))
        found = {"label": place.name, "hint": hint, "key": place.key}
        if as_filter:
            found["label"] = f"{place.name} ({place.key})"
        else:
            found["href"] = place.get_absolute_url()
        results.append(found)
    if as_party:
        results = [*_other_parties(request), *results]
    return JsonResponse({"results": results})


def _other_parties(request: HttpRequest) -> list[dict[str, str]]:
    text, actor = " ".join(request.GET.get("q", "").split())[:120], actor_of(request)
    if len(text) < SHORTEST_NAME:
        return []
    results = [
        {"label": each.name, "hint": str(PlaceKind.NETWORK.label)} for each in networks_like(text)
    ]
    if actor.is_operator or actor.holds_anywhere(Role.EDITOR):
        results += [
            {"label": each.name, "hint": str(OrganisationKind(each.kind).label)}
            for each in organisations_like(text)
        ]
    return results


def cell(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """Show all that is known in a place: its cell of the honeycomb."""
    place = next(iter(place_with_parent(key)), None)
    if place is None:
        successor = Place.objects.filter(previous_keys__contains=[key]).first()
        if successor is None:
            raise Http404
        return _moved(request, successor)
    card = card_of_place(place)
    if is_own_district(place) and card is not None and card.place is not None:
        return _moved(request, card.place)
    if slug != place.slug:
        return _moved(request, place)
    actor = actor_of(request)
    panels = shown_panels(actor, card) if card else {}
    covered = {kind for found in panels.values() for p in found for kind in p.panel.covers}
    sections = _sections(previews_in(actor, key), f"ort={key}", covered)
    is_town = place.level == Level.MUNICIPALITY
    rows = [] if is_town else _rows(request, place)
    own = [panel for slot in SLOTS if slot != NEIGHBOURS for panel in panels.get(slot, ())]
    is_empty = not own and not sections
    return render(
        request,
        "catalog/place.html",
        {
            "place": place,
            "card": card,
            "crumbs": _crumbs(place),
            "facts": _facts(place),
            "edition": editions().get(place.edition, {}),
            "memberships": networks_of(place),
            "panels": own,
            "neighbours": panels.get(NEIGHBOURS, ()),
            "sections": sections,
            "is_empty": is_empty,
            "near_with_things": nearest_with_things(actor, place) if is_empty and is_town else [],
            "rows": rows,
            "cells": _honeycomb(place, rows),
            "map_bounds": ",".join(map(str, bounds_of(key) or ())),
            "map_district": key[:5] if place.level != Level.STATE else "",
            "near": near(place) if is_town else [],
        },
    )


def boundary(request: HttpRequest, key: str) -> HttpResponse:
    """Answer with the boundary of a place as GeoJSON, for its map and for whoever needs it."""
    place = get_object_or_404(Place, pk=key)
    found = boundary_of(key)
    if found is None:
        raise Http404
    edition = editions().get(found["properties"]["edition"], {})
    properties = {
        "key": key,
        "name": place.name,
        "href": place.get_absolute_url(),
        "class": 3,
        "territorial_status": edition.get("territorial_status", ""),
        "attribution": edition.get("attribution", ""),
    }
    feature = Feature(key, properties, geometry=found["geometry"])
    response = HttpResponse(write_geojson([feature]), content_type=MEDIA_TYPES["geojson"])
    response["Cache-Control"] = "public, max-age=86400"
    return response


def network(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a network of towns with its members, since when and until when."""
    found = get_object_or_404(Network, slug=slug)
    actor = actor_of(request)
    card = get_object_or_404(visible_to(actor), kind=PlaceKind.NETWORK, slug=slug)
    panels = shown_panels(actor, card)
    covered = {kind for shown in panels.values() for p in shown for kind in p.panel.covers}
    return render(
        request,
        "catalog/network.html",
        {
            "network": found,
            "card": card,
            "crumbs": [(_("Orte"), "/orte/"), (found.name, "")],
            "members": members_of(found),
            "panels": [panel for slot in SLOTS for panel in panels.get(slot, ())],
            "sections": _sections(previews_of_network(actor, slug), f"verbund={slug}", covered),
        },
    )


def by_key(request: HttpRequest, key: str) -> HttpResponse:
    """Lead from an official key alone to the place."""
    return cell(request, key, "")


def _moved(request: HttpRequest, place: Place) -> HttpResponsePermanentRedirect:
    query = request.GET.urlencode()
    address = place.get_absolute_url() + (f"?{query}" if query else "")
    return redirect(address, permanent=True)


def _crumbs(place: Place) -> list[tuple[str, str]]:
    above = places_with(list(ancestors_of_key(place.key)))
    crumbs = [(_("Orte"), "/orte/")]
    crumbs += [
        (
            found.official_name if found.level == Level.DISTRICT else found.name,
            found.get_absolute_url(),
        )
        for found in above
        if not is_own_district(found)
    ]
    return [*crumbs, (place.name, "")]


def _facts(place: Place) -> list[Fact]:
    facts = [Fact(_("Art"), place.kind)]
    if place.population is not None and place.population_on is not None:
        facts.append(
            Fact(
                _("Einwohnerzahl"),
                _("%(number)s (%(source)s, Stand %(date)s)")
                % {
                    "number": number_format(place.population, force_grouping=True),
                    "source": place.population_source,
                    "date": date_format(place.population_on, "F Y"),
                },
            )
        )
    else:
        facts.append(Fact(_("Einwohnerzahl")))
    area = place.area_km2
    facts.append(Fact(_("Fläche"), f"{number_format(area, 2)} km²" if area is not None else ""))
    facts.append(Fact(_("Amtlicher Schlüssel"), place.key))
    if place.ars and place.ars != place.key:
        facts.append(Fact(_("Regionalschlüssel"), place.ars))
    if place.previous_keys:
        facts.append(Fact(_("Frühere Schlüssel"), ", ".join(place.previous_keys)))
    return facts


def _sections(previews: Sequence[KindPreview], query: str, covered: set[str]) -> list[KindSection]:
    found = [preview for preview in previews if preview.kind not in covered]
    listed = with_facets([card for preview in found for card in preview.cards])
    by_card: dict[int, ListedCard] = {shown.card.pk: shown for shown in listed}
    return [
        KindSection(
            kind=kind_of(preview.kind),
            count=preview.count,
            listed=[by_card[card.pk] for card in preview.cards],
            address=f"/suche/?{query}&{FacetName.KIND.value}={preview.kind}",
        )
        for preview in found
    ]


def _honeycomb(place: Place, rows: Sequence[PlaceRow]) -> list[Cell]:
    """Return the districts of a state as cells, filled by what is known in them."""
    if place.level != Level.STATE:
        return []
    positions = district_positions()
    return [
        Cell(
            key=row.place.key,
            name=row.place.name,
            column=position.column,
            row=position.row,
            value=row.things,
            href=row.place.get_absolute_url(),
        )
        for row in rows
        if (position := positions.get(row.place.key[:5])) is not None
    ]


def _rows(request: HttpRequest, place: Place) -> list[PlaceRow]:
    actor = actor_of(request)
    counts = counts_by_place(actor, below=place.key)
    return [PlaceRow(found, counts.get(found.key, 0)) for found in lying_in(place)]
