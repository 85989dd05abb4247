"""What an actor may see of the hub. Every way out starts here.

A thing and a datastream are seen by their audience; everything else through one of those, or by
its own owner. Operators see all.
"""

from typing import TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.models import (
    Datastream,
    DatastreamFeature,
    FeatureOfInterest,
    HistoricalLocation,
    Location,
    Observation,
    ObservedProperty,
    Sensor,
    Thing,
)
from stadtwabe.hub.queries.archive import archived_observation
from stadtwabe.kit.actor import Actor

M = TypeVar("M", Thing, Datastream)


def things_visible_to(actor: Actor) -> QuerySet[Thing]:
    """Return the things that ``actor`` may see."""
    return _by_audience(Thing, actor)


def datastreams_visible_to(actor: Actor) -> QuerySet[Datastream]:
    """Return the datastreams and multi-datastreams that ``actor`` may see."""
    return _by_audience(Datastream, actor)


def locations_visible_to(actor: Actor) -> QuerySet[Location]:
    """Return the locations where a visible thing is or was."""
    now_there = Location.things.through.objects.filter(
        location=OuterRef("pk"), thing__in=things_visible_to(actor)
    )
    once_there = HistoricalLocation.locations.through.objects.filter(
        location=OuterRef("pk"), historicallocation__thing__in=things_visible_to(actor)
    )
    return _own_or(Location, actor, Q(Exists(now_there)) | Q(Exists(once_there)))


def historical_locations_visible_to(actor: Actor) -> QuerySet[HistoricalLocation]:
    """Return where visible things have been."""
    return HistoricalLocation.objects.filter(thing__in=things_visible_to(actor))


def sensors_visible_to(actor: Actor) -> QuerySet[Sensor]:
    """Return the sensors of visible datastreams."""
    of_datastream = datastreams_visible_to(actor).filter(sensor=OuterRef("pk"))
    return _own_or(Sensor, actor, Q(Exists(of_datastream)))


def observed_properties_visible_to(actor: Actor) -> QuerySet[ObservedProperty]:
    """Return what visible datastreams measure."""
    single = datastreams_visible_to(actor).filter(observed_property=OuterRef("pk"))
    multi = datastreams_visible_to(actor).filter(
        ordered_properties__observed_property=OuterRef("pk")
    )
    return _own_or(ObservedProperty, actor, Q(Exists(single)) | Q(Exists(multi)))


def features_visible_to(actor: Actor) -> QuerySet[FeatureOfInterest]:
    """Return what observations of visible datastreams are about."""
    observed = DatastreamFeature.objects.filter(
        feature_id=OuterRef("pk"), datastream_id__in=datastreams_visible_to(actor).values("pk")
    )
    return _own_or(FeatureOfInterest, actor, Q(Exists(observed)))


def observations_visible_to(actor: Actor) -> QuerySet[Observation]:
    """Return the observations of visible datastreams."""
    if actor.is_operator:
        return Observation.objects.all()
    return Observation.objects.filter(datastream_id__in=datastreams_visible_to(actor).values("pk"))


def observation_visible_to(actor: Actor, pk: int) -> Observation | None:
    """Return an observation of a visible datastream, out of the archive if it lies there."""
    found = observations_visible_to(actor).filter(pk=pk).first() or archived_observation(pk)
    if found is None or not datastreams_visible_to(actor).filter(pk=found.datastream_id).exists():
        return None
    return found


def _by_audience(model: type[M], actor: Actor) -> QuerySet[M]:
    rows: QuerySet[M] = model._default_manager.all()
    if actor.is_operator:
        return rows
    allowed = Q(audience=Audience.PUBLIC)
    if actor.audiences:
        column = f"{model._meta.model_name}_id"
        of_networks = model.networks.through._default_manager.filter(
            **{column: OuterRef("pk")}, network_id__in=sorted(actor.audiences)
        )
        allowed |= Q(Exists(of_networks), audience=Audience.NETWORKS)
    if actor.party_ids:
        allowed |= Q(owner__in=sorted(actor.party_ids))
    return rows.filter(allowed)


R = TypeVar("R", bound=models.Model)


def _own_or(model: type[R], actor: Actor, through: Q) -> QuerySet[R]:
    rows: QuerySet[R] = model._default_manager.all()
    if actor.is_operator:
        return rows
    return rows.filter(Q(owner__in=sorted(actor.party_ids)) | through)
