"""Events as programmes, invitations and news announce them: one example a rule."""

import pytest

from stadtwabe.reading.as_json import record
from stadtwabe.reading.extract import extract
from stadtwabe.reading.reading import read


def events(text: str, name: str = "a.txt") -> dict[str, list[str]]:
    found = record(name, read(extract(text.encode(), name)))["events"]
    return {one["title"]: one["dates"] for one in found}


@pytest.mark.parametrize(
    ("text", "title", "dates"),
    [
        (
            "Das Team der Stadt Ulm ist am Freitag, 23. April, beim Erklärcafé.",
            "Erklärcafé",
            ["--04-23"],
        ),
        (
            "Termine\n\n11. März: Forum Mobilität, Weimar\n",
            "Forum Mobilität",
            ["--03-11"],
        ),
    ],
)
def test_a_day_without_a_year_is_still_a_day(text, title, dates):
    assert events(text) == {title: dates}


WEEK = """Sehen, was zählt
Woche der Daten im Harz
16. bis 18. September 2024

MONTAG, 16. SEPTEMBER

10.00 Uhr | Goslar, Kreishaus
Eröffnung durch Landrätin Meike Brandt

18.30 Uhr | Seesen, Glashaus
Was weiß die Stadt über mich?

MITTWOCH, 18. SEPTEMBER

ganztägig | online
Sprechtag Offene Verwaltungsdaten

Anmeldung
9.00 Uhr bis 12.00 Uhr erreichbar
"""


def test_a_programme_names_the_day_once_and_a_time_for_each_event():
    assert events(WEEK) == {
        "Woche der Daten im Harz": ["2024-09-16", "2024-09-18"],
        "Eröffnung": ["2024-09-16"],
        "Was weiß die Stadt über mich?": ["2024-09-16"],
        "Sprechtag Offene Verwaltungsdaten": ["2024-09-18"],
    }


def test_the_order_of_one_gathering_is_no_list_of_events():
    text = (
        "Digitalkonferenz Harz\n\nDonnerstag, 8. Juni 2023\n\n"
        "9:30 Uhr Registrierung\n10:00 Uhr Vortrag: Was Daten leisten\n12:00 Uhr Mittagspause\n"
        "13:00 Uhr Werkstatt Wärmeplanung\n"
    )
    assert not {"Registrierung", "Mittagspause", "Werkstatt Wärmeplanung"} & events(text).keys()


def test_times_without_a_day_take_the_only_day_of_the_document():
    text = (
        "Digitaltag in Parchim\n\nZum Digitaltag am 16. Juni 2023 lädt die Stadtbibliothek ein.\n\n"
        "Das Programm:\n\n  • 10:00 – 12:00 Uhr // Sprechstunde für Ältere\n"
        "  • 14:00 – 16:00 Uhr // Roboter-Parcours\n"
    )
    assert events(text) == {
        "Digitaltag": ["2023-06-16"],
        "Sprechstunde für Ältere": ["2023-06-16"],
        "Roboter-Parcours": ["2023-06-16"],
    }


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (
            "14.11.2023, Passau: Werkleitertreffen Ost, 9.30 Uhr, Rathaussaal",
            "Werkleitertreffen Ost",
        ),
        ("24.01.2024, Straubing: Wassertage (Anmeldung, 145 Euro)", "Wassertage"),
        ("24.01.2024, Straubing: Tagung Netze (Teil 2)", "Tagung Netze"),
    ],
)
def test_time_and_price_are_no_part_of_a_title(line, title):
    assert list(events(f"Termine\n\n- {line}\n")) == [title]


@pytest.mark.parametrize(
    "text",
    [
        "Ablauf\n\n- Ideen sammeln auf der Karte: 3. bis 31. März 2025\n- Wege: fertig\n",
        "Termine\n\nSonnabend, 20.04.2024, Perleberg\n",
        "Ein Testlauf fand am 2. Mai 2023 in Gera statt.",
        "Beim Hochwasser am 3. Juli 2021 in Gera fiel der Strom aus.",
        "Bei der Erstellung des Plans am 3. Juli 2021 half die Stadt Gera.",
    ],
)
def test_phases_weekdays_and_accidents_are_no_events(text):
    assert events(text) == {}


