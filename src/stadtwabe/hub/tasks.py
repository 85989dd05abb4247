"""The hub's work in the background."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from stadtwabe.hub.commands.uplinks import DECODE_UPLINKS, decode_uplinks, forget_old_uplinks
from stadtwabe.hub.models import Device
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import Conflict


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
