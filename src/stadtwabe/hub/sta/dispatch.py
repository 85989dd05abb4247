"""From a call to its answer: what is read, created, changed or deleted."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from django.db import DataError, OperationalError, transaction

from stadtwabe.hub import commands
from stadtwabe.hub.database import at_one_moment
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.ingest.outcome import Outcome
from stadtwabe.hub.sta import answers, formats
from stadtwabe.hub.sta.answers import Answer, Call
from stadtwabe.hub.sta.conformance import conformance
from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.hub.sta.query.options import Options, ResultFormat, parse_options
from stadtwabe.hub.sta.query.path import ResourcePath, parse_path
from stadtwabe.hub.sta.reading import Reader
from stadtwabe.hub.sta.resources import NothingThere, Resource, resolve
from stadtwabe.hub.sta.schema.entities import COLLECTIONS
from stadtwabe.hub.sta.selection import next_link
from stadtwabe.hub.sta.writing.body import Body, decode, read
from stadtwabe.hub.sta.writing.changing import change, delete, replace
from stadtwabe.hub.sta.writing.creating import Creator
from stadtwabe.hub.units import code_of, is_known
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import DomainError
from stadtwabe.kit.formats import csv_text
from stadtwabe.kit.numbers import whole_number

T = TypeVar("T")

READING = ("GET", "HEAD")

SECONDS = 20
"""How long a query may take."""


class Refused(Exception):
    """A call that has no meaning where it was sent; ``answer`` says so."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Done:
    """What a call has done, but for its observations.

    ``answer`` takes what became of those, once they are stored. ``location`` is the address of
    the entity that it made, empty if none or an observation: those have theirs when stored.
    """

    answer: Callable[[Sequence[Outcome]], Answer]
    observations: Sequence[NewObservation] = ()
    location: str = ""


