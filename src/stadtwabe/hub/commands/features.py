"""Creating, editing and deleting features of interest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from stadtwabe.hub.commands.announce import announce_change
from stadtwabe.hub.commands.observations import delete_observations
from stadtwabe.hub.commands.values import take
from stadtwabe.hub.geometry import box_of
from stadtwabe.hub.models import Datastream, DatastreamFeature, FeatureOfInterest
from stadtwabe.hub.queries.archive import archived_about
from stadtwabe.kit.actor import Actor
from stadtwabe.people.audit import record
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require

COLUMNS = ("name", "description", "encoding_type", "feature", "properties")


@transaction.atomic
def create_feature_of_interest(
    *, actor: Actor, owner: Party, values: Mapping[str, Any], now: datetime
) -> FeatureOfInterest:
    """Create a feature of interest of ``owner``; ``values`` as in ``COLUMNS``."""
    require(actor, "hub.create_feature_of_interest", owner)
    feature = FeatureOfInterest(owner=owner)
    _fill(feature, values)
    feature.save()
    announce_change()
    record(actor=actor, command="hub.create_feature_of_interest", subject=feature, now=now)
    return feature


@transaction.atomic
def edit_feature_of_interest(
    *, actor: Actor, feature: FeatureOfInterest, values: Mapping[str, Any], now: datetime
) -> FeatureOfInterest:
    """Change a feature of interest; from then on it is no longer the mirror of a location."""
    require(actor, "hub.edit_feature_of_interest", feature)
    changed = _fill(feature, values)
    if "feature" in changed:
        feature.location = None
    feature.save()
    announce_change()
    record(
        actor=actor,
        command="hub.edit_feature_of_interest",
        subject=feature,
        now=now,
        details={"changed": changed},
    )
    return feature


@transaction.atomic
def delete_feature_of_interest(*, actor: Actor, feature: FeatureOfInterest, now: datetime) -> None:
    """Delete a feature and, as the standard wants, the observations of it; one may have to."""
    require(actor, "hub.delete_feature_of_interest", feature)
    observed = DatastreamFeature.objects.filter(feature_id=feature.pk)
    for datastream in Datastream.objects.filter(pk__in=observed.values("datastream_id")):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM hub_observation WHERE datastream_id = %s AND feature_id = %s",
                [datastream.pk, feature.pk],
            )
            ids = [pk for (pk,) in cursor.fetchall()]
        ids += archived_about(datastream.pk, feature.pk)
        delete_observations(actor=actor, datastream=datastream, ids=ids, now=now)
    observed.delete()
    record(
        actor=actor,
        command="hub.delete_feature_of_interest",
        subject=feature,
        now=now,
        details={"name": feature.name},
    )
    feature.delete()
    announce_change()


def _fill(feature: FeatureOfInterest, values: Mapping[str, Any]) -> list[str]:
    changed = take(feature, values, COLUMNS, required=("name", "feature"))
    box = box_of(feature.feature, feature.encoding_type, field="feature")
    feature.min_lon, feature.min_lat, feature.max_lon, feature.max_lat = box or [None] * 4
    return changed
