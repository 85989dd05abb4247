"""Money given to somebody."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from stadtwabe.atlas.models import FundingProgramme, Grant, Project
from stadtwabe.catalog.models import Link
from stadtwabe.catalog.rules import LinkKind
from stadtwabe.evidence.commands.facts import remove_fact, write_fact
from stadtwabe.evidence.queries.parties import card_of_party
from stadtwabe.evidence.sources import Source
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict, Invalid
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require


def add_grant(
    *,
    actor: Actor,
    programme: FundingProgramme,
    recipient: Party,
    values: Mapping[str, Any],
    sources: Mapping[str, Source],
    now: datetime,
    project: Project | None = None,
    beside: bool = False,
    claims: frozenset[str] = frozenset(),
) -> Grant:
    """Say that ``programme`` funds ``recipient``, for ``project`` if one is known.

    ``values``: amount_eur, starts_on, ends_on. ``sources`` has ``relation`` and one for each
    value. The same again adds to what is known. The link leads from the programme to the project,
    or to the recipient's card. Raises NotAllowed; Invalid for a recipient without a page;
    Conflict when another recipient's grant for the same project is there already.
    """
    known = Grant.objects.filter(programme=programme, recipient=recipient, project=project).first()
    grant = known or Grant(programme=programme, recipient=recipient, project=project)
    require(actor, "atlas.add_grant", grant)
    card = project.card if project else card_of_party(recipient)
    if card is None:
        raise Invalid(
            _("%(party)s hat noch keine Seite.") % {"party": recipient},
            field="recipient",
            remedy=_("Legen Sie die Organisation zuerst an."),
        )
    taken = Link.objects.filter(source=programme.card, target=card, kind=LinkKind.FUNDS)
    if known is None and taken.filter(grant__isnull=False).exists():
        raise Conflict(
            _("Diese Förderung ist für dieses Projekt schon eingetragen."),
            field="project",
            remedy=_("Tragen Sie die weitere Zuwendung ohne Projekt ein."),
        )
    return write_fact(
        actor=actor,
        action="atlas.add_grant",
        row=grant,
        source=programme.card,
        target=card,
        kind=LinkKind.FUNDS,
        values=values,
        sources=sources,
        now=now,
        beside=beside,
        claims=claims,
    )


def remove_grant(*, actor: Actor, grant: Grant, because: str, now: datetime) -> None:
    """Take back that a programme funds somebody."""
    require(actor, "atlas.remove_grant", grant)
    remove_fact(actor=actor, action="atlas.remove_grant", row=grant, because=because, now=now)
