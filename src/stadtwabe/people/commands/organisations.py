"""Organisations: made by editors, for everybody."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict, Invalid
from stadtwabe.kit.visible_text import visible
from stadtwabe.kit.web_address import check_web_address
from stadtwabe.people.audit import record
from stadtwabe.people.commands.parties import party_for_organisation
from stadtwabe.people.models import Organisation
from stadtwabe.people.permissions import require
from stadtwabe.people.queries import organisation_called

FIELDS = frozenset({"name", "short_name", "legal_form", "kind", "seat", "parent", "website"})


@transaction.atomic
def create_organisation(*, actor: Actor, name: str, now: datetime, **fields: Any) -> Organisation:
    """Make an organisation and its party. Raises Conflict when it is there already."""
    require(actor, "people.create_organisation")
    name = _tidy(name)
    if not name:
        raise Invalid(_("Bitte geben Sie einen Namen an."), field="name")
    if known := organisation_called(name):
        raise Conflict(_("„%(name)s“ gibt es schon.") % {"name": known.name}, field="name")
    organisation = Organisation(name=name, slug=_free_slug(name))
    _write(organisation, fields)
    party_for_organisation(organisation)
    record(actor=actor, command="people.create_organisation", subject=organisation, now=now)
    return organisation


@transaction.atomic
def edit_organisation(
    *, actor: Actor, organisation: Organisation, now: datetime, **fields: Any
) -> Organisation:
    """Change what is known of an organisation. Raises Conflict when another one has its name."""
    require(actor, "people.edit_organisation", organisation)
    others = Organisation.objects.exclude(pk=organisation.pk)
    if "name" in fields and others.filter(name__iexact=_tidy(fields["name"])).exists():
        raise Conflict(_("Eine andere Organisation heißt schon so."), field="title")
    _write(organisation, fields)
    record(
        actor=actor,
        command="people.edit_organisation",
        subject=organisation,
        now=now,
        details={"changed": sorted(fields)},
    )
    return organisation


def _write(organisation: Organisation, fields: dict[str, Any]) -> None:
    unknown = set(fields) - FIELDS
    if unknown:
        raise Invalid(_("Diese Angabe gibt es hier nicht."), field=min(unknown))
    for field, value in fields.items():
        setattr(organisation, field, _tidy(value) if isinstance(value, str) else value)
    if organisation.website:
        check_web_address(organisation.website, field="website")
    try:
        organisation.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Invalid(" ".join(messages), field=None if field == "__all__" else field) from error
    organisation.save()


def _tidy(text: str) -> str:
    return " ".join(visible(text).split())


def _free_slug(name: str) -> str:
    stem = slugify(name)[:100] or "organisation"
    slug, count = stem, 1
    while Organisation.objects.filter(slug=slug).exists():
        count += 1
        slug = f"{stem}-{count}"
    return slug
