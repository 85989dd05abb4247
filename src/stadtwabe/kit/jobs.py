"""Work for later: jobs of procrastinate, in the same database.

They are written on Django's own connection, so a job is committed together with what it is about,
or not at all.
"""

from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def queue_job(task: str, name: str, **arguments: int) -> None:
    """Queue ``task``; two jobs of one ``name`` never run at once."""
    app.configure_task(task, lock=name, allow_unknown=True).defer(**arguments)


def queue_once(task: str, name: str, **arguments: int) -> None:
    """Queue ``task`` as ``queue_job`` does, unless a job of that ``name`` waits already."""
    job = app.configure_task(task, lock=name, queueing_lock=name, allow_unknown=True)
    # In a savepoint: that one waits already must not undo what the caller has done.
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(**arguments)
