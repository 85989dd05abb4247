"""One calendar in the many layouts that towns give it: title, day and town are found in each."""

import pytest

from stadtwabe.reading.extract import extract
from stadtwabe.reading.model import ThingKind
from stadtwabe.reading.reading import LIKELY, read

EVENTS = (
    ("Bücherflohmarkt im Stadtlabor", "Samstag", "3. Mai 2025", "03.05.2025", "Rathaus", "Soest"),
    ("Offene Werkstatt", "Mittwoch", "4. Juni 2025", "04.06.2025", "Bücherei", "Unna"),
    ("Fragen an die Kämmerin", "Freitag", "4. Juli 2025", "04.07.2025", "Kulturhaus", "Olpe"),
)
FOUND = [
    ("Bücherflohmarkt im Stadtlabor", ["2025-05-03"], ["05974040"]),
    ("Offene Werkstatt", ["2025-06-04"], ["05978036"]),
    ("Fragen an die Kämmerin", ["2025-07-04"], ["05966024"]),
]
LETTER = "Rundbrief Frühjahr 2025\n\nViel ist geschehen in den Orten, und vieles kommt noch.\n\n"


def filled(pattern: str, between: str = "\n") -> str:
    names = ("title", "weekday", "day", "digits", "house", "town")
    return between.join(pattern.format(**dict(zip(names, e, strict=True))) for e in EVENTS)


def found(text: str, name: str = "a.txt") -> list[tuple[str, list[str], list[str]]]:
    reading = read(extract(text.encode(), name))
    events = [t for t in reading.things_of(ThingKind.EVENT) if t.confidence >= LIKELY]
    for thing in events:
        for value in thing.properties:
            assert reading.text[value.start : value.end] == value.quote
    return [(t.name, t.values("date"), [place.key for place in t.places]) for t in events]


@pytest.mark.parametrize(
    ("head", "pattern", "between"),
    [
        ("Termine\n\n", "{digits} – {title}, {town}", "\n"),
        ("Termine\n\n", "{weekday}, {day}, 14 Uhr: {title} ({house} {town})", "\n"),
        ("Termine\n\n", "{title}\n{weekday}, {day}, 14–16 Uhr, {house} {town}", "\n\n"),
        ("Termine\n\nDatum | Titel | Ort\n", "{digits} | {title} | {town}", "\n"),
        ("Termine\n\nVeranstaltung | Datum | Ort\n", "{title} | {digits} | {town}", "\n"),
        ("", "{title}\nWann: {weekday}, {day}, 14 Uhr\nWo: {house} {town}", "\n\n"),
        ("", "Was: {title}\nWann: {day}, 14 Uhr\nWo: {house}, {town}", "\n\n"),
        ("Veranstaltungen\n\n", "{title}\nDatum: {digits}\nOrt: {town}", "\n\n"),
        ("Termine\n\n", "- {title} am {day} in {town}", "\n"),
        ("Termine\n\n", "- {title} ({day}, {town})", "\n"),
        ("Kommende Veranstaltungen\n\n", "1) {day}: {title} in {town}", "\n"),
        ("Termine: ", "{day} {title} ({town})", "; "),
        ("Termine\n\n", "{digits} | 14:00 Uhr | {town}\n{title}", "\n\n"),
        ("Termine\n\n", "{town}: {title}, {day}, 14 Uhr", "\n"),
        ("Was ansteht\n\n", "{title}: Los geht es am {day} um 14 Uhr im {house} {town}.", "\n\n"),
    ],
)
def test_a_calendar_as_text(head, pattern, between):
    text = LETTER + head + filled(pattern, between) + "\n"
    assert [(name, days) for name, days, _ in found(text)] == [(n, d) for n, d, _ in FOUND]


def test_days_without_a_year_behind_bullets_take_that_of_the_heading():
    text = LETTER + "Termine 2025\n\n* 3.5. Bücherflohmarkt (Soest)\n* 4.6. Werkstatt (Unna)\n"
    assert [(name, days) for name, days, _ in found(text)] == [
        ("Bücherflohmarkt", ["2025-05-03"]),
        ("Werkstatt", ["2025-06-04"]),
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        "<article><time>{digits}</time><h3>{title}</h3><p>{house} {town}</p></article>",
        "<h3>{title}</h3><p>{weekday}, {day}, 14 Uhr, {house} {town}</p><p>Kommen Sie.</p>",
        "<p>{title}</p><p>{weekday}, {day} | 14:00 - 16:00 Uhr</p><p>{house}, {town}</p>",
        "<dl><dt>{day}</dt><dd>{title}, {house} {town}</dd></dl>",
    ],
)
def test_a_calendar_as_a_page(pattern):
    page = f"<html><body><main><h1>Termine 2025</h1>{filled(pattern)}</main></body></html>"
    assert found(page, "a.html") == FOUND
