"""Events in sentences: which word names the gathering, and which day is its day."""

import pytest

from stadtwabe.reading.model import ReadThing, ThingKind
from stadtwabe.reading.reading import LIKELY, read


def events(text: str) -> list[ReadThing]:
    reading = read(text)
    found = [t for t in reading.things_of(ThingKind.EVENT) if t.confidence >= LIKELY]
    for thing in found:
        for value in thing.properties:
            assert reading.text[value.start : value.end] == value.quote
    return found


def titles(text: str) -> list[str]:
    return [one.name for one in events(text)]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Die Stadt Gera lädt am 4. Mai 2025 zum Quartierspicknick ein.", "Quartierspicknick"),
        ("Am 4. Mai 2025 findet in Gera der Seniorentag statt.", "Seniorentag"),
        ("Der Fachtag Wohnen im Dorf ist am 4. Mai 2025.", "Fachtag Wohnen im Dorf"),
        ("Wir waren beim Zukunftslabor #2 am 4. Mai 2025 dabei.", "Zukunftslabor #2"),
        ("Die Lange Nacht der Bücher (4. Mai 2025) war gut besucht.", "Lange Nacht der Bücher"),
        ("Am 4. Mai 2025 ist das Treffen der Archivarinnen.", "Treffen der Archivarinnen"),
    ],
)
def test_a_gathering_and_a_day_in_one_clause_are_an_event(text, title):
    [one] = events(text)
    assert one.name == title
    assert one.values("date") == ["2025-05-04"]


def test_each_gathering_takes_the_day_of_its_own_clause():
    text = (
        "Geplant sind: Abnahme der Anlage (2. Mai 2025), Fachtag Sanierung gemeinsam mit der "
        "Kammer am 9. Mai 2025, Jahreskonferenz im Juni 2025."
    )
    found = {one.name: one.values("date") for one in events(text)}
    assert found == {"Fachtag Sanierung": ["2025-05-09"], "Jahreskonferenz": ["2025-06"]}


def test_days_listed_together_belong_to_one_event():
    [one] = events("Die Sprechstunde findet am Montag, 5. Mai, und am Montag, 12. Mai 2025, statt.")
    assert one.values("date") == ["2025-05-05", "2025-05-12"]


@pytest.mark.parametrize(
    "text",
    [
        "Der Workshop am 4. Mai 2025 entfällt.",
        "Die Exkursion (4. Mai 2025) fiel aus, der Bus war defekt.",
        "Anmeldung zum Workshop bis zum 4. Mai 2025.",
        "Der Stadtrat hat in der Sitzung am 4. Mai 2025 beraten.",
        "Wir telefonieren am 4. Mai 2025 per Videokonferenz.",
    ],
)
def test_what_is_called_off_or_due_or_a_sitting_is_no_event(text):
    assert titles(text) == []


def test_an_act_says_of_what():
    text = "Das Projekt „Funkturm“ ist fertig. Zur Einweihung am 4. Mai 2025 kamen 80 Gäste."
    assert titles(text) == ["Einweihung Funkturm"]


def test_a_verb_can_tell_an_opening():
    assert titles("Der Makerspace in Gera wurde am 4. Mai 2025 eröffnet.") == [
        "Eröffnung Makerspace"
    ]


def test_the_sentence_after_the_invitation_may_tell_the_day():
    text = "Die Stadt Gera lädt zum Bürgerdialog ein. Er findet am 4. Mai 2025 im Rathaus statt."
    assert titles(text) == ["Bürgerdialog"]


def test_the_heading_names_it_and_the_text_tells_the_day():
    text = "Rückblick: Sommerfahrt\n\nAm 4. Mai 2025 fuhren wir zu dritt nach Gera.\n"
    [one] = events(text)
    assert (one.name, one.values("date")) == ("Sommerfahrt", ["2025-05-04"])


def test_the_venue_stands_with_the_day():
    text = "Die Kolleginnen aus Jena bieten am 4. Mai 2025 in Gera einen Kochkurs an."
    [one] = events(text)
    assert [place.key for place in one.places] == ["16052000"]


def test_a_working_group_is_no_council():
    text = "Termine\n- 3. Sitzung AG Geodaten: 04.05.2025, Gera\n- Jurysitzung: 05.05.2025\n"
    assert titles(text) == ["3. Sitzung AG Geodaten"]


def test_an_unknown_noun_is_not_guessed_beside_a_known_one():
    text = "Unser Hebammenfrühstück mit Landrätin findet am 4. Mai 2025 statt."
    assert [title.split()[0] for title in titles(text)] == ["Hebammenfrühstück"]


def test_a_byline_is_no_event():
    assert titles("Neues aus dem Viertel\n04.05.2025 | Ada aus der Ideenwerkstatt\n\nHallo!") == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "Am 4. Mai 2025 ist in Gera der Auftakt zur kommunalen Wärme- und Kälteplanung.",
            "Auftakt zur kommunalen Wärme- und Kälteplanung",
        ),
        (
            "Am 4. Mai 2025 startet in Gera unsere Sommertour #GeraVorOrt.",
            "Sommertour #GeraVorOrt",
        ),
        (
            "Am 4. Mai 2025 lädt Gera zum Internet- und Handycafé ein.",
            "Internet- und Handycafé",
        ),
    ],
)
def test_a_title_goes_as_far_as_what_the_gathering_is_about(text, title):
    assert titles(text) == [title]


