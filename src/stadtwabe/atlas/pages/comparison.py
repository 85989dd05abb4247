"""Up to four portraits or projects side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.queries import visible_to
from stadtwabe.evidence.queries.statements import prefetch_statements
from stadtwabe.evidence.queries.things import ShownField, ThingView, thing_view
from stadtwabe.evidence.things import thing_kind
from stadtwabe.kit.numbers import whole_number
from stadtwabe.people.actors import actor_of

KINDS = ("portrait", "project")
MOST = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One property of all compared things."""

    label: str
    values: Sequence[SafeString]
    differs: bool


@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    """Compare the things with the ids in ``karte``; the first decides on the kind."""
    actor = actor_of(request)
    cards = _chosen(request)
    kind = thing_kind(cards[0].kind if cards else _wanted_kind(request))
    views = []
    prefetch_statements(cards)
    things = {thing.card_id: thing for thing in kind.model._default_manager.filter(card__in=cards)}
    for card in cards:
        thing = things[card.pk]
        thing.card = card
        views.append(thing_view(actor, kind, thing))
    others = visible_to(actor).filter(kind=kind.name).exclude(pk__in=[card.pk for card in cards])
    context = {
        "kind": kind.card_kind,
        "cards": cards,
        "without": [
            (card.title, _address([other for other in cards if other != card])) for card in cards
        ],
        "things": [(card.title, card.path) for card in cards],
        "rows": _rows(views),
        "others": others.only("pk", "title").order_by("title") if len(cards) < MOST else [],
        "crumbs": [(_("Atlas"), "/atlas/"), (_("Vergleich"), "")],
        "caption": _("%s im Vergleich") % kind.card_kind.plural,
    }
    return render(request, "atlas/comparison.html", context)


def _chosen(request: HttpRequest) -> list[Card]:
    ids = (whole_number(value, digits=9) for value in request.GET.getlist("karte"))
    wanted = list(dict.fromkeys(pk for pk in ids if pk is not None))[: 3 * MOST]
    found = visible_to(actor_of(request)).filter(kind__in=KINDS).in_bulk(wanted)
    cards = [found[pk] for pk in wanted if pk in found]
    return [card for card in cards if card.kind == cards[0].kind][:MOST]


def _wanted_kind(request: HttpRequest) -> str:
    wanted = request.GET.get("art", "")
    return wanted if wanted in KINDS else KINDS[0]


def _address(cards: Sequence[Card]) -> str:
    return "/atlas/vergleich/?" + "&".join(f"karte={card.pk}" for card in cards)


def _rows(views: Sequence[ThingView]) -> list[Row]:
    """Return one row for each property that is known of at least one thing."""
    if not views:
        return []
    fields = [{field.name: field for field in view.fields} for view in views]
    names = dict.fromkeys(name for of_one in fields for name in of_one if name != "title")
    order = ["summary", *views[0].kind.facts, *views[0].kind.shown_fields]
    rows = []
    for name in sorted(names, key=lambda each: order.index(each) if each in order else len(order)):
        found = [of_one.get(name) for of_one in fields]
        known = [field for field in found if field is not None and field.is_known]
        if known:
            texts = {_text(field) for field in found}
            rows.append(Row(known[0].label, [_cell(field) for field in found], len(texts) > 1))
    return rows


def _text(field: ShownField | None) -> str:
    return " ".join(value.text for value in field.values) if field else ""


def _cell(field: ShownField | None) -> SafeString:
    if field is None or not field.is_known:
        return SafeString("")
    return render_to_string("evidence/_values.html", {"field": field})
