"""What the atlas shows on the pages of its own things, and in the cells of places."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stadtwabe.atlas.models import Portrait
from stadtwabe.atlas.queries import facts
from stadtwabe.atlas.queries.effects import effects_of
from stadtwabe.atlas.queries.peers import towns_like
from stadtwabe.atlas.queries.similar import similar_things, things_with
from stadtwabe.catalog.models import Card
from stadtwabe.catalog.panels import Panel, register
from stadtwabe.catalog.queries import visible_to
from stadtwabe.catalog.queries.changes import kept_for_visitors
from stadtwabe.catalog.rules import PartyRole
from stadtwabe.evidence.queries.parties import is_party
from stadtwabe.evidence.queries.things import shown_fields
from stadtwabe.evidence.things import thing_kind
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.prepared import prepared
from stadtwabe.people.permissions import can
from stadtwabe.people.rules import Role
from stadtwabe.places.models import Place
from stadtwabe.places.rules import Level

PEERS_IN_PANEL = 5
NEW_FACTS = {
    "solution": (("einsatz", _("Einsatz eintragen")),),
    "funding": (("zuwendung", _("Zuwendung eintragen")),),
    "project": (("vorbild", _("Vorbild eintragen")), ("wirkung", _("Wirkung eintragen"))),
}
Shown = Mapping[str, Any] | None


def always(actor: Actor, card: Card) -> Shown:
    """Show a panel that needs nothing but the card."""
    return {}


def new_facts(actor: Actor, card: Card) -> Shown:
    """Offer editors to say what this thing is to others."""
    if not (actor.is_operator or actor.holds_anywhere(Role.EDITOR)):
        return None
    kind = thing_kind(card.kind)
    thing = kind.model._default_manager.filter(card=card).first()
    if thing is None or not can(actor, kind.action("edit"), thing):
        return None
    return {"offers": NEW_FACTS[card.kind]}


def effects(actor: Actor, card: Card) -> Shown:
    """Show what a project brought."""
    found = effects_of(card)
    return {"effects": found} if found else None


def reuses(actor: Actor, card: Card) -> Shown:
    """Show from whom a project was taken over, and by whom."""
    originals, reused = facts.originals_of(actor, card), facts.reuses_of(actor, card)
    return {"originals": originals, "reuses": reused} if originals or reused else None


def grants_of_project(actor: Actor, card: Card) -> Shown:
    """Show which programmes paid for a project."""
    found = facts.grants_of_project(actor, card)
    return {"facts": found} if found else None


def grants_of_programme(actor: Actor, card: Card) -> Shown:
    """Show whom a programme paid."""
    found = facts.grants_of_programme(actor, card)
    return {"facts": found} if found else None


def deployments(actor: Actor, card: Card) -> Shown:
    """Show who runs a solution; also says when nobody is known to."""
    return {"facts": facts.deployments_of_solution(actor, card)}


def similar(actor: Actor, card: Card) -> Shown:
    """Show things of the same kind with the same topics."""
    found = similar_things(actor, card)
    return {"listed": found} if found else None


def part_in(actor: Actor, card: Card) -> Shown:
    """Show in what an organisation has a part."""
    own = card.card_parties.filter(role=PartyRole.OWNER).first()
    found = things_with(actor, own.party_id, besides=card) if own else []
    return {"listed": found} if found else None


def place_of_portrait(actor: Actor, card: Card) -> Shown:
    """Lead from a portrait to the place's cell, and to towns like it."""
    place = card.place
    if place is None:
        return None
    return {"place": place, "peers": _peers(actor, place)}


def portrait(actor: Actor, card: Card) -> Shown:
    """Show the heart of a place's portrait."""
    own = _portraits_of(actor, card.place_id) if card.place_id else []
    found = next(iter(own), None)
    thing = next(iter(_portrait_behind(found.pk)), None) if found else None
    if found is None or thing is None:
        return None
    thing.card = found
    kind = thing_kind("portrait")
    fields = shown_fields(kind, thing, ("summary", *kind.facts))
    facts = [fields[name] for name in kind.facts if fields[name].is_known]
    return {"summary": fields["summary"], "facts": facts, "portrait": found}


@prepared
def _portraits_of(actor: Actor, place: str) -> QuerySet[Card]:
    return visible_to(actor).filter(kind="portrait", place=place).order_by("pk")[:1]


@prepared
def _portrait_behind(card: int) -> QuerySet[Portrait]:
    return Portrait.objects.filter(card=card).select_related("place")


def solutions_in_use(actor: Actor, card: Card) -> Shown:
    """Show which solutions a place runs."""
    found = facts.deployments_in(actor, card.place_id or "") if is_party(card) else ()
    return {"facts": found} if found else None


def grants_of_place(actor: Actor, card: Card) -> Shown:
    """Show which money a place got."""
    found = facts.grants_in(actor, card.place_id or "") if is_party(card) else ()
    return {"facts": found} if found else None


def peers(actor: Actor, card: Card) -> Shown:
    """Show towns like this one."""
    if card.place is None:
        return None
    found = _peers(actor, card.place)
    return {"place": card.place, "peers": found} if found else None


def _peers(actor: Actor, place: Place) -> Any:
    if place.level != Level.MUNICIPALITY:
        return []
    return kept_for_visitors(
        actor,
        f"peers of {place.key} in {get_language()}",
        lambda: towns_like(actor, place, most=PEERS_IN_PANEL),
    )


for _panel in (
    Panel("project", "actions", always, "atlas/panels/compare.html"),
    Panel("portrait", "actions", always, "atlas/panels/compare.html"),
    *(Panel(name, "actions", new_facts, "atlas/panels/new_facts.html") for name in NEW_FACTS),
    Panel("project", "story", effects, "atlas/panels/effects.html"),
    Panel("project", "neighbours", reuses, "atlas/panels/reuses.html", order=10),
    Panel("project", "neighbours", grants_of_project, "atlas/panels/grants.html", order=20),
    Panel("project", "neighbours", similar, "atlas/panels/similar.html", order=30),
    Panel("solution", "story", deployments, "atlas/panels/deployments.html"),
    Panel("solution", "neighbours", similar, "atlas/panels/similar.html", order=30),
    Panel("strategy", "neighbours", similar, "atlas/panels/similar.html", order=30),
    Panel("funding", "story", grants_of_programme, "atlas/panels/granted.html"),
    Panel("organisation", "neighbours", part_in, "atlas/panels/part_in.html"),
    Panel("portrait", "neighbours", place_of_portrait, "atlas/panels/peers.html"),
):
    register(_panel)
for _kind in ("municipality", "district"):
    register(Panel(_kind, "portrait", portrait, "atlas/panels/portrait.html", covers=("portrait",)))
    register(Panel(_kind, "projects", solutions_in_use, "atlas/panels/in_use.html", order=20))
    register(Panel(_kind, "projects", grants_of_place, "atlas/panels/grants.html", order=30))
register(Panel("municipality", "neighbours", peers, "atlas/panels/peers.html"))
