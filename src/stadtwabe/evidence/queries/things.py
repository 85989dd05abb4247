"""What the page of a thing shows: every value in words, with the statements behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.db import models

from stadtwabe.catalog.models import Card, CardParty, Link
from stadtwabe.catalog.queries import visible_to
from stadtwabe.catalog.rules import LINK_BACK, Goal, PartyRole, Topic
from stadtwabe.evidence.changes import json_value
from stadtwabe.evidence.labels import PARTIES, Labels, is_wording, links_with_facts, value_label
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.queries.parties import address_of_party, cards_of_organisations
from stadtwabe.evidence.queries.statements import (
    prefetch_statements,
    source_label,
    statements_for,
)
from stadtwabe.evidence.rules import StatementState
from stadtwabe.evidence.things import SourcedThing, ThingKind, column_of
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.dates import shown_date
from stadtwabe.kit.prepared import among, prepared


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One value in words, where it leads, and the statements that say so."""

    text: str
    sources: tuple[Statement, ...]
    href: str = ""
    key: str = ""

    @property
    def claimed_by(self) -> str:
        """Whose claim the value is; empty when a source states it as a fact."""
        claims = [each for each in self.sources if each.is_claim]
        return source_label(claims[0]) if claims and len(claims) == len(self.sources) else ""

    @property
    def said_by(self) -> str:
        """The name of the first source; empty when there is none."""
        return source_label(self.sources[0]) if self.sources else ""


@dataclass(frozen=True, slots=True)
class ShownField:
    """A property with its values, and the values that other sources give."""

    name: str
    label: str
    values: tuple[ShownValue, ...]
    disputes: tuple[ShownValue, ...] = ()
    is_text: bool = False
    is_wording: bool = False

    @property
    def is_known(self) -> bool:
        """Whether anything is known."""
        return bool(self.values or self.disputes)


@dataclass(frozen=True, slots=True)
class RelatedCard:
    """Another thing that a link leads to, seen from here."""

    label: str
    card: Card
    link: Link


@dataclass(frozen=True, slots=True)
class ThingView:
    """A thing as its page shows it."""

    kind: ThingKind
    thing: SourcedThing
    title: ShownField
    summary: ShownField
    topics: ShownField
    goals: ShownField
    facts: tuple[ShownField, ...]
    story: tuple[ShownField, ...]
    details: tuple[ShownField, ...]
    unknown: tuple[str, ...]
    related: tuple[RelatedCard, ...]

    @property
    def card(self) -> Card:
        """The thing's card."""
        return self.thing.card

    @property
    def fields(self) -> tuple[ShownField, ...]:
        """All that is shown, in the order of the page."""
        head = (self.title, self.summary, self.topics, self.goals)
        return (*head, *self.facts, *self.story, *self.details)


_OF_RELATED = ("kind", "title", "path")
"""What is shown of a thing that another is linked to."""


def thing_view(actor: Actor, kind: ThingKind, thing: SourcedThing) -> ThingView:
    """Return what the page of ``thing`` shows; the number of queries does not depend on it."""
    card = thing.card
    labels = Labels(statements_of(card))
    shown = {
        name: _field(kind, thing, name, labels)
        for name in kind.shown_fields
        if name not in {"organisation"}
    }
    shown[PARTIES] = _parties(kind, thing, labels)
    stated = [_stated(kind, card, name, labels) for name in kind.stated_elsewhere]
    head = ("title", "summary", "topics", "goals")
    facts = tuple(shown[name] for name in kind.facts)
    story = tuple(shown[name] for name in kind.story if shown[name].is_known)
    elsewhere = {*head, *kind.facts, *kind.story}
    rest = [shown[name] for name in (*kind.shown_fields, PARTIES) if name in shown]
    details = [each for each in rest if each.name not in elsewhere and each.is_known]
    details += [each for each in stated if each.is_known]
    unknown = [
        each.label
        for each in rest
        if not each.is_known
        and each.name not in kind.facts
        and each.name != PARTIES
        # A reason is missed only where there is something to give a reason for.
        and not each.name.endswith("_because")
    ]
    return ThingView(
        kind=kind,
        thing=thing,
        title=shown["title"],
        summary=shown["summary"],
        topics=shown["topics"],
        goals=shown["goals"],
        facts=facts,
        story=story,
        details=tuple(details),
        unknown=tuple(unknown),
        related=related_cards(actor, card),
    )


def shown_fields(
    kind: ThingKind, thing: SourcedThing, names: Sequence[str]
) -> dict[str, ShownField]:
    """Return some columns of a thing as its page shows them, by one query for the statements."""
    labels = Labels(statements_of(thing.card))
    return {name: _field(kind, thing, name, labels) for name in names}


def statements_of(card: Card) -> Sequence[Statement]:
    """Return the shown statements of ``card``, each of which knows the card."""
    if not hasattr(card, "shown_statements"):
        prefetch_statements([card])
    statements: Sequence[Statement] = card.shown_statements  # type: ignore[attr-defined]  # prefetched above
    for statement in statements:
        statement.card = card
    return statements


