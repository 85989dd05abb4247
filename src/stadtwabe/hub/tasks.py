"""The hub's work in the background."""

import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from stadtwabe.hub.commands.harvests import due_harvests, run_harvest
from stadtwabe.hub.commands.uplinks import DECODE_UPLINKS, decode_uplinks, forget_old_uplinks
from stadtwabe.hub.harvest.queue import RUN_HARVEST, defer_harvest
from stadtwabe.hub.models import Device, Harvest
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
