"""The queue of pulls: jobs of procrastinate, in the same database."""

from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from stadtwabe.hub.models import Pull

RUN_PULL = "stadtwabe.hub.run_pull"


def defer_pull(pull: Pull) -> None:
    """Queue a run of ``pull``, unless one waits already; two runs of one never overlap."""
    name = f"pull-{pull.pk}"
    task = app.configure_task(RUN_PULL, lock=name, queueing_lock=name, allow_unknown=True)
    # In a savepoint: that one waits already must not undo what the caller has done.
    with suppress(AlreadyEnqueued), transaction.atomic():
        task.defer(pull_id=pull.pk)
