"""What an actor may see of the catalogue of data; every way out starts here."""

from datetime import datetime

from django.db.models import Max, Prefetch, Q, QuerySet

from stadtwabe.catalog.queries import visible_to
from stadtwabe.catalog.queries.cards import see_all
from stadtwabe.hub.models import Dataset, Datastream, Distribution, Harvest, HarvestLog
from stadtwabe.hub.queries.stewarding import stewarded
from stadtwabe.hub.queries.visible import datastreams_visible_to
from stadtwabe.kit.actor import Actor

SHOWN = "shown"
"""The attribute of a dataset that holds the distributions which the actor may see."""


def datasets_visible_to(actor: Actor) -> QuerySet[Dataset]:
    """Return the datasets that ``actor`` may see, withdrawn ones not among them."""
    return Dataset.objects.filter(card__in=visible_to(actor))


def distributions_visible_to(actor: Actor) -> QuerySet[Distribution]:
    """Return the distributions of visible datasets; datastreams only if they are visible too."""
    return _seen(actor).filter(dataset__in=datasets_visible_to(actor))


def with_distributions(datasets: QuerySet[Dataset], actor: Actor) -> QuerySet[Dataset]:
    """Return ``datasets`` with all that describes them, the distributions as ``dataset.shown``."""
    shown = _seen(actor).select_related("datastream__state")
    return datasets.select_related(
        "card",
        "place",
        "harvest",
        "publisher__place",
        "publisher__network",
        "publisher__organisation",
    ).prefetch_related(Prefetch("distributions", queryset=shown, to_attr=SHOWN))


def changed_at(actor: Actor) -> datetime | None:
    """Return when anything last changed in what ``actor`` sees of the catalogue.

    Tombstones count, and things whose datastreams are offered.
    """
    relevant = Q(kind="dataset") | Q(hub_thing__datastreams__distributions__isnull=False)
    found = see_all(actor).filter(relevant).aggregate(latest=Max("changed_at"))["latest"]
    return found if isinstance(found, datetime) else None


def harvests_of(actor: Actor) -> QuerySet[Harvest]:
    """Return the running harvests that ``actor`` answers for."""
    harvests = Harvest.objects.filter(ended_at__isnull=True).select_related(
        "owner__place", "owner__network", "owner__organisation"
    )
    return stewarded(harvests, actor)


def _seen(actor: Actor) -> QuerySet[Distribution]:
    return Distribution.objects.filter(
        Q(datastream__isnull=True) | Q(datastream__in=datastreams_visible_to(actor))
    )


def offerable(actor: Actor, dataset: Dataset) -> QuerySet[Datastream]:
    """Return the datastreams that ``dataset`` may come to offer: its owner's, not in it yet."""
    return (
        datastreams_visible_to(actor)
        .filter(owner=dataset.owner)
        .exclude(distributions__dataset=dataset)
        .select_related("thing")
        .order_by("thing__name", "name", "pk")
    )


def with_last_log(harvests: QuerySet[Harvest]) -> QuerySet[Harvest]:
    """Return ``harvests`` by name, each with its latest log as ``last`` (a list of one or none)."""
    latest = HarvestLog.objects.order_by("harvest_id", "-started_at", "-pk").distinct("harvest_id")
    return harvests.order_by("name", "pk").prefetch_related(
        Prefetch("logs", queryset=latest, to_attr="last")
    )
