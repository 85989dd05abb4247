"""The HTTP integration of ChirpStack, version 4, with JSON: ``POST …?event=up``.

https://www.chirpstack.io/docs/chirpstack/integrations/events.html and the definitions in
chirpstack-api (``integration.proto``). Fields with the value 0 may be left out.
"""

from datetime import datetime

import msgspec

from stadtwabe.hub.lorawan.message import (
    Message,
    Reception,
    best,
    check_count,
    check_eui,
    check_time,
    read,
    short,
)


class _Device(msgspec.Struct, rename="camel"):
    dev_eui: str


class _Reception(msgspec.Struct, rename="camel"):
    gateway_id: str = ""
    rssi: float | None = None
    snr: float | None = None


class _Event(msgspec.Struct, rename="camel"):
    device_info: _Device
    time: datetime


class _Uplink(_Event, rename="camel"):
    f_cnt: int = 0
    f_port: int = 0
    data: bytes | None = None
    rx_info: list[_Reception] = []


class _Status(_Event, rename="camel"):
    battery_level: float | None = None
    battery_level_unavailable: bool = False
    external_power_source: bool = False


def read_message(body: bytes, event: str) -> Message:
    """Read the body of an event. Raises BadMessage naming the field."""
    if event == "up":
        return _uplink(read(body, _Uplink))
    if event == "status":
        return _status(read(body, _Status))
    found = read(body, _Event)
    return Message(dev_eui=_eui(found), received_at=_time(found))


def _uplink(found: _Uplink) -> Message:
    heard = best(
        [
            Reception(gateway=short(each.gateway_id), rssi=each.rssi, snr=each.snr)
            for each in found.rx_info
        ]
    )
    return Message(
        dev_eui=_eui(found),
        received_at=_time(found),
        payload=found.data or None,
        f_port=check_count(found.f_port, 255, field="fPort"),
        f_cnt=check_count(found.f_cnt, 2**32 - 1, field="fCnt"),
        rssi=heard.rssi,
        snr=heard.snr,
        gateway=heard.gateway,
    )


def _status(found: _Status) -> Message:
    known = not (found.battery_level_unavailable or found.external_power_source)
    return Message(
        dev_eui=_eui(found),
        received_at=_time(found),
        battery_percent=found.battery_level if known else None,
    )


def _eui(found: _Event) -> str:
    return check_eui(found.device_info.dev_eui, field="deviceInfo.devEui")


def _time(found: _Event) -> datetime:
    return check_time(found.time, field="time")
