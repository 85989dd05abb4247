"""Alerts for programs and lamps: what is due in the table of messages is published.

The table is the truth: a message is written there with the alert, and counts as sent when the
broker has confirmed it. What is in between is published again, with the same id.
"""

import asyncio
from collections.abc import Sequence
from functools import partial

from django.conf import settings

from stadtwabe.hub.commands.alert_topics import Due, due_messages, note_message
from stadtwabe.hub.mqtt.broker import Connection
from stadtwabe.hub.mqtt.database import DjangoThread
from stadtwabe.kit.clock import now

LOOK_SECONDS = 5.0
"""Without a word from the database: quiet hours end, and attempts are due again."""


class Alerts:
    """Publishes alerts; ``hear`` wakes it."""

    def __init__(self, *, prefix: str) -> None:
        self._prefix = prefix
        self._arrived = asyncio.Event()
        self._database = DjangoThread("mqtt-alerts")

    def hear(self) -> None:
        """Take that there may be something; called in the loop."""
        self._arrived.set()

    async def run(self, connection: Connection) -> None:
        """Publish until cancelled. Raises BrokerAway; what was not confirmed stays due."""
        while True:
            while await self._publish_due(connection):
                pass
            try:
                await asyncio.wait_for(self._arrived.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue
            finally:
                self._arrived.clear()

    async def close(self) -> None:
        """Let go of the database."""
        await self._database.close()

    async def _publish_due(self, connection: Connection) -> bool:
        """Publish what is due one by one, so that each is known to have arrived or not."""
        due: Sequence[Due] = await self._database.run(
            lambda: due_messages(prefix=self._prefix, root=settings.ADDRESS, now=now())
        )
        for message in due:
            denied = await connection.publish_one(message.topic, message.payload)
            note = partial(note_message, message.delivery_id, problem=denied, now=now())
            await self._database.run(note)
        return bool(due)
