"""Uploaded files, and where their values may go."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from stadtwabe.hub.models import Datastream, Upload
from stadtwabe.hub.queries.stewarding import stewarded
from stadtwabe.hub.queries.visible import datastreams_visible_to
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import NotFound
from stadtwabe.people.models import Party
from stadtwabe.people.rules import Scope


def uploads_of(actor: Actor) -> QuerySet[Upload]:
    """Return the uploads of those parties whose data ``actor`` looks after, newest first."""
    uploads = Upload.objects.select_related(
        "owner__place", "owner__organisation", "owner__network", "created_by"
    )
    if actor.scopes is not None and Scope.DATA not in actor.scopes:
        return uploads.none()
    return stewarded(uploads, actor)


def fillable(actor: Actor, owner: Party | None = None) -> QuerySet[Datastream]:
    """Return the datastreams that one value at a time can be stored in.

    Those of ``owner``; without, of all parties whose data ``actor`` looks after.
    """
    seen = datastreams_visible_to(actor).filter(is_multi=False)
    streams = stewarded(seen, actor) if owner is None else seen.filter(owner=owner)
    return streams.select_related("thing").order_by("thing__name", "name", "pk")


def observation_types(actor: Actor, owner: Party, pks: Collection[int]) -> dict[int, str]:
    """Return the observation type of each of these datastreams of ``owner``.

    Raises NotFound when values cannot go into one of them.
    """
    found = fillable(actor, owner).filter(pk__in=pks)
    types = dict(found.values_list("pk", "observation_type"))
    if types.keys() != set(pks):
        raise NotFound(_("Eine der Messreihen gibt es nicht mehr. Ordnen Sie neu zu."))
    return types
