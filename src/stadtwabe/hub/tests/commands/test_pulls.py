"""Fetching values: from the answer of a real server to stored observations."""

import ipaddress
import json
import logging
from datetime import timedelta
from typing import Any

import pytest

from stadtwabe.hub.commands.pulls import (
    create_pull,
    due_pulls,
    edit_pull,
    end_pull,
    pause_pull,
    resume_pull,
    run_pull,
    secret_of,
)
from stadtwabe.hub.models import Observation, PullLog
from stadtwabe.hub.pull.asking import MOST_BYTES, TYPES
from stadtwabe.hub.tests.factories import make_datastream, make_thing
from stadtwabe.kit.errors import Invalid, NotAllowed, NotFound
from stadtwabe.kit.fetch import fetch
from stadtwabe.kit.tests.web_server import serving
from stadtwabe.people.models import AuditEntry
from stadtwabe.people.tests.factories import NOW, Cast

LOCAL = ipaddress.ip_address("127.0.0.1")
SECRET = "streng-geheim-42"


def get(address, headers):
    """Fetch as a pull does, with connections to 127.0.0.1 allowed."""
    return fetch(
        address,
        limit_bytes=MOST_BYTES,
        types=TYPES,
        seconds=3,
        is_interface=True,
        headers=headers,
        allowed=lambda each: each == LOCAL,
    )


def run(pull, now=NOW, get=get):
    log = run_pull(pull=pull, now=now, get=get)
    assert log is not None
    return log


class Town:
    def __init__(self) -> None:
        self.cast = Cast()
        self.actor = self.cast.actor("steward")
        self.stream = make_datastream(make_thing(self.cast.menden, "Station"))

    def values(self, address, **more):
        return {
            "name": "Wetterdienst",
            "address": address,
            "header_name": "X-API-Key",
            "every": 15,
            "records": "$.data[*]",
            "time": "$.at",
            "zone": "UTC",
            **more,
        }

    def create(self, address="https://elsewhere.example/v1", **more):
        given: dict[str, Any] = {"actor": self.actor, "owner": self.cast.menden, "secret": SECRET}
        given |= more
        values = self.values(**{"address": address, **given.pop("values", {})})
        streams = given.pop("streams", {self.stream.pk: "$.temp"})
        return create_pull(values=values, streams=streams, now=NOW, **given)


@pytest.fixture
def town(db):
    return Town()


def answer(*temperatures):
    records = [
        {"at": f"2026-11-22T{hour:02}:00Z", "temp": temp} for hour, temp in enumerate(temperatures)
    ]
    return json.dumps({"data": records}).encode()


def test_values_are_fetched_stored_once_and_asked_for_under_a_condition(transactional_db, caplog):
    caplog.set_level(logging.DEBUG)
    town, later = Town(), NOW + timedelta(minutes=15)
    with serving() as site:
        pull = town.create(f"{site.address}/v1")
        site.page("/v1", answer(1.5, "zwei", 2.5), media_type="application/json", ETag='"1"')
        log = run(pull)
        assert (log.stored, log.refused, log.failure) == (2, 1, "")
        assert log.problems[0]["path"] == "$['data'][1]['temp']"
        assert (pull.etag, pull.next_at) == ("", later), "with a problem it is asked for again"
        log = run(pull, later)
        assert (log.stored, log.repeated) == (0, 2)

        heard = []
        site.page("/v1", answer(1.5, 7.5), media_type="application/json", ETag='"2"')
        told = site.pages["/v1"]

        def tell(handler):
            heard.append(handler.headers)
            told(handler)

        site.pages["/v1"] = tell
        assert run(pull, later).stored == 1
        assert run(pull, later).is_unchanged
        assert heard[1]["If-None-Match"] == '"2"'
        assert heard[0]["X-API-Key"] == SECRET
    assert Observation.objects.count() == 3
    kept = json.dumps([entry.details for entry in AuditEntry.objects.all()])
    logs = json.dumps([[log.failure, log.problems] for log in PullLog.objects.all()])
    assert SECRET not in kept + logs + caplog.text


