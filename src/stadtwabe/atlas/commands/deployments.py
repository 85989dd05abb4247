"""That a party runs a solution."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from stadtwabe.atlas.models import Deployment, Solution
from stadtwabe.catalog.rules import LinkKind
from stadtwabe.evidence.commands.facts import remove_fact, write_fact
from stadtwabe.evidence.queries.parties import card_of_party
from stadtwabe.evidence.sources import Source
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Invalid
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require


def add_deployment(
    *,
    actor: Actor,
    party: Party,
    solution: Solution,
    values: Mapping[str, Any],
    sources: Mapping[str, Source],
    now: datetime,
    beside: bool = False,
    claims: frozenset[str] = frozenset(),
) -> Deployment:
    """Say that ``party`` runs ``solution``; the same pair again adds to what is known.

    ``values``: state, since, since_precision, cost. ``sources`` has ``relation`` and one for each
    value. Raises NotAllowed, or Invalid for a party that has no page of its own.
    """
    deployment = Deployment.objects.filter(party=party, solution=solution).first() or Deployment(
        party=party, solution=solution
    )
    require(actor, "atlas.add_deployment", deployment)
    card = card_of_party(party)
    if card is None:
        raise Invalid(
            _("%(party)s hat noch keine Seite.") % {"party": party},
            field="party",
            remedy=_("Legen Sie die Organisation zuerst an."),
        )
    return write_fact(
        actor=actor,
        action="atlas.add_deployment",
        row=deployment,
        source=card,
        target=solution.card,
        kind=LinkKind.USES,
        values=values,
        sources=sources,
        now=now,
        beside=beside,
        claims=claims,
    )


def remove_deployment(*, actor: Actor, deployment: Deployment, because: str, now: datetime) -> None:
    """Take back that a party runs a solution."""
    require(actor, "atlas.remove_deployment", deployment)
    remove_fact(
        actor=actor, action="atlas.remove_deployment", row=deployment, because=because, now=now
    )
