"""The API as a whole: one description, one way to sign in, one shape of errors.

Each domain brings a ``Router`` in its ``api.py``; ``docs/openapi.json`` is what it adds up to.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, ValidationError
from ninja.parser import Parser

from stadtwabe.atlas.api import routers as atlas_routers
from stadtwabe.catalog.api import router as catalog
from stadtwabe.desk.api import router as desk
from stadtwabe.hub.api import router as hub
from stadtwabe.kit.errors import DomainError
from stadtwabe.kit.formats.problem import problem
from stadtwabe.people.api_access import SECURITY, actor_of_call
from stadtwabe.programme.api import routers as programme_routers

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "openapi.json"
"""The committed description, in a clone of the repository."""
ROOT = "/api/v1/"


class StorableText(Parser):
    """Reads JSON, but no text that neither PostgreSQL nor UTF-8 can hold."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the body. Raises ValueError, which ninja answers with 400, for such text."""
        body = super().parse_body(request)
        for text in _texts(body):
            if b"\x00" in text.encode():  # where a lone surrogate is a ValueError, too
                message = "NUL in a text"
                raise ValueError(message)
        return body


def _texts(value: object) -> Iterator[str]:
    """Yield every text in a JSON value, names included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value:
            yield from _texts(part)
        if isinstance(value, dict):
            yield from _texts(list(value.values()))


api = NinjaAPI(
    title="Stadtwabe",
    version="1",
    description="Alles Öffentliche als JSON, nach denselben Filtern wie die Seiten.",
    urls_namespace="api",
    docs_url=None,
    auth=actor_of_call,
    parser=StorableText(),
    openapi_extra=SECURITY,
)
api.add_router("", catalog)
for address, router in (*atlas_routers, *programme_routers):
    api.add_router(address, router)
api.add_router("", desk)
api.add_router("", hub)


class Resource(Schema):
    """A list of things, and where it is."""

    name: str
    address: str
    description: str


class Root(Schema):
    """What there is, and where it is described: for people and for programs."""

    title: str
    version: str
    documentation: str
    openapi: str
    resources: list[Resource]


@api.get("/", response=Root, operation_id="get_root", tags=["root"])
def root(request: HttpRequest) -> dict[str, Any]:
    """Was es hier gibt, und wo es beschrieben ist."""
    here = request.build_absolute_uri("/")[:-1]
    paths = api.get_openapi_schema(path_prefix=ROOT)["paths"]
    resources = [
        {
            "name": path.removeprefix(ROOT),
            "address": here + path,
            "description": _(said),
        }
        for path, found in paths.items()
        if "{" not in path and path != ROOT and (said := _said_of_list(found))
    ]
    return {
        "title": api.title,
        "version": api.version,
        "documentation": here + reverse("api-docs"),
        "openapi": here + reverse("api:openapi-json"),
        "resources": resources,
    }


def _said_of_list(found: dict[str, Any]) -> str:
    return str(found.get("get", {}).get("description", ""))


@api.exception_handler(DomainError)
def domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer with the error's own status and words."""
    return problem(error.status, error.message, field=error.field, remedy=error.remedy)


@api.exception_handler(ValidationError)
def wrong_shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name the first parameter that has the wrong shape."""
    first = error.errors[0]
    return problem(422, first["msg"], field=str(first["loc"][-1]))


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Say that the token is not valid."""
    return problem(
        401,
        _("Dafür fehlt ein gültiger Zugangsschlüssel."),
        field="Authorization",
        remedy=_("Legen Sie in Ihrem Konto einen neuen an."),
    )


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the API, as the page for people shows it."""

    name: str
    method: str
    path: str
    summary: str
    parameters: Sequence[dict[str, Any]]


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = api.get_openapi_schema(path_prefix=ROOT)
    return schema


def docs(request: HttpRequest) -> HttpResponse:
    """Show the description to people: plain HTML, so that it works for everybody."""
    calls = [
        Call(
            name=found["operationId"],
            method=method.upper(),
            path=path,
            summary=_(said) if (said := found.get("description")) else "",
            parameters=found.get("parameters", ()),
        )
        for path, methods in _schema()["paths"].items()
        for method, found in methods.items()
    ]
    crumbs = [(_("Schnittstelle (API)"), "")]
    return render(request, "site/api.html", {"calls": calls, "crumbs": crumbs})


def description() -> str:
    """Return the OpenAPI description as text, the same for the same code."""
    return json.dumps(_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
