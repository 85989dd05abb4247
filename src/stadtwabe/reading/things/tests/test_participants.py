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
