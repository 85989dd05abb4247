"""What an entry of the script says, in the columns of its kind, each value with its passage."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import DateField, DecimalField

from stadtwabe.evidence.sources import Passage, Source
from stadtwabe.evidence.things import ThingKind, column_of
from stadtwabe.kit.dates import DAY, read_date
from stadtwabe.places.models import Place
from stadtwabe.site.demo.passages import Passages
from stadtwabe.site.demo.script import Entry, Fact


@dataclass(slots=True)
class Content:
    """The values of one entry, each with its passage."""

    values: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    claims: set[str] = field(default_factory=set)
    others: list[tuple[str, Any, Passage]] = field(default_factory=list)
    """What a further source says about the same property."""

    def add(self, name: str, value: Any, source: Source, *, is_claim: bool = False) -> None:
        """Take in a value."""
        self.values[name], self.sources[name] = value, source
        if is_claim:
            self.claims.add(name)


def lead_of(entry: Entry, passages: Passages) -> Passage:
    """Return the passage of the first fact of an entry: what else rests on it."""
    return passages.quoting(entry.facts[0].quote)


def content_of(entry: Entry, kind: ThingKind, passages: Passages) -> Content:
    """Return the values of an entry in the columns of ``kind``, each with its passage."""
    found = Content()
    lead = lead_of(entry, passages)
    block = passages.block_around(lead)
    found.add("title", entry.name, passages.naming(entry.name, otherwise=lead))
    found.add("summary", entry.summary, block)
    for name, value in (("topics", list(entry.topics)), ("goals", list(entry.goals))):
        if value:
            found.add(name, value, block)
    for fact in entry.facts:
        _take_in(found, kind, fact, passages)
    found.sources["parties"] = block
    if "place" in kind.fields and entry.places and found.values.get("format") != "online":
        found.add("place", Place.objects.get(key=entry.places[0]), lead)
    return found


def _take_in(found: Content, kind: ThingKind, fact: Fact, passages: Passages) -> None:
    passage = passages.quoting(fact.quote)
    value, precision = _value(kind, fact)
    if fact.name in found.values and fact.name not in {"title", "summary"}:
        found.others.append((fact.name, value, passage))
        return
    found.add(fact.name, value, passage, is_claim=fact.is_claim)
    column = kind.precision_of(fact.name)
    if column and precision != DAY:
        found.add(column, precision, passage)


def _value(kind: ThingKind, fact: Fact) -> tuple[Any, str]:
    column = column_of(kind.model, fact.name)
    if isinstance(column, DateField):
        return read_date(str(fact.value))
    if isinstance(column, DecimalField):
        return Decimal(str(fact.value)), DAY
    return fact.value, DAY
