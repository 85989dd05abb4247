"""Which cards an actor may see."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.rules import REGISTER_KINDS, Audience, PlaceKind
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.prepared import prepared
from stadtwabe.places.models import Place
from stadtwabe.places.rules import Level

PUBLIC = Q(audience=Audience.PUBLIC)


def visible_to(actor: Actor) -> QuerySet[Card]:
    """Return the cards that ``actor`` may see: tombstones not among them.

    Public ones; those for networks that the actor belongs to; those that a party of the actor's
    owns. Operators see all. What only searching needs is not loaded.
    """
    return see_all(actor).filter(withdrawn_at__isnull=True)


def see_all(actor: Actor) -> QuerySet[Card]:
    """Return the same with the tombstones of what the actor might have seen."""
    return _without_search().filter(seen_by(actor))


def _without_search() -> QuerySet[Card]:
    return Card.objects.defer("search", "search_text", "search_parts")


@prepared
def card_at(actor: Actor, path: str) -> QuerySet[Card]:
    """Return the card with that address, if ``actor`` may see it."""
    return visible_to(actor).filter(path=path)


def seen_by(actor: Actor, path: str = "") -> Q:
    """Return the rule itself, as a condition on the card behind ``path`` ("card__").

    Joins are far faster than asking whether a card is among all that may be seen.
    """
    if actor.is_operator:
        return Q(**{f"{path}pk__isnull": False})
    seen = Q(**{f"{path}audience": Audience.PUBLIC})
    if actor.audiences:
        of_networks = Card.networks.through.objects.filter(
            card_id=OuterRef(f"{path}pk"), network_id__in=sorted(actor.audiences)
        )
        seen |= Q(Exists(of_networks), **{f"{path}audience": Audience.NETWORKS})
    if actor.party_ids:
        seen |= Q(**{f"{path}owner__in": sorted(actor.party_ids)})
    return seen


def card_of_place(place: Place) -> Card | None:
    """Return the card of a place itself; a town that is its own district has one, the town's."""
    own = _of_place(place.key)
    if own:
        own[0].place = place
        return own[0]
    if place.level != Level.DISTRICT:
        return None
    of_town = _without_search().filter(kind=PlaceKind.MUNICIPALITY, place__parent=place.key)
    return of_town.first()


@prepared
def _of_place(key: str) -> QuerySet[Card]:
    return _without_search().filter(kind__in=REGISTER_KINDS, place=key).order_by("pk")[:1]
