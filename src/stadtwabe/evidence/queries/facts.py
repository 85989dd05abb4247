"""Facts between two things, with the statements on their link behind each value."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from stadtwabe.catalog.models import Card, Link
from stadtwabe.catalog.queries.cards import seen_by
from stadtwabe.evidence.labels import column_label
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.queries.statements import prefetch_statements, statements_for
from stadtwabe.evidence.queries.things import ShownField, ShownValue
from stadtwabe.evidence.rules import RELATION, StatementState
from stadtwabe.evidence.things import column_of
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.dates import shown_date
from stadtwabe.kit.prepared import prepared


@dataclass(frozen=True, slots=True)
class ShownFact:
    """What one thing is to another: where it leads, why, and what is known of it."""

    title: str
    href: str
    relation: ShownField
    fields: tuple[ShownField, ...]
    row: Any


def may_have_facts(card: Card, kind: str) -> bool:
    """Return whether a link of ``kind`` touches ``card``: without one there can be no facts.

    One small query for all kinds of a card, where each kind of facts would take two large ones.
    """
    known: set[str] | None = card.__dict__.get("_kinds_of_links")
    if known is None:
        known = set(_kinds_of_links(card.pk))
        card.__dict__["_kinds_of_links"] = known
    return kind in known


@prepared
def _kinds_of_links(card: int) -> "models.QuerySet[Link, str]":
    touching = Link.objects.filter(models.Q(source=card) | models.Q(target=card))
    return touching.values_list("kind", flat=True).distinct()


def visible_facts(actor: Actor, rows: "models.QuerySet[Any]") -> "models.QuerySet[Any]":
    """Return those rows both ends of whose link ``actor`` may see."""
    return rows.filter(
        seen_by(actor, "link__source__"),
        seen_by(actor, "link__target__"),
        link__source__withdrawn_at__isnull=True,
        link__target__withdrawn_at__isnull=True,
    ).select_related("link")


def shown_facts(
    rows: Iterable[Any], names: Sequence[str], other: Callable[[Any], tuple[str, str]]
) -> list[ShownFact]:
    """Return ``rows`` for a page; ``other`` gives title and address of the other end.

    One query for the statements of all rows.
    """
    rows = list(rows)
    prefetch_statements([row.link for row in rows])
    return [_shown(row, names, other) for row in rows]


def _shown(row: Any, names: Sequence[str], other: Callable[[Any], tuple[str, str]]) -> ShownFact:
    title, href = other(row)
    why = statements_for(row.link, RELATION)
    relation = ShownField(RELATION, title, (ShownValue(title, tuple(why), href),))
    fields = [_field(row, name) for name in names]
    return ShownFact(title, href, relation, tuple(field for field in fields if field.is_known), row)


def _field(row: Any, name: str) -> ShownField:
    column = column_of(type(row), name)
    stored = getattr(row, name)
    found = statements_for(row.link, name, stored)
    current = tuple(each for each in found if each.state == StatementState.CURRENT)
    values = (ShownValue(_text(row, name, stored), current),) if stored not in (None, "") else ()
    disputes = tuple(
        _dispute(row, each)
        for each in statements_for(row.link, name)
        if (each.state == StatementState.DISPUTED)
    )
    return ShownField(name, str(column.verbose_name), values, disputes)


def _text(row: Any, name: str, stored: Any) -> str:
    if isinstance(stored, date):
        return shown_date(stored, getattr(row, f"{name}_precision", "day"))
    return column_label(type(row), name, stored)


def _dispute(row: Any, statement: Statement) -> ShownValue:
    return ShownValue(column_label(type(row), statement.property, statement.value), (statement,))