@dataclass(slots=True)
class Dispatcher:
    """Answers calls of one actor at one moment."""

    actor: Actor
    now: datetime
    root: str
    owner_id: int | None = None

    def answer(self, call: Call) -> Answer:
        """Return the answer to one call; whatever was wrong is an answer too."""

        def answer() -> Answer:
            if call.method in READING:
                return self._read(call)
            with transaction.atomic():
                done = self.do(call)
            stored: Sequence[Outcome] = ()
            if done.observations:
                stored = list(
                    commands.store_observations(actor=self.actor, observations=done.observations)
                )
            return done.answer(stored)

        return guarded(answer)

    def do(self, call: Call) -> Done:
        """Do what a call wants, but for its observations, inside a transaction of the caller.

        Raises whatever ``guarded`` turns into answers.
        """
        doors: dict[str, Callable[[Call], Done]] = {
            "POST": self._create,
            "PATCH": self._change,
            "PUT": self._change,
            "DELETE": self._delete,
        }
        door = doors.get(call.method)
        if door is None:
            raise Refused(_not_here(f"{call.method} has no meaning here.", METHODS))
        return door(call)

    def _reader(self) -> Reader:
        return Reader(actor=self.actor, now=self.now, root=self.root)

    def _read(self, call: Call) -> Answer:
        options = parse_options(call.options)
        if not call.path.strip("/"):
            return answers.json(_service_root(self.root))
        path = parse_path(call.path)

        def read() -> Answer:
            reader = self._reader()
            return self._found(call, path, resolve(path, reader), options, reader)

        return at_one_moment(read, seconds=SECONDS)

    def _found(
        self, call: Call, path: ResourcePath, resource: Resource, options: Options, reader: Reader
    ) -> Answer:
        if resource.inside or resource.key is not None:
            for name in {"aggregate", "unit"} & options.written.keys():
                message = f"{name} is for a collection of Observations."
                raise QueryError(message, option=name, position=0)
        if resource.inside:
            return _value(resource, reader, bare=path.bare_value)
        if resource.key is None:
            address = f"{self.root}/{call.path.strip('/')}"
            return _collection(address, resource, options, reader, references=path.only_references)
        entity = reader.one(resource.entity, options, resource.key)
        if entity is None:
            raise NothingThere
        if path.only_references:
            entity = {"@iot.selfLink": entity["@iot.selfLink"]}
        return answers.json(entity)

    def _create(self, call: Call) -> Done:
        resource = self._target(call)
        if resource.key is not None or resource.inside:
            raise Refused(_not_here("Entities are created in collections; POST there.", ONE_ENTITY))
        body = read(resource.entity, decode(call.body))
        if resource.parent is not None:
            _put_below(body, resource)
        creator = Creator(self.actor, self.now, self.owner_id)
        name = resource.entity.name
        if name == "Observation":
            creator.observation(body)
            return Done(lambda stored: self._stored(call, stored[0]), creator.observations)
        key = int(creator.create(name, body).pk)
        notes = _notes(body)

        def answer(stored: Sequence[Outcome]) -> Answer:
            # The entities are there; what of their observations is not, the answer says.
            return _noted(self._shown(call, name, key, 201), refused=_refusals(stored), notes=notes)

        address = self._reader().address(resource.entity, key)
        return Done(answer, creator.observations, address)

    def _stored(self, call: Call, outcome: Outcome) -> Answer:
        if outcome.id is None:
            refusal = answers.refused_outcome(outcome)
            return answers.json(refusal, status=refusal["code"])
        return self._shown(call, "Observation", outcome.id, 201)

    def _shown(self, call: Call, name: str, key: int, status: int) -> Answer:
        reader = self._reader()
        entity_type = next(one for one in COLLECTIONS.values() if one.name == name)
        address = reader.address(entity_type, key)
        headers = {"Location": address} if status == 201 else {}
        if "return=minimal" in call.headers.get("prefer", ""):
            return Answer(status, headers=headers)
        entity = reader.one(entity_type, Options(), key) or {"@iot.selfLink": address}
        return answers.json(entity, status=status, headers=headers)

    def _change(self, call: Call) -> Done:
        resource = self._target(call)
        key = resource.key
        if key is None or resource.inside:
            raise Refused(_not_here("Only single entities are changed; name its id.", COLLECTION))
        body = read(resource.entity, decode(call.body))
        creator = Creator(self.actor, self.now, self.owner_id)
        write = replace if call.method == "PUT" else change
        write(creator, resource.entity, key, body)

        def answer(stored: Sequence[Outcome]) -> Answer:
            refusals = _refusals(stored)
            if refusals:
                return answers.json(refusals[0], status=refusals[0]["code"])
            return _noted(self._shown(call, resource.entity.name, key, 200), notes=_notes(body))

        return Done(answer, creator.observations)

    def _delete(self, call: Call) -> Done:
        resource = self._target(call)
        creator = Creator(self.actor, self.now, self.owner_id)
        if resource.key is None or resource.inside:
            raise Refused(_not_here("Only single entities are deleted; name its id.", COLLECTION))
        delete(creator, resource.entity, resource.key)
        return Done(lambda _stored: Answer(200))

    def _target(self, call: Call) -> Resource:
        if not call.path.strip("/"):
            raise QueryError("The service root cannot be written to.", position=0, status=405)
        return resolve(parse_path(call.path), self._reader())


COLLECTION, ONE_ENTITY = "GET, HEAD, POST", "GET, HEAD, PATCH, PUT, DELETE"
METHODS = "GET, HEAD, POST, PATCH, PUT, DELETE"


def guarded(work: Callable[[], T]) -> T | Answer:
    """Return what ``work`` returns, or the answer that says why it could not."""
    try:
        return work()
    except Refused as error:
        return error.answer
    except QueryError as error:
        return answers.refused_query(error)
    except NothingThere:
        return answers.refused(404, "There is no such entity, or it is not for you to see.")
    except DomainError as error:
        return answers.refused_by_domain(error)
    except DataError:
        return answers.refused(400, "This cannot be calculated: a value is out of its range.")
    except OperationalError as error:
        if "statement timeout" not in str(error):
            raise
        return answers.refused(
            503, f"This takes longer than {SECONDS} s.", remedy="Narrow it by $filter."
        )


