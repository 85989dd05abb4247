"""The catalogue for other programs: cards, facets, places, networks; the filters of the pages."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field

from stadtwabe.catalog.german_order import GermanOrder
from stadtwabe.catalog.models import Card, CardParty
from stadtwabe.catalog.queries.cards import see_all, visible_to
from stadtwabe.catalog.queries.entries import entry, facet_label, with_facets
from stadtwabe.catalog.queries.places import members_of
from stadtwabe.catalog.search.filters import Sort, read_filters, refuse_problems
from stadtwabe.catalog.search.results import search
from stadtwabe.kit.errors import DomainError, NotFound
from stadtwabe.people.actors import actor_of
from stadtwabe.places.models import Network, Place
from stadtwabe.places.register import editions
from stadtwabe.places.rules import Level

router = Router(tags=["catalog"])

PLACE_PAGE = 100


class Gone(DomainError):
    """The thing was taken out; its tombstone says why."""

    status = 410


class ListQuery(Schema):
    """The filters of every list, as in the pages' addresses; values of one are alternatives."""

    q: str = Field("", description="Suchwörter; „in Anführungszeichen“ als Wortfolge, -ohne")
    art: list[str] = Field([], description="Art: project, event, municipality …")
    ort: list[str] = Field([], description="Schlüssel (2, 5, 8 Stellen) oder Name eines Ortes")
    thema: list[str] = Field([], description="Thema: mobility, education …")
    sdg: list[str] = Field([], description="Nachhaltigkeitsziel: 1 bis 17")
    phase: list[str] = Field([], description="Stand: idea, planned, pilot, running …")
    jahr: list[str] = Field([], description="Jahr mit vier Ziffern")
    verbund: list[str] = Field([], description="Kurzname eines Verbundes")
    status: list[str] = Field([], description="Status, je nach Art")
    groesse: list[str] = Field([], description="Größe des Ortes: large, medium, small, rural")
    format_art: list[str] = Field([], description="Format von Terminen")
    beteiligt: list[str] = Field([], description="Nummer einer beteiligten Organisation")
    sort: str = Field("", description=f"Reihenfolge: {', '.join(Sort.values)}")
    von: str = Field("", description="Ort, von dem aus die Entfernung zählt")
    seite: int = Field(1, ge=1, le=500)
    je_seite: int = Field(20, ge=1, le=100, description="Einträge je Seite")


class CardEntry(Schema):
    """A public thing, as lists show it."""

    id: int
    kind: str
    title: str
    summary: str
    url: str
    place: str | None
    places: list[str]
    networks: list[str]
    topics: list[str]
    sdgs: list[int]
    stage: str | None
    starts_on: date | None
    ends_on: date | None
    precision: str | None
    longitude: float | None
    latitude: float | None
    is_demo: bool
    changed_at: datetime


class CardPage(Schema):
    """A page of a list, and how many entries the whole list has."""

    count: int
    page: int
    pages: int
    suggestion: str = Field("", description="Meinten Sie …")
    results: list[CardEntry]


class PartyEntry(Schema):
    """Who has which part in a thing."""

    name: str
    role: str


class LinkEntry(Schema):
    """A relation to another thing: ``direction`` is out when this one does it to the other."""

    kind: str
    direction: str
    title: str
    url: str
    id: int


class CardDetail(CardEntry):
    """A thing with who has part in it, and what it is related to."""

    parties: list[PartyEntry]
    links: list[LinkEntry]


class FacetEntry(Schema):
    """A value that the list could be narrowed by, with its number of hits."""

    value: str
    label: str
    count: int


class PlaceEntry(Schema):
    """A state, district or municipality of the register."""

    key: str
    level: str
    parent: str | None
    name: str
    official_name: str
    kind: str
    url: str
    population: int | None
    population_on: date | None
    population_source: str
    area_km2: float | None
    longitude: float | None
    latitude: float | None
    edition: str
    territorial_status: str
    previous_keys: list[str]


class PlacePage(Schema):
    """A page of the register."""

    count: int
    page: int
    results: list[PlaceEntry]


class MemberEntry(Schema):
    """That a place belongs to a network."""

    key: str
    name: str
    since: date | None
    until: date | None
    source: str


class NetworkEntry(Schema):
    """A network of towns."""

    slug: str
    name: str
    description: str
    website: str
    url: str


class NetworkDetail(NetworkEntry):
    """A network with the members that are known."""

    members: list[MemberEntry]


@router.get("/cards", response=CardPage, operation_id="list_cards")
def list_cards(request: HttpRequest, query: Query[ListQuery]) -> dict[str, Any]:
    """Alles, was Sie sehen dürfen, nach denselben Filtern wie die Seiten."""
    return card_page(request, page_size=query.je_seite)


