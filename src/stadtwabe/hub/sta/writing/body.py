"""The JSON of a request: the standard's names to our columns, links and entities inside."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from stadtwabe.hub.ingest.duplicates import Twice, refuse_duplicates
from stadtwabe.hub.sta.schema.entities import ENTITY_TYPES
from stadtwabe.hub.sta.schema.entity import EntityType
from stadtwabe.kit.errors import Invalid

DEEPEST = 64

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "Thing": {"name": "name", "description": "description", "properties": "properties"},
    "Location": {
        "name": "name",
        "description": "description",
        "encodingType": "encoding_type",
        "location": "location",
        "properties": "properties",
    },
    "Datastream": {
        "name": "name",
        "description": "description",
        "observationType": "observation_type",
        "unitOfMeasurement": "units",
        "properties": "properties",
    },
    "MultiDatastream": {
        "name": "name",
        "description": "description",
        "multiObservationDataTypes": "multi_types",
        "unitOfMeasurements": "units",
        "properties": "properties",
    },
    "Sensor": {
        "name": "name",
        "description": "description",
        "encodingType": "encoding_type",
        "metadata": "metadata",
        "properties": "properties",
    },
    "ObservedProperty": {
        "name": "name",
        "definition": "definition",
        "description": "description",
        "properties": "properties",
    },
    "FeatureOfInterest": {
        "name": "name",
        "description": "description",
        "encodingType": "encoding_type",
        "feature": "feature",
        "properties": "properties",
    },
    "HistoricalLocation": {"time": "time"},
    "Observation": {},
}
TEXTS = frozenset({"name", "description", "encodingType", "definition", "observationType"})
AUDIENCE = "audience"
"""Our addition on things and datastreams: public, networks or owner."""

# The server's own; a body may carry them because it was read here before.
IGNORED = frozenset({"observedArea", "phenomenonTime", "resultTime", "observationType"})
_LINK = re.compile(r"\(([0-9]{1,18})\)\s*$")


@dataclass(frozen=True, slots=True)
class Body:
    """What a request says of one entity.

    ``values`` are columns; ``related`` are bodies of entities to make or ids to link, by relation.
    """

    values: dict[str, Any]
    related: dict[str, list["Body | int"]]
    given: Mapping[str, Any]

    def single(self, name: str) -> "Body | int | None":
        """Return the one entity of a relation. Raises Invalid when there are several."""
        found = self.related.get(name, [])
        if len(found) > 1:
            raise Invalid(f"There is one {name} only.", field=name)
        return found[0] if found else None


def decode(data: bytes) -> Any:
    """Return the JSON of a request. Raises Invalid, saying where it breaks."""
    try:
        given = msgspec.json.decode(data)
        refuse_duplicates(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"The body is no JSON: {error}.") from error
    except Twice as error:
        message = f"The name {error.name!r} stands twice in one object."
        raise Invalid(message, field=error.name) from error
    except RecursionError as error:
        raise Invalid("The body nests too deeply.") from error
    return given


def read(entity: EntityType, given: Any, *, path: str = "", depth: int = 0) -> Body:
    """Return a decoded body as what it says. Raises Invalid, naming the field."""
    if not isinstance(given, dict):
        raise Invalid(f"{path or entity.name} is an object.", field=path or None)
    if depth > DEEPEST:
        raise Invalid("The body nests too deeply.", field=path)
    columns = COLUMNS[entity.name]
    values: dict[str, Any] = {}
    related: dict[str, list[Body | int]] = {}
    for name, value in given.items():
        where = f"{path}/{name}".lstrip("/")
        relation = entity.relation(name.removesuffix("@iot.bind"))
        if relation is not None:
            related[relation.name] = _related(
                relation.target, relation.to_many, value, where, depth
            )
        elif name in columns:
            if name in TEXTS and not isinstance(value, str):
                raise Invalid(f"{where} is a text.", field=where)
            values[columns[name]] = value
        elif name == AUDIENCE and entity.name in {"Thing", "Datastream", "MultiDatastream"}:
            values["audience" if entity.name == "Thing" else "narrowed_to"] = value
        elif "@iot." not in name and name not in IGNORED and entity.name != "Observation":
            known = ", ".join((*columns, *(one.name for one in entity.relations)))
            raise Invalid(f"{entity.name} has no {name}. It has: {known}.", field=where)
    if entity.name == "Datastream" and "units" in values:
        values["units"] = [values["units"]]
    return Body(values, related, given)


def _related(target: str, to_many: bool, value: Any, where: str, depth: int) -> list[Body | int]:
    entries = value if isinstance(value, list) else [value]
    if isinstance(value, list) and not to_many:
        raise Invalid(f"{where} is a single entity, not a list.", field=where)
    found: list[Body | int] = []
    for number, entry in enumerate(entries):
        at = f"{where}/{number}" if isinstance(value, list) else where
        link = link_of(entry)
        found.append(
            read(ENTITY_TYPES[target], entry, path=at, depth=depth + 1) if link is None else link
        )
    return found


def link_of(value: Any) -> int | None:
    """Return the id that ``{"@iot.id": 5}`` or an address such as ``…/Things(5)`` stands for."""
    if isinstance(value, str):
        match = _LINK.search(value)
        if match is None:
            raise Invalid(f"{value[:80]!r} is not the address of an entity.")
        return int(match[1])
    if isinstance(value, dict) and set(value) == {"@iot.id"}:
        key = value["@iot.id"]
        if isinstance(key, bool) or not isinstance(key, int):
            raise Invalid("@iot.id is a number here.", field="@iot.id")
        return key
    return None
