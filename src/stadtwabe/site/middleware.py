"""What happens around every page: headers, text that cannot be stored, errors of the domain."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from stadtwabe.hub.ingest.problem import problem as hub_problem
from stadtwabe.kit.errors import DomainError
from stadtwabe.kit.formats.problem import problem
from stadtwabe.kit.numbers import whole_number
from stadtwabe.kit.uploads import FILES_PER_FORM

GetResponse = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Nothing inline, nothing from elsewhere (W3C Content Security Policy Level 3)."""


class ContentSecurityPolicy:
    """Sends the policy with every response."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header unless the view has set a stricter one."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), payment=()")
        return response


class PrivatePages:
    """Keeps what signed-in people and tokens see out of every cache, the browser's included.

    Town halls share computers: after signing out, "back" must not show the desk again.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark the answer, unless the view has said something of its own."""
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class NoNul:
    """Refuses requests that contain NUL: no text of PostgreSQL and no file name can hold it.

    Bodies of JSON are checked where they are parsed (``site.api``).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check the address, before anything looks for a file or a page there."""
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the address")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Check the fields of a form."""
        for name, values in request.POST.lists():
            if any("\x00" in text for text in (name, *values)):
                raise BadRequest("NUL in a form")


class ApiProblems:
    """Answers programs in JSON also where no call of an API was reached at all.

    An unknown address, a method that is not offered, a body that is too large or cannot be
    read, a broken server: all of them would otherwise come as pages for people. Each API has its
    own shape: the hub's that of SensorThings, in English, ours problem documents (RFC 9457).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put JSON in the place of any other answer to a failed call."""
        if not request.path.startswith(("/api/", *HUB)):
            return self.get_response(request)
        if _length(request) > _most_bytes(request):
            return _said(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        response = self.get_response(request)
        failed = response.status_code >= HTTPStatus.BAD_REQUEST
        is_json = "json" in response.headers.get("Content-Type", "")
        if not failed or is_json or settings.DEBUG:
            return response
        said = _said(request, response.status_code)
        if "Allow" in response.headers:
            said.headers["Allow"] = response.headers["Allow"]
        return said


HUB = ("/sta/", "/lorawan/")
"""Doors of the hub for programs."""


def _length(request: HttpRequest) -> int:
    return whole_number(request.META.get("CONTENT_LENGTH")) or 0


def _most_bytes(request: HttpRequest) -> int:
    """Return how much a call may send: files to ours, else what fits into memory at once."""
    is_form = (request.content_type or "").startswith("multipart/form-data")
    if is_form and not request.path.startswith(HUB):
        return int(settings.UPLOAD_LIMIT_BYTES) * FILES_PER_FORM
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)


def _said(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith(HUB):
        with translation.override("en"):
            said = hub_problem(status, _in_words(status, request), remedy=_remedy(status))
        return JsonResponse(said, status=status)
    remedy = _remedy(status) or _("Was es gibt, steht unter /api/docs.")
    return problem(status, _in_words(status, request), remedy=remedy)


def _remedy(status: int) -> str:
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return _("Senden Sie es in mehreren Teilen.")
    return ""


def _in_words(status: int, request: HttpRequest) -> str:
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        limit = _most_bytes(request) // 1024**2
        return _("Mehr als %(limit)d MB auf einmal.") % {"limit": limit}
    if status == HTTPStatus.NOT_FOUND:
        return _("Diese Adresse gibt es nicht.")
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return _("Das geht an dieser Adresse nicht.")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _("Bei uns ist etwas kaputtgegangen.")
    return _("Diese Anfrage ist nicht zu verstehen.")


class DomainErrors:
    """Turns an error of the domain that no page has handled into a page that explains it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on: the work is done in ``process_exception``."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer with the error's own status and words."""
        if not isinstance(exception, DomainError):
            return None
        if "json" in request.headers.get("Accept", "") or "json" in request.GET.get("format", ""):
            return problem(
                exception.status,
                exception.message,
                field=exception.field,
                remedy=exception.remedy,
            )
        return render(
            request, "kit/domain_error.html", {"error": exception}, status=exception.status
        )