def _refusals(stored: Sequence[Outcome]) -> list[dict[str, Any]]:
    return [
        answers.refused_outcome(outcome, position=outcome.position)
        for outcome in stored
        if outcome.id is None
    ]


def _not_here(message: str, allowed: str) -> Answer:
    remedy = f"Here one can: {allowed}."
    return answers.refused(405, message, remedy=remedy, headers={"Allow": allowed})


def _put_below(body: Body, resource: Resource) -> None:
    """What is created below an entity belongs to it, whatever the body says."""
    parent = resource.parent
    if parent is None:
        return
    back = next(one for one in resource.entity.relations if one.target == parent.entity.name)
    body.related[back.name] = [parent.key]


UNIT_NOTE = (
    "{!r} is no UCUM code: it is kept, but results do not convert to other units."
    " Codes look like Cel, [degF], ug/m3."
)


def _notes(body: Body) -> list[dict[str, str]]:
    """Return what is worth knowing of a body that was taken: units that nobody can convert."""
    notes = []
    units = body.values.get("units")
    for unit in units if isinstance(units, list) else []:
        definition = str(unit.get("definition") or "") if isinstance(unit, dict) else ""
        if definition and not is_known(code_of(definition)):
            note = {"field": "unitOfMeasurement", "message": UNIT_NOTE.format(definition)}
            notes.append(note)
    for others in body.related.values():
        for other in others:
            if isinstance(other, Body):
                notes += _notes(other)
    return notes


def _noted(answer: Answer, **notes: list[Any]) -> Answer:
    """Return an answer that says more than the entity: what was refused or is worth knowing."""
    there = {f"@stadtwabe.{name}": found for name, found in notes.items() if found}
    if not there or not answer.body:
        return answer
    entity = msgspec.json.decode(answer.body)
    return answers.json({**entity, **there}, status=answer.status, headers=answer.headers)


def _collection(
    address: str, resource: Resource, options: Options, reader: Reader, *, references: bool
) -> Answer:
    if references and options.aggregate is not None:
        message = "Aggregated values have no addresses of their own."
        raise QueryError(message, option="aggregate", position=0)
    if references:
        options = dataclasses.replace(options, select=("id",), expand=())
    page = reader.page(resource.entity, options, resource.parent)
    link = next_link(address, options, page.ends_at) if page.ends_at else ""
    if references:
        return answers.json(formats.references(page, link))
    match options.result_format:
        case ResultFormat.DATA_ARRAY:
            return answers.json(formats.data_array(page, link, reader))
        case ResultFormat.GEOJSON:
            return answers.json(formats.geojson(page, link), media_type=answers.GEOJSON)
        case ResultFormat.CSV:
            text = "".join(formats.csv(page)).encode()
            headers = {"Link": f'<{link}>; rel="next"'} if link else {}
            return Answer(200, text, csv_text.MEDIA_TYPE, headers)
        case _:
            return Answer(200, formats.collection(page, link))


def _value(resource: Resource, reader: Reader, *, bare: bool) -> Answer:
    name, *inside = resource.inside
    known = resource.entity.field(name)
    if resource.key is None or known is None:
        raise NothingThere
    entity = reader.one(resource.entity, Options(select=(known.name,)), resource.key)
    if entity is None:
        raise NothingThere
    value: Any = entity.get("@iot.id" if known.name == "id" else known.name)
    if isinstance(value, msgspec.Raw):
        value = msgspec.json.decode(value)
    for step in inside:
        value = _step(value, step)
    if value is None:
        return Answer(204)
    if not bare:
        return answers.json({inside[-1] if inside else name: value})
    if isinstance(value, str):
        return Answer(200, value.encode(), answers.TEXT)
    return answers.json(value)


def _step(value: Any, step: str) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    place = whole_number(step)
    if isinstance(value, list) and place is not None and place < len(value):
        return value[place]
    return None


def _service_root(root: str) -> dict[str, Any]:
    collections = [{"name": name, "url": f"{root}/{name}"} for name in COLLECTIONS]
    return {"value": collections, "serverSettings": {"conformance": conformance()}}
