"""Many meters at once: what is wrong is said by row, and all go in or none."""

import csv
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.commands import meter_lists, store_observations
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.metering.months import Month
from stadtwabe.hub.models import Meter, MeterKind, Observation
from stadtwabe.hub.queries.meters import meters_of, used_by
from stadtwabe.hub.tests.factories import make_datastream, make_thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.models import AuditEntry
from stadtwabe.people.tests.factories import Cast

pytestmark = pytest.mark.django_db
LIST = "/daten/zaehler/liste/"
KWH = {"name": "Kilowattstunde", "symbol": "kWh", "definition": "kW.h"}
HEAD = "Messreihe;Gerät;Gebäude;Einheit;Art;Zählernummer;Stellen;Anfangsstand;Abgelesen am\n"


class Street:
    def __init__(self) -> None:
        self.cast = Cast()
        thing = make_thing(self.cast.menden, "Marktstraße 4", audience=Audience.OWNER)
        self.streams = [make_datastream(thing, f"Wärme {n}", units=[KWH]) for n in range(1, 4)]
        other = make_thing(self.cast.beckum, "Fremdes Haus", audience=Audience.OWNER)
        self.foreign = make_datastream(other, "Fremde Wärme", units=[KWH])
        self.public = make_datastream(make_thing(self.cast.menden, "Offen"), "Offene Wärme")

    def row(self, number: int, *, start: str = "1.234,5", at: str = "01.10.2026 00:00") -> str:
        pk = self.streams[number].pk
        return f"{pk};;Marktstraße 4;Wohnung {number};Wärme;47{number};6;{start};{at}\n"


@pytest.fixture
def street():
    return Street()


@pytest.fixture
def steward(client, street):
    client.force_login(street.cast.users["steward"])
    return client


def look(client, text, **more):
    page = client.post(LIST, {"text": text, **more}, follow=True)
    return page.status_code, page.content.decode()


def test_a_list_is_shown_first_and_then_taken_in_as_a_whole(transactional_db, client):
    street = Street()
    client.force_login(street.cast.users["steward"])
    text = HEAD + street.row(0) + street.row(1, start="", at="") + street.row(2, start="7")
    status, page = look(client, text)
    assert status == 200
    assert "3 Zähler können aufgenommen werden" in page
    assert "1234,5 kWh, 1. Oktober 2026, 00:00" in page
    assert not Meter.objects.exists(), "the preview takes nothing in"
    status, page = look(client, text, aufnehmen="1")
    assert "3 Zähler sind aufgenommen." in page
    assert [(each.unit, each.digits) for each in Meter.objects.all()] == [
        ("Wohnung 0", 6),
        ("Wohnung 1", 6),
        ("Wohnung 2", 6),
    ]
    assert AuditEntry.objects.filter(command="hub.create_meter").count() == 3
    starts = Observation.objects.order_by("datastream_id").values_list("result", flat=True)
    assert list(starts) == [1234.5, 7.0]
    october = Month(2026, 10)
    store_observations(
        actor=SYSTEM,
        observations=[
            NewObservation(
                datastream_id=street.streams[0].pk, phenomenon_time=october.end, result=1300.0
            )
        ],
    )
    used = used_by(meters_of(street.cast.actor("steward")), october.start, october.end)
    assert [each.consumption.amount for each in used] == [65.5, None, None]
    assert "3 von 3" in look(client, text)[1], "the same list again"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("{foreign};;A;B;Wärme;;;;", "gibt es nicht"),
        ("{public};;A;B;Wärme;;;;", "gibt es nicht"),
        ("999999;;A;B;Wärme;;;;", "gibt es nicht"),
        ("{0};;A;B;Wärme;;;;\n{0};;A;C;Wärme;;;;", "schon in Zeile 2"),
        ("{0};;;B;Wärme;;;;", "Das Gebäude fehlt"),
        ("{0};;A;;Wärme;;;;", "Die Einheit fehlt"),
        (";;A;B;Wärme;;;;", "Die Messreihe fehlt"),
        ("{0};;A;B;;;;;", "Die Art fehlt"),
        ("{0};;A;B;Dampf;;;;", "Möglich sind Wärme"),
        ("{0};;A;B;Wärme;;2;;", "von 3 bis 12"),
        ("{0};;A;B;Wärme;;²;;", "von 3 bis 12"),
        ("{0};;A;B;Wärme;;;12;", "wann er abgelesen wurde"),
        ("{0};;A;B;Wärme;;;x;01.10.2026", "keine Zahl"),
        ("{0};;A;B;Wärme;;;-1;01.10.2026", "ab 0"),
        ("{0};;A;B;Wärme;;;1;01.10.2099", "Zukunft"),
        ("{0};;A;B;Wärme;;;1;31.2.2026", "Diesen Tag gibt es nicht"),
        ("{0};;" + "A" * 201 + ";B;Wärme;;;;", "Zu lang"),
    ],
)
def test_what_is_wrong_is_said_with_its_row_and_nothing_goes_in(steward, street, rows, why):
    names = {"foreign": street.foreign.pk, "public": street.public.pk}
    text = HEAD + rows.format(street.streams[0].pk, **names) + "\n" + street.row(1)
    status, page = look(steward, text, aufnehmen="1")
    assert status == 422
    assert why in page
    assert "stimmt etwas nicht" in page
    assert not Meter.objects.exists()
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Fügen Sie eine Liste ein"),
        ("Wohnung;Stand\n1;2\n", "fehlen Überschriften: Messreihe, Gebäude, Art"),
        (HEAD + ";;;;;;;;\n", "steht nichts"),
        (HEAD + "5;Haus;;;;;;;\n", "In keiner Zeile"),
    ],
)
def test_what_is_no_list_says_so(steward, text, why):
    status, page = look(steward, text)
    assert status == 422
    assert why in page


