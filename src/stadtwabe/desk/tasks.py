"""The desk's work in the background."""

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app

from stadtwabe.desk.queue import READ_DOCUMENT
from stadtwabe.desk.reading import read_document
from stadtwabe.evidence.commands.links import check_links
from stadtwabe.evidence.models import Document
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.clock import now

logger = logging.getLogger(__name__)

DEAD_AFTER_SECONDS = 20
"""A worker that has not been heard of for so long is dead; it reports every 10 seconds."""


@app.task(name=READ_DOCUMENT)
def read_document_job(document_id: int) -> None:
    """Read one document; one that is gone meanwhile is nothing to do."""
    document = Document.objects.select_related("owner").filter(pk=document_id).first()
    if document is not None:
        read_document(document=document, now=now())


@app.periodic(cron="* * * * * */15")
@app.task(
    name="stadtwabe.desk.retry_jobs_of_dead_workers",
    queueing_lock="retry_jobs_of_dead_workers",
    pass_context=True,
)
async def retry_jobs_of_dead_workers(context: JobContext, timestamp: int) -> None:
    """Queue the jobs again whose worker died; each of ours may be done twice without harm."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS):
        logger.warning("Job %s of a dead worker is queued again", job.id)
        await manager.retry_job(job)


@app.periodic(cron="17 * * * *")
@app.task(name="stadtwabe.desk.check_links", queueing_lock="check_links")
def check_links_job(timestamp: int) -> None:
    """Look whether named addresses still answer: each once a week, at most fifty an hour."""
    check_links(actor=SYSTEM, now=now())
