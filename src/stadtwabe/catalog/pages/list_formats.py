"""A whole list as JSON, CSV, GeoJSON, iCalendar or RSS, with the filters of its page."""

from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from itertools import islice

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stadtwabe import __version__
from stadtwabe.catalog.kinds import Appointment, kind_of
from stadtwabe.catalog.models import Card
from stadtwabe.catalog.queries.changes import state_of_catalogue
from stadtwabe.catalog.queries.entries import CardRow, ListedCard, entry, stream, with_facets
from stadtwabe.catalog.rules import FacetName
from stadtwabe.catalog.search.filters import Filters
from stadtwabe.catalog.search.results import matching_cards
from stadtwabe.kit.actor import VISITOR
from stadtwabe.kit.clock import GERMANY
from stadtwabe.kit.formats.csv_text import write_csv
from stadtwabe.kit.formats.geojson import Feature, write_geojson
from stadtwabe.kit.formats.icalendar import CalendarEvent, write_icalendar
from stadtwabe.kit.formats.json_text import write_json
from stadtwabe.kit.formats.negotiation import MEDIA_TYPES
from stadtwabe.kit.formats.rss import Entry, write_rss
from stadtwabe.people.actors import actor_of

FEED_LENGTH = 50
ROWS_IN_A_PIECE = 100


def list_in_format(
    request: HttpRequest, wanted: str, filters: Filters, *, title: str, link: str
) -> HttpResponseBase:
    """Answer with the whole list in the format ``wanted``; ``link`` is the address of its page.

    A visitor who has it already only learns that it is the same.
    """
    if actor_of(request) != VISITOR:
        return _written(request, wanted, filters, title=title, link=link)
    address = request.build_absolute_uri()
    parts = f"{__version__} {state_of_catalogue()} {wanted} {get_language()} {address}"
    etag = f'W/"{sha256(parts.encode()).hexdigest()[:32]}"'
    response: HttpResponseBase = get_conditional_response(request, etag=etag) or _written(
        request, wanted, filters, title=title, link=link
    )
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"  # keep it, and ask whether it is still the same
    patch_vary_headers(response, ["Accept", "Cookie"])
    return response


def _in_pieces(rows: Iterator[str]) -> Iterator[str]:
    """Join rows: a piece goes through compression and network at a price of its own."""
    while piece := "".join(islice(rows, ROWS_IN_A_PIECE)):
        yield piece


def _written(
    request: HttpRequest, wanted: str, filters: Filters, *, title: str, link: str
) -> StreamingHttpResponse:
    root = request.build_absolute_uri("/")[:-1]
    here = request.build_absolute_uri()
    cards = matching_cards(actor_of(request), filters)
    rows: Iterator[str]
    if wanted == "json":
        about = {"title": title, "url": here, "count": cards.count()}
        rows = write_json((entry(listed, root=root) for listed in stream(cards)), about=about)
    elif wanted == "csv":
        rows = write_csv(CSV_COLUMNS, (_csv_row(listed, root) for listed in stream(cards)))
    elif wanted == "geojson":
        rows = write_geojson(_feature(listed) for listed in stream(cards.exclude(longitude=None)))
    elif wanted == "ics":
        dated = cards.exclude(starts_on=None)
        rows = write_icalendar(_events(dated, root), title=title)
    else:
        newest = cards.order_by("-changed_at", "-pk")[:FEED_LENGTH]
        rows = write_rss(
            (_feed_entry(listed, root) for listed in with_facets(newest)),
            title=title,
            link=request.build_absolute_uri(link),
            feed=here,
            summary=_("Zuletzt geändert: %s") % title,
            language=get_language() or "de",
        )
    response = StreamingHttpResponse(_in_pieces(rows), content_type=MEDIA_TYPES[wanted])
    if wanted in {"csv", "ics"}:
        name = request.path.strip("/").replace("/", "-") or "liste"
        response["Content-Disposition"] = f'attachment; filename="stadtwabe-{name}.{wanted}"'
    patch_vary_headers(response, ["Accept", "Cookie"])
    return response


CSV_COLUMNS = (
    "id",
    "art",
    "titel",
    "zusammenfassung",
    "adresse",
    "orte",
    "themen",
    "sdg",
    "phase",
    "beginn",
    "ende",
    "genauigkeit",
    "laenge",
    "breite",
    "geaendert",
    "beispiel",
)


def _csv_row(listed: ListedCard, root: str) -> list[object]:
    found = entry(listed, root=root)
    names = (
        "id kind title summary url places topics sdgs stage starts_on ends_on precision "
        "longitude latitude changed_at is_demo"
    )
    return [found[name] for name in names.split()]


def _feature(listed: ListedCard) -> Feature:
    card = listed.card
    properties = {
        "title": card.title,
        "href": card.path,
        "kind": card.kind,
        "hint": " · ".join(filter(None, [str(listed.kind.label), listed.place])),
        "is_demo": card.is_demo,
    }
    return Feature(str(card.pk), properties, card.longitude, card.latitude)


def _events(cards: QuerySet[Card], root: str) -> Iterator[CalendarEvent]:
    """Yield the cards as events, with the times and places that their kinds know."""
    known: dict[int, Appointment] = {}
    for name in cards.order_by().values_list("kind", flat=True).distinct():
        if (ask := kind_of(name).appointments_of) is not None:
            known |= ask(list(cards.filter(kind=name).values_list("pk", flat=True)))
    for listed in stream(cards):
        yield _event(listed, root, known.get(listed.card.pk, Appointment()))


def _event(listed: ListedCard, root: str, appointment: Appointment) -> CalendarEvent:
    card = listed.card
    starts, ends = _span(card, appointment)
    return CalendarEvent(
        uid=root + card.path,
        title=card.title,
        starts=starts,
        ends=ends,
        changed_at=card.changed_at,
        place=", ".join(filter(None, [appointment.venue, listed.place])),
        summary=card.summary,
        url=root + card.path,
        status=appointment.status,
        categories=(_("Beispiel"),) if card.is_demo else (),
    )


def _span(
    card: Card | CardRow, appointment: Appointment
) -> tuple[date, date | None] | tuple[datetime, datetime | None]:
    """Return start and end: times where both are known as far as a calendar needs them.

    Several days of which only the first one's start is known stay whole days.
    """
    if card.starts_on is None:
        raise AssertionError
    last = card.ends_on or card.starts_on
    if appointment.starts_at is None or (appointment.ends_at is None and last > card.starts_on):
        return card.starts_on, card.ends_on
    starts = datetime.combine(card.starts_on, appointment.starts_at, GERMANY)
    if appointment.ends_at is None:
        return starts, None
    ends = datetime.combine(last, appointment.ends_at, GERMANY)
    return starts, ends if ends >= starts else None


def _feed_entry(listed: ListedCard, root: str) -> Entry:
    card = listed.card
    labels = [label for _value, label in listed.facets.get(FacetName.TOPIC, ())]
    return Entry(
        title=card.title,
        link=root + card.path,
        summary=card.summary,
        changed_at=card.changed_at,
        categories=(
            str(listed.kind.label),
            *labels,
            *([_("Beispiel")] if card.is_demo else []),
        ),
    )
