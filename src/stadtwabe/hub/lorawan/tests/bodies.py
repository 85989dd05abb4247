"""Bodies in the shape that the network servers document, with our own devices and values."""

import base64
import json
from typing import Any

AM103 = bytes.fromhex("01756403671001046871077D1303")
"""A message of an AM103: battery 100 %, 27.2 °C, 56.5 %, 787 ppm."""

EUI = "24E124725C140001"


def ttn_body(
    payload: bytes = AM103,
    *,
    dev_eui: str = EUI,
    f_cnt: int = 4711,
    at: str = "2026-09-22T08:59:58",
) -> dict[str, Any]:
    """https://www.thethingsindustries.com/docs/integrations/data-formats/, uplink message."""
    return {
        "end_device_ids": {
            "device_id": "klassenraum-7a",
            "application_ids": {"application_id": "menden-schulen"},
            "dev_eui": dev_eui,
            "join_eui": "24E124C0002A0001",
            "dev_addr": "260B6D21",
        },
        "correlation_ids": ["as:up:01JD8V7Q4H7C2T3M9E2Q6W1S5K"],
        "received_at": f"{at}.912345678Z",
        "uplink_message": {
            "session_key_id": "AZNS4Wc1u3b9bWb1c6lQzA==",
            "f_port": 85,
            "f_cnt": f_cnt,
            "frm_payload": base64.b64encode(payload).decode(),
            "rx_metadata": [
                {
                    "gateway_ids": {"gateway_id": "menden-rathaus", "eui": "B827EBFFFE000001"},
                    "time": f"{at}.650000Z",
                    "timestamp": 2463457000,
                    "rssi": -97,
                    "channel_rssi": -97,
                    "snr": 7.5,
                    "uplink_token": "CiQKIgoWbWVuZGVu",
                },
                {
                    "gateway_ids": {"gateway_id": "menden-wasserturm"},
                    "rssi": -113,
                    "channel_rssi": -113,
                    "snr": -4.2,
                },
            ],
            "settings": {
                "data_rate": {
                    "lora": {"bandwidth": 125000, "spreading_factor": 7, "coding_rate": "4/5"}
                },
                "frequency": "868300000",
                "timestamp": 2463457000,
            },
            "received_at": f"{at}.700123456Z",
            "consumed_airtime": "0.061696s",
            "network_ids": {"net_id": "000013", "tenant_id": "ttn", "cluster_id": "eu1"},
            "last_battery_percentage": {
                "f_cnt": 4700,
                "value": 81.49606,
                "received_at": "2026-09-22T06:00:00Z",
            },
        },
    }


def chirpstack_body(
    payload: bytes = AM103,
    *,
    dev_eui: str = EUI,
    f_cnt: int = 4711,
    at: str = "2026-09-22T08:59:58",
) -> dict[str, Any]:
    """https://www.chirpstack.io/docs/chirpstack/integrations/events.html, event up."""
    return {
        "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f92021",
        "time": f"{at}.700123456+00:00",
        "deviceInfo": {
            "tenantId": "52f14cd4-c6f1-4fbd-8f87-4025e1d49242",
            "tenantName": "Stadtwerke Menden",
            "applicationId": "17c82e96-be03-4f38-aef3-f83d48582d97",
            "applicationName": "Schulen",
            "deviceProfileId": "14855bf7-d10d-4aee-b618-ebfcb64dc7ad",
            "deviceProfileName": "AM103",
            "deviceName": "Klassenraum 7a",
            "devEui": dev_eui.lower(),
            "tags": {"schule": "Realschule"},
        },
        "devAddr": "00189440",
        "adr": True,
        "dr": 5,
        "fCnt": f_cnt,
        "fPort": 85,
        "confirmed": False,
        "data": base64.b64encode(payload).decode(),
        "rxInfo": [
            {
                "gatewayId": "0016c001f153a14c",
                "uplinkId": 4217106255,
                "rssi": -36,
                "snr": 10.5,
                "context": "E3OWOQ==",
                "metadata": {"region_name": "eu868"},
            }
        ],
        "txInfo": {
            "frequency": 867100000,
            "modulation": {
                "lora": {"bandwidth": 125000, "spreadingFactor": 7, "codeRate": "CR_4_5"}
            },
        },
    }


def text(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()
