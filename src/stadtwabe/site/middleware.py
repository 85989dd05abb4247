"""What happens around every page: headers, text that cannot be stored, errors of the domain."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from stadtwabe.kit.errors import DomainError

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
            return JsonResponse(
                {
                    "error": exception.message,
                    "field": exception.field,
                    "remedy": exception.remedy,
                },
                status=exception.status,
            )
        return render(
            request, "kit/domain_error.html", {"error": exception}, status=exception.status
        )
