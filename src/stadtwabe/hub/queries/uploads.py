"""Uploaded files, and where their values may go."""

from django.db.models import QuerySet

from stadtwabe.hub.models import Datastream, Upload
from stadtwabe.hub.queries.visible import datastreams_visible_to
from stadtwabe.kit.actor import Actor
from stadtwabe.people.models import Party
from stadtwabe.people.rules import Role


def uploads_of(actor: Actor) -> QuerySet[Upload]:
    """Return the uploads of those parties whose data ``actor`` looks after, newest first."""
    uploads = Upload.objects.select_related(
        "owner__place", "owner__organisation", "owner__network", "created_by"
    )
    if actor.is_operator:
        return uploads
    return uploads.filter(owner__in=actor.parties_with(Role.STEWARD))


def fillable(actor: Actor, owner: Party) -> QuerySet[Datastream]:
    """Return the datastreams of ``owner`` that one value at a time can be stored in."""
    streams = datastreams_visible_to(actor).filter(owner=owner, is_multi=False)
    return streams.select_related("thing").order_by("thing__name", "name", "pk")
