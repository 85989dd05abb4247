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
from stadtwabe.kit.visible_text import visible
from stadtwabe.people.commands import create_organisation
from stadtwabe.people.models import Party
from stadtwabe.people.queries import organisation_called


@transaction.atomic
def create_organisation_profile(
    *,
    actor: Actor,
    owner: Party,
    values: Mapping[str, Any],
    sources: Mapping[str, Source],
    now: datetime,
    about: Mapping[str, Any] | None = None,
    **more: Any,
) -> tuple[SourcedThing, Change]:
    """Make the page of an organisation, and the organisation itself unless it is known by name.

    ``about`` are further columns of ``people.Organisation`` (kind, legal_form, seat, …) for a new
    one; ``more`` is what ``create_thing`` takes besides. Raises NotAllowed, or Invalid when it
    has a page already.
    """
    name = " ".join(visible(str(values.get("title", ""))).split())
    organisation = organisation_called(name)
    if organisation is None:
        organisation = create_organisation(actor=actor, name=name, now=now, **(about or {}))
    itself = {"organisation": sources["title"]} if "title" in sources else {}
    return create_thing(
        actor=actor,
        owner=owner,
        values={**values, "title": name, "organisation": organisation},
        sources={**sources, **itself},
        now=now,
        **{**more, "kind": thing_kind("organisation")},
    )
