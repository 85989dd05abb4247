"""Two entries that are the same thing become one, and can become two again."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from stadtwabe.catalog.commands import withdraw_card, write_card
from stadtwabe.catalog.models import Card, FormerAddress, Link
from stadtwabe.evidence.changes import json_value
from stadtwabe.evidence.commands.things import is_empty, parties_of, report, spec_of
from stadtwabe.evidence.models import Merge, Statement, Suggestion
from stadtwabe.evidence.rules import StatementState
from stadtwabe.evidence.things import SourcedThing, ThingKind, column_of, thing_kind
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict, Invalid
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require


@transaction.atomic
def merge_things(
    *,
    actor: Actor,
    kind: ThingKind,
    survivor: SourcedThing,
    duplicate: SourcedThing,
    now: datetime,
) -> Merge:
    """Let ``survivor`` take over all that is known of ``duplicate``.

    Unknown values are filled in, lists joined; of values that contradict, the survivor's stay and
    the duplicate's stand beside them as disputed. Statements, parties, links and the facts that
    hang on them move, unless the survivor has the same already. The duplicate's address redirects
    from then on. Raises NotAllowed, or Invalid for a thing and itself.
    """
    require(actor, kind.action("merge"), survivor)
    require(actor, kind.action("merge"), duplicate)
    if survivor.card.pk == duplicate.card.pk:
        raise Invalid(_("Das ist derselbe Eintrag."), field="duplicate")
    ids = sorted([survivor.card.pk, duplicate.card.pk])
    cards = {card.pk: card for card in Card.objects.select_for_update().filter(pk__in=ids)}
    kept, gone = cards[survivor.card.pk], cards[duplicate.card.pk]
    if kept.is_withdrawn or gone.is_withdrawn:
        raise Conflict(_("Einer der Einträge ist schon zurückgezogen."))
    survivor.refresh_from_db()
    duplicate.refresh_from_db()
    survivor.card = kept
    parties = parties_of(kept)
    moved: dict[str, Any] = {
        "before": _fill_in(kind, survivor, duplicate),
        "parties": [[party.pk, role] for party, role in parties],
        "statements": _move_statements(kind, kept, gone),
        "links": _move_links(kept, gone),
        "rows": _move_rows(kind, survivor, duplicate),
        "suggestions": list(gone.suggestions.values_list("pk", flat=True)),
    }
    Suggestion.objects.filter(pk__in=moved["suggestions"]).update(became=kept)
    withdraw_card(card=gone, because=f"Zusammengeführt mit „{kept.title}“.", now=now)
    everybody = [*parties, *(pair for pair in parties_of(gone) if pair not in parties)]
    _write(kind, survivor, kept, everybody, now)
    FormerAddress.objects.update_or_create(path=gone.path, defaults={"card": kept})
    report(actor, kind, survivor, "merge", now, sorted(moved["before"]))
    return Merge.objects.create(
        survivor=kept, duplicate=gone, merged_at=now, merged_by=actor.person, moved=moved
    )


@transaction.atomic
def unmerge_things(*, actor: Actor, merge: Merge, now: datetime) -> None:
    """Make two things of one again; what was written since stays with the survivor.

    Raises NotAllowed, or Conflict when it was taken back already.
    """
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at is not None:
        raise Conflict(_("Das ist schon zurückgenommen."))
    kind = thing_kind(merge.survivor.kind)
    survivor = kind.model._default_manager.get(card=merge.survivor)
    duplicate = kind.model._default_manager.get(card=merge.duplicate)
    require(actor, kind.action("merge"), survivor)
    require(actor, kind.action("merge"), duplicate)
    moved = merge.moved
    for pk, state in moved["statements"]:
        Statement.objects.filter(pk=pk).update(card=merge.duplicate, state=state)
    for pk, source, target in moved["links"]:
        Link.objects.filter(pk=pk).update(source_id=source, target_id=target)
    relations = {_row_name(model, column): (model, column) for model, column in kind.relations}
    for name, pk in moved["rows"]:
        model, column = relations[name]
        model._default_manager.filter(pk=pk).update(**{column: duplicate})
    Suggestion.objects.filter(pk__in=moved["suggestions"]).update(became=merge.duplicate)
    for name, before in moved["before"].items():
        if json_value(getattr(survivor, name)) == before["after"]:
            target = column_of(kind.model, name)
            setattr(survivor, target.attname, target.to_python(before["value"]))
    parties = [(Party.objects.get(pk=pk), str(role)) for pk, role in moved["parties"]]
    FormerAddress.objects.filter(path=merge.duplicate.path, card=merge.survivor).delete()
    _write(kind, duplicate, merge.duplicate, parties_of(merge.duplicate), now)
    _write(kind, survivor, merge.survivor, parties, now)
    merge.undone_at = now
    merge.save(update_fields=["undone_at"])
    report(actor, kind, survivor, "unmerge", now, sorted(moved["before"]))


def _write(
    kind: ThingKind, thing: SourcedThing, card: Card, parties: list[Any], now: datetime
) -> None:
    spec = spec_of(kind, thing, parties, owner=card.owner, audience=card.audience, card=card)
    thing.card = write_card(spec=spec, now=now, card=card)
    thing.save()


def _fill_in(
    kind: ThingKind, survivor: SourcedThing, duplicate: SourcedThing
) -> dict[str, dict[str, Any]]:
    """Fill what the survivor does not know; return the values before and after."""
    before: dict[str, dict[str, Any]] = {}
    for name in kind.shown_fields:
        known, other = getattr(survivor, name), getattr(duplicate, name)
        value = known
        if isinstance(known, list):
            value = [*known, *(item for item in other if item not in known)]
        elif is_empty(known):
            value = other
        if value == known or column_of(kind.model, name).unique:
            continue
        names = [name, *filter(None, [kind.precision_of(name)])]
        for each in names:
            new = value if each == name else getattr(duplicate, each)
            old = json_value(getattr(survivor, each))
            setattr(survivor, each, new)
            before[each] = {"value": old, "after": json_value(new)}
    return before


def _move_statements(kind: ThingKind, kept: Card, gone: Card) -> list[list[Any]]:
    """Move all statements; what contradicts the survivor's current values becomes disputed."""
    lists = {name for name in kind.fields if _is_list(kind, name)}
    current = dict(
        Statement.objects.filter(card=kept, state=StatementState.CURRENT).values_list(
            "property", "value"
        )
    )
    moved = []
    for statement in Statement.objects.filter(card=gone):
        moved.append([statement.pk, statement.state])
        name = statement.property
        contradicts = (
            statement.state == StatementState.CURRENT
            and name in current
            and name in kind.fields
            and name not in lists
            and current[name] != statement.value
        )
        statement.card = kept
        if contradicts:
            statement.state = StatementState.DISPUTED
        statement.save(update_fields=["card", "state"])
    return moved


