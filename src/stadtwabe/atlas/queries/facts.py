"""Who runs which solution, who reused what, who got which money."""

from collections.abc import Sequence
from typing import Any

from stadtwabe.atlas.models import Deployment, Grant, Reuse
from stadtwabe.catalog.models import Card
from stadtwabe.catalog.rules import LinkKind
from stadtwabe.evidence.queries.facts import ShownFact, may_have_facts, shown_facts, visible_facts
from stadtwabe.evidence.queries.parties import address_of_party, cards_of_organisations
from stadtwabe.kit.actor import Actor

DEPLOYMENT = ("state", "since", "cost")
REUSE = ("changes", "cost")
GRANT = ("amount_eur", "starts_on", "ends_on")
PARTY = ("party__place", "party__network", "party__organisation")
RECIPIENT = ("recipient__place", "recipient__network", "recipient__organisation")


def deployments_of_solution(actor: Actor, card: Card) -> Sequence[ShownFact]:
    """Return the parties that run the solution of ``card``."""
    if not may_have_facts(card, LinkKind.USES):
        return ()
    found = visible_facts(actor, Deployment.objects.filter(solution__card=card))
    rows = list(found.select_related(*PARTY).order_by("pk"))
    pages = cards_of_organisations(row.party for row in rows)
    return shown_facts(
        rows, DEPLOYMENT, lambda row: (str(row.party), address_of_party(row.party, pages))
    )


def deployments_in(actor: Actor, place: str) -> Sequence[ShownFact]:
    """Return the solutions that the place with that key runs."""
    rows = visible_facts(actor, Deployment.objects.filter(party__place=place))
    rows = rows.select_related("solution__card").only(
        *_of("solution", *DEPLOYMENT, "since_precision")
    )
    rows = rows.order_by("solution__title")
    return shown_facts(rows, DEPLOYMENT, lambda row: _thing(row.solution))


def originals_of(actor: Actor, card: Card) -> Sequence[ShownFact]:
    """Return the projects that the project of ``card`` reuses."""
    if not may_have_facts(card, LinkKind.REUSES):
        return ()
    rows = visible_facts(actor, Reuse.objects.filter(project__card=card))
    rows = rows.select_related("original__card").only(*_of("original", *REUSE)).order_by("pk")
    return shown_facts(rows, REUSE, lambda row: _thing(row.original))


def reuses_of(actor: Actor, card: Card) -> Sequence[ShownFact]:
    """Return the projects that reuse the project of ``card``."""
    if not may_have_facts(card, LinkKind.REUSES):
        return ()
    rows = visible_facts(actor, Reuse.objects.filter(original__card=card))
    rows = rows.select_related("project__card").only(*_of("project", *REUSE)).order_by("pk")
    return shown_facts(rows, REUSE, lambda row: _thing(row.project))


def all_reuses(actor: Actor) -> Sequence[ShownFact]:
    """Return every reuse that ``actor`` may see, by original."""
    rows = visible_facts(actor, Reuse.objects.all())
    rows = rows.select_related("project__card__place", "original__card__place")
    return shown_facts(
        rows.order_by("original__title", "pk"), REUSE, lambda row: _thing(row.project)
    )


def all_deployments(actor: Actor) -> Sequence[ShownFact]:
    """Return every deployment that ``actor`` may see, by solution."""
    found = visible_facts(actor, Deployment.objects.all())
    rows = list(
        found.select_related("solution__card", *PARTY).order_by("solution__title", "solution", "pk")
    )
    pages = cards_of_organisations(row.party for row in rows)
    return shown_facts(
        rows, DEPLOYMENT, lambda row: (str(row.party), address_of_party(row.party, pages))
    )


def grants_of_programme(actor: Actor, card: Card) -> Sequence[ShownFact]:
    """Return who got money from the programme of ``card``."""
    if not may_have_facts(card, LinkKind.FUNDS):
        return ()
    found = visible_facts(actor, Grant.objects.filter(programme__card=card))
    rows = list(found.select_related("project__card", *RECIPIENT).order_by("pk"))
    pages = cards_of_organisations(row.recipient for row in rows)
    return shown_facts(rows, GRANT, lambda row: _recipient(row, pages))


def grants_in(actor: Actor, place: str) -> Sequence[ShownFact]:
    """Return the money that the place with that key got."""
    rows = visible_facts(actor, Grant.objects.filter(recipient__place=place))
    rows = rows.select_related("programme__card").only(*_of("programme", *GRANT))
    rows = rows.order_by("programme__title", "pk")
    return shown_facts(rows, GRANT, lambda row: _thing(row.programme))


def grants_of_project(actor: Actor, card: Card) -> Sequence[ShownFact]:
    """Return the money that the project of ``card`` got."""
    if not may_have_facts(card, LinkKind.FUNDS):
        return ()
    rows = visible_facts(actor, Grant.objects.filter(project__card=card))
    rows = rows.select_related("programme__card").only(*_of("programme", *GRANT)).order_by("pk")
    return shown_facts(rows, GRANT, lambda row: _thing(row.programme))


def _of(end: str, *columns: str) -> list[str]:
    """Return what is shown of a fact: ``columns``, and name and address of the thing at ``end``."""
    return [*columns, "link__kind", f"{end}__title", f"{end}__card__path"]


def _thing(thing: Any) -> tuple[str, str]:
    return thing.title, thing.card.path


def _recipient(row: Grant, pages: dict[int, Card]) -> tuple[str, str]:
    if row.project is not None:
        return f"{row.recipient}: {row.project.title}", row.project.card.path
    return str(row.recipient), address_of_party(row.recipient, pages)
