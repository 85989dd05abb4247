"""Meters of units: what they have counted, for their stewards alone."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.archive import lake
from stadtwabe.hub.commands import edit_thing
from stadtwabe.hub.commands.meters import create_meter, record_meter_change
from stadtwabe.hub.metering.months import Month
from stadtwabe.hub.models import Datastream, Meter, MeterKind
from stadtwabe.hub.queries.meters import meters_of, used_by
from stadtwabe.hub.tests.archive.world import archive
from stadtwabe.hub.tests.factories import make_datastream, make_thing, put_observations
from stadtwabe.kit.actor import SYSTEM, VISITOR
from stadtwabe.kit.errors import Conflict, Invalid, NotAllowed
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db
LIST = "/daten/zaehler/"
OCTOBER = Month(2026, 10)
KWH = {"name": "Kilowattstunde", "symbol": "kWh", "definition": "kW.h"}


class House:
    """A flat in Menden with a heat meter that is read every twelve hours, from 28 September on."""

    def __init__(self) -> None:
        self.cast = Cast()
        self.cast.users, self.cast.beckum  # noqa: B018 - made on first use
        self.thing = make_thing(self.cast.menden, "Geheimhaus", audience=Audience.OWNER)
        self.stream = make_datastream(self.thing, "Geheimwärme", units=[KWH])
        self.meter = self.take(self.stream)

    def take(self, stream, **more) -> Meter:
        values = {
            "building": "=Marktstraße 4",
            "unit": "Wohnung 3",
            "kind": MeterKind.HEAT,
            "serial": "4711",
        }
        return create_meter(actor=SYSTEM, datastream=stream, values=values | more, now=NOW)

    def read(self, *values: float, hour: int = 22) -> None:
        start = datetime.fromisoformat(f"2026-09-28T{hour:02}:00Z")
        put_observations(self.stream, *values, start=start, every=timedelta(hours=12))


@pytest.fixture
def house():
    return House()


@pytest.fixture
def steward(client, house):
    client.force_login(house.cast.users["steward"])
    return client


def test_a_month_is_read_off_in_a_constant_number_of_queries(house, django_assert_num_queries):
    house.read(*(100.0 + 2 * number for number in range(80)))
    meters = list(meters_of(house.cast.actor("steward")))
    with django_assert_num_queries(5):
        [used] = used_by(meters, OCTOBER.start, OCTOBER.end)
    found = used.consumption
    # Midnight in summer time is 22:00 UTC; on 1 November it is 23:00, an hour behind a reading.
    assert found.start_reading == 108.0
    assert found.end_reading == pytest.approx(232 + 2 / 12)
    assert found.amount == pytest.approx(124 + 2 / 12)


def test_it_is_the_same_when_the_readings_lie_in_the_archive(house, tmp_path, monkeypatch):
    monkeypatch.setattr(lake, "_folder", [tmp_path])
    house.read(*(100.0 + number for number in range(30)), *(5.0 + n for n in range(50)))
    late = make_datastream(house.thing, "Anderer Zähler", units=[KWH])
    house.take(late, unit="Wohnung 4")
    put_observations(late, 1.0, 2.0, start=OCTOBER.start, every=OCTOBER.end - OCTOBER.start)
    meters = list(meters_of(house.cast.actor("steward")))
    before = [each.consumption for each in used_by(meters, OCTOBER.start, OCTOBER.end)]
    assert [each.amount for each in before] == [None, 1.0]
    files = archive(date(2026, 9, 1), date(2026, 10, 1))
    assert files
    after = [each.consumption for each in used_by(meters, OCTOBER.start, OCTOBER.end)]
    assert after == before


def test_the_page_and_the_bill_say_what_is_known_and_what_is_not(steward, house):
    house.read(*(100.0 + number for number in range(30)), *(5.0 + n for n in range(50)))
    text = steward.get(f"{LIST}?monat=2026-10").content.decode()
    assert "unbekannt" in text
    assert "Der Stand fiel von 129" in text
    assert "Bei 1 Zähler fehlt" in text
    at = datetime.fromisoformat("2026-10-13T16:00Z")
    sent = {"at": "2026-10-13T18:00", "last_reading": "129,5", "first_reading": "4"}
    steward.post(f"{LIST}{house.meter.pk}/wechsel/", sent)
    assert house.meter.changes.get().at == at
    rows = steward.get(f"{LIST}verbrauch.csv?monat=2026-10").getvalue().decode("utf-8-sig")
    head, row = rows.splitlines()
    assert head.startswith("Gebäude;Einheit;Zähler;Art;von;bis;Anfangsstand;Endstand;Verbrauch;")
    cells = row.split(";")
    assert cells[0] == "'=Marktstraße 4", "no spreadsheet runs it"
    assert cells[1:7] == ["Wohnung 3", "4711", "Wärme", "2026-10-01", "2026-10-31", "104"]
    used = (129.5 - 104) + (5 - 4) + (41 + 1 / 12 - 5)
    assert cells[8] == f"{used:.3f}".rstrip("0").replace(".", ",")
    assert cells[9] == "kWh"
    assert "Zählerwechsel zwischen" in cells[10]
    english = {"accept-language": "en"}
    bill = steward.get(f"{LIST}verbrauch.csv?monat=2026-10", headers=english).getvalue().decode()
    assert bill.splitlines()[1].split(";")[8] == cells[8], "for German spreadsheets"
    page = steward.get(f"{LIST}?monat=2026-10", headers=english).content.decode()
    assert cells[8].replace(",", ".") in page
    several = steward.get(f"{LIST}verbrauch.csv?monat=2026-08&bis=2026-11").getvalue().decode()
    assert len(several.splitlines()) == 5
    assert steward.get(f"{LIST}?monat=quatsch").status_code == 200


def test_meters_are_taken_in_changed_and_taken_out(steward, house):
    other = make_datastream(house.thing, "Kaltwasser")
    make_datastream(make_thing(house.cast.menden, "Offen"), "Offene Reihe")
    text = steward.get(f"{LIST}neu/").content.decode()
    assert "Kaltwasser" in text
    assert "Offene Reihe" not in text
    sent = {"building": "Haus", "unit": "W1", "kind": "cold_water", "digits": "5"}
    assert steward.post(f"{LIST}neu/", {**sent, "datastream": other.pk}).status_code == 302
    meter = Meter.objects.get(datastream=other)
    address = f"{LIST}{meter.pk}/"
    steward.post(address, {**sent, "unit": "W2", "digits": "99"})
    steward.post(address, {**sent, "unit": "W2"})
    meter.refresh_from_db()
    assert (meter.unit, meter.digits) == ("W2", 5)
    change = record_meter_change(
        actor=SYSTEM, meter=meter, at=NOW, last_reading=9.0, first_reading=0.0, now=NOW
    )
    assert "Endstand 9" in steward.get(address).content.decode()
    steward.post(f"{address}wechsel/{change.pk}/entfernen/")
    assert not meter.changes.exists()
    assert "bleiben" in steward.get(f"{address}entfernen/").content.decode()
    steward.post(f"{address}entfernen/")
    assert steward.get(address).status_code == 404


def test_a_meter_stays_for_its_owner_alone(house):
    open_stream = make_datastream(make_thing(house.cast.menden, "Offen"), "Offen")
    with pytest.raises(Invalid, match="nur die eigene Kommune"):
        house.take(open_stream)
    with pytest.raises(Conflict):
        house.take(house.stream)
    with pytest.raises(Invalid, match="nur die eigene Kommune"):
        edit_thing(actor=SYSTEM, thing=house.thing, values={"audience": Audience.PUBLIC}, now=NOW)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"last_reading": -1.0}, "last_reading"), ({"first_reading": float("nan")}, "first_reading")],
)
def test_readings_of_an_exchange_make_sense(house, values, field):
    given = {"at": NOW, "last_reading": 1.0, "first_reading": 0.0, **values}
    with pytest.raises(Invalid) as caught:
        record_meter_change(actor=SYSTEM, meter=house.meter, now=NOW, **given)
    assert caught.value.field == field
    with pytest.raises(Invalid, match="Zukunft"):
        record_meter_change(
            actor=SYSTEM,
            meter=house.meter,
            now=NOW,
            **{**given, "at": NOW + timedelta(days=1), "last_reading": 1.0, "first_reading": 0.0},
        )


def test_neighbours_and_other_towns_see_nothing_of_it(client, house):
    house.read(*(100.0 + number for number in range(80)))
    own = f"{LIST}{house.meter.pk}/"
    for name in ("foreign_steward", "foreign_editor", "network_admin", "editor", "visitor"):
        actor = VISITOR if name == "visitor" else house.cast.actor(name)
        assert not meters_of(actor).exists()
        with pytest.raises(NotAllowed):
            create_meter(actor=actor, datastream=house.stream, values={}, now=NOW)
        if name == "visitor":
            client.logout()
        else:
            client.force_login(house.cast.users[name])
        for address in (LIST, own, f"{own}wechsel/", f"{LIST}verbrauch.csv?monat=2026-10"):
            answer = client.get(address)
            body = answer.getvalue() if answer.streaming else answer.content
            assert "Marktstraße" not in body.decode()
            assert "4711" not in body.decode()
        assert client.get(own).status_code in {302, 403, 404}


def test_no_way_out_counts_or_finds_its_readings_for_others(client, house):
    """Also not by asking for what could only be there if it were."""
    house.read(*(100.0 + number for number in range(80)))
    client.force_login(house.cast.users["foreign_steward"])
    for query in (
        "Datastreams?$count=true",
        "Things?$count=true&$filter=name eq 'Geheimhaus'",
        "Observations?$count=true&$filter=result gt 100",
        "Datastreams?$filter=Observations/result gt 100&$count=true",
        "Things?$expand=Datastreams/Observations",
    ):
        answer = client.get(f"/sta/v1.1/{query}").json()
        assert answer.get("@iot.count", 0) == 0
        assert answer["value"] == []
    assert client.get(f"/sta/v1.1/Datastreams({house.stream.pk})/Observations").status_code == 404
    for address in ("/daten/", "/daten/geraete/", "/suche/?q=Geheimhaus", "/daten/catalog.ttl"):
        assert "Geheimw" not in client.get(address).content.decode()
    assert client.get(f"/daten/reihen/{house.stream.pk}/?format=csv").status_code == 404


def test_what_has_just_become_visible_becomes_no_meter(house):
    thing = make_thing(house.cast.menden, audience=Audience.OWNER)
    stream = make_datastream(thing, units=[KWH])
    as_it_was = Datastream.objects.get(pk=stream.pk)
    edit_thing(actor=SYSTEM, thing=thing, values={"audience": Audience.PUBLIC}, now=NOW)
    with pytest.raises(Invalid, match="nur die eigene Kommune"):
        house.take(as_it_was)


@pytest.mark.django_db(transaction=True)
def test_what_is_becoming_a_meter_does_not_become_visible(house):
    thing = make_thing(house.cast.menden, audience=Audience.OWNER)
    stream = make_datastream(thing, units=[KWH])

    def widen():
        try:
            edit_thing(actor=SYSTEM, thing=thing, values={"audience": Audience.PUBLIC}, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1) as thread:
        with transaction.atomic():
            house.take(stream)
            widened = thread.submit(widen)
            for _attempt in range(1000):
                if is_somebody_waiting() or wait([widened], timeout=0.01).done:
                    break
        with pytest.raises(Invalid, match="nur die eigene Kommune"):
            widened.result()
    assert Datastream.objects.get(pk=stream.pk).audience == Audience.OWNER


def is_somebody_waiting():
    """Whether another connection waits for the end of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks waits JOIN pg_locks held USING (transactionid)"
            " WHERE NOT waits.granted AND held.granted AND held.pid = pg_backend_pid()"
        )
        return cursor.fetchone() is not None