def card_page(request: HttpRequest, *, page_size: int, kinds: Sequence[str] = ()) -> dict[str, Any]:
    """Return a page of the list of ``kinds`` as a ``CardPage``; for the APIs of the domains."""
    filters = read_filters(request.GET, kinds=kinds)
    refuse_problems(filters)
    results = search(actor_of(request), filters, page_size=page_size)
    return {
        "count": results.total,
        "page": filters.page,
        "pages": max(1, -(-results.total // page_size)),
        "suggestion": results.suggestion,
        "results": [entry(listed, root=_root(request)) for listed in with_facets(results.cards)],
    }


@router.get("/facets", response=dict[str, list[FacetEntry]], operation_id="list_facets")
def list_facets(request: HttpRequest, query: Query[ListQuery]) -> dict[str, list[dict[str, Any]]]:
    """Wie viele Treffer jeder Wert jedes Filters hätte, der eigene Filter nicht mitgerechnet."""
    filters = read_filters(request.GET)
    refuse_problems(filters)
    counts = search(actor_of(request), filters, page_size=1).facets
    return {
        name: [
            {"value": v.value, "label": facet_label(name, v.label), "count": v.count}
            for v in values
        ]
        for name, values in counts.values.items()
    }


@router.get("/cards/{int:card_id}", response=CardDetail, operation_id="get_card")
def get_card(request: HttpRequest, card_id: Annotated[int, Path(le=2**62)]) -> dict[str, Any]:
    """Ein Eintrag mit Beteiligten und Beziehungen; zurückgezogene antworten mit 410."""
    actor = actor_of(request)
    parties = CardParty.objects.select_related(
        "party__place", "party__network", "party__organisation"
    )
    card = (
        see_all(actor)
        .select_related("place")
        .prefetch_related(Prefetch("card_parties", queryset=parties))
        .filter(pk=card_id)
        .first()
    )
    if card is None:
        raise NotFound(_("Diesen Eintrag gibt es nicht."))
    if card.is_withdrawn:
        raise Gone(_("Dieser Eintrag wurde zurückgezogen."), remedy=card.withdrawn_because)
    return {
        **entry(with_facets([card])[0], root=_root(request)),
        "parties": [
            {"name": str(part.party), "role": part.role} for part in card.card_parties.all()
        ],
        "links": _links(request, card),
    }


def _links(request: HttpRequest, card: Card) -> list[dict[str, Any]]:
    visible = visible_to(actor_of(request))
    out = card.links_out.filter(target__in=visible).select_related("target")
    back = card.links_in.filter(source__in=visible).select_related("source")
    pairs = [("out", link.kind, link.target) for link in out]
    pairs += [("in", link.kind, link.source) for link in back]
    return [
        {
            "kind": kind,
            "direction": direction,
            "title": other.title,
            "url": _root(request) + other.path,
            "id": other.pk,
        }
        for direction, kind, other in pairs
    ]


@router.get("/places", response=PlacePage, operation_id="list_places")
def list_places(
    request: HttpRequest,
    ebene: Level | None = None,
    within: Annotated[str, Query(alias="in", pattern=r"^\d{0,5}$")] = "",
    seite: Annotated[int, Query(ge=1, le=500)] = 1,
) -> dict[str, Any]:
    """Das Verzeichnis der Länder, Kreise und Gemeinden, 100 je Seite, nach Namen."""
    found = Place.objects.filter(key__startswith=within).order_by(GermanOrder("name"), "key")
    if ebene is not None:
        found = found.filter(level=ebene)
    start = (seite - 1) * PLACE_PAGE
    return {
        "count": found.count(),
        "page": seite,
        "results": [_place(request, place) for place in found[start : start + PLACE_PAGE]],
    }


@router.get("/places/{key}", response=PlaceEntry, operation_id="get_place")
def get_place(
    request: HttpRequest, key: Annotated[str, Path(pattern=r"^(\d{2}|\d{5}|\d{8})$")]
) -> dict[str, Any]:
    """Ein Ort nach seinem amtlichen Schlüssel."""
    place = Place.objects.filter(pk=key).first()
    if place is None:
        raise NotFound(_("Diesen Schlüssel kennt das Verzeichnis nicht."), field="key")
    return _place(request, place)


@router.get("/networks", response=list[NetworkEntry], operation_id="list_networks")
def list_networks(request: HttpRequest) -> list[dict[str, Any]]:
    """Die Verbünde von Städten und Gemeinden."""
    return [_network(request, network) for network in Network.objects.order_by(GermanOrder("name"))]


@router.get("/networks/{slug:slug}", response=NetworkDetail, operation_id="get_network")
def get_network(request: HttpRequest, slug: str) -> dict[str, Any]:
    """Ein Verbund mit seinen bekannten Mitgliedern."""
    network = Network.objects.filter(slug=slug).first()
    if network is None:
        raise NotFound(_("Diesen Verbund gibt es nicht."), field="slug")
    members = [
        {
            "key": member.place_id,
            "name": member.place.name,
            "since": member.since,
            "until": member.until,
            "source": member.source,
        }
        for member in members_of(network)
    ]
    return {**_network(request, network), "members": members}


def _root(request: HttpRequest) -> str:
    return request.build_absolute_uri("/")[:-1]


def _place(request: HttpRequest, place: Place) -> dict[str, Any]:
    edition = editions().get(place.edition, {})
    return {
        "key": place.key,
        "level": place.level,
        "parent": place.parent_id,
        "name": place.name,
        "official_name": place.official_name,
        "kind": place.kind,
        "url": _root(request) + place.get_absolute_url(),
        "population": place.population,
        "population_on": place.population_on,
        "population_source": place.population_source,
        "area_km2": place.area_km2,
        "longitude": place.longitude,
        "latitude": place.latitude,
        "edition": place.edition,
        "territorial_status": edition.get("territorial_status", ""),
        "previous_keys": place.previous_keys,
    }


def _network(request: HttpRequest, network: Network) -> dict[str, Any]:
    return {
        "slug": network.slug,
        "name": network.name,
        "description": network.description,
        "website": network.website,
        "url": _root(request) + network.get_absolute_url(),
    }
