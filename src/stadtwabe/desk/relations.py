"""What a document says of two things at once: money for a project, a project taken over.

Pure: from a reading to the ``facts`` of a proposal. Which known thing the other one is, is found
out when the suggestion is shown (``facts``).
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from stadtwabe.evidence.passages import sentence_around
from stadtwabe.reading.model import Reading, ReadThing

GRANT, REUSE, DEPLOYMENT = "grant", "reuse", "deployment"

_MONEY = re.compile(
    r"\b(?:geförder|förder|erhält|erhielt|erhalten|bekomm|bekam|bewillig|zuwendung|zusch[uü]ss"
    r"|fördermittel|finanzier|unterstütz)",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"(?:Vorbild|Muster|Nachnutzung|Übernahme|Adaption)\s+(?:von|vom|des|der|aus)\b[^.“”]{0,40}$"
    r"|(?:übernimmt|übernahm|adaptiert|nutzt)\b[^.“”]{0,60}$"
)
_TAKEN_OVER = re.compile(
    r"\b(?:nach dem Vorbild|nach Vorbild|nachnutz|nachgenutzt|Nachnutzung|adaptier"
    r"|übernimmt|übernahm|übernommen)|\bnutz\w*\b[^.]*\bnach\b(?=[\s]*[.,;]|\s*$)",
    re.IGNORECASE,
)
_MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
_SINCE = re.compile(
    rf"\bseit\s+(?:dem\s+)?(?:Anfang\s+|Mitte\s+|Ende\s+)?"
    rf"(?P<value>(?:(?:(?P<day>\d{{1,2}})\.\s*)?(?P<month>{'|'.join(_MONTHS)})\s+)?"
    rf"(?P<year>(?:19|20)\d\d))\b",
    re.IGNORECASE,
)


def since_in(text: str, start: int, end: int) -> list[dict[str, Any]]:
    """Return what follows "seit" in a passage: days, months or years, as properties."""
    found = []
    for match in _SINCE.finditer(text, start, end):
        parts = [match["year"]]
        if match["month"]:
            parts.append(f"{_MONTHS.index(match['month'].capitalize()) + 1:02}")
            if match["day"]:
                parts.append(f"{int(match['day']):02}")
        found.append(_property("since", "-".join(parts), text, *match.span("value")))
    return found


def facts_of_thing(
    thing: ReadThing, reading: Reading, programmes: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Return the facts that a document tells of ``thing`` and another one.

    ``programmes`` are the titles of known funding programmes: they need no mark in the text.
    """
    if thing.kind.value not in {"project", "funding"}:
        return []
    text = reading.text
    start, end = _name_span(thing)
    low, high = sentence_around(text, start, end)
    others = [
        other
        for other in reading.things
        if other is not thing and low <= _name_span(other)[0] and _name_span(other)[1] <= high
    ]
    if thing.kind.value == "funding":
        return _grants(thing, reading, low, high, [_named(o) for o in _of(others, "project")])
    named = [_named(other) for other in _of(others, "funding")]
    for title in programmes:
        at = text.find(title, low, high)
        if at >= 0 and not any(a < at + len(title) and at < b for _name, a, b in named):
            named.append((title, at, at + len(title)))
    return [
        *_grants(thing, reading, low, high, named),
        *_reuses(thing, text, low, high, _of(others, "project")),
    ]


def _grants(
    thing: ReadThing, reading: Reading, low: int, high: int, named: Sequence[tuple[str, int, int]]
) -> list[dict[str, Any]]:
    if len(named) != 1 or not _MONEY.search(reading.text, low, high):
        return []
    [(name, start, end)] = named
    sums = [sum_ for sum_ in reading.amounts if low <= sum_.start and sum_.end <= high]
    amount = sums[0] if len(sums) == 1 else None
    return [
        {
            "kind": GRANT,
            "other": name,
            "start": start,
            "end": end,
            "quote": reading.text[start:end],
            "amount": f"{amount.euros:f}" if amount else "",
            "amount_at": [amount.start, amount.end] if amount else [],
        }
    ]


def _reuses(
    thing: ReadThing, text: str, low: int, high: int, others: Sequence[ReadThing]
) -> list[dict[str, Any]]:
    """The model is the project named right after "nach dem Vorbild von"; else the same name."""
    if not _TAKEN_OVER.search(text, low, high):
        return []
    if _MODEL.search(text, low, _name_span(thing)[0]) and others:
        return []  # it is the model itself
    models = [_named(other) for other in others if _MODEL.search(text, low, _name_span(other)[0])]
    name, start, end = models[0] if len(models) == 1 else _named(thing)
    if others and not models:
        return []
    return [{"kind": REUSE, "other": name, "start": start, "end": end, "quote": text[start:end]}]


def _of(things: Iterable[ReadThing], kind: str) -> list[ReadThing]:
    return [thing for thing in things if thing.kind.value == kind]


def _named(thing: ReadThing) -> tuple[str, int, int]:
    return (thing.name, *_name_span(thing))


def _name_span(thing: ReadThing) -> tuple[int, int]:
    for each in thing.properties:
        if each.name == "name":
            return each.start, each.end
    return thing.start, thing.end


def _property(name: str, value: str, text: str, start: int, end: int) -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "start": start,
        "end": end,
        "quote": text[start:end],
        "confidence": 0.7,
        "reasons": [],
    }
