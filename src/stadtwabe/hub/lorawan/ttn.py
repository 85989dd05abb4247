"""Webhooks of The Things Stack, version 3.

https://www.thethingsindustries.com/docs/integrations/data-formats/ ("Empty fields are omitted":
the first message of a session has no ``f_cnt``).
"""

from datetime import datetime

import msgspec

from stadtwabe.hub.lorawan.message import (
    BadMessage,
    Message,
    Reception,
    best,
    check_count,
    check_eui,
    check_time,
    read,
    short,
)


class _Gateway(msgspec.Struct):
    gateway_id: str = ""


class _Metadata(msgspec.Struct):
    gateway_ids: _Gateway = msgspec.field(default_factory=_Gateway)
    rssi: float | None = None
    snr: float | None = None


class _Battery(msgspec.Struct):
    value: float | None = None


class _Uplink(msgspec.Struct):
    received_at: datetime
    f_port: int = 0
    f_cnt: int = 0
    frm_payload: bytes | None = None
    rx_metadata: list[_Metadata] = []
    last_battery_percentage: _Battery = msgspec.field(default_factory=_Battery)


class _Device(msgspec.Struct):
    dev_eui: str


class _Event(msgspec.Struct):
    end_device_ids: _Device
    received_at: datetime | None = None
    uplink_message: _Uplink | None = None


OTHER_EVENTS = frozenset(
    {
        "join_accept",
        "downlink_ack",
        "downlink_nack",
        "downlink_sent",
        "downlink_failed",
        "downlink_queued",
        "downlink_queue_invalidated",
        "location_solved",
        "service_data",
        "uplink_normalized",
    }
)


def read_message(body: bytes) -> Message:
    """Read the body of a webhook. Raises BadMessage naming the field."""
    event = read(body, _Event)
    dev_eui = check_eui(event.end_device_ids.dev_eui, field="end_device_ids.dev_eui")
    uplink = event.uplink_message
    if uplink is None:
        if not OTHER_EVENTS & read(body, dict[str, msgspec.Raw]).keys():
            raise BadMessage("The field is missing.", field="uplink_message")
        if event.received_at is None:
            raise BadMessage("The field is missing.", field="received_at")
        return Message(
            dev_eui=dev_eui, received_at=check_time(event.received_at, field="received_at")
        )
    heard = best(
        [
            Reception(gateway=short(each.gateway_ids.gateway_id), rssi=each.rssi, snr=each.snr)
            for each in uplink.rx_metadata
        ]
    )
    return Message(
        dev_eui=dev_eui,
        received_at=check_time(uplink.received_at, field="uplink_message.received_at"),
        payload=uplink.frm_payload or None,
        f_port=check_count(uplink.f_port, 255, field="uplink_message.f_port"),
        f_cnt=check_count(uplink.f_cnt, 2**32 - 1, field="uplink_message.f_cnt"),
        rssi=heard.rssi,
        snr=heard.snr,
        gateway=heard.gateway,
        battery_percent=uplink.last_battery_percentage.value,
    )