@pytest.mark.parametrize(
    ("status", "media_type", "body", "why"),
    [
        (500, "application/json", b"{}", "Fehler 500"),
        (403, "application/json", b"{}", "Fehler 403"),
        (200, "text/html", b"<p>", "kein JSON"),
        (200, "application/json", b'{"data": [', "kein JSON"),
        (200, "application/json", b" " * (MOST_BYTES + 1), "größer als 2 MB"),
    ],
)
def test_what_goes_wrong_is_told_and_asked_less_often(town, status, media_type, body, why):
    with serving() as site:
        pull = town.create(f"{site.address}/v1")
        site.page("/v1", body, media_type=media_type, status=status)
        log = run(pull)
    assert why in log.failure
    assert (pull.failures, pull.next_at) == (1, NOW + timedelta(minutes=30))


def test_pauses_grow_to_a_day_and_end_with_the_first_success(town):
    def nothing(_address, _headers):
        return fetch("http://127.0.0.1:1/", limit_bytes=1, is_interface=True)

    pull = town.create()
    for _run in range(12):
        log = run(pull, get=nothing)
    assert "internes Netz" in log.failure
    assert pull.next_at == NOW + timedelta(days=1)
    assert due_pulls(now=NOW) == []
    assert due_pulls(now=NOW + timedelta(days=1)) == [pull]
    assert due_pulls(now=NOW - timedelta(days=400)) == [pull], "a clock that leapt ahead and back"
    resume_pull(actor=town.actor, pull=pull, now=NOW)
    assert due_pulls(now=NOW) == [pull]


def test_paused_and_ended_ones_are_not_asked(town):
    pull = town.create()
    pause_pull(actor=town.actor, pull=pull, now=NOW)
    assert due_pulls(now=NOW) == []
    end_pull(actor=town.actor, pull=pull, now=NOW)
    assert (pull.header_secret, run_pull(pull=pull, now=NOW, get=get)) == ("", None)


def test_the_secret_goes_to_no_other_server(town):
    pull = town.create()
    given = {"actor": town.actor, "pull": pull, "streams": {town.stream.pk: "$.t"}, "now": NOW}
    edit_pull(values=town.values("https://elsewhere.example/v2"), **given)
    assert secret_of(pull) == SECRET
    edit_pull(values=town.values("https://evil.example/v2"), **given)
    assert pull.header_secret == ""


def test_a_series_that_has_gone_to_another_town_gets_nothing_any_more(town):
    pull = town.create()
    type(town.stream).objects.filter(pk=town.stream.pk).update(owner=town.cast.beckum)
    with serving() as site:
        site.page("/v1", answer(1.5), media_type="application/json")
        pull.address = f"{site.address}/v1"
        log = run(pull)
    assert "gibt es nicht mehr" in log.failure
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"address": "ftp://x.example"}, "address"),
        ({"address": "https://me:pass@x.example"}, "address"),
        ({"name": " "}, "name"),
        ({"records": "data"}, "records"),
        ({"time": "$["}, "time"),
        ({"header_name": "Host"}, "header_name"),
        ({"header_name": "X\r\nY"}, "header_name"),
        ({"every": 1}, "every"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_field(town, values, field):
    with pytest.raises(Invalid) as caught:
        town.create(values=values)
    assert caught.value.field == field


def test_only_stewards_and_only_into_their_own_series(town):
    for name in ("editor", "foreign_steward", "visitor"):
        with pytest.raises(NotAllowed):
            town.create(actor=town.cast.actor(name))
    foreign = make_datastream(make_thing(town.cast.beckum, "Fremd"))
    with pytest.raises(NotFound):
        town.create(streams={foreign.pk: "$.temp"})
    with pytest.raises(Invalid, match="mindestens"):
        town.create(streams={})
