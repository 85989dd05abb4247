"""Organisations: identity in people, public page here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from stadtwabe.evidence.changes import Change
from stadtwabe.evidence.commands import create_thing
from stadtwabe.evidence.sources import Source
from stadtwabe.evidence.things import SourcedThing, thing_kind
from stadtwabe.kit.actor import Actor
from stadtwabe.people.commands import create_organisation
from stadtwabe.people.models import Organisation, Party


@transaction.atomic
def create_organisation_profile(
    *,
    actor: Actor,
    owner: Party,
    values: Mapping[str, Any],
    sources: Mapping[str, Source],
    now: datetime,
    is_demo: bool = False,
    **about: Any,
) -> tuple[SourcedThing, Change]:
    """Make the page of an organisation, and the organisation itself unless it is known by name.

    ``about`` are further columns of ``people.Organisation`` (kind, legal_form, seat, …); they are
    only used for a new one. Raises NotAllowed, or Conflict when it has a page already.
    """
    name = " ".join(str(values.get("title", "")).split())
    organisation = Organisation.objects.filter(name__iexact=name).first()
    if organisation is None:
        organisation = create_organisation(actor=actor, name=name, now=now, **about)
    source = sources["title"] if "title" in sources else None
    return create_thing(
        actor=actor,
        kind=thing_kind("organisation"),
        owner=owner,
        values={**values, "title": name, "organisation": organisation},
        sources={**sources, **({"organisation": source} if source else {})},
        now=now,
        is_demo=is_demo,
    )
