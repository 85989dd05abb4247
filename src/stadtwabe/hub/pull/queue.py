"""The queue of pulls."""

from stadtwabe.hub.models import Pull
from stadtwabe.kit.jobs import queue_once

RUN_PULL = "stadtwabe.hub.run_pull"


def defer_pull(pull: Pull) -> None:
    """Queue a run of ``pull``, unless one waits already; two runs of one never overlap."""
    queue_once(RUN_PULL, f"pull-{pull.pk}", pull_id=pull.pk)
