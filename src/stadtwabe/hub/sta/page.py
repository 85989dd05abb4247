"""What is read: pages of a collection, and the entity to which a collection may belong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stadtwabe.hub.sta.schema.entity import EntityType, Relation
from stadtwabe.hub.sta.sql.fragment import Sql, fill, param

Entity = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a collection. ``ends_at`` is the token of the next page, "" at the end."""

    entity: EntityType
    entities: list[Entity]
    count: int | None
    ends_at: str
    streams: list[int]
    """Of observations: the datastream of each."""
    encoded: Sequence[bytes] = ()
    """Rows that are wanted in JSON as the parts of a JSON array, instead of ``entities``."""


@dataclass(frozen=True, slots=True)
class Parent:
    """An entity that the actor may see, and the relation that leads from it to a collection."""

    entity: EntityType
    key: int
    relation: Relation

    @property
    def children(self) -> Sql:
        """The condition on the alias ``a``."""
        return fill(self.relation.condition.format(p="{}", c="a"), param(self.key, "bigint"))
