"""Thirty-four things people type, and what they must, or must not, find.

28 wanted finds and 6 unwanted ones; the floor is 24 found and at most 2 false.
"""

import pytest

from stadtwabe.catalog.search.filters import Filters
from stadtwabe.catalog.search.results import search
from stadtwabe.catalog.tests.factories import make_card, make_places
from stadtwabe.kit.actor import VISITOR

pytestmark = pytest.mark.django_db

CARDS = {
    "luft": ("Messstationen für die Luftqualität", "Feinstaub an acht Kreuzungen, offen im Netz."),
    "beteiligung": ("Bürgerbeteiligung im Netz", "Ideen für den Marktplatz einreichen."),
    "parken": ("Parkraumüberwachung mit Sensoren", "Freie Stellplätze am Bahnhof sehen."),
    "licht": ("Straßenbeleuchtung nach Bedarf", "Laternen dimmen, wenn niemand kommt."),
    "wasser": ("Hochwasserfrühwarnsystem", "Pegel an Bächen warnen die Feuerwehr."),
    "boden": ("Bodenfeuchte an Stadtbäumen", "Gießen, wenn es trocken wird."),
    "melden": ("Mängelmelder", "Schlaglöcher und wilden Müll anzeigen."),
    "rad": ("Fahrradparkhaus am Bahnhof", "Ein sicherer Platz für 200 Räder."),
    "bank": ("Mitfahrbänke", "Vom Dorf in die Stadt, wenn kein Bus fährt."),
    "daten": ("Urbane Datenplattform", "Ein gemeinsamer Datenraum der Stadtwerke."),
    "pflege": ("Gut versorgt", "Angebote der Altenpflege und Nachbarschaftshilfe."),
    "arzt": ("Telemedizin auf dem Land", "Sprechstunde über Video im Krankenhaus."),
    "laden": ("Ladesäulen für E-Autos", "Standorte und freie Plätze."),
    "waerme": ("Kommunale Wärmeplanung", "Karten der Wärmebedarfe je Straße."),
    "schule": ("Digitale Schulen", "Breitband und Tablets für jede Klasse."),
    "handel": ("Schaufenster im Netz", "Der Einzelhandel der Innenstadt zeigt, was er hat."),
    "amt": ("Onlinezugangsgesetz umsetzen", "Anträge ohne Gang ins Rathaus."),
    "jugend": ("Jugendparlament digital", "Junge Menschen stimmen ab."),
    "dach": ("Solarkataster", "Welche Dächer sich für Photovoltaik eignen."),
    "essen": ("Kochen gegen den Müll", "Gesundes Essen an Kitas."),
    "hochzeit": ("Trautermine buchen", "Die Hochzeit im Schloss, gleich im Netz."),
    "mietwagen": ("Mietwagen der Verwaltung", "Ein Fuhrpark für alle Ämter."),
}

WANTED = [
    ("Luft", "luft"),
    ("Luftqualität", "luft"),
    ("Qualität der Luft", "luft"),
    ("Messstation", "luft"),
    ("Beteiligung", "beteiligung"),
    ("Bürger", "beteiligung"),
    ("buergerbeteiligung", "beteiligung"),
    ("Sensor", "parken"),
    ("Überwachung", "parken"),
    ("Beleuchtung", "licht"),
    ("Strassenbeleuchtung", "licht"),
    ("Hochwasser", "wasser"),
    ("Frühwarnsysteme", "wasser"),
    ("Baum", "boden"),
    ("Baeume", "boden"),
    ("Bodenfeuchtesensor", "boden"),
    ("Mängel melden", "melden"),
    ("Fahrrad", "rad"),
    ("Parkhäuser", "rad"),
    ("Mitfahrbank", "bank"),
    ("Daten", "daten"),
    ("Pflege", "pflege"),
    ("Medizin", "arzt"),
    ("Elektroauto laden", "laden"),
    ("Wärmeplan", "waerme"),
    ("Handel Innenstadt", "handel"),
    ("Parlament der Jugend", "jugend"),
    ("Menden Mitfahrbank", "bank"),
]

UNWANTED = [
    ("Hochzeit", "wasser"),
    ("Sport", "parken"),
    ("Miete", "mietwagen"),
    ("Garten", "waerme"),
    ("Bank", "handel"),
    ("Hund", "melden"),
]


@pytest.fixture
def names() -> dict[str, str]:
    place = make_places("05962040")["05962040"]
    return {
        make_card(title, summary=summary, places=[place]).title: name
        for name, (title, summary) in CARDS.items()
    }


def test_german_probes(names):
    def found(text: str) -> set[str]:
        return {names[card.title] for card in search(VISITOR, Filters(text=text)).cards}

    missed = [text for text, wanted in WANTED if wanted not in found(text)]
    false = [text for text, unwanted in UNWANTED if unwanted in found(text)]

    assert (len(WANTED), len(UNWANTED)) == (28, 6)
    assert len(WANTED) - len(missed) >= 24, missed
    assert len(false) <= 2, false
