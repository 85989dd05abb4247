"""Pages for what went wrong outside any domain."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form had expired, and how to go on."""
    return render(request, "kit/form_expired.html", status=403)
