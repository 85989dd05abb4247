"""From a reading to proposals: what belongs together, other names for it, what is known of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from stadtwabe.desk.matching import Sought, known_programmes, known_things
from stadtwabe.desk.relations import facts_of_thing, since_in
from stadtwabe.evidence.commands import Proposal
from stadtwabe.evidence.queries.suggestions import distrust
from stadtwabe.evidence.similarity import form_of
from stadtwabe.evidence.things import thing_kinds
from stadtwabe.reading.model import Reading, ReadPlace, ReadProperty, ReadThing, ReadTopic

SPEAKS_FOR_A_TOPIC = 0.75
"""From this score on, a topic whose passage lies in a thing's passage is proposed for it."""


def proposals_of(reading: Reading) -> list[Proposal]:
    """Return one proposal for each thing of a reading, in the order of the text.

    Things of one kind in one passage, with the same places, are one thing with several names:
    the surest leads, the others are offered as its other names. Names that were rejected before
    come with less confidence.
    """
    kinds = {kind.name for kind in thing_kinds()}
    groups = _groups([thing for thing in reading.things if thing.kind.value in kinds])
    programmes = known_programmes()
    found = [_proposal(group, reading, programmes) for group in groups]
    found.sort(key=lambda each: (each.kind == "organisation", each.start, -each.confidence))
    lessons = distrust((each.kind, each.name) for each in found)
    known = known_things(sought(each.kind, each.content) for each in found)
    return [
        replace(
            each,
            confidence=round(each.confidence * lessons.get((each.kind, each.name), 1.0), 3),
            reasons=(
                (*each.reasons, "früher verworfen")
                if (each.kind, each.name) in lessons
                else each.reasons
            ),
            matches=tuple(known[sought(each.kind, each.content)]),
        )
        for each in found
    ]


def sought(kind: str, content: dict[str, Any]) -> Sought:
    """Return what to look for among the known things for a proposal."""
    acting = {each["key"] for each in content["places"] if each["role"] == "actor"}
    return Sought(kind, str(content["name"]), frozenset(acting))


def _groups(things: Sequence[ReadThing]) -> list[list[ReadThing]]:
    groups: dict[tuple[Any, ...], list[ReadThing]] = {}
    for number, thing in enumerate(things):
        same = (thing.kind, thing.start, thing.end, tuple(place.key for place in thing.places))
        # Events and organisations in one passage are a list; the others are one thing told once.
        own = thing.kind.value in {"event", "organisation"} or _is_named(thing)
        rival = groups.get(same)
        if own and rival and any(_is_named(other) for other in rival):
            groups[(*same, number)] = [thing]
        else:
            groups.setdefault((*same, number) if thing.kind.value in _LISTED else same, []).append(
                thing
            )
    return [sorted(group, key=lambda each: -each.confidence) for group in groups.values()]


_LISTED = frozenset({"event", "organisation"})


def _is_named(thing: ReadThing) -> bool:
    """Whether the thing has a name of its own (in quotes, after "App"), not a description."""
    return thing.confidence >= 0.75


def _proposal(group: Sequence[ReadThing], reading: Reading, programmes: Sequence[str]) -> Proposal:
    thing = group[0]
    topics = [
        _topic(topic)
        for topic in reading.topics
        if topic.score >= SPEAKS_FOR_A_TOPIC and thing.start <= topic.start < thing.end
    ]
    properties = [_property(each) for each in thing.properties if each.name != "place"]
    if not any(each["name"] == "topic" for each in properties):
        properties += topics
    if thing.kind.value in {"project", "solution"}:
        properties += since_in(reading.text, thing.start, thing.end)
    facts = facts_of_thing(thing, reading, programmes)
    granted = [each["amount_at"] for each in facts if each.get("amount_at")]
    if thing.kind.value == "funding" and granted:
        # What one town received is not what the programme has to give.
        properties = [p for p in properties if [p["start"], p["end"]] not in granted]
    return Proposal(
        kind=thing.kind.value,
        start=thing.start,
        end=thing.end,
        content={
            "name": thing.name,
            "properties": properties,
            "places": [*(_place(place) for place in thing.places), *_bystanders(thing, reading)],
            "alternatives": _alternatives(group, reading.text),
            "facts": facts,
        },
        confidence=thing.confidence,
        reasons=thing.reasons,
    )


