"""The simulated devices go on sending while the demo runs."""

from datetime import timedelta

from django.conf import settings
from procrastinate.contrib.django import app

from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.clock import now
from stadtwabe.site.demo.commands.measurements import send_measurements
from stadtwabe.site.demo.simulation import EVERY_NOW


@app.periodic(cron="* * * * *")
@app.task(name="stadtwabe.site.demo.send_measurements", queueing_lock="send_measurements")
def send_measurements_job(timestamp: int) -> None:
    """Store what the devices have sent since the last time; only in the demo."""
    if settings.DEMO:
        send_measurements(actor=SYSTEM, now=now(), every=EVERY_NOW, history=timedelta(hours=1))
