"""Things like this one in other places."""

from collections.abc import Sequence

from django.db.models import IntegerField, QuerySet
from django.db.models.expressions import RawSQL

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.queries import visible_to
from stadtwabe.catalog.queries.entries import LISTED, ListedCard, with_facets
from stadtwabe.catalog.queries.facets import facet_values
from stadtwabe.catalog.rules import FacetName
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.prepared import prepared

MOST = 5


def similar_things(actor: Actor, card: Card) -> Sequence[ListedCard]:
    """Return things of the same kind that share topics and goals, those with most first."""
    known = facet_values(card.facet_ids)
    wanted = {FacetName.TOPIC, FacetName.GOAL}
    ids = [pk for pk in card.facet_ids if pk in known and known[pk].name in wanted]
    if not ids:
        return []
    return with_facets(_similar(actor, card.kind, ids, card.pk))


@prepared
def _similar(actor: Actor, kind: str, facets: list[int], besides: int) -> QuerySet[Card]:
    how_many = RawSQL(
        "(SELECT count(*) FROM unnest(catalog_card.facet_ids) AS f(id) WHERE f.id = ANY(%s))",
        [facets],
        output_field=IntegerField(),
    )
    others = (
        visible_to(actor)
        .filter(kind=kind, facet_ids__overlap=facets)
        .exclude(pk=besides)
        .annotate(shared=how_many)
        .order_by("-shared", "-changed_at", "pk")
    )
    return others.select_related("place").only(*LISTED)[:MOST]


def things_with(actor: Actor, party_id: int, *, besides: Card) -> Sequence[ListedCard]:
    """Return the things in which a party has a part, the newest first."""
    cards = visible_to(actor).filter(card_parties__party=party_id).exclude(pk=besides.pk)
    return with_facets(cards.select_related("place").distinct().order_by("-changed_at", "pk"))
