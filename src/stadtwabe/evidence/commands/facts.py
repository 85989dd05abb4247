"""Facts between two things: a row of the domain, a link, and statements on the link."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from stadtwabe.catalog.commands import link_cards
from stadtwabe.catalog.models import Card, Link
from stadtwabe.catalog.rules import LinkKind
from stadtwabe.evidence.commands.statements import record_statements
from stadtwabe.evidence.commands.values import checked_values
from stadtwabe.evidence.events import ThingWritten
from stadtwabe.evidence.rules import RELATION
from stadtwabe.evidence.sources import Source
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.dates import DAY
from stadtwabe.kit.errors import Invalid
from stadtwabe.kit.events import publish
from stadtwabe.people.audit import record

F = TypeVar("F", bound=models.Model)


@transaction.atomic
def write_fact(
    *,
    actor: Actor,
    action: str,
    row: F,
    source: Card,
    target: Card,
    kind: LinkKind,
    values: Mapping[str, Any],
    sources: Mapping[str, Source],
    now: datetime,
    beside: bool = False,
    claims: frozenset[str] = frozenset(),
) -> F:
    """Write ``row`` (new or known) with its ``values``, link the cards, state the sources.

    Permission is the business of the calling command. With ``beside`` known values stay, and
    other ones are kept as contradictions. Raises Invalid when a value or the relation itself
    (``sources["relation"]``) has no source.
    """
    values = checked_values(type(row), values)
    link = link_cards(source=source, target=target, kind=kind)
    row.link = link  # type: ignore[attr-defined]  # every fact between two things has one
    taken = {name for name in values if not beside or getattr(row, name) in (None, "")}
    # How exactly a day is known goes with the day that is taken in.
    taken |= {f"{name}_precision" for name in taken} & values.keys()
    for name in taken:
        setattr(row, name, values[name])
    clean_row(row)
    row.save()
    known = {name: value for name, value in values.items() if not name.endswith("_precision")}
    for name in [each for each in known if values.get(f"{each}_precision", DAY) != DAY]:
        known[f"{name}_precision"] = values[f"{name}_precision"]
        sources = {**sources, f"{name}_precision": sources[name]}
    record_statements(
        actor=actor,
        about=link,
        values={RELATION: True, **known},
        sources=sources,
        now=now,
        beside=beside,
        claims=claims,
    )
    record(actor=actor, command=action, subject=source, now=now, details={"to": target.path})
    for card in (source, target):
        publish(ThingWritten(card_id=card.pk, kind=card.kind, verb="edit"))
    return row


@transaction.atomic
def remove_fact(
    *, actor: Actor, action: str, row: models.Model, because: str, now: datetime
) -> None:
    """Take a fact between two things away, with its link and the statements about it."""
    if not because.strip():
        raise Invalid(_("Bitte nennen Sie einen Grund."), field="because")
    link: Link = row.link  # type: ignore[attr-defined]  # every fact between two things has one
    source, target = link.source, link.target
    row.delete()
    link.delete()
    record(
        actor=actor,
        command=action,
        subject=source,
        now=now,
        details={"to": target.path, "because": because.strip()},
    )
    for card in (source, target):
        publish(ThingWritten(card_id=card.pk, kind=card.kind, verb="edit"))


def clean_row(row: models.Model) -> None:
    """Check a row against its columns; raises Invalid naming the first wrong one."""
    try:
        row.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Invalid(" ".join(messages), field=None if field == "__all__" else field) from error
