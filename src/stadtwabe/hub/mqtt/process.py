"""The service as a process of its own, ended by SIGTERM or Ctrl-C."""

import asyncio
import contextlib
import signal
from typing import Any

from django.conf import settings

from stadtwabe.hub.database import connect_parameters
from stadtwabe.hub.mqtt.broker import Broker
from stadtwabe.hub.mqtt.service import MqttService


def broker_of_settings() -> Broker | None:
    """Return the operator's broker; None without one."""
    known: dict[str, Any] | None = settings.MQTT_BROKER
    return Broker(**known) if known is not None else None


def run() -> None:
    """Run until a signal asks to stop."""
    asyncio.run(_run())


async def _run() -> None:
    broker = broker_of_settings()
    if broker is None:
        return
    service = MqttService(broker, connect_parameters(), root=f"{settings.ADDRESS}/sta/v1.1")
    running = asyncio.ensure_future(service.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running
