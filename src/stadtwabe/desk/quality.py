"""The quality board: what lacks a source, is old, contradicts itself, or leads nowhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q

from stadtwabe.catalog.kinds import kind_of
from stadtwabe.catalog.models import Card
from stadtwabe.evidence.models import LinkCheck, Statement
from stadtwabe.evidence.rules import StatementState
from stadtwabe.evidence.things import thing_kinds
from stadtwabe.kit.actor import Actor
from stadtwabe.people.rules import Role

STALE_AFTER = timedelta(days=2 * 365)
MOST = 100
"""The most entries of one sort that the board lists."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look after: which thing, what about it, since when."""

    title: str
    path: str
    kind: str
    about: str
    since: datetime | None = None
    address: str = ""


def own_cards(actor: Actor) -> Q:
    """Return which cards are in the actor's cells."""
    if actor.is_operator:
        return Q()
    parties = actor.parties_with(Role.EDITOR)
    return Q(owner__in=parties) | Q(card_parties__party__in=parties)


def _own(actor: Actor) -> Any:
    return Card.objects.filter(own_cards(actor), withdrawn_at__isnull=True).distinct()


def unsourced(actor: Actor) -> list[Finding]:
    """Return the things with values that no statement explains."""
    found = []
    for kind in thing_kinds():
        things = kind.model._default_manager.filter(card__in=_own(actor)).select_related("card")
        stated: dict[int, set[str]] = {}
        pairs = Statement.objects.filter(
            card__in=_own(actor).filter(kind=kind.name), state=StatementState.CURRENT
        ).values_list("card_id", "property")
        for card, name in pairs.distinct():
            stated.setdefault(card, set()).add(name)
        for thing in things:
            missing = [
                str(kind.card_kind.property_label(name))
                for name in kind.fields
                if not name.endswith("_precision")
                and getattr(thing, name) not in (None, "", [])
                and name not in stated.get(thing.card_id, set())
            ]
            if missing:
                found.append(_finding(thing.card, ", ".join(missing)))
    return found[:MOST]


def stale(actor: Actor, now: datetime) -> list[Finding]:
    """Return the things of which nothing has been confirmed for two years, the oldest first."""
    cards = (
        _own(actor)
        .filter(kind__in=[kind.name for kind in thing_kinds()])
        .annotate(latest=Max("statements__last_seen"))
        .filter(latest__lt=now - STALE_AFTER)
        .order_by("latest")
    )
    return [_finding(card, "", since=card.latest) for card in cards[:MOST]]


def contradicting(actor: Actor) -> list[Finding]:
    """Return the values that sources disagree about."""
    disputed = (
        Statement.objects.filter(state=StatementState.DISPUTED, card__in=_own(actor))
        .select_related("card")
        .order_by("-last_seen")
    )
    return [
        _finding(
            s.card,
            str(kind_of(s.card.kind).property_label(s.property)),
            since=s.first_seen,
            address=s.get_absolute_url(),
        )
        for s in disputed[:MOST]
        if s.card
    ]


def dead_links(actor: Actor) -> list[Finding]:
    """Return the things whose addresses no longer answer, by the latest look."""
    dead = {check.address: check for check in LinkCheck.objects.filter(failing_since__isnull=False)}
    found = []
    for kind in thing_kinds():
        if "website" not in kind.fields:
            continue
        naming = {"website__in": list(dead), "card__in": _own(actor)}
        things = kind.model._default_manager.filter(**naming).select_related("card")
        for thing in things:
            check = dead[getattr(thing, "website")]  # noqa: B009 - not every noun has one
            about = str(check.status) if check.status else check.problem
            found.append(
                _finding(thing.card, about, since=check.failing_since, address=check.address)
            )
    return found[:MOST]


def _finding(
    card: Card, about: str, *, since: datetime | None = None, address: str = ""
) -> Finding:
    return Finding(card.title, card.path, str(kind_of(card.kind).label), about, since, address)
