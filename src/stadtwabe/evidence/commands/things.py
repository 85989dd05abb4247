"""Creating, editing, withdrawing things with sources: columns, card and statements in one go."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from stadtwabe.catalog.commands import slug_of, withdraw_card, write_card
from stadtwabe.catalog.models import Card
from stadtwabe.catalog.rules import Audience
from stadtwabe.catalog.specs import CardSpec
from stadtwabe.evidence.changes import Change, json_value
from stadtwabe.evidence.commands.statements import record_statements
from stadtwabe.evidence.commands.values import checked_values
from stadtwabe.evidence.events import ThingWritten
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.rules import StatementState
from stadtwabe.evidence.sources import Source
from stadtwabe.evidence.things import (
    PartyInRole,
    SourcedThing,
    ThingKind,
    column_of,
    thing_kind,
)
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict, Invalid
from stadtwabe.kit.events import publish
from stadtwabe.people.audit import record
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require

PARTIES = "parties"
"""The property under which the parties of a thing are stated: ``{"party": id, "role": role}``."""


@transaction.atomic
def create_thing(
    *,
    actor: Actor,
    kind: ThingKind,
    owner: Party,
    values: Mapping[str, Any],
    sources: Mapping[str, Source],
    parties: Sequence[PartyInRole] = (),
    now: datetime,
    audience: str = Audience.PUBLIC,
    claims: frozenset[str] = frozenset(),
    is_demo: bool = False,
) -> tuple[SourcedThing, Change]:
    """Make a new thing; every value given needs its source.

    One of the same title whose creation was undone comes back at its address, with nothing of
    what it was: links to it never dangle, and no address is lost. Raises NotAllowed, or Invalid
    naming the field.
    """
    require(actor, kind.action("create"), owner)
    values = _checked(kind, values)
    thing = kind.model(**values)
    emptied = _emptied(kind, owner, thing.title)
    if emptied is not None:
        thing.pk = kind.model._default_manager.get(card=emptied).pk
        thing._state.adding = False
    _clean(thing)
    spec = spec_of(kind, thing, parties, owner=owner, audience=audience, is_demo=is_demo)
    thing.card = write_card(spec=spec, now=now, card=emptied)
    thing.save()
    stated = {name: value for name, value in values.items() if not is_empty(value)}
    recorded = record_statements(
        actor=actor,
        about=thing.card,
        values={**stated, **_stated_parties(parties)},
        sources=sources,
        claims=claims,
        now=now,
    )
    report(actor, kind, thing, "create", now, sorted(stated))
    return thing, Change(card_id=thing.card.pk, created=True, statements_added=recorded.added)


@transaction.atomic
def edit_thing(
    *,
    actor: Actor,
    kind: ThingKind,
    thing: SourcedThing,
    values: Mapping[str, Any],
    sources: Mapping[str, Source],
    parties: Sequence[PartyInRole] | None = None,
    now: datetime,
    beside: bool = False,
    claims: frozenset[str] = frozenset(),
) -> Change:
    """Change some values of a thing.

    With ``beside``, a value that contradicts a known one does not take its place: both are
    kept and shown side by side; unknown values are filled in all the same.
    """
    require(actor, kind.action("edit"), thing)
    card = Card.objects.select_for_update().get(pk=thing.card.pk)
    thing.refresh_from_db()
    thing.card = card
    changed = _checked(kind, values)
    parties_before = parties_of(card)
    writes = {
        name: _merged(getattr(thing, name), value, beside=beside) for name, value in changed.items()
    }
    for name in changed:
        # How exactly a day is known goes with the day that is taken in.
        precision = kind.precision_of(name)
        if precision in changed and is_empty(getattr(thing, name)):
            writes[precision] = changed[precision]
    before = {name: json_value(getattr(thing, name)) for name in writes}
    withdrawn_because = card.withdrawn_because if card.is_withdrawn else ""
    for name, value in writes.items():
        setattr(thing, name, value)
    now_parties = list(parties_before)
    if parties is not None:
        kept = parties_before if beside else []
        now_parties = [*kept, *(pair for pair in parties if pair not in kept)]
    _clean(thing)
    spec = spec_of(kind, thing, now_parties, owner=card.owner, audience=card.audience, card=card)
    write_card(spec=spec, now=now, card=card)
    thing.save()
    recorded = record_statements(
        actor=actor,
        about=card,
        values={**changed, **(_stated_parties(parties) if parties is not None else {})},
        sources=sources,
        claims=claims,
        now=now,
        beside=beside,
    )
    report(actor, kind, thing, "edit", now, sorted(changed))
    return Change(
        card_id=card.pk,
        created=False,
        before=before,
        parties_before=(
            [[party.pk, role] for party, role in parties_before] if parties is not None else None
        ),
        statements_added=recorded.added,
        statements_superseded=recorded.superseded,
        withdrawn_because=withdrawn_because,
    )


@transaction.atomic
def withdraw_thing(
    *, actor: Actor, kind: ThingKind, thing: SourcedThing, because: str, now: datetime
) -> None:
    """Take a thing out of the public; its address says that it was there, and why it is not."""
    require(actor, kind.action("withdraw"), thing)
    if not because.strip():
        raise Invalid(_("Bitte nennen Sie einen Grund."), field="because")
    withdraw_card(card=thing.card, because=because.strip(), now=now)
    report(actor, kind, thing, "withdraw", now, [])


@transaction.atomic
def undo_change(*, actor: Actor, change: Change, now: datetime) -> None:
    """Take back what a command changed, as if it had not been.

    Raises Conflict when somebody has changed the same values since.
    """
    card = Card.objects.select_for_update().get(pk=change.card_id)
    kind = thing_kind(card.kind)
    thing = kind.model._default_manager.get(card=card)
    require(actor, kind.action("edit"), thing)
    added = Statement.objects.filter(pk__in=change.statements_added)
    later = Statement.objects.filter(card=card, pk__gt=max(change.statements_added, default=0))
    names = set(change.before) if not change.created else set(kind.fields)
    if later.filter(property__in=names).exists():
        raise Conflict(
            _("Inzwischen hat jemand dieselben Angaben geändert."),
            remedy=_("Ändern Sie die Angaben auf der Seite des Eintrags."),
        )
    added.delete()
    Statement.objects.filter(pk__in=change.statements_superseded).update(
        state=StatementState.CURRENT, valid_to=None
    )
    if change.created:
        withdraw_card(card=card, because=_("Die Übernahme wurde zurückgenommen."), now=now)
    else:
        for name, value in change.before.items():
            column = column_of(kind.model, name)
            # ``attname``: a stored foreign key is the number of a thing, not the thing.
            setattr(thing, column.attname, column.to_python(value))
        parties = (
            [(Party.objects.get(pk=pk), str(role)) for pk, role in change.parties_before]
            if change.parties_before is not None
            else parties_of(card)
        )
        spec = spec_of(kind, thing, parties, owner=card.owner, audience=card.audience, card=card)
        # Writing brings a withdrawn thing back; undoing must not.
        gone_because = card.withdrawn_because or change.withdrawn_because
        write_card(spec=spec, now=now, card=card)
        thing.save()
        if gone_because:
            withdraw_card(card=card, because=gone_because, now=now)
    report(actor, kind, thing, "undo", now, sorted(change.before))


def _emptied(kind: ThingKind, owner: Party, title: str) -> Card | None:
    """Return the tombstone that undoing the creation of such a thing left, locked.

    Undoing takes every statement away; what was withdrawn for a reason, or merged, keeps its own.
    """
    path = f"{kind.card_kind.prefix}{slug_of(kind.name, title)}/"
    return (
        Card.objects.select_for_update(of=("self",))
        .filter(kind=kind.name, path=path, owner=owner, withdrawn_at__isnull=False)
        .filter(statements__isnull=True, merges__isnull=True, merged_into__isnull=True)
        .filter(links_out__isnull=True, links_in__isnull=True)
        .first()
    )


def _checked(kind: ThingKind, values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(kind.fields)
    if unknown:
        raise Invalid(
            _("Diese Angabe gibt es hier nicht: %(names)s.") % {"names": ", ".join(unknown)},
            field=min(unknown),
        )
    return checked_values(kind.model, values)


def _clean(thing: SourcedThing) -> None:
    try:
        thing.full_clean(exclude=["card"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Invalid(" ".join(messages), field=None if field == "__all__" else field) from error


def _merged(known: Any, value: Any, *, beside: bool) -> Any:
    if not beside:
        return value
    if isinstance(known, list):
        return [*known, *(item for item in value or [] if item not in known)]
    return value if is_empty(known) else known


def is_empty(value: Any) -> bool:
    """Whether a value is unknown."""
    return value is None or value in ("", [], ())


def spec_of(
    kind: ThingKind,
    thing: SourcedThing,
    parties: Sequence[PartyInRole],
    *,
    owner: Party | None,
    audience: str,
    is_demo: bool = False,
    card: Card | None = None,
) -> CardSpec:
    """Return the card of ``thing`` as its kind describes it, with owner and audience."""
    spec = kind.describe(thing, parties)
    return spec.owned_by(
        owner,
        audience=audience,
        networks=tuple(card.networks.all()) if card else (),
        is_demo=card.is_demo if card else is_demo,
    )


def _stated_parties(parties: Sequence[PartyInRole]) -> dict[str, Any]:
    return (
        {PARTIES: [{"party": party.pk, "role": str(role)} for party, role in parties]}
        if parties
        else {}
    )


def parties_of(card: Card) -> list[PartyInRole]:
    """Return the parties of a card in their roles."""
    return [
        (each.party, each.role)
        for each in card.card_parties.select_related(
            "party__place", "party__network", "party__organisation"
        ).order_by("pk")
    ]


def report(
    actor: Actor,
    kind: ThingKind,
    thing: SourcedThing,
    verb: str,
    now: datetime,
    changed: list[str],
) -> None:
    """Write the audit entry of a command and publish what it did."""
    record(
        actor=actor,
        command=kind.action(verb),
        subject=thing.card,
        now=now,
        details={"changed": changed},
    )
    publish(ThingWritten(card_id=thing.card.pk, kind=kind.name, verb=verb))