def related_cards(actor: Actor, card: Card) -> tuple[RelatedCard, ...]:
    """Return what links join to ``card`` and ``actor`` may see, with the link's statements.

    Left out are the links of facts that a domain shows itself, with what it knows of them.
    """
    found = []
    for link in _links_of(card.pk):
        is_out = link.source_id == card.pk
        label = link.get_kind_display() if is_out else str(LINK_BACK[link.kind])
        found.append(RelatedCard(label, link.target if is_out else link.source, link))
    seen = set(_seen_among(actor, [each.card.pk for each in found])) if found else set()
    told = links_with_facts(each.link for each in found)
    kept = [each for each in found if each.card.pk in seen and each.link.pk not in told]
    prefetch_statements([each.link for each in kept])
    return tuple(kept)


@prepared
def _links_of(card: int) -> models.QuerySet[Link]:
    return (
        Link.objects.filter(models.Q(source=card) | models.Q(target=card))
        .select_related("source", "target")
        .only("kind", *(f"{end}__{name}" for end in ("source", "target") for name in _OF_RELATED))
        .order_by("kind", "pk")
    )


@prepared
def _seen_among(actor: Actor, cards: list[int]) -> models.QuerySet[Card, int]:
    return visible_to(actor).filter(among("catalog_card.id", cards)).values_list("pk", flat=True)


def _field(kind: ThingKind, thing: SourcedThing, name: str, labels: Labels) -> ShownField:
    column = column_of(kind.model, name)
    stored = thing.serializable_value(name)
    items = list(stored) if isinstance(stored, list) else [stored]
    values = tuple(
        _value(kind, thing, name, item) for item in items if item is not None and item != ""
    )
    return ShownField(
        name=name,
        label=str(kind.card_kind.property_label(name)),
        values=values,
        disputes=_disputes(thing.card, name, {json_value(item) for item in items}, labels),
        is_text=isinstance(column, models.TextField),
        is_wording=is_wording(column),
    )


def _value(kind: ThingKind, thing: SourcedThing, name: str, stored: Any) -> ShownValue:
    sources = _current(statements_for(thing.card, name, stored))
    if name == "topics":
        return ShownValue(str(Topic(stored).label), sources, f"/atlas/?thema={stored}", stored)
    if name == "goals":
        text = f"{stored} {Goal(stored).label}"
        return ShownValue(text, sources, f"/atlas/?sdg={stored}", str(stored))
    if name == "place":
        place = getattr(thing, name)
        return ShownValue(place.name, sources, place.get_absolute_url(), place.key)
    if isinstance(stored, date):
        precision = kind.precision_of(name)
        text = shown_date(stored, getattr(thing, precision) if precision else "day")
        return ShownValue(text, sources, key=stored.isoformat())
    if isinstance(column_of(kind.model, name), models.URLField):
        return ShownValue(_short_address(stored), sources, stored)
    return ShownValue(value_label(kind.name, name, stored), sources, key=str(stored))


def _disputes(
    card: Card, name: str, shown: Iterable[Any], labels: Labels
) -> tuple[ShownValue, ...]:
    shown = set(shown)
    return tuple(
        ShownValue(labels.value(statement), (statement,))
        for statement in statements_for(card, name)
        if statement.state == StatementState.DISPUTED and statement.value not in shown
    )


def _stated(kind: ThingKind, card: Card, name: str, labels: Labels) -> ShownField:
    """Return a property whose column stands elsewhere: its statements say all there is."""
    said = statements_for(card, name)
    values = [ShownValue(labels.value(each), (each,)) for each in _current(said)]
    label = str(kind.card_kind.property_label(name))
    return ShownField(name, label, tuple(values), _disputes(card, name, (), labels))


def _parties(kind: ThingKind, thing: SourcedThing, labels: Labels) -> ShownField:
    card = thing.card
    itself = getattr(thing, "organisation_id", None)
    pairs = [
        pair
        for pair in _card_parties(card.pk)
        if itself is None or pair.party.organisation_id != itself
    ]
    organisations = cards_of_organisations(pair.party for pair in pairs)
    values = [
        ShownValue(
            f"{pair.party} ({PartyRole(pair.role).label})",
            _current(
                statements_for(card, PARTIES, {"party": pair.party_id, "role": str(pair.role)})
            ),
            address_of_party(pair.party, organisations),
            str(pair.party_id),
        )
        for pair in pairs
    ]
    return ShownField(PARTIES, str(kind.card_kind.property_label(PARTIES)), tuple(values))


_OF_PARTIES = (
    "party__place__name",
    "party__place__slug",
    "party__network__name",
    "party__network__slug",
    "party__organisation__name",
)
"""What a party is called, and where it has its page."""


@prepared
def _card_parties(card: int) -> models.QuerySet[CardParty]:
    pairs = CardParty.objects.filter(card=card).select_related(
        "party__place", "party__network", "party__organisation"
    )
    return pairs.only("card", "role", "party", *_OF_PARTIES).order_by("pk")


def _current(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    return tuple(each for each in statements if each.state == StatementState.CURRENT)


def _short_address(address: str) -> str:
    parts = urlsplit(address)
    path = parts.path.rstrip("/")
    host = (parts.hostname or address).removeprefix("www.")
    return f"{host}{path}" if len(path) <= 30 else f"{host}{path[:29]}…"
