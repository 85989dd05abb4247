"""What a webhook is told, signed so that the receiver can tell it is from us.

After Standard Webhooks 1.0 (standardwebhooks.com): three headers, HMAC-SHA256 over number, time
and body; libraries that check it exist for many languages.
"""

import base64
import hashlib
import hmac
import json
import secrets
from datetime import datetime
from typing import Any

from stadtwabe.hub.alerting.words import advice, headline, sentence
from stadtwabe.hub.models import Alert
from stadtwabe.hub.rules import Occasion

PREFIX = "whsec_"


def draw_secret() -> str:
    """Return a new secret as both sides keep it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_headers(secret: str, number: str, now: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of a message; ``number`` is the same when it is sent again."""
    timestamp = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{number}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return {
        "Content-Type": "application/json",
        "webhook-id": number,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
    }


def message(alert: Alert, occasion: str, *, root: str, now: datetime) -> bytes:
    """Return what is sent; ``root`` is where this installation answers."""
    return json.dumps(
        {
            "type": f"alert.{Occasion(occasion).value}",
            "timestamp": now.isoformat(),
            "data": described(alert, root=root),
        },
        ensure_ascii=False,
    ).encode()


def described(alert: Alert, *, root: str) -> dict[str, Any]:
    """Return an alert as programs read it: webhooks, and whoever else publishes it."""
    rule, stream = alert.rule, alert.rule.datastream
    return {
        "id": alert.pk,
        "rule": {
            "id": rule.pk,
            "name": rule.name,
            "kind": rule.kind,
            "threshold": rule.threshold,
            "clear_at": rule.clear_at,
            "period_minutes": rule.period_minutes,
        },
        "headline": headline(alert),
        "text": sentence(alert),
        "advice": advice(rule),
        "began_at": alert.began_at.isoformat(),
        "ended_at": alert.ended_at.isoformat() if alert.ended_at else None,
        "value": alert.value,
        "extreme": alert.extreme,
        "simulated": stream.thing.is_demo,
        "thing": stream.thing.name,
        "datastream": {
            "id": stream.pk,
            "name": stream.name,
            "units": stream.units,
            "page": root + stream.path,
            "sensorthings": root + stream.sta_path,
        },
    }
