"""What this demonstration is: accounts to sign in with, documents, and how they were read."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from stadtwabe.evidence.models import Document
from stadtwabe.site.demo.accounts import ACCOUNTS, PASSWORD
from stadtwabe.site.demo.models import DemoDocument
from stadtwabe.site.demo.queries import progress, totals


def about(request: HttpRequest) -> HttpResponse:
    """Explain the demo; 404 in an ordinary installation."""
    _only_in_the_demo()
    context = {
        "crumbs": [(_("Vorführung"), "")],
        "accounts": ACCOUNTS,
        "password": PASSWORD,
        "documents": DemoDocument.objects.select_related("document").defer(
            "document__text", "document__original", "document__layout"
        ),
        "waiting": Document.objects.filter(is_demo=True, demo=None, state="read").count(),
        "progress": progress(),
        "totals": totals(),
    }
    return render(request, "demo/about.html", context)


def state(request: HttpRequest) -> HttpResponse:
    """How far loading is, as the part of the page that htmx asks for again and again."""
    _only_in_the_demo()
    return render(request, "demo/_progress.html", {"progress": progress()})


def _only_in_the_demo() -> None:
    if not settings.DEMO:
        raise Http404
