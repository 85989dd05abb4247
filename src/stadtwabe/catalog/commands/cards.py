"""Writing and withdrawing cards."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from stadtwabe.catalog.facets import facet_ids_for
from stadtwabe.catalog.kinds import kind_of
from stadtwabe.catalog.models import Card, CardParty, FormerAddress
from stadtwabe.catalog.specs import CardSpec

SLUG_LENGTH = 90


@transaction.atomic
def write_card(*, spec: CardSpec, now: datetime, card: Card | None = None) -> Card:
    """Write the card of a thing: a new one, or ``card`` as it is now.

    A changed title keeps its address unless ``spec.slug`` asks for another; the old address then
    redirects. Writing a withdrawn card brings it back.
    """
    kind = kind_of(spec.kind)
    if card is None:
        card = Card(kind=spec.kind, created_at=now)
        card.slug = free_slug(spec.kind, spec.slug or spec.title)
        card.path = f"{kind.prefix}{card.slug}/"
    elif spec.slug and spec.slug != card.slug:
        FormerAddress.objects.get_or_create(path=card.path, defaults={"card": card})
        card.slug = free_slug(spec.kind, spec.slug)
        card.path = f"{kind.prefix}{card.slug}/"
        FormerAddress.objects.filter(path=card.path, card=card).delete()
    card.title = spec.title
    card.summary = spec.summary
    card.place = spec.place
    card.longitude, card.latitude = _position(spec)
    card.starts_on, card.ends_on, card.precision = spec.starts_on, spec.ends_on, spec.precision
    card.owner, card.audience = spec.owner, spec.audience
    card.search_text, card.is_demo = spec.text, spec.is_demo
    card.facet_ids = facet_ids_for(spec, now=now)
    card.changed_at = now
    card.withdrawn_at, card.withdrawn_because = None, ""
    card.save()
    card.networks.set(spec.networks)
    _write_parties(card, spec)
    return card


def withdraw_card(*, card: Card, because: str, now: datetime) -> Card:
    """Take a thing out of the public: its card stays as a tombstone that says why."""
    card.withdrawn_at = card.changed_at = now
    card.withdrawn_because = because
    card.save(update_fields=["withdrawn_at", "withdrawn_because", "changed_at"])
    return card


def free_slug(kind: str, wish: str) -> str:
    """Return a slug like ``wish`` that no other card of that kind has or had."""
    stem = slugify(wish.translate(_GERMAN), allow_unicode=False)[:SLUG_LENGTH].strip("-") or kind
    prefix = kind_of(kind).prefix
    slug, count = stem, 1
    while (
        Card.objects.filter(kind=kind, slug=slug).exists()
        or FormerAddress.objects.filter(path=f"{prefix}{slug}/").exists()
    ):
        count += 1
        slug = f"{stem}-{count}"
    return slug


_GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
)


def _position(spec: CardSpec) -> tuple[float | None, float | None]:
    """Return where the thing lies: its own position, or the centre of its place."""
    if spec.longitude is not None or spec.place is None:
        return spec.longitude, spec.latitude
    return spec.place.longitude, spec.place.latitude


def _write_parties(card: Card, spec: CardSpec) -> None:
    wanted = {(party.pk, str(role)) for party, role in spec.parties}
    kept = set()
    for known in card.card_parties.all():
        if (known.party_id, known.role) in wanted:
            kept.add((known.party_id, known.role))
        else:
            known.delete()
    CardParty.objects.bulk_create(
        CardParty(card=card, party_id=party_id, role=role)
        for party_id, role in sorted(wanted - kept)
    )
