"""What a name denotes, and what belongs to it: one example a rule."""

import pytest

from stadtwabe.reading.as_json import record
from stadtwabe.reading.extract import extract
from stadtwabe.reading.reading import read


def line(text: str, name: str = "a.txt"):
    return record(name, read(extract(text.encode(), name)))


@pytest.mark.parametrize(
    ("text", "name", "places"),
    [
        ("Die Stadt Siegen führt die App „Pegelblick“ ein.", "Pegelblick", ["05970040"]),
        ("In Olpe startet das Projekt Offenes Rathaus.", "Offenes Rathaus", ["05966024"]),
        ("Soest baut ein Portal namens Bördeblick auf.", "Bördeblick", ["05974040"]),
        ("Die Daten des „Pegelwächters“ nutzt die Stadt Unna.", "Pegelwächter", ["05978036"]),
        ("Schulwolke heißt das neue Angebot der Stadt Moers.", "Schulwolke", ["05170024"]),
        ("Die Stadt Beckum testet den WerseBlick.", "WerseBlick", ["05570008"]),
        ("Die Stadt Hagen baut ein LoRaWAN-Messnetz auf.", "LoRaWAN-Messnetz", ["05914000"]),
        ("Die Stadt Unna baut ein Funknetz auf. Es heißt Hellfunk.", "Hellfunk", ["05978036"]),
        ("Die Stadt Unna richtet die Werkstatt „Makerbude“ ein.", "Makerbude", ["05978036"]),
        ("„Grüne Welle“ startet in Olpe; die Idee stammt aus Unna.", "Grüne Welle", ["05966024"]),
    ],
)
def test_projects_and_who_does_them(text, name, places):
    [project] = line(text)["projects"]
    assert project == {"name": name, "municipalities": places}


@pytest.mark.parametrize(
    "text",
    [
        "„Wir freuen uns sehr über die Förderung“, sagt die Bürgermeisterin von Siegen.",
        "Der Kommentar nennt das „kleinlich“.",
        "Das Thema „Digitale Teilhabe“ beschäftigt die Stadt Siegen.",
    ],
)
def test_what_somebody_says_is_no_project(text):
    assert line(text)["projects"] == []


def test_projects_under_their_heading_and_in_a_column():
    page = (
        "<html><body><main><h1>Smart City Gera</h1><h2>Projekte</h2>"
        "<h3>ElsterKlar</h3><p>Sensoren prüfen, wie sauber das Wasser in Gera ist.</p>"
        "<h3>Kontakt</h3><p>Sie erreichen die Stabsstelle Digitales im Rathaus in Gera.</p>"
        "<h2>Mittel</h2><table><tr><th>Ort</th><th>Vorhaben</th><th>Mittel (T€)</th></tr>"
        "<tr><td>Jena</td><td>Saaleblick</td><td>95</td></tr></table></main></body></html>"
    )
    found = line(page, "a.html")
    assert found["projects"] == [
        {"name": "ElsterKlar", "municipalities": ["16052000"]},
        {"name": "Saaleblick", "municipalities": ["16053000"]},
    ]
    assert found["amounts_eur"] == [95000]


@pytest.mark.parametrize(
    ("text", "title", "dates", "place"),
    [
        (
            "Termine\n\n22./23.04.2024, Weimar: Forum Mobilität\n",
            "Forum Mobilität",
            ["2024-04-22", "2024-04-23"],
            "16055000",
        ),
        (
            "Termine\n\n05.09.2024 Duisburg\n\n\n17. Symposium Wärme\n",
            "17. Symposium Wärme",
            ["2024-09-05"],
            "05112000",
        ),
        (
            "Termine\n\n- Workshop Alarmierung, 04.12.2024, Gera, Feuerwache\n",
            "Workshop Alarmierung",
            ["2024-12-04"],
            "16052000",
        ),
        (
            "Am 3. Mai 2024 findet in Siegen der Fachtag „Dorf kann digital“ statt.",
            "Fachtag „Dorf kann digital“",
            ["2024-05-03"],
            "05970040",
        ),
        (
            "Die Stadt Olpe lädt am 3. Mai 2024 zur Bürgerwerkstatt ein.",
            "Bürgerwerkstatt",
            ["2024-05-03"],
            "05966024",
        ),
        (
            "Erfahrungsaustausch Smart City\n\n24. November 2022\n\nWir trafen uns in Unna.\n",
            "Erfahrungsaustausch Smart City",
            ["2022-11-24"],
            "05978036",
        ),
    ],
)
def test_events_with_their_day_and_place(text, title, dates, place):
    [event] = line(text)["events"]
    assert event == {"title": title, "dates": dates, "place": place}


def test_an_event_page_with_labelled_lines():
    page = (
        "<html><body><main><h2>Mein Rathaus im Telefon</h2><dl><dt>Wann</dt>"
        "<dd>Di., 16.09.2025, 17 Uhr</dd><dt>Wo</dt><dd>Meiningen, Klostergasse 1</dd></dl>"
        "</main></body></html>"
    )
    [event] = line(page, "a.html")["events"]
    assert event["title"] == "Mein Rathaus im Telefon"
    assert event["dates"] == ["2025-09-16"]