def test_a_name_inside_the_title_leaves_the_event_whole():
    text = "Vom 4. bis 6. Oktober fand das Netzwerktreffen des Modellvorhabens Smarte.Dörfer statt."
    assert list(events(text)) == ["Netzwerktreffen des Modellvorhabens Smarte.Dörfer"]


def test_minutes_record_a_meeting_and_name_the_next_one():
    text = (
        "Protokoll Netzwerktreffen „Lausitz lernt“, 5. Treffen\nOrt: Telux, Weißwasser/O.L.\n"
        "Datum: 13.06.23\n\n1. Begrüßung\nKeine Änderungen.\n\n"
        "Nächstes Treffen: 12. September, Guben, Alte Färberei\n"
    )
    assert events(text) == {
        "Netzwerktreffen „Lausitz lernt“": ["2023-06-13"],
        "Nächstes Treffen": ["2023-09-12"],
    }


def test_minutes_of_a_committee_record_no_event():
    text = (
        "Niederschrift über die 7. Sitzung des Ausschusses für Digitales\n"
        "am 17. Januar 2024, Rathaus Gera\n\nNächste Sitzung: 20.02.2024\n"
    )
    assert events(text) == {}


def test_a_headline_is_the_event_where_the_text_tells_only_the_day():
    text = (
        "Tagung: Digitaler Wandel auf dem Land\n\nDigitales prägt den Alltag.\n\n"
        "Am Freitag, 28. Februar, wartet ab 14.30 Uhr ein Programm mit Impulsen.\n"
    )
    assert events(text) == {"Tagung: Digitaler Wandel auf dem Land": ["--02-28"]}


def test_a_kick_off_is_named_by_the_headline():
    text = (
        "Kick-off zur Wärmeplanung\n\nIm neuen Jahr beginnt die Stadt mit der Planung. Der Auftakt "
        "findet hierzu am Mittwoch, den 29. Januar 2025, um 19 Uhr in der Alten Aula statt.\n"
    )
    assert events(text)["Kick-off zur Wärmeplanung"] == ["2025-01-29"]


def test_a_noun_that_says_what_wins_over_one_that_only_says_that():
    text = "Zum Auftakt fand am 5. Oktober 2022 in Coburg eine Zukunftswerkstatt statt."
    assert list(events(text)) == ["Zukunftswerkstatt"]


def test_a_line_between_signs_is_a_heading():
    text = (
        "Moin,\n\n+++ Mitgliederversammlung +++\n"
        "Am 17. Oktober 2025 kommen wir in Cuxhaven zusammen.\n\n+++ Zahl des Monats +++\n"
        "Elf Fachverfahren.\n"
    )
    assert events(text) == {"Mitgliederversammlung": ["2025-10-17"]}


def test_a_card_of_a_calendar_has_its_time_below_the_title():
    page = (
        "<html><body><main><h1>Veranstaltungskalender</h1><div><time>12.05.2025</time>"
        "<h3>Digital-Café</h3><p>14:00 - 16:00 Uhr | Stadtbibliothek Gera</p></div>"
        "<div><time>15.05.2025</time><h3>Smart-City-Stammtisch</h3><p>18 Uhr, Häselburg</p></div>"
        "</main></body></html>"
    )
    assert events(page, "a.html") == {
        "Digital-Café": ["2025-05-12"],
        "Smart-City-Stammtisch": ["2025-05-15"],
    }


def test_the_day_of_publication_is_not_the_days_of_the_event():
    page = (
        "<html><body><main><h1>Landkreis lädt zum Bürgerforum</h1>"
        "<p>Veröffentlicht am 5. Februar 2024</p><p>Am Mittwoch, 28. Februar, findet in Coburg "
        "ein Bürgerforum statt.</p></main></body></html>"
    )
    assert events(page, "a.html") == {"Bürgerforum": ["2024-02-28"]}
