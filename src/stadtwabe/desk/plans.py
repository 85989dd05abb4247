"""What accepting a suggestion would write: its own values, or what a person chose instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.rules import Precision
from stadtwabe.desk.columns import (
    COLUMNS,
    ORGANISATION_ROLES,
    PARTY_PROPERTIES,
    PLACE_ROLES,
    PRECISION,
    Value,
    amount_of,
    day_of,
    values_of,
)
from stadtwabe.evidence.models import Suggestion
from stadtwabe.evidence.sources import Passage
from stadtwabe.evidence.things import ThingKind, column_of, thing_kind
from stadtwabe.kit.errors import Invalid
from stadtwabe.kit.names import name_form
from stadtwabe.kit.numbers import whole_number
from stadtwabe.reading.generic_titles import with_places

SAFE = 0.9
"""From this confidence on, a place with no rival is safe."""
LIKELY_PLACE = 0.5
"""From this confidence on, a place is chosen beforehand; below it a person chooses."""
NAMED_BY_TOWN = frozenset({"strategy", "publication"})
"""Kinds whose generic title ("Leitbild") is filled in together with the towns that have it."""
RIVAL = 0.3
"""A second candidate with this score makes a place unsafe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person chose; what is left out is as proposed.

    ``values``: text for each column, lists for topics; "" leaves the value out. ``places``:
    official key by the start of the passage, "" leaves it out. ``further_place``: name or key of
    one that the reader has not found. ``organisations``: the starts of
    those that take part. ``facts``: keys of those between two things that are to be written.
    ``replace``: columns whose known value is to give way when merging.
    """

    kind: str = ""
    values: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    places: Mapping[int, str] = field(default_factory=dict)
    further_place: str = ""
    organisations: frozenset[int] | None = None
    facts: frozenset[str] | None = None
    merge_with: Card | None = None
    replace: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ProposedPlace:
    """A place of a suggestion: which one is chosen, which else it may be."""

    start: int
    end: int
    quote: str
    role: str
    chosen: str
    is_safe: bool
    is_confirmed: bool
    candidates: tuple[dict[str, Any], ...]
    reasons: tuple[str, ...]

    @property
    def chosen_name(self) -> str:
        """The name of the chosen candidate."""
        return next((c["name"] for c in self.candidates if c["key"] == self.chosen), "")


@dataclass(frozen=True, slots=True)
class ProposedOrganisation:
    """An organisation that takes part, by name; ``role`` is what it is to the thing."""

    start: int
    end: int
    name: str
    role: str
    is_chosen: bool


def places_of(suggestion: Suggestion) -> list[ProposedPlace]:
    """Return the places of a suggestion with what is chosen so far."""
    drafted = suggestion.draft.get("places", {})
    found = []
    for each in suggestion.proposal.get("places", ()):
        rivals = [c for c in each["candidates"] if c["key"] != each["key"]]
        is_safe = each["confidence"] >= SAFE and all(c["score"] < RIVAL for c in rivals)
        wanted = each["confidence"] >= LIKELY_PLACE and (
            each["role"] == "actor" or suggestion.kind == "event"
        )
        chosen = drafted.get(str(each["start"]), each["key"] if wanted else "")
        found.append(
            ProposedPlace(
                each["start"],
                each["end"],
                each["quote"],
                each["role"],
                chosen,
                is_safe,
                str(each["start"]) in drafted,
                tuple(each["candidates"]),
                tuple(each.get("reasons", ())),
            )
        )
    return found


def organisations_of(suggestion: Suggestion, kind: str) -> list[ProposedOrganisation]:
    """Return the organisations that take part; each is named once, with its most telling role."""
    found: dict[str, ProposedOrganisation] = {}
    for each in suggestion.proposal["properties"]:
        if each["name"] not in PARTY_PROPERTIES or kind not in ORGANISATION_ROLES:
            continue
        role = PARTY_PROPERTIES[each["name"]] or ORGANISATION_ROLES[kind]
        known = found.get(name_form(each["value"]))
        if known is None or PARTY_PROPERTIES[each["name"]]:
            found[name_form(each["value"])] = ProposedOrganisation(
                each["start"], each["end"], each["value"], role, each["confidence"] >= LIKELY_PLACE
            )
    return list(found.values())


def alternatives_of(suggestion: Suggestion) -> list[dict[str, Any]]:
    """Return the other names that a suggestion offers for its thing."""
    return list(suggestion.proposal.get("alternatives", ()))


def offered_values(suggestion: Suggestion, kind: str) -> dict[str, list[Value]]:
    """Return what the document says for each column, surest first."""
    found: dict[str, list[Value]] = {}
    for value in values_of(kind, suggestion.proposal["properties"]):
        found.setdefault(value.column, []).append(value)
    return found


def filled_in(suggestion: Suggestion, kind: str) -> dict[str, str | list[str]]:
    """Return what the form has filled in: sure values, and over them what a person chose."""
    found: dict[str, str | list[str]] = {}
    for column, values in offered_values(suggestion, kind).items():
        sure = [v.value for v in values if v.is_prefilled and _fits(kind, column, v.value)]
        if column == "topics":
            found[column] = list(dict.fromkeys(sure))
        elif sure:
            found[column] = sure[0]
    found.setdefault("title", suggestion.proposal["name"])
    if kind in NAMED_BY_TOWN:
        towns = [place.chosen_name for place in places_of(suggestion) if place.chosen_name]
        found["title"] = with_places(str(found["title"]), towns)
    found.update(suggestion.draft.get("values", {}))
    return found


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be written: columns with their passages."""

    kind: ThingKind
    values: dict[str, Any]
    sources: dict[str, Passage]


