"""Numbers of the atlas, always counted, never written down."""

from collections.abc import Mapping

from django.db.models import Count

from stadtwabe.catalog.queries import visible_to
from stadtwabe.catalog.queries.changes import kept_for_visitors
from stadtwabe.kit.actor import Actor


def counts_by_kind(actor: Actor) -> Mapping[str, int]:
    """Return how many things of each kind ``actor`` may see."""
    return kept_for_visitors(actor, "counts by kind", lambda: _counts_by_kind(actor))


def _counts_by_kind(actor: Actor) -> Mapping[str, int]:
    rows = visible_to(actor).order_by().values("kind").annotate(count=Count("pk"))
    return {row["kind"]: row["count"] for row in rows}
