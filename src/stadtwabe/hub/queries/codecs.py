"""Which codecs there are for whom."""

from django.db.models import Q, QuerySet

from stadtwabe.hub.models import Codec
from stadtwabe.kit.actor import Actor


def codecs_visible_to(actor: Actor) -> QuerySet[Codec]:
    """Return the codecs that come with Stadtwabe, and those of the actor's own parties.

    A vendor's codec that a town has pasted is not for the public: its licence may forbid it.
    """
    codecs = Codec.objects.select_related("owner__place", "owner__organisation", "owner__network")
    if not actor.is_operator:
        codecs = codecs.filter(Q(owner__isnull=True) | Q(owner__in=sorted(actor.party_ids)))
    return codecs.order_by("name", "pk")
