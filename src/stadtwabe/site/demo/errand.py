"""Loading the demo beside the running installation; called by the process tree."""

import sys
import time

from django.db import OperationalError, connection

from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.clock import now
from stadtwabe.site.demo.commands import load_demo
from stadtwabe.site.demo.commands.measurements import send_measurements, set_up_devices

TRIES = 30
PAUSE_SECONDS = 2


def run() -> None:
    """Load what is missing; a database that is being started again is waited for."""
    for tried in range(TRIES):
        try:
            load_demo(actor=SYSTEM, now=now(), say=_say)
            set_up_devices(actor=SYSTEM, now=now())
            sent = send_measurements(actor=SYSTEM, now=now())
            _say(f"{sent} simulated measurements.")
            return
        except OperationalError:
            if tried == TRIES - 1:
                raise
            connection.close()
            time.sleep(PAUSE_SECONDS)


def _say(text: str) -> None:
    sys.stderr.write(f"Demo: {text}\n")
    sys.stderr.flush()
