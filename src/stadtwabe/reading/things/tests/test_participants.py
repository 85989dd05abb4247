"""Who does a project: not every town that is named beside it."""

from stadtwabe.reading.as_json import record
from stadtwabe.reading.extract import extract
from stadtwabe.reading.reading import read

SIEGEN, OLPE, SOEST, UNNA = "05970040", "05966024", "05974040", "05978036"


def who(text: str, project: str) -> list[str]:
    found = record("a.txt", read(extract(text.encode(), "a.txt")))
    [places] = [each["municipalities"] for each in found["projects"] if each["name"] == project]
    return sorted(places)


def test_all_towns_of_the_sentence_that_act():
    text = "Die Städte Siegen, Olpe und Soest starten die App „Talblick“."
    assert who(text, "Talblick") == sorted([SIEGEN, OLPE, SOEST])


def test_only_the_part_of_the_sentence_before_the_semicolon():
    text = "Die Stadt Siegen startet die App „Talblick“; die Stadt Olpe wartet noch."
    assert who(text, "Talblick") == [SIEGEN]


def test_the_town_of_the_line_above():
    text = (
        "Kurz gemeldet\n\n* Olpe: Pegel auf dem Handy\n"
        "  Seit April zeigt der „Biggeblick“ den Wasserstand. Soest möchte ihn übernehmen.\n"
    )
    assert who(text, "Biggeblick") == [OLPE]


def test_the_sender_where_the_text_names_no_town():
    text = (
        "Stadt Siegen\nPressestelle\n\nNeuer Dienst für alle\n\n"
        "Der Dienst heißt „Talblick“ und zeigt freie Plätze.\n\n"
        "In Olpe hat man Ähnliches wieder eingestellt.\n"
    )
    assert who(text, "Talblick") == [SIEGEN]


def test_the_town_of_a_dateline():
    text = (
        "Neuer Dienst\n\nUNNA. Seit einem halben Jahr meldet sich der Mülleimer.\n\n"
        "Das Rathaus nennt die Sache „Leerlauf“. In Soest haben sie wieder abgebaut.\n"
    )
    assert who(text, "Leerlauf") == [UNNA]


def test_another_passage_that_names_it_where_the_first_names_no_town():
    text = "Projekt „Talblick“ verlängert\n\nIn Siegen läuft das Projekt „Talblick“ weiter.\n"
    assert who(text, "Talblick") == [SIEGEN]


def test_the_list_that_follows_a_colon():
    text = (
        "Das Land fördert das Projekt „Dorf.Nah“ mit einer Million.\n\n"
        "Diese Orte machen mit:\n\n- Stadt Siegen\n- Stadt Olpe\n- Stadt Soest\n"
    )
    assert who(text, "Dorf.Nah") == sorted([SIEGEN, OLPE, SOEST])


def test_all_partners_of_a_document_that_several_towns_write():
    text = (
        "Beteiligt sind die Städte Siegen, Olpe und Soest.\n\n"
        "Das Lernspiel „Fischers Freund“ ist Pflicht für alle Beschäftigten.\n"
    )
    assert who(text, "Fischers Freund") == sorted([SIEGEN, OLPE, SOEST])


def test_who_speaks_takes_part_in_what_is_done_together():
    text = (
        "Stadt Siegen\nPressestelle\n\nSiegen baut aus.\n\n"
        "Gemeinsam mit Olpe und Soest bauen wir das Netzwerk „Sauerland vernetzt“ auf.\n"
    )
    assert who(text, "Sauerland vernetzt") == sorted([SIEGEN, OLPE, SOEST])


def test_lists_in_which_each_item_opens_with_its_town():
    text = (
        "Gute Beispiele\n\n"
        "- Arnsberg: Seewächter, Sensoren an fünf Stränden. 11.000 Euro\n"
        "- Olpe und Soest: „Hellweg-Ticket“, ein gemeinsames Buchungssystem.\n"
        "- Unna: Wandern per Klick. 9.500 Euro\n"
    )
    found = record("a.txt", read(text))["projects"]
    assert {each["name"]: sorted(each["municipalities"]) for each in found} == {
        "Seewächter": ["05958004"],
        "Hellweg-Ticket": sorted([OLPE, SOEST]),
        "Wandern per Klick": [UNNA],
    }


def test_everybody_who_was_named_before():
    text = (
        "An der Kooperation sind Siegen, Olpe und Soest beteiligt. Unna hat abgelehnt.\n\n"
        "Die drei Städte bauen die Plattform „Talblick“ auf.\n"
    )
    assert who(text, "Talblick") == sorted([SIEGEN, OLPE, SOEST])


def test_who_is_said_right_at_the_name():
    text = "Genannt werden Unna, die Kooperation „Sauer.Digital“ (Siegen, Olpe) und Soest."
    assert who(text, "Sauer.Digital") == sorted([SIEGEN, OLPE])


def test_who_speaks_takes_part():
    text = (
        "Stadt Siegen\nDer Bürgermeister\n\nLiebe Leute,\n\n"
        "wir starten den „Taltakt“, der auch nach Olpe fährt.\n"
    )
    assert who(text, "Taltakt") == sorted([SIEGEN, OLPE])


def test_fields_below_a_name():
    text = (
        "Projektname: Talblick\nKommunen: Siegen, Olpe\nLandkreise: Kreis Soest\n\n"
        "Vor dem Hochwasser von Unna warnte niemand.\n"
    )
    assert who(text, "Talblick") == sorted([SIEGEN, OLPE, "05974"])


def test_who_looks_on_takes_no_part():
    text = "In Siegen läuft das Projekt „Talblick“, Olpe hat die Unterlagen angefordert."
    assert who(text, "Talblick") == [SIEGEN]


def test_a_collection_of_many_towns_has_no_sender():
    text = (
        "Aus den Städten\n\nIn Siegen wird geheiratet.\n\n"
        "In Olpe wird gebaut.\n\nIn Soest wird geplant.\n\n"
        "In Unna wird gefeiert.\n\nDer Dienst „Talblick“ zeigt freie Plätze.\n"
    )
    assert who(text, "Talblick") == []


def test_what_the_sentence_before_said_who_does():
    text = "Die Stadt Siegen schickt einen Bus. Die „Rollende Praxis“ hält in Olpe."
    assert who(text, "Rollende Praxis") == sorted([SIEGEN, OLPE])


def test_town_and_district_of_one_name_act_together():
    text = (
        "Stadt und Landkreis Hof bauen eine gemeinsame Leitstelle auf.\n\n"
        "Das Projekt „Saaleblick“ zeigt freie Plätze im Bus.\n"
    )
    assert who(text, "Saaleblick") == ["09464000", "09475"]
