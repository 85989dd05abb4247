"""Reading statements: those of a page's things in one query, one with its history."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from stadtwabe.catalog.models import Card, Link
from stadtwabe.catalog.queries.cards import seen_by
from stadtwabe.evidence.changes import json_value
from stadtwabe.evidence.labels import Labels, parties_with, property_label
from stadtwabe.evidence.models import Document, Statement
from stadtwabe.evidence.passages import Segment, Span, segments, sentence_around
from stadtwabe.evidence.rules import StatementState
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.prepared import among, prepared

SHOWN = (StatementState.CURRENT, StatementState.DISPUTED)
_NOT_SHOWN = tuple(
    f"document__{column.name}"
    for column in Document._meta.concrete_fields
    if column.name not in {"id", "title"}
)
"""Beside a value stands the title of its source, and nothing else of it."""


def visible_to(actor: Actor) -> QuerySet[Statement]:
    """Return the statements about cards that ``actor`` may see, and links both of whose ends.

    Of withdrawn things only their own editors see what was said; operators see everything.
    """
    statements = Statement.objects.exclude(state=StatementState.WITHDRAWN)
    if actor.is_operator:
        return statements
    return statements.filter(
        _told(actor, "card__") | _told(actor, "link__source__") & _told(actor, "link__target__")
    )


def _told(actor: Actor, path: str) -> Q:
    """Return whether what is said of the card behind ``path`` is told to ``actor``."""
    is_told = Q(**{f"{path}withdrawn_at__isnull": True})
    if actor.party_ids:
        is_told |= Q(**{f"{path}owner__in": sorted(actor.party_ids)})
    return seen_by(actor, path) & is_told


def prefetch_statements(things: Iterable[Card | Link]) -> None:
    """Read the shown statements of all cards (or links) of a page in one query.

    ``{% sourced %}`` does the same for a single card; pages with several call this before.
    """
    things = [each for each in things if not hasattr(each, "shown_statements")]
    wanted = {each.pk: each for each in things}
    if not wanted:
        return
    said: dict[int, list[Statement]] = {pk: [] for pk in wanted}
    is_card = isinstance(next(iter(wanted.values())), Card)
    found = _of_cards(list(wanted)) if is_card else _of_links(list(wanted))
    # Few statements are declarations, and a join of five tables takes long to plan.
    declared = {s.declared_by_id for s in found if s.declared_by_id is not None}
    parties = {party.pk: party for party in parties_with(list(declared))} if declared else {}
    for statement in found:
        if statement.declared_by_id is not None:
            statement.declared_by = parties[statement.declared_by_id]
        pk = statement.card_id or statement.link_id or 0  # it is about one of them
        setattr(statement, "card" if is_card else "link", wanted[pk])
        said[pk].append(statement)
    for thing in things:
        thing.shown_statements = said[thing.pk]  # type: ignore[union-attr]  # kept on the thing


@prepared
def _of_cards(ids: list[int]) -> QuerySet[Statement]:
    return _shown().filter(among("evidence_statement.card_id", ids))


@prepared
def _of_links(ids: list[int]) -> QuerySet[Statement]:
    return _shown().filter(among("evidence_statement.link_id", ids))


def _shown() -> QuerySet[Statement]:
    return (
        Statement.objects.filter(state__in=SHOWN)
        .select_related("document")
        .defer(*_NOT_SHOWN)
        .order_by("state", "pk")
    )


def statements_for(about: Card | Link, name: str, value: Any = None) -> list[Statement]:
    """Return the statements that say why ``about`` has ``value`` for the property ``name``.

    Without a value, or when no statement has exactly this one, those of the whole property:
    the current before the disputed.
    """
    if not hasattr(about, "shown_statements"):
        prefetch_statements([about])
    of_property = [s for s in about.shown_statements if s.property == name]  # type: ignore[union-attr]  # set by the prefetch above
    wanted = json_value(value)
    exact = [s for s in of_property if s.value == wanted and s.state == StatementState.CURRENT]
    return exact or of_property


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement as a line of a list: its value in words, and where from."""

    statement: Statement
    value: str
    source: str
    is_wording: bool = False


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement with all that its page shows."""

    statement: Statement
    label: str
    value: str
    is_wording: bool
    passage: tuple[Segment, ...]
    confirmed_by: str
    contradicting: tuple[StatementRow, ...]
    further: tuple[StatementRow, ...]
    earlier: tuple[StatementRow, ...]


def statement_view(statement: Statement) -> StatementView:
    """Return what the page of ``statement`` shows; its neighbours are about the same property."""
    neighbours = list(
        Statement.objects.filter(
            card=statement.card, link=statement.link, property=statement.property
        )
        .exclude(pk=statement.pk)
        .exclude(state=StatementState.WITHDRAWN)
        .select_related("document", "declared_by", "card")
        .order_by("-last_seen", "-pk")
    )
    labels = Labels([statement, *neighbours])
    rows = [
        StatementRow(s, labels.value(s), source_label(s), labels.is_wording(s)) for s in neighbours
    ]
    is_dispute = statement.state == StatementState.DISPUTED
    contradicting = [
        row
        for row in rows
        if row.statement.value != statement.value
        and (
            row.statement.state == StatementState.DISPUTED
            or (is_dispute and row.statement.state == StatementState.CURRENT)
        )
    ]
    earlier = [row for row in rows if row.statement.state == StatementState.SUPERSEDED]
    further = [row for row in rows if row not in contradicting and row not in earlier]
    return StatementView(
        statement=statement,
        label=property_label(statement),
        value=labels.value(statement),
        is_wording=labels.is_wording(statement),
        passage=passage_of(statement),
        confirmed_by=confirmed_by(statement),
        contradicting=tuple(contradicting),
        further=tuple(further),
        earlier=tuple(earlier),
    )


def passage_of(statement: Statement) -> tuple[Segment, ...]:
    """Return the quoted passage with the sentence around it, the passage as a named segment."""
    document = statement.document
    if document is None or statement.start is None or statement.end is None:
        return ()
    low, high = sentence_around(document.text, statement.start, statement.end, document.layout)
    spans = [Span(statement.start, statement.end, str(statement.pk))]
    return tuple(segments(document.text[low:high], spans, offset=low))


def source_label(statement: Statement) -> str:
    """Return where a statement comes from, in a few words."""
    if statement.document is not None:
        return statement.document.title
    if statement.declared_by is not None:
        return _("Angabe von %(party)s") % {"party": statement.declared_by}
    return statement.import_name


def confirmed_by(statement: Statement) -> str:
    """Return who answers for a statement: the party's editors and a number, never a name."""
    party = statement.declared_by
    if party is None and statement.document is not None:
        party = statement.document.owner
    if party is None:
        return _("eingelesen ohne Zutun einer Person")
    if statement.stated_by is None:
        return _("Redaktion %(party)s") % {"party": party}
    return _("Redaktion %(party)s, Person Nr. %(number)s") % {
        "party": party,
        "number": statement.stated_by,
    }
