"""Events as a list and as a calendar."""

from datetime import date

import pytest

from stadtwabe.evidence.tests.thing_factories import make_thing, town_with_card

pytestmark = pytest.mark.django_db


@pytest.fixture
def koeln():
    return town_with_card()


def event(party, title, day, **values):
    return make_thing("event", party, title=title, starts_on=day, place=party.place, **values)


def test_coming_events_stand_before_the_list_and_in_the_cell(client, koeln):
    event(koeln, "Digitaltag", date(2099, 6, 18), format="hybrid")
    event(koeln, "Austausch", date(2020, 2, 12))
    page = client.get("/termine/").content.decode()
    assert page.index("Demnächst") < page.index("Digitaltag")
    cell = client.get(koeln.place.get_absolute_url()).content.decode()
    assert "Nächste Termine" in cell
    assert "Digitaltag" in cell.split("Nächste Termine")[1]


def test_the_list_is_also_a_calendar(client, koeln):
    event(koeln, "Digitaltag", date(2099, 6, 18), ends_on=date(2099, 6, 19))
    answer = client.get("/termine/?format=ics")
    text = b"".join(answer.streaming_content).decode()
    assert "SUMMARY:Digitaltag" in text
    assert "DTSTART;VALUE=DATE:20990618" in text
    assert "DTEND;VALUE=DATE:20990620" in text


def test_the_calendar_knows_times_places_and_what_is_cancelled(client, koeln):
    day = date(2099, 6, 18)
    event(koeln, "Werkstatt", day, starts_at="10:30", ends_at="12:00", venue="Rathaus, Saal 2")
    event(koeln, "Sprechstunde", day, starts_at="09:00", state="cancelled")
    event(koeln, "Messe", day, ends_on=date(2099, 6, 20), starts_at="09:00")
    text = b"".join(client.get("/termine/?format=ics").streaming_content).decode()
    parts = text.split("BEGIN:VEVENT")[1:]
    found = {part.split("SUMMARY:")[1].split("\r\n")[0]: part for part in parts}
    assert "DTSTART:20990618T083000Z\r\nDTEND:20990618T100000Z" in found["Werkstatt"]
    assert "LOCATION:Rathaus\\, Saal 2\\, Köln" in found["Werkstatt"]
    assert "DTSTART:20990618T070000Z" in found["Sprechstunde"]
    assert "DTEND" not in found["Sprechstunde"]
    assert "STATUS:CANCELLED" in found["Sprechstunde"]
    assert "DTSTART;VALUE=DATE:20990618" in found["Messe"], "nobody knows when the last day ends"


def test_an_event_says_when_where_and_how(client, koeln):
    found = event(koeln, "Digitaltag", date(2099, 6, 18), starts_at="10:30", format="online")
    page = client.get(found.card.path).content.decode()
    assert "18. Juni 2099" in page
    assert "10:30 Uhr" in page
    assert "online" in page
