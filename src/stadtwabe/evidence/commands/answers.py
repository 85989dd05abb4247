"""The current answer follows from the statements: what columns say once some are gone."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction

from stadtwabe.catalog.commands import withdraw_card, write_card
from stadtwabe.catalog.models import Card, Link
from stadtwabe.evidence.commands.facts import clean_row
from stadtwabe.evidence.commands.things import PARTIES, parties_of, spec_of
from stadtwabe.evidence.events import ThingWritten
from stadtwabe.evidence.labels import model_of_link
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.rules import RELATION, StatementState
from stadtwabe.evidence.things import column_of, thing_kind
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.events import publish
from stadtwabe.people.audit import record
from stadtwabe.people.permissions import require


def can_be_unknown(about: Card | Link, name: str) -> bool:
    """Whether a thing can do without a value: nothing can do without its title."""
    model = thing_kind(about.kind).model if isinstance(about, Card) else model_of_link(about.kind)
    if model is None or name in {PARTIES, RELATION} or name not in _columns(model):
        return True
    column = column_of(model, name)
    return column.null or column.has_default()


def answer_card(card: Card, names: Collection[str], *, now: datetime) -> None:
    """Bring these columns of the thing of ``card`` to what its statements say now.

    A value that nothing states any more is unknown; a single contradicting one takes its place.
    """
    kind = thing_kind(card.kind)
    thing = kind.model._default_manager.get(card=card)
    for name in set(names) & set(kind.fields):
        _answer(thing, name, {"card": card}, kind.precision_of(name))
    parties = parties_of(card)
    if PARTIES in names:
        stated = [each.value for each in _current({"card": card}, PARTIES)]
        parties = [
            (party, role)
            for party, role in parties
            if {"party": party.pk, "role": role} in stated
            # The organisation itself belongs to its own page, whatever is stated.
            or party.organisation_id == getattr(thing, "organisation_id", 0)
        ]
    spec = spec_of(kind, thing, parties, owner=card.owner, audience=card.audience, card=card)
    gone_because = card.withdrawn_because if card.is_withdrawn else ""
    write_card(spec=spec, now=now, card=card)
    thing.card = card
    thing.save()
    if gone_because:
        withdraw_card(card=card, because=gone_because, now=now)
    publish(ThingWritten(card_id=card.pk, kind=card.kind, verb="edit"))


def answer_link(link: Link, names: Collection[str]) -> None:
    """The same for a fact between two things; without any reason it is taken away altogether."""
    model = model_of_link(link.kind)
    row = model._default_manager.filter(link=link).first() if model else None
    ends = (link.source, link.target)
    if not _current({"link": link}, RELATION):
        if row is not None:
            row.delete()
        link.delete()
    elif row is not None:
        for name in set(names) & _columns(type(row)):
            precision = f"{name}_precision"
            known = precision if precision in _columns(type(row)) else None
            _answer(row, name, {"link": link}, known)
        clean_row(row)
        row.save()
    for card in ends:
        publish(ThingWritten(card_id=card.pk, kind=card.kind, verb="edit"))


@transaction.atomic
def undo_fact(*, actor: Actor, link: Link, added: Collection[int], now: datetime) -> None:
    """Take back what was stated of a fact between two things, as if it had not been.

    What others state of the same fact stays. Raises NotAllowed unless ``actor`` edits an end.
    """
    statements = Statement.objects.filter(link=link, pk__in=added)
    for statement in statements[:1]:
        require(actor, "evidence.withdraw_statement", statement)
    names = set(statements.values_list("property", flat=True))
    statements.delete()
    record(
        actor=actor,
        command="evidence.undo_fact",
        subject=link.source,
        now=now,
        details={"to": link.target.path},
    )
    answer_link(link, names)


def _answer(row: models.Model, name: str, about: dict[str, Any], precision: str | None) -> None:
    column = column_of(type(row), name)
    current = _current(about, name)
    if isinstance(column, ArrayField):
        values = list(dict.fromkeys(each.value for each in current))
        setattr(row, name, column.to_python(values))
        return
    if not current:
        current = _only_rival(about, name)
    if not current and not column.null and not column.has_default():
        return
    value = current[0].value if current else (None if column.null else column.get_default())
    setattr(row, column.attname, column.to_python(value))
    if precision:
        said = [each for each in _current(about, precision) if current]
        same = [each for each in said if each.document_id == current[0].document_id]
        default = column_of(type(row), precision).get_default()
        setattr(row, precision, (same or said)[0].value if said else default)


def _current(about: dict[str, Any], name: str) -> list[Statement]:
    return list(
        Statement.objects.filter(**about, property=name, state=StatementState.CURRENT).order_by(
            "pk"
        )
    )


def _only_rival(about: dict[str, Any], name: str) -> list[Statement]:
    """Let what contradicted alone be the answer, now that nothing stands against it."""
    rivals = list(
        Statement.objects.filter(**about, property=name, state=StatementState.DISPUTED).order_by(
            "pk"
        )
    )
    if len({str(each.value) for each in rivals}) != 1:
        return []
    for each in rivals:
        each.state = StatementState.CURRENT
        each.save(update_fields=["state"])
    return rivals


def _columns(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}