def _is_list(kind: ThingKind, name: str) -> bool:
    return isinstance(column_of(kind.model, name).get_default(), list)


def _move_links(kept: Card, gone: Card) -> list[list[int]]:
    """Move the links that the survivor does not have yet, and that would not join it to itself."""
    moved = []
    for link in Link.objects.filter(Q(source=gone) | Q(target=gone)):
        source = kept.pk if link.source_id == gone.pk else link.source_id
        target = kept.pk if link.target_id == gone.pk else link.target_id
        same = Link.objects.filter(source=source, target=target, kind=link.kind)
        if source == target or same.exists():
            continue
        moved.append([link.pk, link.source_id, link.target_id])
        Link.objects.filter(pk=link.pk).update(source_id=source, target_id=target)
    return moved


def _move_rows(kind: ThingKind, survivor: SourcedThing, duplicate: SourcedThing) -> list[list[Any]]:
    """Move rows of other tables; what the survivor has already stays with the tombstone."""
    moved: list[list[Any]] = []
    for model, column in kind.relations:
        for pk in model._default_manager.filter(**{column: duplicate}).values_list("pk", flat=True):
            try:
                with transaction.atomic():
                    model._default_manager.filter(pk=pk).update(**{column: survivor})
            except IntegrityError:
                continue
            moved.append([_row_name(model, column), pk])
    return moved


def _row_name(model: type[Any], column: str) -> str:
    return f"{model.__name__}.{column}"