def test_what_is_taken_up_keeps_the_name_it_was_given():
    text = (
        "Die Ämter von Gera haben sich zu einem Erfahrungsaustausch zum Thema Bauakten "
        "zusammengetan. Wer dazukommen will, meldet sich. Das nächste Treffen findet am "
        "4. Mai 2025 statt."
    )
    assert titles(text) == ["Erfahrungsaustausch zum Thema Bauakten"]


def test_the_day_of_a_report_is_not_the_day_of_what_it_announces():
    text = (
        "12.3.2025: Unter freiem Himmel lädt die Stadt Gera am Freitag, 4. April 2025, zum "
        "Quartiersfest auf den Marktplatz ein."
    )
    [one] = events(text)
    assert one.values("date") == ["2025-04-04"]


def test_an_event_with_a_time_of_its_own_takes_no_other_day():
    text = (
        "Unsere Fachveranstaltung „Karten für alle“ im April war gut besucht. "
        "Am 6. September 2025 beginnt in Gera die Digitalwerkstatt."
    )
    assert titles(text) == ["Digitalwerkstatt"]


def test_parts_of_a_congress_and_what_kind_of_event_it_is_are_no_events():
    text = (
        "Der Bundeskongress Kleinstadt steht unter dem Motto Wasser. Vom 14. bis 16. September "
        "2025 kommen in Gera Fachleute aus Rathäusern zusammen. Er findet als dreitägige "
        "Präsenzveranstaltung statt. Exkursionen in die Umgebung bilden am 16. September 2025 "
        "den Abschluss."
    )
    assert titles(text) == ["Bundeskongress Kleinstadt"]


def test_what_one_comes_to_is_an_event_even_under_a_name_of_its_own():
    text = "Am 17. Juni 2025 kamen in Gera viele zum „Offenen Rathaus“."
    assert titles(text) == ["Offenen Rathaus"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("„Smart im Alter“ heißt ein Vortrag, den Gera am 4. Mai 2025 anbietet.", "Smart im Alter"),
        ("Unter dem Titel „Daten“ diskutieren am 4. Mai 2025 in Gera Fachleute.", "Daten"),
        ("Gera beteiligt sich am 4. Mai 2025 am Tag der Umweltbildung.", "Tag der Umweltbildung"),
        ("Die 5. ITLW Ostthüringen läuft am 4. Mai 2025 in Gera.", "5. ITLW Ostthüringen"),
        ("Die Digitale Woche Gera startet am 4. Mai 2025.", "Digitale Woche Gera"),
        ("„Das Labor“, eröffnet am 4. Mai 2025, steht in Gera allen offen.", "Eröffnung Das Labor"),
        ("Nach dem Workshop am 4. Mai 2025 in Gera geht es weiter.", "Workshop"),
    ],
)
def test_what_else_a_sentence_may_call_a_gathering(text, title):
    [one] = events(text)
    assert one.name == title
    assert one.values("date") == ["2025-05-04"]


@pytest.mark.parametrize(
    "text",
    [
        "Am Tag der Bekanntmachung, dem 4. Mai 2025, gilt die Satzung in Gera.",
        "Die 2. Ausbaustufe startet am 4. Mai 2025 in Gera.",
        "Am 4. Mai 2025 startet in Gera das neue Serviceportal.",
        "Die Stadtverordnetenversammlung von Gera tagt am 4. Mai 2025.",
    ],
)
def test_what_takes_no_guests_is_no_event(text):
    assert titles(text) == []


def test_a_plural_has_as_many_events_as_days_and_places():
    text = "Am 3. und 4. Mai 2025 fanden in Gera und Jena die ersten Digitalkongresse statt."
    assert [(one.values("date"), one.values("place")) for one in events(text)] == [
        (["2025-05-03"], ["16052000"]),
        (["2025-05-04"], ["16053000"]),
    ]


def test_a_headline_names_what_the_text_only_calls_by_its_kind():
    text = (
        "Auftaktveranstaltung zum Aktionsplan Wald\n\nDie Stadt Gera lädt alle ein, "
        "mitzureden.\n\nDie Auftaktveranstaltung beginnt am 4. Mai 2025 um 17 Uhr.\n"
    )
    assert titles(text) == ["Auftaktveranstaltung zum Aktionsplan Wald"]


def test_a_project_of_the_name_of_an_event_is_that_event():
    text = "Das Aktionsprogramm „Waldtag“ ist neu. Am 4. Mai 2025 findet in Gera der Waldtag statt."
    found = read(text)
    assert [one.name for one in found.things_of(ThingKind.PROJECT)] == []
    assert titles(text) == ["Waldtag"]