def test_sittings_and_deadlines_are_no_events():
    text = "Beratungsfolge\n\n24.04.2024 Umweltausschuss\n06.05.2024 Stadtrat\n"
    assert line(text)["events"] == []
    assert line("Einsendeschluss für alle ist der 3. Mai 2024.")["events"] == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "Der Rat der Stadt Unna hat die Smart-City-Strategie beschlossen.",
            "Smart-City-Strategie",
        ),
        ("Die Stadt Unna hat das Leitbild Unna 2035 verabschiedet.", "Leitbild Unna 2035"),
        ("Der Rat in Unna beschloss die „Digitale Agenda 2030“.", "Digitale Agenda 2030"),
        ("Die Stadt Unna hat ihre Smart City Strategie vorgelegt.", "Smart City Strategie"),
        (
            "Die Stadt Unna plant die Erstellung eines Entwicklungsplanes für ihre Innenstadt.",
            "Entwicklungsplan für ihre Innenstadt",
        ),
    ],
)
def test_strategies(text, title):
    [strategy] = line(text)["strategies"]
    assert strategy == {"title": title, "municipalities": ["05978036"]}


def test_a_strategy_that_nobody_decided_is_none():
    text = "Der Masterplan Unna 2030 wurde in Unna angekündigt, aber nie beschlossen."
    assert line(text)["strategies"] == []


def test_a_title_may_ask_first():
    text = "Das steht in der Broschüre „Schnell genug? Betriebe in Unna und ihr Netz“."
    [title] = [found["title"] for found in line(text)["publications"]]
    assert title == "Schnell genug? Betriebe in Unna und ihr Netz"


def test_a_study_knows_its_publisher():
    text = "Die Studie „Offene Daten“ der Bertelsmann Stiftung zeigt, was fehlt."
    [study] = line(text)["publications"]
    assert study == {"title": "Offene Daten", "publisher": "Bertelsmann Stiftung"}


def test_a_funding_programme_belongs_to_no_town():
    [programme] = line("Die Stadt Olpe erhält Geld aus dem Förderprogramm „Land.Nah“.")["projects"]
    assert programme == {"name": "Land.Nah", "municipalities": []}


def test_strategies_of_two_towns_with_one_title_are_two():
    text = (
        "Die Stadt Siegen hat ihre Digitalisierungsstrategie beschlossen.\n\n"
        "Auch die Stadt Olpe hat eine Digitalisierungsstrategie verabschiedet.\n\n"
        "Die Digitalisierungsstrategie der Stadt Siegen wurde zugleich veröffentlicht.\n"
    )
    found = line(text)["strategies"]
    assert sorted(each["municipalities"] for each in found) == [["05966024"], ["05970040"]]


@pytest.mark.parametrize(
    "text",
    [
        "Schwerpunkte in Siegen waren „Wohnen und Arbeit“ sowie „Wald“.",
        "„Fragen, staunen und mitmachen“ heißt es im Mai in Siegen.",
        "Gezeigt wurde in Siegen der Kurzfilm „Nordwind“.",
        "Ein Team namens Nord Connect arbeitet für die Stadt Siegen.",
        "Die Stadt Siegen schließt die sogenannten „Grauen Stellen“.",
        "Bürgermeisterin Ute Weber freut sich in Siegen über die „Fortsetzung einer guten Zeit“.",
        "Im Modellprojekt 94 Städte und in Siegen wird gebaut.",
        "28 neue Projekte\n\n- Landkreis Peine\n\nDas ist noch lange nicht alles, sagt man dort.",
    ],
)
def test_subjects_slogans_works_and_groups_are_no_projects(text):
    assert line(text)["projects"] == []


def test_a_coined_name_goes_without_what_it_is_short_for():
    text = "Der Kreis Peine fördert das Projekt „MoPe - Mobil auf dem Land in Peine“."
    assert [one["name"] for one in line(text)["projects"]] == ["MoPe"]


@pytest.mark.parametrize(
    "text",
    [
        "Siegen nimmt am Modellprojekt Grüne Dörfer des Bundes teil.",
        "Siegen wird im BMEL-Modellvorhaben „Grüne Dörfer“ gefördert.",
        "Siegen passt zur „Grüne Dörfer“ des Ministeriums für Verkehr.",
    ],
)
def test_a_programme_of_the_state_belongs_to_no_town(text):
    assert line(text)["projects"] == [{"name": "Grüne Dörfer", "municipalities": []}]


def test_names_with_a_colon_under_projects():
    text = (
        "Projekte in Siegen\n\nKluge Parkbank: Sie misst, wie oft jemand sitzt, und lädt.\n\n"
        "Offene Anzeige: Sie zeigt den Verbrauch aller Rathäuser in Siegen Tag für Tag.\n"
    )
    assert [one["name"] for one in line(text)["projects"]] == ["Kluge Parkbank", "Offene Anzeige"]
