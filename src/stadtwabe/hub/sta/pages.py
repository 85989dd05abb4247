"""The door of the SensorThings API: a request to what it asks for, and the answer."""

from typing import Any

import msgspec
from django.db import DataError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt

from stadtwabe.hub.sta import formats
from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.hub.sta.query.options import Options, ResultFormat, parse_options
from stadtwabe.hub.sta.query.path import parse_path
from stadtwabe.hub.sta.reading import Reader, next_link
from stadtwabe.hub.sta.resources import NothingThere, Resource, resolve
from stadtwabe.hub.sta.schema.entities import COLLECTIONS
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import Conflict, DomainError, NotAllowed, NotFound
from stadtwabe.kit.formats import csv_text
from stadtwabe.people.api_access import actor_of_call

JSON = "application/json"
GEOJSON = "application/geo+json"
SECONDS = 20
"""How long a query may take."""

SPEC = "http://www.opengis.net/spec/iot_sensing/1.1/req"
CONFORMANCE = (
    *(
        f"{SPEC}/datamodel/{name}"
        for name in (
            "thing",
            "location",
            "historical-location",
            "datastream",
            "sensor",
            "observed-property",
            "observation",
            "feature-of-interest",
            "entity-control-information/common-control-information",
        )
    ),
    f"{SPEC}/resource-path/resource-path-to-entities",
    f"{SPEC}/request-data",
    f"{SPEC}/multi-datastream",
    f"{SPEC}/data-array/data-array",
)


@csrf_exempt  # actor_of_call asks sessions for their CSRF token; tokens need none
def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer one request below ``/sta/v1.1/``."""
    actor = actor_of_call(request)
    if actor is None:
        return _refused(401, "This token is not valid, or the CSRF token is missing.")
    root = request.build_absolute_uri("/sta/v1.1")
    reader = Reader(actor=actor, now=now(), root=root)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {SECONDS * 1000}")
            response = _read(request, path, reader)
    except QueryError as error:
        response = _refused(400, error.message, option=error.option, position=error.position)
    except NothingThere:
        response = _refused(404, "There is no such entity, or it is not for you to see.")
    except DataError:
        response = _refused(400, "The query cannot be calculated: a value is out of its range.")
    except OperationalError as error:
        if "statement timeout" not in str(error):
            raise
        response = _refused(503, f"This takes longer than {SECONDS} s; narrow it by $filter.")
    except DomainError as error:
        response = _refused_by_domain(error)
    response["Access-Control-Allow-Origin"] = "*"
    response["Vary"] = "Authorization, Cookie"
    return response


def _read(request: HttpRequest, path: str, reader: Reader) -> HttpResponseBase:
    options = parse_options(
        (name, value) for name, values in request.GET.lists() for value in values
    )
    if not path.strip("/"):
        return _json(_service_root(reader.root))
    parsed = parse_path(path)
    resource = resolve(parsed, reader)
    if resource.inside:
        return _value(resource, reader, bare=parsed.bare_value)
    if resource.key is not None:
        entity = reader.one(resource.entity, options, resource.key)
        if entity is None:
            raise NothingThere
        return _json(
            {"@iot.selfLink": entity["@iot.selfLink"]} if parsed.only_references else entity
        )
    return _collection(request, resource, options, reader, references=parsed.only_references)


def _collection(
    request: HttpRequest, resource: Resource, options: Options, reader: Reader, *, references: bool
) -> HttpResponseBase:
    page = reader.page(resource.entity, options, resource.parent)
    more = next_link(request.build_absolute_uri(request.path), options, page.ends_at)
    link = more if page.ends_at else ""
    if references:
        return _json(formats.references(page, link))
    match options.result_format:
        case ResultFormat.DATA_ARRAY:
            return _json(formats.data_array(page, link, reader))
        case ResultFormat.GEOJSON:
            return _json(formats.geojson(page, link), media_type=GEOJSON)
        case ResultFormat.CSV:
            response = StreamingHttpResponse(
                list(formats.csv(page)), content_type=csv_text.MEDIA_TYPE
            )
            if link:
                response["Link"] = f'<{link}>; rel="next"'
            return response
        case _:
            return _json(formats.collection(page, link))


def _value(resource: Resource, reader: Reader, *, bare: bool) -> HttpResponse:
    name, *inside = resource.inside
    known = resource.entity.field(name)
    if resource.key is None or known is None:
        raise NothingThere
    entity = reader.one(resource.entity, Options(select=(known.name,)), resource.key)
    if entity is None:
        raise NothingThere
    value: Any = entity.get("@iot.id" if known.name == "id" else known.name)
    if inside:
        value = msgspec.json.decode(value) if isinstance(value, msgspec.Raw) else value
        for step in inside:
            value = _step(value, step)
    if value is None:
        return HttpResponse(status=204)
    if not bare:
        return _json({inside[-1] if inside else name: value})
    if isinstance(value, str):
        return HttpResponse(value, content_type="text/plain; charset=utf-8")
    return _json(value)


def _step(value: Any, step: str) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and step.isdigit() and int(step) < len(value):
        return value[int(step)]
    return None


def _service_root(root: str) -> dict[str, Any]:
    collections = [{"name": name, "url": f"{root}/{name}"} for name in COLLECTIONS]
    return {"value": collections, "serverSettings": {"conformance": list(CONFORMANCE)}}


def _json(body: Any, *, media_type: str = JSON, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(body), content_type=media_type, status=status)


def _refused(
    status: int, message: str, *, option: str = "", position: int | None = None, remedy: str = ""
) -> HttpResponse:
    body: dict[str, Any] = {"code": status, "type": "error", "message": message}
    if option:
        body["option"] = option
    if position is not None:
        body["position"] = position
    if remedy:
        body["remedy"] = remedy
    return _json(body, status=status)


_STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
)


def _refused_by_domain(error: DomainError) -> HttpResponse:
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 400)
    return _refused(status, str(error), option=error.field or "", remedy=str(error.remedy))
