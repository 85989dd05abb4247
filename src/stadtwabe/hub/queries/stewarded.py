"""What an actor looks after as a steward; operators look after everything."""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from stadtwabe.kit.actor import Actor
from stadtwabe.people.models import Party
from stadtwabe.people.queries import parties_with
from stadtwabe.people.rules import Role

Row = TypeVar("Row", bound=Model)


def stewarded_parties(actor: Actor) -> QuerySet[Party]:
    """Return the parties whose data ``actor`` looks after, by name."""
    return parties_with(actor, Role.STEWARD)


def stewarded(rows: QuerySet[Row], actor: Actor, owner: str = "owner") -> QuerySet[Row]:
    """Narrow ``rows`` to those of the parties whose data ``actor`` looks after.

    ``owner`` is the way to the party, as filters write it.
    """
    if actor.is_operator:
        return rows
    return rows.filter(Q(**{f"{owner}__in": actor.parties_with(Role.STEWARD)}))