def _property(each: ReadProperty) -> dict[str, Any]:
    return {
        "name": each.name,
        "value": each.value,
        "start": each.start,
        "end": each.end,
        "quote": each.quote,
        "confidence": each.confidence,
        "reasons": list(each.reasons),
    }


def _topic(topic: ReadTopic) -> dict[str, Any]:
    return {
        "name": "topic",
        "value": topic.key,
        "start": topic.start,
        "end": topic.end,
        "quote": topic.quote,
        "confidence": topic.score,
        "reasons": [],
    }


def _place(place: ReadPlace) -> dict[str, Any]:
    candidates = [
        {"key": each.key, "name": each.name, "score": each.score} for each in place.candidates
    ]
    if not any(each["key"] == place.key for each in candidates):
        candidates.insert(0, {"key": place.key, "name": place.name, "score": place.confidence})
    return {
        "key": place.key,
        "name": place.name,
        "role": place.role.value,
        "start": place.start,
        "end": place.end,
        "quote": place.quote,
        "confidence": place.confidence,
        "reasons": list(place.reasons),
        "candidates": candidates,
    }


def _bystanders(thing: ReadThing, reading: Reading) -> list[dict[str, Any]]:
    """Return the other places of the passage: offered, not chosen."""
    taken = {place.key for place in thing.places}
    found: dict[str, dict[str, Any]] = {}
    for place in reading.places:
        inside = thing.start <= place.start and place.end <= thing.end
        if inside and place.key not in taken and thing.kind.value != "organisation":
            found.setdefault(place.key, {**_place(place), "role": "mention"})
    return list(found.values())


def _alternatives(group: Sequence[ReadThing], text: str) -> list[dict[str, Any]]:
    """Return other names for a thing: of its rivals, with the word before, with whose it is."""
    thing = group[0]
    found: list[dict[str, Any]] = []
    for other in group[1:]:
        span = next((p for p in other.properties if p.name == "name"), None)
        if span is not None:
            found.append({"value": other.name, "start": span.start, "end": span.end})
    span = next((p for p in thing.properties if p.name == "name"), None)
    if span is not None:
        before = text[max(thing.start, span.start - 40) : span.start].split()
        if thing.name[:1].isupper() and before and before[-1][:1].isupper():
            found.append(
                {
                    "value": f"{before[-1]} {text[span.start : span.end]}",
                    "start": text.rindex(before[-1], 0, span.start),
                    "end": span.end,
                }
            )
        who = _who(thing)
        if who and len(thing.name.split()) == 1 and not _is_named(thing):
            found.append({"value": f"{thing.name} ({who})", "start": span.start, "end": span.end})
        if thing.kind.value == "organisation":
            found += [
                {"value": name, "start": span.start, "end": span.end}
                for name in _nominatives(thing.name)
            ]
    seen = {form_of(thing.name)}
    kept = []
    for each in found:
        if form_of(each["value"]) not in seen:
            seen.add(form_of(each["value"]))
            kept.append(each)
    return kept[:6]


def _who(thing: ReadThing) -> str:
    """Return who a thing without a name of its own belongs to: "Studie (Musterstiftung)"."""
    for name in ("publisher", "organisation"):
        for value in thing.values(name):
            return value
    return ", ".join(place.name for place in thing.places[:3])


def _nominatives(name: str) -> list[str]:
    """Return how a name that stands inflected may be in the nominative: "Deutscher Bund"."""
    first, _space, rest = name.partition(" ")
    if not rest or not first.endswith(("en", "em")):
        return []
    return [f"{first[:-2]}{ending} {rest}" for ending in ("er", "es", "e")]
