"""A child of the tree: `python -m stadtwabe.site.process_tree.child web|worker|mqtt|demo`.

Standard input is a pipe held by the parent. When it closes, the parent is gone, however it
went, and the child stops as if asked to. The web server is started while the database still
starts: it loads everything, then waits for a first byte, the word that the database is there.
"""

import gc
import importlib
import os
import signal
import socket
import sys
import threading
import time
from typing import cast

import django
import uvicorn
from django.urls import get_resolver
from django.utils.module_loading import autodiscover_modules

from stadtwabe.site.process_tree.agreement import GRACE_SECONDS, SOCKET

TURN_SECONDS = 0.001
"""How long a thread keeps the others waiting, such as a file of everything a page; usual: 5 ms.

A page waits its turn after each answer of the database.
"""


def _stop_when_the_parent_is_gone() -> None:
    # Not sys.stdin: its lock would be held by this thread when the interpreter ends.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    # The database goes with the parent, and waiting for it to come back would take for ever.
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def load_pages() -> None:
    """Imports all that pages need, without asking the database; takes longer than it to start."""
    importlib.import_module("stadtwabe.site.asgi")
    get_resolver().url_patterns  # noqa: B018 - made on first use
    # What is loaded stays: no request need wait while it is searched for garbage.
    gc.freeze()


def serve_pages() -> None:
    """Answers requests on the socket inherited from the parent."""
    sys.setswitchinterval(TURN_SECONDS)
    from django.conf import settings  # noqa: PLC0415 - needs DJANGO_SETTINGS_MODULE

    from stadtwabe.site.asgi import let_go  # noqa: PLC0415 - as above

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            await let_go()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        "stadtwabe.site.asgi:application",
        log_level="warning",
        access_log=False,
        proxy_headers=settings.HTTPS,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    listening = socket.socket(fileno=int(os.environ[SOCKET]))
    Server(config).run(sockets=[listening])


def load_tasks() -> None:
    """Imports what a worker may have to do; pages and commands only name the jobs they queue."""
    autodiscover_modules("tasks")


def work() -> None:
    """Does the jobs that pages and commands have deferred, and watches what comes in."""
    load_tasks()
    from procrastinate.contrib.django import app  # noqa: PLC0415 - needs django.setup()
    from procrastinate.contrib.django.django_connector import (  # noqa: PLC0415 - as above
        DjangoConnector,
    )

    from stadtwabe.hub.watching import keep_watching  # noqa: PLC0415 - needs django.setup()

    stop = threading.Event()
    threading.Thread(target=keep_watching, args=[stop], name="watching", daemon=True).start()
    connector = cast("DjangoConnector", app.connector)
    with app.replace_connector(connector.get_worker_connector()) as worker:
        worker.run_worker(concurrency=2, shutdown_graceful_timeout=GRACE_SECONDS)
    stop.set()


def exchange() -> None:
    """Holds the connection to the operator's MQTT broker, or waits for its turn."""
    from stadtwabe.hub.mqtt.process import run  # noqa: PLC0415 - needs django.setup()

    run()


def show() -> None:
    """Loads what is missing of the demo, then ends; pages and jobs go first."""
    from stadtwabe.site.demo.errand import run  # noqa: PLC0415 - needs django.setup()

    os.nice(10)
    run()


def main(role: str) -> None:
    """Runs one child until it is asked to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadtwabe.site.settings")
    django.setup()
    if role == "web":
        load_pages()
        if not os.read(0, 1):
            return
    threading.Thread(target=_stop_when_the_parent_is_gone, daemon=True).start()
    {"web": serve_pages, "worker": work, "mqtt": exchange, "demo": show}[role]()


if __name__ == "__main__":
    main(sys.argv[1])
