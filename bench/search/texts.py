"""Made-up cards: German sentences whose words are as unevenly spread as in real ones."""

import random
from collections.abc import Iterator
from datetime import date

from stadtwabe.catalog.rules import FacetName, Goal, Topic
from stadtwabe.catalog.specs import CardSpec
from stadtwabe.places.models import Place

_MODIFIERS = """
Luft Bürger Verkehrs Park Straßen Hochwasser Boden Fahrrad Daten Pflege Schul Wärme Energie Klima
Stadt Sensor Innenstadt Handels Jugend Kultur Sport Gesundheits Rathaus Online Mobilitäts Wasser
Abfall Baum Geo Bau Termin Nachbarschafts Ehrenamts Museums Bus Lade Breitband Funk Umwelt Lärm
"""
_HEADS = """
qualität beteiligung messung planung portal plattform steuerung überwachung station karte app dienst
verwaltung netz konzept strategie beratung werkstatt sensorik kataster warnung bank parkhaus labor
zentrum versorgung meldung vergabe schule daten
"""
_EVERYDAY = """
Stadt digital Projekt gemeinsam neu Menschen Angebot Verwaltung offen Kommune Dienst einfach Idee
Partner Förderung Region zeigt hilft plant misst
"""
MODIFIERS, HEADS, EVERYDAY = _MODIFIERS.split(), _HEADS.split(), _EVERYDAY.split()
STAGES = ("idea", "planned", "pilot", "running", "permanent", "stopped")
KINDS = ("project", "solution", "strategy", "publication", "event", "funding")


def compounds() -> list[str]:
    """All made-up words, the frequent ones first."""
    words = [modifier + head for head in HEADS for modifier in MODIFIERS]
    random.Random(1).shuffle(words)
    return words


def specs(count: int, places: list[Place], kinds: list[str]) -> Iterator[CardSpec]:
    """Yield ``count`` cards with a value in each of the ten facets."""
    chance = random.Random(2)
    words = compounds()
    weights = [1 / (rank + 8) for rank in range(len(words))]
    topics, goals = list(Topic), list(Goal)
    for number in range(count):
        own = chance.choices(words, weights, k=12)
        filler = chance.choices(EVERYDAY, k=16)
        place = chance.choice(places)
        topic, goal = chance.choice(topics), chance.choice(goals)
        stage = chance.choice(STAGES)
        party = str(chance.randrange(200))
        yield CardSpec(
            kind=kinds[number % len(kinds)],
            title=f"{own[0]} {filler[0]} {own[1]} {number}",
            slug=f"karte-{number}",
            summary=" ".join([*own[2:6], *filler[:6]]) + ".",
            text=" ".join([*own[6:], *filler[6:]]),
            place=place,
            places=(place,),
            starts_on=date(2015 + chance.randrange(11), 1, 1),
            facets={
                (FacetName.TOPIC.value, topic.value): str(topic.label),
                (FacetName.GOAL.value, str(goal.value)): str(goal.label),
                (FacetName.STAGE.value, stage): stage,
                (FacetName.FORMAT.value, "online"): "online",
                (FacetName.PARTY.value, party): f"Organisation {party}",
                (FacetName.STATE.value, stage): stage,
                (FacetName.NETWORK.value, f"v{number % 30}"): f"Verbund {number % 30}",
            },
        )


def queries() -> dict[str, list[str]]:
    """Query strings by what they ask for."""
    words = compounds()
    texts = [
        *EVERYDAY[:6],  # in most cards
        *words[:6],  # frequent
        *words[200:206],  # rare
        *(modifier for modifier in MODIFIERS[:6]),  # parts of compounds
        "Stadt digital Projekt",
        "offene Daten Verwaltung",
        "Luftqualität Menden",
        "Münchner Verkehrsplanung",
        "Köln",
        "Iserlohn Sensorik",
        "Luftqualitat",  # typing errors
        "Verkehrsplannung",
        f'"{words[0]} {EVERYDAY[0]}"',
        "Stadt -digital",
    ]
    filters = [
        "thema=mobility",
        "thema=mobility&thema=education",
        "ort=05",
        "ort=05&thema=mobility&phase=pilot",
        "sdg=11&jahr=2020",
        "art=project&status=running",
        "verbund=v3",
        "ort=09&art=event&sort=datum",
        "sort=entfernung&von=05962024&thema=mobility",
        "sort=titel&thema=mobility",
    ]
    return {
        "search": [f"q={text}" for text in texts],
        "filter": [*filters, *(f"q=Stadt&{narrowed}" for narrowed in filters[:6])],
        "everything": ["", "sort=titel", "seite=7"],
    }
