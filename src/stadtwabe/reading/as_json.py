"""One line of ``stadtwabe read --json``."""

from typing import Any

from stadtwabe.reading.model import Reading, ReadThing, Role, ThingKind
from stadtwabe.reading.reading import LIKELY

_PROJECTS = (ThingKind.PROJECT, ThingKind.SOLUTION, ThingKind.FUNDING)


def record(name: str, reading: Reading) -> dict[str, Any]:
    """Give the record of one document; only what is at least `LIKELY`."""
    things = [thing for thing in reading.things if thing.confidence >= LIKELY]

    def of(*kinds: ThingKind) -> list[ReadThing]:
        return [thing for thing in things if thing.kind in kinds]

    return {
        "doc": name,
        "municipalities": _municipalities(reading),
        "projects": [{"name": t.name, "municipalities": _keys(t)} for t in of(*_PROJECTS)],
        "events": [
            {"title": t.name, "dates": _unique(t.values("date")), "place": _place(t)}
            for t in of(ThingKind.EVENT)
        ],
        "strategies": [
            {"title": t.name, "municipalities": _keys(t)} for t in of(ThingKind.STRATEGY)
        ],
        "publications": [
            {"title": t.name, "publisher": next(iter(t.values("publisher")), None)}
            for t in of(ThingKind.PUBLICATION)
        ],
        "organisations": _unique(t.name for t in of(ThingKind.ORGANISATION)),
        "amounts_eur": _unique(_number(a.euros) for a in reading.amounts),
        "dates": sorted({v for d in reading.dates for v in (d.value, d.until) if v}),
        "urls": _unique(u.url for u in reading.urls),
        "topics": [t.key for t in reading.topics],
        "sdgs": [int(t.key) for t in reading.sdgs],
        "statements": [
            {
                "subject": s.subject,
                "property": s.property,
                "value": s.value,
                "start": s.start,
                "end": s.end,
                "quote": s.quote,
                "confidence": s.confidence,
            }
            for s in reading.statements()
            if s.confidence >= LIKELY
        ],
    }


def _municipalities(reading: Reading) -> list[dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for place in reading.places:
        known = found.setdefault(
            place.key, {"name": place.name, "ags": place.key, "role": str(place.role)}
        )
        if place.role == Role.ACTOR:
            known["role"] = str(Role.ACTOR)
    return list(found.values())


def _keys(thing: ReadThing) -> list[str]:
    return _unique(place.key for place in thing.places)


def _place(thing: ReadThing) -> str | None:
    if thing.places:
        return thing.places[0].key
    return "online" if "online" in thing.values("format") else None


def _number(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)


def _unique(values: Any) -> list[Any]:
    return list(dict.fromkeys(values))
