"""Ways in which German announces that something takes place: one example a rule."""

import pytest

from stadtwabe.reading.as_json import record
from stadtwabe.reading.reading import read


def events(text: str) -> dict[str, list[str]]:
    found = record("a.txt", read(text))["events"]
    return {one["title"]: one["dates"] for one in found}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "Die Stadt Ulm lädt alle am Freitag, 2. Mai 2025, um 18 Uhr zum Klimaschmaus ein.",
            "Klimaschmaus",
        ),
        ("Rund 80 Gäste kamen am 2. Mai 2025 zur ersten Ideenschmiede.", "Ideenschmiede"),
        ("Mit einem Lichterzauber am 2. Mai 2025 endete das Jahr in Ulm.", "Lichterzauber"),
        ("Am Rande der Digital Health Convention (2. Mai 2025) traf man sich.",
         "Digital Health Convention"),
        ("Das Netzwerktreffen Ost ist auf den 2. Mai 2025 verschoben worden.",
         "Netzwerktreffen Ost"),
        ("Unser Frühstück mit Vereinen findet am 2. Mai 2025 statt.", "Frühstück mit Vereinen"),
        ("Die Dorfgespräche gehen weiter. Nächster Halt ist am 2. Mai 2025 in der Aula.",
         "Dorfgespräche"),
        ("Die erste Tagung, der „Messtag“, findet am 2. Mai 2025 in Ulm statt.", "Messtag"),
    ],
)  # fmt: skip
def test_a_sentence_announces(text, title):
    assert events(text).get(title) == ["2025-05-02"]


@pytest.mark.parametrize(
    "text",
    [
        "Die Geräte stehen ab 2. Mai 2025 zum Ausprobieren bereit.",
        "Am 2. Mai 2025 fand die Übung in der Sport-\nhalle statt.",
        "Das Netzwerktreffen Ost am 2. Mai 2025 wird verschoben.",
    ],
)
def test_no_gathering(text):
    assert events(text) == {}


def test_several_days_in_several_towns_are_one_series():
    text = "Vorher laden wir zu Sprechtagen ein: am 5.5.2025 in Ulm (Rathaus), am 7.5.2025 in Gera."
    assert events(text) == {"Sprechtage": ["2025-05-05", "2025-05-07"]}


def test_an_act_takes_along_what_its_block_told_of():
    text = (
        "Die Stadt Ulm baut das Projekt „Donaublick“ aus. "
        "Die Einweihung ist am 2. Mai 2025 um 11 Uhr."
    )
    assert events(text) == {"Einweihung Donaublick": ["2025-05-02"]}


def test_a_title_right_above_day_and_venue():
    text = (
        "STADT. LAND. DATEN.\n5. Kongress für smarte Dörfer\n"
        "22./23.10.2025 · Harmonie Heilbronn · Allee 28\n\nVeranstalter: Städtetag\n"
    )
    assert events(text) == {"5. Kongress für smarte Dörfer": ["2025-10-22", "2025-10-23"]}


def test_what_is_beside_the_order_of_the_day():
    text = (
        "Kongress für smarte Dörfer\n22.10.2025 · Harmonie Heilbronn\n\nMITTWOCH, 22. OKTOBER\n\n"
        "09:00   Einlass, Kaffee\n10:15   Keynote: Die Stadt als Betriebssystem\n12:00   Pause\n"
        "17:00   Stadtrundgang „Neckarbogen“, Treffpunkt Haupteingang\n"
    )
    assert list(events(text)) == ["Kongress für smarte Dörfer", "Stadtrundgang „Neckarbogen“"]


def test_a_table_of_day_place_and_title():
    text = (
        "Termine\n\n02.04.2025   online, 10–11.30 Uhr      Sprechstunde Förderung\n"
        "21.05.2025   Jena, Volksbad            Werkstatt Offene Daten\n"
        "Bitte vormerken: 18. September 2025, Gera: Mitgliederversammlung\n"
        "- Bastelabend jeden ersten Dienstag, Gera, Rathaus\n"
    )
    assert events(text) == {
        "Sprechstunde Förderung": ["2025-04-02"],
        "Werkstatt Offene Daten": ["2025-05-21"],
        "Mitgliederversammlung": ["2025-09-18"],
        "Bastelabend": [],
    }
