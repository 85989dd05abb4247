"""What a path leads to: a collection, an entity, or a property of one."""

from dataclasses import dataclass

from stadtwabe.hub.sta.page import Parent
from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.hub.sta.query.path import ResourcePath, Segment
from stadtwabe.hub.sta.reading import Reader
from stadtwabe.hub.sta.schema.entities import COLLECTIONS, ENTITY_TYPES
from stadtwabe.hub.sta.schema.entity import EntityType


class NothingThere(Exception):
    """No such thing, or none that the actor may see."""


@dataclass(frozen=True, slots=True)
class Resource:
    """``key`` None: the collection, of ``parent`` if there is one. ``inside`` leads to a value."""

    entity: EntityType
    key: int | None
    parent: Parent | None = None
    inside: tuple[str, ...] = ()


def resolve(path: ResourcePath, reader: Reader) -> Resource:
    """Return what ``path`` leads to. Raises QueryError for no path, NothingThere for no entity."""
    first, *rest = path.segments
    entity = COLLECTIONS.get(first.name)
    if entity is None:
        message = f"There is no collection {first.name}. There are: {', '.join(COLLECTIONS)}."
        raise QueryError(message, position=first.position, status=404)
    at = Resource(entity, first.id)
    _check(at, reader)
    for number, segment in enumerate(rest):
        if at.key is None:
            message = f"{segment.name} of which one? A collection needs an id, such as (1)."
            raise QueryError(message, position=segment.position)
        if segment.id is None and at.entity.field(segment.name) is not None:
            return _property(at, rest[number:])
        at = _related(at, segment, reader)
    return at


def _property(at: Resource, segments: list[Segment]) -> Resource:
    for segment in segments:
        if segment.id is not None:
            message = "Values have no ids."
            raise QueryError(message, position=segment.position)
    return Resource(at.entity, at.key, inside=tuple(segment.name for segment in segments))


def _related(at: Resource, segment: Segment, reader: Reader) -> Resource:
    relation = at.entity.relation(segment.name)
    if relation is None or at.key is None:
        message = f"{at.entity.name} has no {segment.name}. It has: {', '.join(at.entity.names)}."
        raise QueryError(message, position=segment.position, status=404)
    target = ENTITY_TYPES[relation.target]
    if relation.to_many:
        found = Resource(target, segment.id, Parent(at.entity, at.key, relation))
        _check(found, reader)
        return found
    if segment.id is not None:
        message = f"There is a single {segment.name}; it takes no id."
        raise QueryError(message, position=segment.position)
    other = reader.other(at.entity, at.key, relation)
    if other is None:
        raise NothingThere
    return Resource(target, other)


def _check(at: Resource, reader: Reader) -> None:
    if at.key is not None and not reader.has(at.entity, at.key, at.parent):
        raise NothingThere
