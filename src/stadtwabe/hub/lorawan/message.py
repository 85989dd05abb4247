"""What we take from a webhook, whatever network server it came from."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec

T = TypeVar("T")

EUI = re.compile(r"[0-9A-Fa-f]{16}")
FIELD = re.compile(r"at `\$\.?([^`]*)`")
MISSING = re.compile(r"missing required field `([^`]*)`")


class BadMessage(Exception):
    """A body that is not what the network server's documentation says; ``field`` is the culprit."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Message:
    """One event of a device.

    ``received_at``: when the network server received it (with time zone): the phenomenon time of
    what is measured. ``payload`` is None for events without data of the device (joining, MAC
    commands, status). ``rssi`` (dBm) and ``snr`` (dB) are of the ``gateway`` with the best signal.
    ``battery_percent`` is 0 to 100, if the network server knows it.
    """

    dev_eui: str
    received_at: datetime
    payload: bytes | None = None
    f_port: int = 0
    f_cnt: int = 0
    rssi: float | None = None
    snr: float | None = None
    gateway: str = ""
    battery_percent: float | None = None


@dataclass(frozen=True)
class Reception:
    """How one gateway heard a message."""

    gateway: str = ""
    rssi: float | None = None
    snr: float | None = None


def read(body: bytes, shape: type[T]) -> T:
    """Decode JSON into ``shape``; raises BadMessage naming the field that is missing or wrong."""
    try:
        # As text first: fields that we skip must be UTF-8, too, for the body is kept as text.
        return msgspec.json.decode(body.decode(), type=shape)
    except RecursionError:
        raise BadMessage("The JSON is nested too deeply.") from None
    except msgspec.ValidationError as error:
        raise BadMessage(str(error), field=_field(str(error))) from None
    except msgspec.DecodeError as error:
        raise BadMessage(f"This is no JSON: {error}") from None
    except UnicodeDecodeError:
        raise BadMessage("The body is not UTF-8.") from None


def check_eui(text: str, *, field: str) -> str:
    """Return a DevEUI in capitals; raises BadMessage when it is none."""
    if not EUI.fullmatch(text):
        raise BadMessage("A DevEUI has 16 hexadecimal digits.", field=field)
    return text.upper()


def check_time(time: datetime, *, field: str) -> datetime:
    """Return ``time``; raises BadMessage when it has no time zone."""
    if time.tzinfo is None:
        raise BadMessage("The time has no time zone.", field=field)
    return time


def check_count(number: int, most: int, *, field: str) -> int:
    """Return ``number``; raises BadMessage unless it is between 0 and ``most``."""
    if not 0 <= number <= most:
        raise BadMessage(f"Expected a number between 0 and {most}.", field=field)
    return number


def best(receptions: list[Reception]) -> Reception:
    """Return the reception with the strongest signal."""
    heard = [each for each in receptions if each.rssi is not None]
    if not heard:
        return receptions[0] if receptions else Reception()
    return max(heard, key=lambda each: each.rssi or 0)


def short(text: str) -> str:
    """Return a name that fits and that a database can hold."""
    return text.replace("\x00", "")[:100]


def _field(problem: str) -> str:
    at = FIELD.search(problem)
    missing = MISSING.search(problem)
    return ".".join(part for part in (at and at[1], missing and missing[1]) if part)
