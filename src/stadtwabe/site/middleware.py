"""What happens around every page: the content security policy and errors of the domain."""

from collections.abc import Callable

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
