"""Organisations: identity in people, public page here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import override

from stadtwabe.atlas.models import OrganisationProfile
from stadtwabe.catalog.models import Card
from stadtwabe.evidence.changes import Change
from stadtwabe.evidence.commands import create_thing, edit_thing, record_statements
from stadtwabe.evidence.sources import Source
from stadtwabe.evidence.things import SourcedThing, thing_kind
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.visible_text import visible
from stadtwabe.people.commands import create_organisation, edit_organisation
from stadtwabe.people.models import Organisation, Party
from stadtwabe.people.rules import OrganisationKind
from stadtwabe.places.models import Place

GERMAN = "de"
"""The language in which statements are kept, whatever language the writing person reads."""


@transaction.atomic
def create_organisation_profile(
    *,
    actor: Actor,
    owner: Party,
    values: Mapping[str, Any],
    sources: Mapping[str, Source],
    now: datetime,
    **more: Any,
) -> tuple[SourcedThing, Change]:
    """Make the page of an organisation, and the organisation itself unless it is known by name.

    ``values`` may hold columns of ``people.Organisation`` too (kind, legal_form, seat), each
    with its source; ``more`` is what ``create_thing`` takes besides. Raises NotAllowed, or
    Invalid when it has a page already.
    """
    name = " ".join(visible(str(values.get("title", ""))).split())
    profile, identity = _split(values)
    organisation = Organisation.objects.filter(name__iexact=name).first()
    if organisation is None:
        organisation = create_organisation(actor=actor, name=name, now=now, **identity)
    elif identity:
        edit_organisation(actor=actor, organisation=organisation, now=now, **identity)
    itself = {"organisation": sources["title"]} if "title" in sources else {}
    thing, change = create_thing(
        actor=actor,
        owner=owner,
        values={**profile, "title": name, "organisation": organisation},
        sources={**sources, **itself},
        now=now,
        **{**more, "kind": thing_kind("organisation")},
    )
    _state(actor, thing.card, identity, sources, now, more)
    return thing, change


@transaction.atomic
def edit_organisation_profile(
    *,
    actor: Actor,
    thing: OrganisationProfile,
    values: Mapping[str, Any],
    sources: Mapping[str, Source],
    now: datetime,
    **more: Any,
) -> Change:
    """Change an organisation and its page together; a new title is the organisation's new name.

    ``more`` is what ``edit_thing`` takes besides. With ``beside`` the organisation stays as it
    is: what contradicts it is only stated.
    """
    profile, identity = _split(values)
    wanted = {**identity, "name": values["title"]} if values.get("title") else identity
    if wanted and not more.get("beside"):
        edit_organisation(actor=actor, organisation=thing.organisation, now=now, **wanted)
    change = edit_thing(
        actor=actor,
        thing=thing,
        values=profile,
        sources=sources,
        now=now,
        **{**more, "kind": thing_kind("organisation")},
    )
    _state(actor, thing.card, identity, sources, now, more)
    return change


def _split(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what belongs to the page, and what to the organisation itself."""
    elsewhere = thing_kind("organisation").stated_elsewhere
    profile = {name: value for name, value in values.items() if name not in elsewhere}
    identity = {name: values[name] for name in elsewhere if name in values}
    if "kind" in identity:
        identity["kind"] = identity["kind"] or OrganisationKind.OTHER.value
    if "legal_form" in identity:
        identity["legal_form"] = identity["legal_form"] or ""
    return profile, identity


def _state(
    actor: Actor,
    card: Card,
    identity: Mapping[str, Any],
    sources: Mapping[str, Source],
    now: datetime,
    more: Mapping[str, Any],
) -> None:
    record_statements(
        actor=actor,
        about=card,
        values={name: _in_words(name, value) for name, value in identity.items()},
        sources=sources,
        now=now,
        beside=bool(more.get("beside")),
        claims=more.get("claims", frozenset()),
    )


def _in_words(name: str, value: Any) -> str:
    if name == "kind":
        with override(GERMAN):
            return "" if value == OrganisationKind.OTHER else str(OrganisationKind(value).label)
    return value.name if isinstance(value, Place | Organisation) else str(value or "")
