"""What an entity type is made of."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from django.db.models import QuerySet

from stadtwabe.kit.actor import Actor

_FIXED = re.compile(r"\{c\}\.(\w+) = \{p\}$")


class Kind(Enum):
    """What a value is, as far as comparing and calculating care."""

    NUMBER = auto()
    TEXT = auto()
    BOOL = auto()
    TIME = auto()
    """A point in time."""
    PERIOD = auto()
    """A point in time or a period: two SQL expressions."""
    DAY = auto()
    CLOCK = auto()
    DURATION = auto()
    JSON = auto()
    RESULT = auto()
    """The result of an observation: a number in its column, anything else in the detail."""
    GEOMETRY = auto()
    """GeoJSON; compared by its column."""
    NULL = auto()


def json_time(sql: str) -> str:
    """Return the template of a time as JSON: ``"2026-11-22T10:00:00+00:00"`` with its quotes."""
    return f"to_json({sql})::text"


@dataclass(frozen=True, slots=True)
class Field:
    """A property. ``sql`` and the others are templates in which ``{a}`` is the table's alias.

    ``end`` is the end of a PERIOD. ``columns`` are what ``hub.sta.rendering`` needs to show it,
    ``sql`` alone unless given.
    """

    name: str
    kind: Kind
    sql: str
    end: str = ""
    columns: tuple[str, ...] = ()

    @property
    def shown_from(self) -> tuple[str, ...]:
        """What to select to show it; times as JSON text, which costs a tenth of reading them."""
        if self.columns:
            return self.columns
        if self.kind in {Kind.TIME, Kind.PERIOD}:
            return tuple(json_time(each) for each in (self.sql, self.end) if each)
        return (self.sql,)


@dataclass(frozen=True, slots=True)
class Relation:
    """A way to other entities: ``key`` is this one's column with the id of the single other one.

    With many others it is empty and ``condition`` says which: ``{p}`` is this one's id, ``{c}``
    the others' alias. ``covered``: who sees this entity sees the others, nobody asks again.
    """

    name: str
    target: str
    key: str = ""
    condition: str = ""
    covered: bool = False

    @property
    def to_many(self) -> bool:
        """Whether there may be several others."""
        return not self.key

    @property
    def fixed(self) -> str:
        """The others' column that is the same in all that belong to one entity, or none."""
        found = _FIXED.match(self.condition)
        return found[1] if found else ""

    def between(self, parent: str, child: str) -> str:
        """Return the condition that joins two rows, given by their aliases."""
        if self.key:
            return f"{child}.id = {parent}.{self.key}"
        return self.condition.format(p=f"{parent}.id", c=child)


@dataclass(frozen=True, slots=True)
class EntityType:
    """One of the collections at the service root.

    ``source`` is the FROM item with ``{a}``; ``base`` a condition that always holds. ``visible``
    gives what an actor may see; its ``seen_by`` values are what the column ``seen_as`` must be
    among. ``order`` makes every order total, and is the order of a collection when nobody asks
    for another: an index stands behind it. ``has_ids``: each has an address of its own.
    """

    name: str
    collection: str
    source: str
    fields: tuple[Field, ...]
    relations: tuple[Relation, ...]
    visible: Callable[[Actor], QuerySet[Any]]
    seen_as: str = "{a}.id"
    order: tuple[str, ...] = ("{a}.id",)
    base: str = ""
    has_ids: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """All that a query may name."""
        return (
            *(field.name for field in self.fields),
            *(relation.name for relation in self.relations),
        )

    def field(self, name: str) -> Field | None:
        """Return the property called so."""
        wanted = "id" if name == "@iot.id" else name
        return next((field for field in self.fields if field.name == wanted), None)

    def relation(self, name: str) -> Relation | None:
        """Return the relation called so."""
        return next((relation for relation in self.relations if relation.name == name), None)
