"""Writing and withdrawing cards."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import override

from stadtwabe.catalog.changes import note_change
from stadtwabe.catalog.commands.words import add_words
from stadtwabe.catalog.facets import facet_ids_for_all
from stadtwabe.catalog.kinds import kind_of
from stadtwabe.catalog.models import Card, CardParty, FormerAddress
from stadtwabe.catalog.search.compounds import parts_in
from stadtwabe.catalog.specs import CardSpec
from stadtwabe.kit.visible_text import visible

SLUG_LENGTH = 90
LANGUAGE = "de"
"""Labels are kept, and found, in German whatever language the writing person reads."""


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
    with override(LANGUAGE):
        _fill(card, spec, facet_ids_for_all([spec], now=now)[0])
    card.changed_at = now
    card.withdrawn_at, card.withdrawn_because = None, ""
    card.save()
    card.networks.set(spec.networks)
    _write_parties(card, spec)
    add_words([card])
    note_change()
    return card


_COMPARED = (
    "path",
    "title",
    "summary",
    "place_id",
    "longitude",
    "latitude",
    "starts_on",
    "ends_on",
    "precision",
    "owner_id",
    "audience",
    "search_text",
    "search_parts",
    "facet_ids",
    "is_demo",
    "withdrawn_at",
    "withdrawn_because",
)


@transaction.atomic
def write_cards(*, specs: Sequence[CardSpec], now: datetime) -> int:
    """Write many cards at once, told apart by kind and ``spec.slug``; return how many changed.

    For imports of whole registers, whose keys make the addresses: each spec needs its slug, which
    is taken as it is. Cards that are the same already stay untouched, so their date of change
    stays too. Specs with parties or networks raise ValueError: write those one by one.
    """
    known = {
        (card.kind, card.slug): card
        for card in Card.objects.filter(kind__in={spec.kind for spec in specs}).defer("search")
    }
    written: list[Card] = []
    with override(LANGUAGE):
        for spec, facet_ids in zip(specs, facet_ids_for_all(specs, now=now), strict=True):
            if not spec.slug or spec.parties or spec.networks:
                message = f"{spec.title}: needs a slug, and neither parties nor networks"
                raise ValueError(message)
            card = known.get((spec.kind, spec.slug))
            before = card and [getattr(card, name) for name in _COMPARED]
            if card is None:
                card = Card(kind=spec.kind, slug=spec.slug, created_at=now)
            card.path = f"{kind_of(spec.kind).prefix}{spec.slug}/"
            _fill(card, spec, facet_ids)
            card.withdrawn_at, card.withdrawn_because = None, ""
            card.changed_at = now
            if before != [getattr(card, name) for name in _COMPARED]:
                written.append(card)
    Card.objects.bulk_create(
        written,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["kind", "slug"],
        update_fields=[*_COMPARED, "changed_at"],
    )
    if written:
        note_change()
    return len(written)


@transaction.atomic
def withdraw_card(*, card: Card, because: str, now: datetime) -> Card:
    """Take a thing out of the public: its card stays as a tombstone that says why."""
    card.withdrawn_at = card.changed_at = now
    card.withdrawn_because = because
    card.save(update_fields=["withdrawn_at", "withdrawn_because", "changed_at"])
    note_change()
    return card


def free_slug(kind: str, wish: str) -> str:
    """Return a slug like ``wish`` that no other card of that kind has or had.

    Whoever wants the same at the same moment waits until this transaction has ended.
    """
    stem = slug_of(kind, wish)
    prefix = kind_of(kind).prefix
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{prefix}{stem}"])
    slug, count = stem, 1
    while (
        Card.objects.filter(kind=kind, slug=slug).exists()
        or FormerAddress.objects.filter(path=f"{prefix}{slug}/").exists()
    ):
        count += 1
        slug = f"{stem}-{count}"
    return slug


def slug_of(kind: str, title: str) -> str:
    """Return the slug that a card of ``kind`` with ``title`` has if nobody else has it."""
    return german_slug(title)[:SLUG_LENGTH].strip("-") or kind


def german_slug(text: str) -> str:
    """Return ``text`` for an address, umlauts as people write them: *Köln* gives ``koeln``."""
    return slugify(text.translate(_GERMAN), allow_unicode=False)


_GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
)


def _fill(card: Card, spec: CardSpec, facet_ids: list[int]) -> None:
    card.title, card.summary, card.place = visible(spec.title), visible(spec.summary), spec.place
    card.longitude, card.latitude = _position(spec)
    card.starts_on, card.ends_on, card.precision = spec.starts_on, spec.ends_on, spec.precision
    card.owner, card.audience, card.is_demo = spec.owner, spec.audience, spec.is_demo
    card.facet_ids = facet_ids
    kind = kind_of(spec.kind)
    card.search_text = "\n".join(
        filter(
            None,
            [
                spec.text,
                str(kind.label),
                *(place.name for place in spec.places),
                spec.place.name if spec.place and spec.place not in spec.places else "",
                *(str(label) for label in spec.facets.values()),
                *(str(party) for party, _role in spec.parties),
            ],
        )
    )
    card.search_parts = (
        parts_in([spec.title, spec.summary, spec.text]) if kind.has_compounds else ""
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