def test_streams_go_by_name_too_unless_two_are_called_so(steward, street):
    twin = make_thing(street.cast.menden, "Marktstraße 6", audience=Audience.OWNER)
    make_datastream(twin, "Wärme 1", units=[KWH])
    head = "Messreihe\tGerät\tGebäude\tEinheit\tArt\n"
    status, page = look(steward, head + "wärme 2\t\tM4\tW2\theat\nWärme 1\t\tM4\tW1\tHeat\n")
    assert status == 422
    assert "heißen mehrere Messreihen" in page
    named = head + "wärme 2\t\tM4\tW2\theat\nWärme 1\tMarktstraße 6\tM6\tW1\tHeat\n"
    look(steward, named, aufnehmen="1")
    assert [(m.building, m.datastream.thing.name) for m in Meter.objects.all()] == [
        ("M4", "Marktstraße 4"),
        ("M6", "Marktstraße 6"),
    ]


def test_a_list_comes_as_excel_and_the_template_fits(steward, street):
    template = steward.get("/daten/zaehler/liste.csv")
    text = b"".join(template.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [row[0] for row in rows[1:]] == [str(each.pk) for each in street.streams]
    book = openpyxl.Workbook()
    book.active.append(rows[0])
    book.active.append([street.streams[0].pk, "", "", "M4", 3, "Strom", 815, 6, None, None])
    book.active.append([int(rows[2][0]), *rows[2][1:]])  # left empty: not meant
    file = io.BytesIO()
    book.save(file)
    upload = SimpleUploadedFile("liste.xlsx", file.getvalue())
    page = steward.post(LIST, {"file": upload})
    assert page.status_code == 200, page.content.decode()
    text = page.context["form"]["text"].value()
    assert f"{street.streams[0].pk};;;M4;3;Strom;815;6\n" in text
    look(steward, text, aufnehmen="1")
    meter = Meter.objects.get()
    assert (meter.unit, meter.serial, meter.kind) == ("3", "815", MeterKind.ELECTRICITY)


def test_another_reading_at_the_same_time_is_no_start(transactional_db, client):
    street = Street()
    client.force_login(street.cast.users["steward"])
    at = Month(2026, 10).start
    pk = street.streams[0].pk
    store_observations(
        actor=SYSTEM, observations=[NewObservation(datastream_id=pk, phenomenon_time=at, result=5)]
    )
    status, page = look(client, HEAD + street.row(0))
    assert status == 422
    assert "schon ein anderer Stand: 5." in page


def test_readings_that_are_refused_at_last_leave_nothing_behind(
    transactional_db, client, monkeypatch
):
    street = Street()
    client.force_login(street.cast.users["steward"])
    text = HEAD + street.row(0) + street.row(1)

    def changed_meanwhile(*, actor, observations):
        return store_observations(
            actor=actor,
            observations=[
                observations[0],
                NewObservation(
                    datastream_id=observations[1].datastream_id,
                    phenomenon_time=observations[1].phenomenon_time,
                    result="kein Stand",
                ),
            ],
        )

    monkeypatch.setattr(meter_lists, "store_observations", changed_meanwhile)
    status, page = look(client, text, aufnehmen="1")
    assert status == 422
    assert "1 von 2 Zeilen" in page
    assert not Meter.objects.exists()
    assert not Observation.objects.exists()


def test_others_have_no_lists(client, street):
    for name in ("citizen", "editor"):
        client.force_login(street.cast.users[name])
        assert client.get(LIST).status_code in {403, 404}
    client.force_login(street.cast.users["foreign_steward"])
    status, page = look(client, HEAD + street.row(0), aufnehmen="1")
    assert status == 422
    assert "gibt es nicht" in page
    assert not Meter.objects.exists()