def plan_of(suggestion: Suggestion, choice: Choice) -> Plan:
    """Return what accepting ``suggestion`` with ``choice`` writes. Raises Invalid by field."""
    name = choice.kind or suggestion.kind
    if name not in COLUMNS:
        raise Invalid(_("Bitte wählen Sie, was es werden soll."), field="kind")
    kind = thing_kind(name)
    wanted = {**filled_in(suggestion, name), **choice.values}
    values: dict[str, Any] = {}
    sources: dict[str, Passage] = {}
    for column, text in wanted.items():
        if column not in kind.fields or text in ("", []):
            continue
        for written, value in _cleaned(kind, column, text).items():
            values[written] = value
            sources[written] = _passage(suggestion, name, column, text)
    if not values.get("title"):
        raise Invalid(_("Bitte geben Sie einen Titel an."), field="title")
    return Plan(kind, values, sources)


def _passage(suggestion: Suggestion, kind: str, column: str, text: str | Sequence[str]) -> Passage:
    """Return the passage behind a value: where it was read, else the whole suggestion's."""
    offered = offered_values(suggestion, kind).get(column, [])
    if column == "title":
        offered = offered + [
            Value("title", each["value"], each["start"], each["end"], 0)
            for each in alternatives_of(suggestion)
        ]
    exact = [value for value in offered if value.value == text or value.value in text]
    if best := (exact or offered)[:1]:
        return Passage(suggestion.document, best[0].start, best[0].end)
    return Passage(suggestion.document, suggestion.start, suggestion.end)


def _cleaned(kind: ThingKind, name: str, text: str | Sequence[str]) -> dict[str, Any]:
    """Return a value as its column holds it; a day brings its precision along."""
    column = column_of(kind.model, name)
    if isinstance(text, str):
        text = text.strip()
    if isinstance(column, models.DateField):
        return _day(kind, name, str(text))
    if isinstance(column, models.DecimalField):
        amount = amount_of(str(text))
        if amount is None:
            raise Invalid(
                _("„%(text)s“ ist kein Betrag.") % {"text": text},
                field=name,
                remedy=_("Schreiben Sie zum Beispiel 250.000."),
            )
        return {name: amount}
    if isinstance(column, models.IntegerField):
        number = whole_number(str(text).replace(".", "").replace(" ", ""), digits=9)
        if number is None:
            raise Invalid(_("„%(text)s“ ist keine Zahl.") % {"text": text}, field=name)
        return {name: number}
    if isinstance(text, str) and column.max_length and len(text) > column.max_length:
        raise Invalid(
            _("Das ist zu lang (höchstens %(limit)d Zeichen).") % {"limit": column.max_length},
            field=name,
        )
    return {name: text if isinstance(text, str) else list(text)}


def _day(kind: ThingKind, name: str, text: str) -> dict[str, Any]:
    found = day_of(text)
    if found is None:
        raise Invalid(
            _("„%(text)s“ ist kein Datum.") % {"text": text},
            field=name,
            remedy=_("Schreiben Sie Tag, Monat und Jahr, zum Beispiel 18.06.2021."),
        )
    day, precision = found
    precise = PRECISION.get(name, "")
    if precise in kind.fields:
        return {name: day, precise: precision}
    if precision != Precision.DAY:
        raise Invalid(
            _("Zu „%(text)s“ fehlt der Tag.") % {"text": text},
            field=name,
            remedy=_("Schreiben Sie Tag, Monat und Jahr, zum Beispiel 18.06.2021."),
        )
    return {name: day}


def _fits(kind: str, name: str, text: str) -> bool:
    """Whether a value that was read is as exact as its column needs it: a month is no day."""
    fields = thing_kind(kind).fields
    if name not in fields or not isinstance(
        column_of(thing_kind(kind).model, name), models.DateField
    ):
        return True
    found = day_of(text)
    return found is not None and (PRECISION.get(name) in fields or found[1] == Precision.DAY)


def place_role(kind: str) -> str:
    """Return what a place is to a thing of ``kind``."""
    return PLACE_ROLES[kind]
