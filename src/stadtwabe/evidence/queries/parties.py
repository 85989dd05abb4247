"""From parties to their pages, and from what people type to parties."""

from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from stadtwabe.catalog.models import Card, CardParty
from stadtwabe.catalog.rules import PartyRole, PlaceKind
from stadtwabe.catalog.search.places import places_called
from stadtwabe.kit.prepared import among, prepared
from stadtwabe.people.models import Organisation, Party
from stadtwabe.places.models import Network, Place

ORGANISATION = "organisation"
"""The kind of card that an organisation has; the organisation is its owner party."""


def cards_of_organisations(parties: Iterable[Party]) -> dict[int, Card]:
    """Return the cards of those parties that are organisations, by party id; one query."""
    wanted = [party.pk for party in parties if party.organisation_id is not None]
    return {row.party_id: row.card for row in _owned_cards(wanted)} if wanted else {}


@prepared
def _owned_cards(parties: list[int]) -> QuerySet[CardParty]:
    owned = CardParty.objects.filter(
        among("catalog_cardparty.party_id", parties),
        role=PartyRole.OWNER,
        card__kind=ORGANISATION,
        card__withdrawn_at__isnull=True,
    )
    unused = (f"card__{name}" for name in ("search", "search_text", "search_parts"))
    return owned.select_related("card").defer(*unused)


def address_of_party(party: Party, organisations: Mapping[int, Card]) -> str:
    """Return where a party has its page; empty for an organisation that has none."""
    if party.organisation_id is not None:
        card = organisations.get(party.pk)
        return card.path if card else ""
    subject = party.place or party.network
    return subject.get_absolute_url() if subject else ""


def is_party(card: Card) -> bool:
    """Return whether the place of ``card`` has ever taken part in anything; most never have."""
    known: bool | None = card.__dict__.get("_is_party")
    if known is None:
        known = card.place_id is not None and bool(_parties_of_place(card.place_id))
        card.__dict__["_is_party"] = known
    return known


@prepared
def _parties_of_place(key: str) -> QuerySet[Party, int]:
    return Party.objects.filter(place=key).values_list("pk", flat=True)


def card_of_party(party: Party) -> Card | None:
    """Return the card of a place, network or organisation; None when it has none (yet)."""
    cards = Card.objects.filter(withdrawn_at__isnull=True)
    if party.place_id is not None:
        kinds = [PlaceKind.MUNICIPALITY, PlaceKind.DISTRICT, PlaceKind.STATE]
        own = Q(place=party.place_id) | Q(place__parent=party.place_id, kind=kinds[0])
        return cards.filter(own, kind__in=kinds).order_by("place_id").first()
    if party.network is not None:
        return cards.filter(kind=PlaceKind.NETWORK, slug=party.network.slug).first()
    return cards_of_organisations([party]).get(party.pk)


Subject = Place | Network | Organisation


def subjects_called(text: str) -> list[Subject]:
    """Return the places, networks and organisations that ``text`` may mean.

    ``text`` is a name as it stands in the register, or a place with its official key in brackets:
    *Menden (Sauerland) (05962040)*.
    """
    text = " ".join(text.split())
    if not text:
        return []
    exact = Q(name__iexact=text)
    found: list[Subject] = [
        *Network.objects.filter(exact | Q(slug=text)),
        *Organisation.objects.filter(exact | Q(short_name__iexact=text)),
    ]
    return found or list(places_called(text))
