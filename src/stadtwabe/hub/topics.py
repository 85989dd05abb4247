"""MQTT: what is published stands where SensorThings says, what comes in below its sender's name.

On the way in the broker has checked the sender and lets each write below its own name only. With
the same topics for both ways everybody who listens would read what devices send to private
datastreams, and could not tell it from what Stadtwabe publishes.
"""

import re
from typing import NamedTuple

VERSION = "v1.1"
INCOMING = "in"
ALERTS = "alerts"
EVERYBODY = "public"
"""Stands in a topic where else the name of an account stands; no account is called so."""

USERNAME = re.compile(r"swd([1-9]\d{0,8})")
_OBSERVATIONS = re.compile(r"(?:(?:Multi)?Datastreams\(([1-9]\d{0,9})\)/)?Observations")


class Unreadable(ValueError):
    """A topic names nothing that could be stored."""


class Destination(NamedTuple):
    """Who has sent, and to which datastream; None: that stands in the message."""

    username: str
    datastream_id: int | None


def username(token_id: int) -> str:
    """Return the account with the broker of a device token."""
    return f"swd{token_id}"


def incoming_topic(
    username: str, datastream_id: int | str, *, is_multi: bool = False, prefix: str = ""
) -> str:
    """Return the topic to which an account sends observations of a datastream."""
    noun = "MultiDatastreams" if is_multi else "Datastreams"
    return f"{prefix}{INCOMING}/{username}/{VERSION}/{noun}({datastream_id})/Observations"


def alert_topic(
    reader: str, datastream_id: int | str, *, is_multi: bool = False, prefix: str = ""
) -> str:
    """Return the topic at which ``reader`` (an account, or EVERYBODY) hears of alerts."""
    noun = "MultiDatastreams" if is_multi else "Datastreams"
    return f"{prefix}{ALERTS}/{reader}/{noun}({datastream_id})"


def incoming_filter(prefix: str) -> str:
    """Return what to subscribe to, to hear of everything that comes in."""
    return f"{prefix}{INCOMING}/+/{VERSION}/#"


def sender_of(topic: str, prefix: str) -> str:
    """Return the account below whose name a topic lies, which the broker has checked."""
    return topic.removeprefix(f"{prefix}{INCOMING}/").partition("/")[0]


def destination_of(topic: str, prefix: str) -> Destination:
    """Return where a message that came to ``topic`` belongs. Raises Unreadable."""
    username, _, rest = topic.removeprefix(f"{prefix}{INCOMING}/").partition(f"/{VERSION}/")
    found = _OBSERVATIONS.fullmatch(rest)
    if found is None:
        raise Unreadable(topic)
    return Destination(username, int(found[1]) if found[1] else None)
