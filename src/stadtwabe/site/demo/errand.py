"""Loading the demo beside the running installation; called by the process tree."""

import sys
import time

from django.db import OperationalError, connection

from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.clock import now
from stadtwabe.site.demo.commands import load_demo

TRIES = 30
PAUSE_SECONDS = 2


def run() -> None:
    """Load what is missing; a database that is being started again is waited for."""
    for tried in range(TRIES):
        try:
            load_demo(actor=SYSTEM, now=now(), say=_say)
            return
        except OperationalError:
            if tried == TRIES - 1:
                raise
            connection.close()
            time.sleep(PAUSE_SECONDS)


def _say(text: str) -> None:
    sys.stderr.write(f"Demo: {text}\n")
    sys.stderr.flush()
