"""Dates in the ways in which German town halls write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtwabe.reading.extract.layout import blocks_of
from stadtwabe.reading.mentions.dates import dates_in
from stadtwabe.reading.mentions.span import Spans
from stadtwabe.reading.view import view_of


def found(text):
    blocks = blocks_of(text)
    values = set()
    for one in dates_in(view_of(text, blocks), blocks, Spans([])):
        assert len(one.quote) == one.end - one.start
        values |= {one.value, one.until} - {None}
    return sorted(values)


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("am 18.06.2021 beginnt", ["2021-06-18"]),
        ("am 18.6.21 beginnt", ["2021-06-18"]),
        ("Am 18. Juni 2021 findet", ["2021-06-18"]),
        ("22./24.10.2019 Berlin", ["2019-10-22", "2019-10-24"]),
        ("03.–05.09.2024", ["2024-09-03", "2024-09-05"]),
        ("vom 30. März bis 2. April 2025", ["2025-03-30", "2025-04-02"]),
        ("vom 28.12. bis zum 03.01.2025", ["2024-12-28", "2025-01-03"]),
        ("am 3., 10. und 17. Mai 2025", ["2025-05-03", "2025-05-10", "2025-05-17"]),
        ("von Dienstag, 3. Juni, bis Donnerstag, 5. Juni 2025", ["2025-06-03", "2025-06-05"]),
        ("zwischen Dezember 2018 und März 2019", ["2018-12", "2019-03"]),
        ("im Mai/Juni 2024", ["2024-05", "2024-06"]),
        ("Sitzung | Sep 12, 2019", ["2019-09-12"]),
        ("Stuttgart, 03/22/2021", ["2021-03-22"]),
        (
            "Kassel, 14.07.18 – Nach der Premiere im vergangenen Jahr geht es am 8. September los.",
            ["2018-07-14", "2018-09-08"],
        ),
        ("Januar bis März 2024", ["2024-01", "2024-03"]),
        ("Veröffentlicht: 2024-05-03", ["2024-05-03"]),
        ("am 24. November", ["--11-24"]),
        ("in der Nacht vom 3. auf den 4. Mai 2024", ["2024-05-03", "2024-05-04"]),
        ("Förderung (01/2024 – 12/2026)", ["2024-01", "2026-12"]),
        ("Redaktionsschluss: 30.6. für alle", ["--06-30"]),
        ("Laufzeit: 01/2023 bis 12/2025", ["2023-01", "2025-12"]),
        ("Warnkette, Abnahme 29.11. Danach der zweite Abschnitt", ["--11-29"]),
    ],
)
def test_spellings(text, dates):
    assert found(text) == dates


@pytest.mark.parametrize(
    "text",
    [
        "Sommer 2019 und im Jahr 2020",
        "um 17.30 Uhr in Raum 3.12",
        "Kapitel 3.2. beschreibt Version 2.0.",
        "Siehe Abschnitt 14.03. des Berichts.",
        "Im Oktober geht es weiter",
        "1.234.567 Menschen",
        "Vorlage 0123/2024",
        "am 31.02.2024",
    ],
)
def test_what_is_no_date(text):
    assert found(text) == []


def test_the_year_comes_from_the_heading_above():
    text = "Erfahrungsaustausch\n\n24. November 2022\n\nDas war unser Treffen am 24. November.\n"
    assert found(text) == ["2022-11-24"]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("Jahrestagung 2021: 23./24. September, Celle", ["2021-09-23", "2021-09-24"]),
        ("Die Reihe wird 2025 fortgesetzt; Auftakt ist am 20. Februar.", ["2025-02-20"]),
        ("Wir treffen uns seit 2018, wieder am 20. Mai.", ["2023-05-20"]),
    ],
)
def test_a_year_in_the_clause_before_is_the_days(text, dates):
    assert found(f"Stand: 1. März 2023\n\n{text}") == sorted(["2023-03-01", *dates])


def test_a_day_of_every_year_has_no_year():
    text = "Bekanntmachung vom 19. Dezember 2023\n\nBerichtet wird zum 30. Juni "
    assert found(text + "und zum 31. Dezember eines jeden Jahres.") == [
        "--06-30",
        "--12-31",
        "2023-12-19",
    ]


def test_a_month_at_the_top_dates_the_document():
    text = "Wittenberge, im Februar 2024\n\nDer Kreistag stimmte am 1. Februar zu.\n"
    assert found(text) == ["2024-02", "2024-02-01"]


def test_an_announcement_in_december_means_next_january():
    text = "Pressemitteilung vom 12. Dezember 2024\n\nDie Stadt lädt am 14. Januar ins Rathaus ein."
    assert found(text) == ["2024-12-12", "2025-01-14"]


def test_the_weekday_decides_between_two_years():
    text = "Stand: 1. Juli 2024\n\nWir treffen uns am Mittwoch, 15. Mai, im Rathaus."
    assert found(text) == ["2024-05-15", "2024-07-01"]


@given(st.dates(date(1990, 1, 1), date(2079, 12, 31)), st.sampled_from([0, 1, 2]))
def test_every_written_date_is_read_back(day, style):
    names = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
    written = [
        day.strftime("%d.%m.%Y"),
        f"{day.day}. {names.split()[day.month - 1]} {day.year}",
        day.isoformat(),
    ][style]
    assert found(f"Der Termin ist am {written}, wie geplant.") == [day.isoformat()]


@given(st.text(alphabet="0123456789./–- \nMaiJunuar", max_size=60))
def test_nothing_breaks_it(text):
    found(text)


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("Beim Sommerfest am 4. Mai kamen alle.", "2024-05-04"),
        ("Das Sommerfest am 4. Mai wird größer.", "2025-05-04"),
    ],
)
def test_what_a_sentence_tells_as_past_was_before_the_document(sentence, day):
    assert day in found(f"Stand: 11.11.2024\n\n{sentence}\n")


def test_a_year_aimed_at_dates_no_day():
    text = "Digitalstrategie Adorf 2032\n\nEntwurf, Stand 30.08.2024\n\n" + 40 * "Ziele. "
    told = "Dagegen hat sich der Beirat am 11. Juli entschieden."
    assert found(f"{text}\n\n{told}") == ["2024-07-11", "2024-08-30"]


def test_the_next_time_is_still_to_come():
    assert found("Gipfel am 12.11.2024. Der Stammtisch tagt, nächstes Mal am 27. August.") == [
        "2024-11-12",
        "2025-08-27",
    ]


def test_months_in_figures_after_a_label():
    assert found("Zeit: 03/2025 – 12/2027") == ["2025-03", "2027-12"]


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("Seit dem 2. Oktober läuft die App.", "2023-10-02"),
        ("Bis zum 15. Januar können Anträge gestellt werden.", "2025-01-15"),
    ],
)
def test_since_is_before_and_until_is_after_the_day_of_the_document(sentence, day):
    assert (
        found(f"Rundbrief 3\nStand: 5. April 2024\n\n{sentence}\n")
        == ["2024-04-05", day][:: 1 if day > "2024-04-05" else -1]
    )
