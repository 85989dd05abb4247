"""The hub's work in the background."""

import logging

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from stadtwabe.hub.commands.alert_deliveries import DELIVER_ALERT, deliver_alert
from stadtwabe.hub.commands.archive import archive_old, month_before, sweep_archive
from stadtwabe.hub.commands.harvests import due_harvests, run_harvest
from stadtwabe.hub.commands.pulls import due_pulls, run_pull
from stadtwabe.hub.commands.retention import delete_expired
from stadtwabe.hub.commands.uplinks import DECODE_UPLINKS, decode_uplinks, forget_old_uplinks
from stadtwabe.hub.commands.uploads import forget_old_uploads, store_upload
from stadtwabe.hub.harvest.queue import RUN_HARVEST, defer_harvest
from stadtwabe.hub.models import Device, Harvest, Pull, Upload
from stadtwabe.hub.pull.queue import RUN_PULL, defer_pull
from stadtwabe.hub.uploading import STORE_UPLOAD
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import Conflict

logger = logging.getLogger(__name__)


@app.task(
    name=DECODE_UPLINKS,
    retry=RetryStrategy(max_attempts=10, exponential_wait=2, retry_exceptions={Conflict}),
)
def decode_uplinks_job(device_id: int) -> None:
    """Decode what waits of one device; one that is gone meanwhile is nothing to do."""
    device = Device.objects.select_related("codec").filter(pk=device_id).first()
    if device is not None:
        decode_uplinks(device=device, now=now())


@app.periodic(cron="41 3 * * *")
@app.task(name="stadtwabe.hub.forget_old_uplinks", queueing_lock="forget_old_uplinks")
def forget_old_uplinks_job(timestamp: int) -> None:
    """Delete messages of radio devices that were decoded long ago, every night."""
    forget_old_uplinks(now=now())


@app.task(name=RUN_HARVEST)
def run_harvest_job(harvest_id: int) -> None:
    """Ask one source; one that is ended or running meanwhile is nothing to do."""
    harvest = Harvest.objects.filter(pk=harvest_id, ended_at__isnull=True).first()
    if harvest is None:
        return
    try:
        run_harvest(actor=SYSTEM, harvest=harvest, now=now())
    except Conflict:
        logger.info("Harvest %s is running already", harvest_id)


@app.periodic(cron="7 * * * *")
@app.task(name="stadtwabe.hub.queue_due_harvests", queueing_lock="queue_due_harvests")
def queue_due_harvests(timestamp: int) -> None:
    """Queue the sources whose time has come."""
    for harvest in due_harvests(now=now()):
        defer_harvest(harvest)


@app.task(name=DELIVER_ALERT)
def deliver_alert_job(delivery_id: int) -> None:
    """Tell one recipient of an alert; what fails is due again by its row, not by this job."""
    deliver_alert(delivery_id=delivery_id, now=now())


@app.task(
    name=STORE_UPLOAD,
    retry=RetryStrategy(max_attempts=10, exponential_wait=2, retry_exceptions={Conflict}),
)
def store_upload_job(upload_id: int) -> None:
    """Store the values of one file; one that is deleted meanwhile is nothing to do."""
    upload = Upload.objects.select_related("owner", "created_by").filter(pk=upload_id).first()
    if upload is not None:
        store_upload(upload=upload, clock=now)


@app.periodic(cron="47 3 * * *")
@app.task(name="stadtwabe.hub.forget_old_uploads", queueing_lock="forget_old_uploads")
def forget_old_uploads_job(timestamp: int) -> None:
    """Delete files that were uploaded long ago, every night."""
    forget_old_uploads(now=now())


@app.task(name=RUN_PULL)
def run_pull_job(pull_id: int) -> None:
    """Ask one address; one that is paused, ended or running meanwhile is nothing to do."""
    pull = Pull.objects.filter(pk=pull_id, paused_at__isnull=True, ended_at__isnull=True).first()
    if pull is not None:
        run_pull(pull=pull, now=now())


@app.periodic(cron="* * * * *")
@app.task(name="stadtwabe.hub.queue_due_pulls", queueing_lock="queue_due_pulls")
def queue_due_pulls(timestamp: int) -> None:
    """Queue the addresses whose time has come, every minute."""
    for pull in due_pulls(now=now()):
        defer_pull(pull)


@app.periodic(cron="19 1 * * *")
@app.task(name="stadtwabe.hub.delete_expired", queueing_lock="delete_expired")
def delete_expired_job(timestamp: int) -> None:
    """Delete observations that are older than their owner wants to keep them, every night."""
    delete_expired(actor=SYSTEM, now=now())


@app.periodic(cron="47 1 * * *")
@app.task(name="stadtwabe.hub.archive_old", queueing_lock="archive_old")
def archive_old_job(timestamp: int) -> None:
    """Move old observations into the archive, if that is set; tidy the archive up in any case."""
    if settings.ARCHIVE_AFTER_MONTHS:
        before = month_before(now(), settings.ARCHIVE_AFTER_MONTHS)
        archive_old(actor=SYSTEM, before=before, now=now())
    sweep_archive(actor=SYSTEM)
