"""What holds for every reading, whatever the text."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stadtwabe.reading import as_json
from stadtwabe.reading.extract import extract
from stadtwabe.reading.model import Reading, ReadThing, Role, Stage, ThingKind
from stadtwabe.reading.reading import LIKELY, read

NEWSLETTER = """1. Projekte

Aus den Kommunen
- Stadt Duisburg und Stadt Essen führen die App „Gut versorgt“ ein. Kosten: 38.500 Euro.
- Die Stadt Köln pilotiert eine digitale Austauschmöglichkeit namens „Jugend meets Verwaltung“.

2. Veröffentlichungen
- Der Bitkom e.V. veröffentlicht die Studie „Kommunen in Zahlen“ (n = 412).

3. Strategien
- Der Rat der Stadt Iserlohn hat am 18. März 2024 die „Digitale Agenda 2030“ beschlossen.

4. Termine
- 22./23.04.2024, Weimar: Forum Ländliche Mobilität
- 16. April 2024, online: Sprechstunde „Datenschutz im Bürgerbüro“
"""


def offsets_hold(reading: Reading) -> None:
    found: list[Any] = [*reading.places, *reading.dates, *reading.amounts, *reading.urls]
    found += [*reading.topics, *reading.sdgs, *reading.statements()]
    for one in found:
        assert reading.text[one.start : one.end] == one.quote
        assert one.start < one.end
    for thing in reading.things:
        assert 0 <= thing.start < thing.end <= len(reading.text)
        assert 0 < thing.confidence < 1
        assert thing.reasons


def likely(reading: Reading, kind: ThingKind) -> list[ReadThing]:
    return [thing for thing in reading.things_of(kind) if thing.confidence >= LIKELY]


@pytest.fixture(scope="module")
def newsletter() -> Reading:
    return read(NEWSLETTER)


def test_every_quote_stands_where_its_offsets_say(newsletter):
    offsets_hold(newsletter)


def test_a_newsletter_becomes_things_with_their_places(newsletter):
    line = as_json.record("rundbrief.txt", newsletter)
    assert line["projects"] == [
        {"name": "Gut versorgt", "municipalities": ["05112000", "05113000"]},
        {"name": "Jugend meets Verwaltung", "municipalities": ["05315000"]},
    ]
    assert line["strategies"] == [{"title": "Digitale Agenda 2030", "municipalities": ["05962024"]}]
    assert line["publications"] == [{"title": "Kommunen in Zahlen", "publisher": "Bitkom e.V."}]
    assert line["events"] == [
        {
            "title": "Forum Ländliche Mobilität",
            "dates": ["2024-04-22", "2024-04-23"],
            "place": "16055000",
        },
        {
            "title": "Sprechstunde „Datenschutz im Bürgerbüro“",
            "dates": ["2024-04-16"],
            "place": "online",
        },
    ]
    assert line["amounts_eur"] == [38500]


def test_a_project_knows_its_stage_its_money_and_its_passage(newsletter):
    app, exchange = likely(newsletter, ThingKind.PROJECT)
    assert app.values("amount") == ["38500"]
    assert exchange.values("stage") == [Stage.PILOT]
    assert "Stadt Köln" in newsletter.text[exchange.start : exchange.end]
    assert all(place.role == Role.ACTOR for place in app.places)


def test_a_survey_knows_how_many_answered(newsletter):
    [study] = likely(newsletter, ThingKind.PUBLICATION)
    assert study.values("sample_size") == ["412"]


def test_the_same_text_is_read_the_same_way_again(newsletter):
    assert read(NEWSLETTER) == newsletter


def test_offsets_hold_on_a_web_page_with_odd_spaces():
    page = (
        "<html><body><main><h1>Projekte</h1><p>Am 18.&nbsp;Juni&nbsp;2021 startet die Stadt "
        "K&ouml;ln das Projekt „Gut&shy;versorgt“ f&uuml;r 1,2&#8239;Mio.&nbsp;&euro;.</p>"
        "</main></body></html>"
    )
    reading = read(extract(page.encode(), "a.html"))
    offsets_hold(reading)
    assert [date.value for date in reading.dates] == ["2021-06-18"]
    assert [int(amount.euros) for amount in reading.amounts] == [1_200_000]


WORDS = [
    "Die Stadt Köln", "Projekt", "„Gut versorgt“", "am 3. Mai", "2024", "\n", "\n\n", "- ", "Essen",
    "Verein X e. V.", "1,5 Mio. Euro", "https://x.de/a.",
    "Studie", "İstanbul", "Fachtag", ":",
    "„", "“", "(", ")", " | ", "    ", "Strategie 2030", "hat beschlossen.",
    "\u00a0", "Kreis", "😀",
]  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=40))
def test_offsets_hold_on_any_text(pieces):
    offsets_hold(read(" ".join(pieces)))


def test_an_empty_text_gives_an_empty_reading():
    assert read("").things == ()
