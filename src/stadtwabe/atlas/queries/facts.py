"""Who runs which solution, who reused what, who got which money."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from stadtwabe.atlas.models import Deployment, Grant, Reuse
from stadtwabe.catalog.models import Card
from stadtwabe.catalog.rules import LinkKind
from stadtwabe.evidence.queries.facts import ShownFact, may_have_facts, shown_facts, visible_facts
from stadtwabe.evidence.queries.parties import address_of_party, cards_of_organisations
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.prepared import prepared

DEPLOYMENT = ("state", "since", "cost")
REUSE = ("changes", "cost")
GRANT = ("amount_eur", "starts_on", "ends_on")
PARTY = ("party__place", "party__network", "party__organisation")
RECIPIENT = ("recipient__place", "recipient__network", "recipient__organisation")


def deployments_of_solution(actor: Actor, card: Card) -> Sequence[ShownFact]:
    """Return the parties that run the solution of ``card``."""
    if not may_have_facts(card, LinkKind.USES):
        return ()
    rows = _deployments_of_solution(actor, card.pk)
    pages = cards_of_organisations(row.party for row in rows)
    return shown_facts(
        rows, DEPLOYMENT, lambda row: (str(row.party), address_of_party(row.party, pages))
    )


def deployments_in(actor: Actor, place: str) -> Sequence[ShownFact]:
    """Return the solutions that the place with that key runs."""
    rows = _deployments_in(actor, place)
    return shown_facts(rows, DEPLOYMENT, lambda row: _thing(row.solution))


@prepared
def _deployments_of_solution(actor: Actor, card: int) -> QuerySet[Deployment]:
    found = visible_facts(actor, Deployment.objects.filter(solution__card=card))
    return found.select_related(*PARTY).order_by("pk")


@prepared
def _deployments_in(actor: Actor, place: str) -> QuerySet[Deployment]:
    rows = visible_facts(actor, Deployment.objects.filter(party__place=place))
    rows = rows.select_related("solution__card").only(
        *_of("solution", *DEPLOYMENT, "since_precision")
    )
    return rows.order_by("solution__title")


def originals_of(actor: Actor, card: Card) -> Sequence[ShownFact]:
    """Return the projects that the project of ``card`` reuses."""
    if not may_have_facts(card, LinkKind.REUSES):
        return ()
    rows = _originals_of(actor, card.pk)
    return shown_facts(rows, REUSE, lambda row: _thing(row.original))


@prepared
def _originals_of(actor: Actor, card: int) -> QuerySet[Reuse]:
    rows = visible_facts(actor, Reuse.objects.filter(project__card=card))
    return rows.select_related("original__card").only(*_of("original", *REUSE)).order_by("pk")


def reuses_of(actor: Actor, card: Card) -> Sequence[ShownFact]:
    """Return the projects that reuse the project of ``card``."""
    if not may_have_facts(card, LinkKind.REUSES):
        return ()
    rows = _reuses_of(actor, card.pk)
    return shown_facts(rows, REUSE, lambda row: _thing(row.project))


@prepared
def _reuses_of(actor: Actor, card: int) -> QuerySet[Reuse]:
    rows = visible_facts(actor, Reuse.objects.filter(original__card=card))
    return rows.select_related("project__card").only(*_of("project", *REUSE)).order_by("pk")


def all_reuses(actor: Actor) -> Sequence[ShownFact]:
    """Return every reuse that ``actor`` may see, by original."""
    return shown_facts(_all_reuses(actor), REUSE, lambda row: _thing(row.project))


@prepared
def _all_reuses(actor: Actor) -> QuerySet[Reuse]:
    rows = visible_facts(actor, Reuse.objects.all())
    rows = rows.select_related("project__card__place", "original__card__place")
    return rows.order_by("original__title", "pk")


def all_deployments(actor: Actor) -> Sequence[ShownFact]:
    """Return every deployment that ``actor`` may see, by solution."""
    rows = _all_deployments(actor)
    pages = cards_of_organisations(row.party for row in rows)
    return shown_facts(
        rows, DEPLOYMENT, lambda row: (str(row.party), address_of_party(row.party, pages))
    )


@prepared
def _all_deployments(actor: Actor) -> QuerySet[Deployment]:
    found = visible_facts(actor, Deployment.objects.all()).select_related("solution__card", *PARTY)
    return found.order_by("solution__title", "solution", "pk")


def grants_of_programme(actor: Actor, card: Card) -> Sequence[ShownFact]:
    """Return who got money from the programme of ``card``."""
    if not may_have_facts(card, LinkKind.FUNDS):
        return ()
    rows = _grants_of_programme(actor, card.pk)
    pages = cards_of_organisations(row.recipient for row in rows)
    return shown_facts(rows, GRANT, lambda row: _recipient(row, pages))


def grants_in(actor: Actor, place: str) -> Sequence[ShownFact]:
    """Return the money that the place with that key got."""
    rows = _grants_in(actor, place)
    return shown_facts(rows, GRANT, lambda row: _thing(row.programme))


@prepared
def _grants_of_programme(actor: Actor, card: int) -> QuerySet[Grant]:
    found = visible_facts(actor, Grant.objects.filter(programme__card=card))
    return found.select_related("project__card", *RECIPIENT).order_by("pk")


@prepared
def _grants_in(actor: Actor, place: str) -> QuerySet[Grant]:
    rows = visible_facts(actor, Grant.objects.filter(recipient__place=place))
    rows = rows.select_related("programme__card").only(*_of("programme", *GRANT))
    return rows.order_by("programme__title", "pk")


def grants_of_project(actor: Actor, card: Card) -> Sequence[ShownFact]:
    """Return the money that the project of ``card`` got."""
    if not may_have_facts(card, LinkKind.FUNDS):
        return ()
    rows = _grants_of_project(actor, card.pk)
    return shown_facts(rows, GRANT, lambda row: _thing(row.programme))


@prepared
def _grants_of_project(actor: Actor, card: int) -> QuerySet[Grant]:
    rows = visible_facts(actor, Grant.objects.filter(project__card=card))
    return rows.select_related("programme__card").only(*_of("programme", *GRANT)).order_by("pk")


def _of(end: str, *columns: str) -> list[str]:
    """Return what is shown of a fact: ``columns``, and name and address of the thing at ``end``."""
    return [*columns, "link__kind", f"{end}__title", f"{end}__card__path"]


def _thing(thing: Any) -> tuple[str, str]:
    return thing.title, thing.card.path


def _recipient(row: Grant, pages: dict[int, Card]) -> tuple[str, str]:
    if row.project is not None:
        return f"{row.recipient}: {row.project.title}", row.project.card.path
    return str(row.recipient), address_of_party(row.recipient, pages)
