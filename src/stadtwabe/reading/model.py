"""What reading a document yields: mentions, things and statements, all with code-point offsets.

Every `start` and `end` counts code points of the text that was read, and
``text[start:end] == quote`` holds for each of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

READER_VERSION = "4"
"""Changes whenever rules or lexica change what is found; stored beside every suggestion."""


class ThingKind(StrEnum):
    """What a group of facts will become."""

    PROJECT = "project"
    EVENT = "event"
    STRATEGY = "strategy"
    PUBLICATION = "publication"
    ORGANISATION = "organisation"
    FUNDING = "funding"
    SOLUTION = "solution"


class Role(StrEnum):
    """Whether a place does something or is merely named (venue, address, comparison)."""

    ACTOR = "actor"
    MENTION = "mention"


class Stage(StrEnum):
    """How far a project has come, from the words around its name."""

    IDEA = "idea"
    PLANNED = "planned"
    PILOT = "pilot"
    RUNNING = "running"
    PERMANENT = "permanent"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class PlaceCandidate:
    """One municipality or district that a name may mean; `score` runs from 0 to 1."""

    key: str
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class ReadPlace:
    """A place named in the text. `key`: AGS of 8 digits, district of 5."""

    key: str
    name: str
    role: Role
    start: int
    end: int
    quote: str
    confidence: float
    reasons: tuple[str, ...] = ()
    candidates: tuple[PlaceCandidate, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A calendar date: ``2021-06-18``, a month ``2021-06``, or ``--06-18`` without a known year.

    `until` is the other end of a range, in the same notation.
    """

    value: str
    until: str | None
    start: int
    end: int
    quote: str
    confidence: float
    reasons: tuple[str, ...] = ()

    @property
    def is_month(self) -> bool:
        """A month as a whole, not a day (which may lack its year)."""
        return self.value[0] != "-" and self.value.count("-") == 1


@dataclass(frozen=True, slots=True)
class ReadAmount:
    """A sum of money in euros."""

    euros: Decimal
    start: int
    end: int
    quote: str
    confidence: float


@dataclass(frozen=True, slots=True)
class ReadUrl:
    """A web address that stands in the text, without the sentence's punctuation."""

    url: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class ReadProperty:
    """One value of one thing, and the passage that says so.

    `value` is text in the notation of the property: ISO dates, AGS, euros with a point,
    otherwise words as they stand in the document.
    """

    name: str
    value: str
    start: int
    end: int
    quote: str
    confidence: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadThing:
    """A group of facts that belong together: this project, in these towns, with these dates.

    `start` and `end` bound the passage (usually a block) that tells of the thing.
    """

    kind: ThingKind
    name: str
    properties: tuple[ReadProperty, ...]
    places: tuple[ReadPlace, ...]
    confidence: float
    reasons: tuple[str, ...]
    start: int
    end: int

    def values(self, name: str) -> list[str]:
        """Give the values of one property in the order of the text."""
        return [prop.value for prop in self.properties if prop.name == name]


@dataclass(frozen=True, slots=True)
class ReadTopic:
    """One of the ten topics, or one SDG as its number, with its strongest passage."""

    key: str
    score: float
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class ReadStatement:
    """A flat view of one property: what a thing is said to be, and where."""

    subject: str
    property: str
    value: str
    start: int
    end: int
    quote: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was found in one document, best first within each kind."""

    text: str
    places: tuple[ReadPlace, ...] = ()
    dates: tuple[ReadDate, ...] = ()
    amounts: tuple[ReadAmount, ...] = ()
    urls: tuple[ReadUrl, ...] = ()
    things: tuple[ReadThing, ...] = ()
    topics: tuple[ReadTopic, ...] = ()
    sdgs: tuple[ReadTopic, ...] = ()
    language: str = "de"
    warnings: tuple[str, ...] = ()
    reader_version: str = field(default=READER_VERSION)

    def things_of(self, kind: ThingKind) -> list[ReadThing]:
        """Give the things of one kind in the order of the text."""
        return [thing for thing in self.things if thing.kind == kind]

    def statements(self) -> Iterator[ReadStatement]:
        """Give every property of every thing as one flat statement."""
        for thing in self.things:
            for prop in thing.properties:
                yield ReadStatement(
                    subject=thing.name,
                    property=prop.name,
                    value=prop.value,
                    start=prop.start,
                    end=prop.end,
                    quote=prop.quote,
                    confidence=prop.confidence,
                )
