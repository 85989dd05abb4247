"""What went wrong, for programs: problem details for HTTP APIs (RFC 9457)."""

from http import HTTPStatus

from django.http import JsonResponse

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int, detail: str, *, field: str | None = None, remedy: str = ""
) -> JsonResponse:
    """Return the answer: ``detail`` says what was wrong, ``remedy`` what to do about it.

    ``field`` names the input that was wrong; both are members of our own, as the RFC allows.
    """
    found = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "field": field,
        "remedy": remedy,
    }
    return JsonResponse(
        found, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False}
    )
