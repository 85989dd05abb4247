"""Topics: what a document is about, not what it mentions in passing."""

import pytest

from stadtwabe.reading.reading import read


def topics(text: str) -> list[str]:
    return [topic.key for topic in read(text).topics]


def test_the_strongest_topic_comes_first():
    text = (
        "Der Rufbus ergänzt den Nahverkehr. An jeder Haltestelle hängt ein Fahrplan, der Radweg "
        "führt zur Mobilstation. Die Heizung im Wartehaus läuft mit Solarstrom."
    )
    assert topics(text)[0] == "mobility"


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("Gemeinsam sind wir einsame Spitze, sagen beide gemeinsam.", "society_participation"),
        ("Der Datenschutz wurde geprüft. Der Datenschutz ist gewahrt.", "data_infrastructure"),
        ("Der Klimaschutz steht im Umweltschutz obenan.", "security_privacy"),
        ("Die Funktion der Karte und ihre Funktionen.", "data_infrastructure"),
        ("Ehrenamtliche helfen. Die Ehrenamtlichen sind willkommen.", "administration"),
    ],
)
def test_a_stem_inside_another_word_says_nothing(text, absent):
    assert absent not in topics(text)


def test_a_topic_quotes_the_word_that_speaks_for_it():
    reading = read("Die Feuerwehr probt für den Notfall, die Sirene auch.")
    for topic in reading.topics:
        assert reading.text[topic.start : topic.end] == topic.quote
    assert topics("Die Feuerwehr probt für den Notfall, die Sirene auch.") == ["security_privacy"]


def test_a_word_in_passing_gives_way_to_what_every_paragraph_is_about():
    text = (
        "Der Rufbus fährt öfter.\n\nDer Radweg am Bahnhof ist fertig.\n\n"
        "Die Haltestelle bekommt ein Dach, die Kita nebenan auch.\n\nDie Fähre legt später ab.\n"
    )
    reading = read(text)
    assert [topic.key for topic in reading.topics] == ["mobility"]
    assert reading.topics[0].score > 0.75  # a probability
