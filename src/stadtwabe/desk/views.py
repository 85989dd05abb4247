"""What the pages of the desk show of a suggestion and of a document's text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from stadtwabe.catalog.kinds import kind_of
from stadtwabe.catalog.models import Card
from stadtwabe.desk.columns import COLUMNS
from stadtwabe.desk.facts import ProposedFact, facts_of
from stadtwabe.desk.forms import WRITTEN
from stadtwabe.desk.matching import SAME
from stadtwabe.desk.plans import (
    Choice,
    ProposedOrganisation,
    ProposedPlace,
    alternatives_of,
    filled_in,
    organisations_of,
    places_of,
)
from stadtwabe.desk.relations import REUSE
from stadtwabe.evidence.labels import value_label
from stadtwabe.evidence.models import Document, Suggestion
from stadtwabe.evidence.passages import Segment, Span, segments
from stadtwabe.evidence.rules import SuggestionState
from stadtwabe.evidence.things import SourcedThing, thing_kind
from stadtwabe.kit.numbers import whole_number

LONGEST_TEXT = 200_000
"""The most characters of a text that one page shows."""
WORDING = frozenset({"title", "summary"})


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A value in words."""

    column: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A known value and a proposed one that differ."""

    column: str
    label: str
    known: str
    proposed: str


@dataclass(frozen=True, slots=True)
class KnownMatch:
    """A known thing that a suggestion may be; ``other_kind`` says of which, if of another kind."""

    card: int
    title: str
    path: str
    kind: str
    other_kind: str
    score: float


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A suggestion with all that its part of the page shows."""

    suggestion: Suggestion
    kind: str
    label: str
    title: str
    values: tuple[ShownValue, ...]
    places: tuple[ProposedPlace, ...]
    organisations: tuple[ProposedOrganisation, ...]
    alternatives: tuple[dict[str, Any], ...]
    matches: tuple[KnownMatch, ...]
    merge_with: int | None
    facts: tuple[ProposedFact, ...]
    facts_of_kind: str
    contradictions: tuple[Contradiction, ...]
    percent: int

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided."""
        return self.suggestion.state == SuggestionState.OPEN


def views_of(suggestions: Iterable[Suggestion], *, kind: str = "") -> list[SuggestionView]:
    """Return the views of several suggestions; known things are read once for each kind."""
    suggestions = list(suggestions)
    known = _known(suggestions)
    return [_view(each, kind or each.kind, known) for each in suggestions]


def _view(suggestion: Suggestion, kind: str, known: dict[int, SourcedThing]) -> SuggestionView:
    values = filled_in(suggestion, kind)
    matches = (
        [_match(each, kind, known) for each in suggestion.matches if each["card"] in known]
        if kind == suggestion.kind
        else []
    )
    is_open = suggestion.state == SuggestionState.OPEN
    facts = facts_of(suggestion, kind) if is_open else []
    models = {fact.card for fact in facts if fact.kind == REUSE}  # another town's: not the same
    best = next((m for m in matches if m.score >= SAME and m.card not in models), None)
    if best is not None and best.kind != kind:
        facts = facts_of(suggestion, best.kind)
    contradictions: tuple[Contradiction, ...] = ()
    if best is not None:
        told = filled_in(suggestion, best.kind)
        contradictions = tuple(_contradictions(best.kind, told, known[best.card]))
    return SuggestionView(
        suggestion=suggestion,
        kind=kind,
        label=str(kind_of(kind).label),
        title=str(values.pop("title")),
        values=tuple(_shown(kind, values)),
        places=tuple(places_of(suggestion)),
        organisations=tuple(organisations_of(suggestion, kind)),
        alternatives=tuple(alternatives_of(suggestion)),
        matches=tuple(matches),
        merge_with=best.card if best else None,
        facts=tuple(facts),
        facts_of_kind=best.kind if best else kind,
        contradictions=contradictions,
        percent=round(suggestion.confidence * 100),
    )


def _match(stored: dict[str, Any], kind: str, known: dict[int, SourcedThing]) -> KnownMatch:
    card = known[stored["card"]].card
    other = str(kind_of(card.kind).label) if card.kind != kind else ""
    return KnownMatch(card.pk, card.title, card.path, card.kind, other, stored["score"])


def _shown(kind: str, values: dict[str, Any]) -> Iterable[ShownValue]:
    for column, value in values.items():
        label = str(kind_of(kind).property_label(column))
        items = value if isinstance(value, list) else [value]
        words = ", ".join(_words(kind, column, item) for item in items if item)
        if words:
            yield ShownValue(column, label, words)


def _words(kind: str, column: str, value: str) -> str:
    try:
        return value_label(kind, column, value)
    except ValueError:  # a month, or a sum with a word
        return str(value)


def _contradictions(
    kind: str, values: dict[str, Any], thing: SourcedThing
) -> Iterable[Contradiction]:
    for column, value in values.items():
        known = getattr(thing, column, None)
        if column in WORDING or isinstance(value, list) or not known or not value:
            continue
        if str(known) != str(value):
            yield Contradiction(
                column,
                str(kind_of(kind).property_label(column)),
                _words(kind, column, str(known)),
                _words(kind, column, value),
            )


def _known(suggestions: Sequence[Suggestion]) -> dict[int, SourcedThing]:
    """Return the things that open suggestions may be, by their cards; withdrawn ones are none."""
    wanted: dict[str, set[int]] = {}
    for each in suggestions:
        if each.state == SuggestionState.OPEN and each.matches:
            for match in each.matches:
                wanted.setdefault(match.get("kind", each.kind), set()).add(match["card"])
    return {
        thing.card_id: thing
        for kind, cards in wanted.items()
        for thing in thing_kind(kind)
        .model._default_manager.filter(card__in=cards, card__withdrawn_at__isnull=True)
        .select_related("card")
    }


def choice_of(posted: QueryDict, suggestion: Suggestion) -> Choice:
    """Return what a form says; fields that it did not have are as proposed."""
    kind = posted.get("art", "") or suggestion.kind
    values: dict[str, str | list[str]] = {
        name.removeprefix(WRITTEN): (
            [str(each) for each in posted.getlist(name)]
            if name == f"{WRITTEN}topics"
            else str(posted[name])
        )
        for name in posted
        if name.startswith(WRITTEN)
    }
    if "werte" in posted:  # the whole form: an unchecked topic is not sent
        values.setdefault("topics", [])
    elif posted.get("name"):
        values["title"] = str(posted["name"])
    places = {}
    if "orte" in posted:
        places = {
            place.start: posted.get(f"ort-{place.start}", "") for place in places_of(suggestion)
        }
    organisations = None
    if "organisationen" in posted:
        organisations = frozenset(
            n for n in map(whole_number, posted.getlist("organisation")) if n is not None
        )
    card = whole_number(posted.get("mit", ""))
    merge_with = None if card is None else Card.objects.filter(pk=card).first()
    if merge_with and any(match["card"] == merge_with.pk for match in suggestion.matches):
        kind = merge_with.kind  # "gibt es schon als Lösung": it becomes what it is already
    facts = None
    if posted.get("fakten") == kind:
        facts = frozenset(str(each) for each in posted.getlist("fakt"))
    return Choice(
        kind=kind if kind in COLUMNS else "?",
        values=values,
        places=places,
        further_place=posted.get("ort-neu", ""),
        organisations=organisations,
        facts=facts,
        merge_with=merge_with,
        replace=frozenset(posted.getlist("ersetzen")) & frozenset(thing_kind(kind).fields)
        if kind in COLUMNS
        else frozenset(),
    )


def text_of(document: Document, suggestions: Iterable[Suggestion]) -> list[Segment]:
    """Return the text with the passages of all suggestions; each span is named ``<id>-<n>``."""
    spans = [span for each in suggestions for span in spans_of(each)]
    return segments(document.text[:LONGEST_TEXT], spans)


def spans_of(suggestion: Suggestion) -> list[Span]:
    """Return the passages of a suggestion: its name first, then its values and places."""
    proposal = suggestion.proposal
    found = [p for p in proposal["properties"] if p["name"] == "name"]
    found += [p for p in proposal["properties"] if p["name"] not in {"name", "summary"}]
    found += proposal.get("places", [])
    places = list(dict.fromkeys((each["start"], each["end"]) for each in found))
    return [Span(start, end, f"{suggestion.pk}-{n}") for n, (start, end) in enumerate(places)]
