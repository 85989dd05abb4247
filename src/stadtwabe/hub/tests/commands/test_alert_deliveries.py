"""Webhooks of alerts: signed, guarded, tried again; and the queue that none gets lost in."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings
from procrastinate.contrib.django.models import ProcrastinateJob

from stadtwabe.hub.commands import alert_deliveries
from stadtwabe.hub.commands.alert_deliveries import (
    MOST_ATTEMPTS,
    QUEUED_AGAIN_AFTER,
    deliver_alert,
    queue_deliveries,
)
from stadtwabe.hub.commands.alert_rules import create_alert_rule, webhook_secret_of
from stadtwabe.hub.commands.alerts import watch_alerts
from stadtwabe.hub.models import AlertDelivery, AlertRule
from stadtwabe.hub.tests.factories import make_datastream, make_thing, put_observations
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.posting import Undelivered, post
from stadtwabe.kit.tests.web_server import serving
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def site():
    with serving() as site:
        site.page("/warnung", b"", status=204)
        yield site


@pytest.fixture
def delivery():
    """An alert of which a webhook is to be told."""
    cast = Cast()
    stream = make_datastream(make_thing(cast.menden, "Pegel", is_demo=True), "Wasserstand")
    create_alert_rule(
        actor=SYSTEM,
        datastream=stream,
        values={
            "name": "Hochwasser",
            "kind": "above",
            "threshold": 300,
            "webhook_address": "https://leitstelle.example/warnung",
        },
        now=NOW,
    )
    put_observations(stream, 200, 350, start=NOW)
    watch_alerts(now=NOW + 6 * MINUTE)
    return AlertDelivery.objects.get()


def send_to(address, delivery, *, now=NOW + 6 * MINUTE, allowed=True):
    """One attempt at a server on this machine; the guard lets it pass only when ``allowed``."""
    AlertRule.objects.update(webhook_address=address)
    with override_settings(FETCH_PRIVATE_ADDRESSES=allowed, ADDRESS="https://wabe.example"):
        deliver_alert(delivery_id=delivery.pk, now=now)
    delivery.refresh_from_db()
    return delivery.state


def test_a_webhook_is_told_in_json_and_can_tell_that_it_is_from_us(site, delivery):
    assert send_to(f"{site.address}/warnung", delivery) == "sent"
    ((path, headers, body),) = site.posted
    assert path == "/warnung"
    secret = webhook_secret_of(AlertRule.objects.get())
    assert secret.startswith("whsec_")
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret[len("whsec_") :])
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    told = json.loads(body)
    assert told["type"] == "alert.began"
    assert told["data"]["simulated"] is True
    assert told["data"]["value"] == 350
    assert told["data"]["headline"] == "Wasserstand über 300 °C"
    page = told["data"]["datastream"]["page"]
    assert page.startswith("https://wabe.example/daten/reihen/")
    assert secret not in body.decode()


def test_what_fails_is_tried_again_ever_later_and_given_up_in_the_end(site, delivery):
    site.page("/kaputt", b"", status=503)
    now, pauses = NOW + 6 * MINUTE, []
    for _attempt in range(MOST_ATTEMPTS - 1):
        assert send_to(f"{site.address}/kaputt", delivery, now=now) == "waiting"
        assert send_to(f"{site.address}/kaputt", delivery, now=now) == "waiting"  # not due yet
        pauses.append((delivery.due_at - now) // MINUTE)
        now = delivery.due_at
    assert pauses == [1, 2, 4, 8, 16, 32, 64]
    assert delivery.problem == "Der Server hat mit dem Status 503 geantwortet."
    assert send_to(f"{site.address}/kaputt", delivery, now=now) == "failed"
    assert len(site.posted) == MOST_ATTEMPTS
    numbers = {headers["webhook-id"] for _path, headers, _body in site.posted}
    assert len(numbers) == 1, "the receiver can tell that it is the same message"


def test_an_address_inside_is_refused_at_once_also_behind_a_name(site, delivery):
    port = site.address.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost"):
        AlertDelivery.objects.update(state="waiting", attempts=0)
        assert send_to(f"http://{host}:{port}/warnung", delivery, allowed=False) == "failed"
        assert "internes Netz" in delivery.problem
    assert site.posted == []


def test_a_redirect_leads_nowhere_and_gone_means_never_again(site, delivery):
    site.redirect("/weiter", "/warnung")
    assert send_to(f"{site.address}/weiter", delivery) == "waiting"
    assert delivery.problem == "Der Server hat mit dem Status 302 geantwortet."
    site.page("/weg", b"", status=410)
    assert send_to(f"{site.address}/weg", delivery, now=delivery.due_at) == "failed"
    assert [path for path, _headers, _body in site.posted] == ["/weiter", "/weg"]


def test_a_server_that_hangs_holds_nobody_up(site):
    site.drip("/langsam", headers_too=True)
    begin = time.monotonic()
    with pytest.raises(Undelivered) as caught:
        post(f"{site.address}/langsam", b"{}", {}, seconds=0.3, allowed=lambda _each: True)
    assert time.monotonic() - begin < 2
    assert "Keine Antwort" in str(caught.value)
    with pytest.raises(Undelivered) as caught:
        post("http://127.0.0.1:9/", b"{}", {}, seconds=1, allowed=lambda _each: True)
    assert str(caught.value) == "Der Server ist nicht zu erreichen."


def test_every_due_message_is_queued_once_and_again_when_its_job_is_lost(delivery):
    jobs = ProcrastinateJob.objects.filter(task_name="stadtwabe.hub.deliver_alert")
    now = NOW + 6 * MINUTE
    assert queue_deliveries(now=NOW) == 0
    assert queue_deliveries(now=now) == 1
    assert queue_deliveries(now=now) == 0
    assert queue_deliveries(now=now + QUEUED_AGAIN_AFTER * 2) == 1
    assert jobs.count() == 1, "the job that waits is enough"
    assert jobs.get().args == {"delivery_id": delivery.pk}


def test_a_mail_server_that_refuses_is_asked_again(delivery, monkeypatch):
    user = Cast().users["operator"]
    AlertDelivery.objects.update(channel="mail", recipient=user)
    refuse = OSError("[Errno 111] Connection refused")

    def send(*_args):
        raise refuse

    with monkeypatch.context() as patch:
        patch.setattr(alert_deliveries, "send_mail", send)
        assert send_to("", delivery) == "waiting"
    assert "refused" in delivery.problem
    assert send_to("", delivery, now=delivery.due_at) == "sent"
    assert mail.outbox[0].subject == "Stadtwabe: Wasserstand über 300 °C, Pegel"
    assert "Diese Werte sind simuliert" in mail.outbox[0].body
