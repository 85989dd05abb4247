"""A public client library works against our server: creates, queries, changes, deletes."""

import frost_sta_client as fsc
import pytest

from stadtwabe.people.commands import create_token
from stadtwabe.people.rules import Scope
from stadtwabe.people.tests.factories import NOW, Cast

MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"


@pytest.mark.django_db(transaction=True)
def test_a_public_client_creates_queries_changes_and_deletes(live_server):
    cast = Cast()
    user = cast.users["steward"]
    _token, secret = create_token(
        actor=cast.actor("steward"), user=user, label="Test", scopes=[Scope.DATA], now=NOW
    )
    service = fsc.SensorThingsService(
        f"{live_server.url}/sta/v1.1", auth_handler=fsc.AuthHandler("token", secret)
    )
    thing = fsc.Thing(name="Mast", description="am Markt", properties={"height": 4})
    thing.locations = [
        fsc.Location(
            name="Markt",
            description="",
            encoding_type="application/geo+json",
            location={"type": "Point", "coordinates": [7.8, 51.4]},
        )
    ]
    service.create(thing)
    stream = fsc.Datastream(
        name="Temperatur",
        description="außen",
        observation_type=MEASUREMENT,
        unit_of_measurement=fsc.UnitOfMeasurement("Grad Celsius", "°C", "Cel"),
        thing=fsc.Thing(id=thing.id),
        sensor=fsc.Sensor(
            name="Fühler", description="", encoding_type="text/plain", metadata="Datenblatt"
        ),
        observed_property=fsc.ObservedProperty(
            name="Lufttemperatur", definition="http://example.org/temperature", description=""
        ),
    )
    service.create(stream)
    for number in range(5):
        service.create(
            fsc.Observation(
                phenomenon_time=f"2026-11-22T1{number}:00:00Z",
                result=20.0 + number,
                datastream=fsc.Datastream(id=stream.id),
            )
        )

    warm = service.observations().query().filter("result gt 21.5").top(2).list()
    assert sorted(one.result for one in warm) == [22.0, 23.0, 24.0]
    found = service.datastreams().query().expand("Thing,Observations($top=1)").list()
    assert [one.thing.name for one in found] == ["Mast"]
    assert service.observations().query().count().list().count == 5

    thing.description = "am Rathaus"
    service.update(thing)
    assert service.things().find(thing.id).description == "am Rathaus"
    service.delete(thing)
    assert list(service.things().query().list()) == []
