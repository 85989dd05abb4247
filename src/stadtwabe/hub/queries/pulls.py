"""Pulls, for those who look after them."""

from django.db.models import Prefetch, QuerySet

from stadtwabe.hub.models import Pull, PullLog
from stadtwabe.hub.queries.stewarding import stewarded
from stadtwabe.kit.actor import Actor


def pulls_of(actor: Actor) -> QuerySet[Pull]:
    """Return the pulls that have not ended of those parties whose data ``actor`` looks after."""
    running = Pull.objects.filter(ended_at__isnull=True).select_related(
        "owner__place", "owner__organisation", "owner__network"
    )
    return stewarded(running, actor)


def with_last_run(pulls: QuerySet[Pull]) -> QuerySet[Pull]:
    """Return ``pulls``, each with its latest log as ``last`` (a list of one or none)."""
    latest = PullLog.objects.order_by("pull_id", "-started_at", "-pk").distinct("pull_id")
    return pulls.prefetch_related(Prefetch("logs", queryset=latest, to_attr="last"))
