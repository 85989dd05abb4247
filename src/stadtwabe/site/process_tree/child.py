"""A child of the tree: `python -m stadtwabe.site.process_tree.child web|worker|demo`.

Standard input is a pipe held by the parent. When it closes, the parent is gone, however it
went, and the child stops as if asked to.
"""

import os
import signal
import socket
import sys
import threading
import time
from typing import cast

import django
import uvicorn

GRACE_SECONDS = 8
"""For requests and jobs under way when the child is asked to stop."""

HEALTH = "/-/health"
"""Answered by the router itself, without Django and database."""

SOCKET = "STADTWABE_CHILD_SOCKET"
"""Number of the inherited listening socket; between parent and child only."""


def _stop_when_the_parent_is_gone() -> None:
    # Not sys.stdin: its lock would be held by this thread when the interpreter ends.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    # The database goes with the parent, and waiting for it to come back would take for ever.
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def serve_pages() -> None:
    """Answers requests on the socket inherited from the parent."""
    from django.conf import settings  # noqa: PLC0415 - needs DJANGO_SETTINGS_MODULE

    config = uvicorn.Config(
        "stadtwabe.site.asgi:application",
        log_level="warning",
        access_log=False,
        proxy_headers=settings.HTTPS,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    listening = socket.socket(fileno=int(os.environ[SOCKET]))
    uvicorn.Server(config).run(sockets=[listening])


def work() -> None:
    """Does the jobs that pages and commands have deferred."""
    from procrastinate.contrib.django import app  # noqa: PLC0415 - needs django.setup()
    from procrastinate.contrib.django.django_connector import (  # noqa: PLC0415 - as above
        DjangoConnector,
    )

    connector = cast("DjangoConnector", app.connector)
    with app.replace_connector(connector.get_worker_connector()) as worker:
        worker.run_worker(concurrency=2, shutdown_graceful_timeout=GRACE_SECONDS)


def show() -> None:
    """Loads what is missing of the demo, then ends; pages and jobs go first."""
    from stadtwabe.site.demo.errand import run  # noqa: PLC0415 - needs django.setup()

    os.nice(10)
    run()


def main(role: str) -> None:
    """Runs one child until it is asked to stop."""
    threading.Thread(target=_stop_when_the_parent_is_gone, daemon=True).start()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadtwabe.site.settings")
    django.setup()
    {"web": serve_pages, "worker": work, "demo": show}[role]()


if __name__ == "__main__":
    main(sys.argv[1])
