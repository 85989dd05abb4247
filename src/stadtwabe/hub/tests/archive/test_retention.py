"""Keeping values for some days only: a preview, then deletion from table and archive alike."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from stadtwabe.hub.commands.retention import delete_expired, set_retention
from stadtwabe.hub.models import Datastream, DatastreamState
from stadtwabe.hub.queries.retention import expiring
from stadtwabe.hub.tests.archive.world import EVERY, START, archive, ask, fill_stream, rows
from stadtwabe.hub.tests.factories import make_datastream, make_thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.errors import Invalid, NotAllowed
from stadtwabe.people.models import AuditEntry
from stadtwabe.people.tests.factories import Cast

pytestmark = pytest.mark.django_db
NOW = START + 700 * EVERY


def test_the_preview_says_what_the_night_deletes(client: Client) -> None:
    cast = Cast()
    stream = make_datastream(make_thing(cast.menden))
    other = make_datastream(make_thing(cast.menden))
    fill_stream(stream)
    fill_stream(other)
    archive()
    for number in (3, 400):  # brought back into the table by late data
        at = START + number * EVERY
        rows("INSERT INTO hub_observation (id, datastream_id, phenomenon_time, result)"
             " SELECT id, %s, %s, 1 FROM hub_observation LIMIT 1", stream.pk, at)  # fmt: skip
    stream = Datastream.objects.get(pk=stream.pk)
    preview = expiring(stream, days=40, now=NOW)
    midnight = datetime(2026, 4, 19, 22, tzinfo=UTC)  # in Germany
    assert preview.until == midnight
    assert preview.count == -(-(midnight - START) // EVERY)
    assert (preview.count + preview.left, preview.first) == (700, START)

    assert delete_expired(actor=SYSTEM, now=NOW) == 0
    stranger, steward = cast.actor("foreign_steward"), cast.actor("steward")
    with pytest.raises(NotAllowed):
        set_retention(actor=stranger, datastream=stream, days=40, now=NOW)
    with pytest.raises(Invalid):
        set_retention(actor=steward, datastream=stream, days=0, now=NOW)
    set_retention(actor=steward, datastream=stream, days=40, now=NOW)
    assert delete_expired(actor=SYSTEM, now=NOW) == preview.count
    assert delete_expired(actor=SYSTEM, now=NOW) == 0
    state = DatastreamState.objects.get(pk=stream.pk)
    assert state.observation_count == preview.left
    assert state.first_time == START + preview.count * EVERY >= midnight
    left = ask(SYSTEM, f"Datastreams({stream.pk})/Observations", count="true", top=1000)
    assert len(left["value"]) == left["@iot.count"] == preview.left
    rows("SELECT hub_roll_up(100000)")
    counted = "SELECT sum(n) FROM hub_hour WHERE datastream_id = %s"
    assert rows(counted, stream.pk) == [(preview.left,)]
    assert rows(counted, other.pk) == [(700,)]
    entry = AuditEntry.objects.get(command="hub.delete_observations")
    assert entry.details["deleted"] == preview.count


def test_the_page_shows_first_and_sets_on_demand(client: Client) -> None:
    cast = Cast()
    stream = make_datastream(make_thing(cast.menden))
    fill_stream(stream)
    archive()
    address = f"/daten/reihen/{stream.pk}/aufbewahrung/"
    client.force_login(cast.users["foreign_steward"])
    assert client.get(address).status_code == 404
    client.force_login(cast.users["steward"])
    assert "auf Dauer" in client.get(address).content.decode()
    shown = client.get(address, {"days": "30"})
    assert "700\xa0Werte" in shown.content.decode() or "700 Werte" in shown.content.decode()
    stream.refresh_from_db()
    assert stream.retention_days is None
    assert client.post(address, {"days": "0"}).status_code == 422
    assert client.post(address, {"days": "30"}).status_code == 302
    stream.refresh_from_db()
    assert stream.retention_days == 30
    assert AuditEntry.objects.filter(command="hub.edit_datastream").exists()
    assert client.post(address, {"days": ""}).status_code == 302
    stream.refresh_from_db()
    assert stream.retention_days is None
