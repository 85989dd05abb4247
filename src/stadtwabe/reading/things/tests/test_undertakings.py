"""Projects without quotation marks: what plans count, what explains a name, what a town gets."""

import pytest

from stadtwabe.reading.as_json import record
from stadtwabe.reading.extract import extract
from stadtwabe.reading.reading import read


def names(text: str, name: str = "a.txt") -> list[str]:
    found = record(name, read(extract(text.encode(), name)))
    return [project["name"] for project in found["projects"]]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("In Siegen fährt der Talflitzer, ein Kleinbus mit acht Plätzen.", "Talflitzer"),
        ("Die Stadt Olpe prüft Lärm mit Bachklang 3D.", "Bachklang 3D"),
        ("Das Projekt der Stadt Soest nennt sich Connected Green Towns.", "Connected Green Towns"),
        ("In Unna entstand ein Portal. Es trägt den Namen LUNA.", "LUNA"),
        ("Im Vorhaben Ulm4Klima misst die Stadt Ulm.", "Ulm4Klima"),
        ("Die Stadt Moers erprobt das Projekt Smarte.Kleine.Städte.", "Smarte.Kleine.Städte"),
    ],
)
def test_names_without_marks(text, name):
    assert name in names(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Die Stadt Ahaus bekommt einen neuen Verkehrsrechner.", "Verkehrsrechner"),
        (
            "Die Stadt Ahaus pilotiert ein digitales Symptomtagebuch.",
            "digitales Symptomtagebuch",
        ),
        ("In Ellwangen gibt es eine Leihstelle für Sensoren.", "Leihstelle für Sensoren"),
    ],
)
def test_what_a_town_gets_builds_or_opens(text, name):
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Die Stadt Ahaus stellt einen Förderantrag und plant eine Ausschreibung.",
        "Die Stadt Ahaus baut keine eigene Bezahl-App.",
        "Der Bus fährt von Ahaus nach Cottbus.",
        "Die Strategie der Stadt Ahaus hat die Handlungsfelder „Umwelt“, „Bildung“ und „Verkehr“.",
        "Die Stadt Ahaus folgt dem Ziel „Weniger Ungleichheiten“ (SDG 10).",
        "Die Leute in Ahaus finden das „eine gute Sache“.",
        "In Ahaus werden viele Digitalisierungsprojekte umgesetzt.",
    ],
)
def test_what_is_no_project(text):
    assert names(text) == []


def test_the_adjective_stands_as_in_a_list():
    assert names("Der Landkreis Hof baut einen digitalen Zwilling auf.") == ["digitaler Zwilling"]
    assert names("In Olpe startet die Stadt eine neue digitale Dorfplattform.") == [
        "digitale Dorfplattform"
    ]


def test_judgement_is_no_part_of_a_name():
    assert names("Die Stadt Olpe betreibt ein geeignetes Sensornetz.") == ["Sensornetz"]


def test_a_plan_counts_its_measures():
    text = (
        "Digitalstrategie der Stadt Gera\n\n4 Handlungsfelder\n\n"
        "A1  Lotse für Lebenslagen (Leuchtturm)\n"
        "    Wer umzieht, beantwortet einmal alle Fragen. Das System verteilt sie.\n\n"
        "A2  E-Akte in allen Ämtern\n"
        "    Alle Ämter arbeiten mit derselben Akte, ohne Papier und ohne Boten.\n"
    )
    assert names(text) == ["Lotse für Lebenslagen", "E-Akte in allen Ämtern"]


def test_a_numbered_list_and_one_with_colons():
    text = (
        "Was wir vorhaben\n\n"
        "(1) Dorfschwester digital. In zehn Dörfern sind ab 2023 Pflegekräfte unterwegs.\n\n"
        "(2) Apothekenkasten. In Olpe können Rezepte rund um die Uhr eingeworfen werden.\n"
    )
    assert names(text) == ["Dorfschwester digital", "Apothekenkasten"]
    text = (
        "Woran wir arbeiten\n\n"
        "- Sielblick: Kameras und Pegel an 22 Sielen helfen der Deichacht in der Nacht.\n"
        "- Gästekanal Jade: ein Auskunftsdienst, der Fragen der Gäste am Strand beantwortet.\n"
        "- Kosten: Sie liegen bei 40.000 Euro im Jahr und werden vom Land getragen.\n"
    )
    assert names(text) == ["Sielblick", "Gästekanal Jade"]


def test_many_projects_of_one_programme_keep_the_word_that_says_so():
    assert names("Das Land fördert die Modellprojekte Smart Cities.") == [
        "Modellprojekte Smart Cities"
    ]
