"""One document: its text on the left, what it proposes on the right."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from stadtwabe.catalog.models import Card
from stadtwabe.desk.commands import (
    accept_safe_places,
    cancel_reading,
    read_again,
    undo_decision,
)
from stadtwabe.desk.forms import DescribeForm, kind_choices
from stadtwabe.desk.pages.access import document_for, for_editors
from stadtwabe.desk.pages.inbox import UNDER_WAY
from stadtwabe.desk.pages.suggestions import is_htmx, render_changed
from stadtwabe.desk.views import LONGEST_TEXT, text_of, views_of
from stadtwabe.evidence.commands import describe_document, redact_document
from stadtwabe.evidence.labels import Labels, property_label
from stadtwabe.evidence.models import Document, Statement
from stadtwabe.evidence.queries.documents import near_duplicates
from stadtwabe.evidence.queries.redaction import also_elsewhere, values_with
from stadtwabe.evidence.queries.suggestions import of_document
from stadtwabe.evidence.rules import Rejection, SuggestionState
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import DomainError, Invalid
from stadtwabe.kit.methods import get_or_post
from stadtwabe.people.actors import actor_of

PER_PAGE = 60


@for_editors
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """Show text and suggestions; while it is being read, how far that is."""
    found = document_for(request, pk)
    if request.GET.get("teil") == "fortschritt":
        response = render(request, "desk/_progress.html", {"document": found})
        if found.state not in UNDER_WAY:
            response["HX-Refresh"] = "true"
        return response
    suggestions = list(of_document(found))
    page = Paginator(suggestions, PER_PAGE).get_page(request.GET.get("seite"))
    shown = [s for s in suggestions if s.state == SuggestionState.OPEN]
    context = {
        "document": found,
        "is_under_way": found.state in UNDER_WAY,
        "segments": text_of(found, shown),
        "is_cut": len(found.text) > LONGEST_TEXT,
        "page": page,
        "views": views_of(page.object_list),
        "open_count": len(shown),
        "all_count": len(suggestions),
        "near": near_duplicates(actor_of(request), found),
        "rejections": Rejection.choices,
        "kinds": kind_choices(),
        "crumbs": [(_("Redaktion"), "/redaktion/"), (found.title, "")],
    }
    return render(request, "desk/document.html", context)


@for_editors
@require_POST
def undo_last(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the latest decision in a document."""
    found = document_for(request, pk)
    decided = [SuggestionState.ACCEPTED, SuggestionState.REJECTED]
    # Those that were accepted along with another one have nothing to undo themselves.
    latest = of_document(found).filter(state__in=decided).order_by("-decided_at", "became_id", "pk")
    last = next((s for s in latest if s.state == SuggestionState.REJECTED or s.undo), None)
    if last is None:
        messages.info(request, _("Es gibt keine Entscheidung, die zurückgenommen werden könnte."))
        return redirect("desk:document", pk)
    also = list(last.undo.get("also", []))
    undo_decision(actor=actor_of(request), suggestion=last, now=now())
    if is_htmx(request):
        return render_changed(request, found, [last.pk, *also])
    return redirect(f"/redaktion/dokumente/{pk}/#vorschlag-{last.pk}")


@for_editors
@require_POST
def safe_places(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm all safe places at once."""
    found = document_for(request, pk)
    count = accept_safe_places(actor=actor_of(request), document=found, now=now())
    messages.success(
        request,
        ngettext(
            "%(count)d sicherer Ort ist bestätigt.",
            "%(count)d sichere Orte sind bestätigt.",
            count,
        )
        % {"count": count},
    )
    return redirect("desk:document", pk)


@for_editors
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a document again; decisions stay."""
    read_again(actor=actor_of(request), document=document_for(request, pk), now=now())
    messages.success(request, _("Das Dokument wird erneut gelesen. Entscheidungen bleiben."))
    return redirect("desk:document", pk)


@for_editors
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop reading."""
    cancel_reading(actor=actor_of(request), document=document_for(request, pk), now=now())
    messages.success(request, _("Das Lesen ist abgebrochen."))
    return redirect("desk:document", pk)


@for_editors
@get_or_post
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is known about a document."""
    found = document_for(request, pk)
    known = {name: getattr(found, name) for name in DescribeForm.base_fields}
    form = DescribeForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            describe_document(
                actor=actor_of(request), document=found, now=now(), **form.cleaned_data
            )
        except Invalid as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Gespeichert."))
            return redirect("desk:document", pk)
    context = {
        "document": found,
        "form": form,
        "crumbs": [
            (_("Redaktion"), "/redaktion/"),
            (found.title, f"/redaktion/dokumente/{pk}/"),
            (_("Angaben"), ""),
        ],
    }
    return render(
        request, "desk/describe.html", context, status=422 if request.method == "POST" else 200
    )


@for_editors
@get_or_post
def redact(request: HttpRequest, pk: int) -> HttpResponse:
    """Black out words in a document."""
    found = document_for(request, pk)
    if not found.text:
        raise Http404
    error: DomainError | None = None
    affected: list[Statement] = []
    elsewhere: list[Statement] = []
    if request.method == "POST":
        words = request.POST.get("words", "")
        start = found.text.find(words) if words.strip() else -1
        affected = values_with(found, words) if start >= 0 else []
        elsewhere = also_elsewhere(found, words) if start >= 0 else []
        try:
            if start < 0:
                raise Invalid(
                    _("Diese Wörter stehen nicht im Text."),
                    field="words",
                    remedy=_("Schreiben Sie sie genau so, wie sie im Text stehen."),
                )
            if not request.POST.get("because", "").strip():
                raise Invalid(_("Bitte nennen Sie einen Grund."), field="because")
            if (affected or elsewhere) and "gesehen" not in request.POST:
                return _redact_page(request, found, affected, elsewhere)
            count = redact_document(
                actor=actor_of(request),
                document=found,
                start=start,
                end=start + len(words),
                because=request.POST.get("because", ""),
                everywhere=True,
                now=now(),
            )
        except DomainError as wrong:
            error = wrong
        else:
            messages.success(
                request,
                ngettext(
                    "%(count)d Stelle ist geschwärzt.", "%(count)d Stellen sind geschwärzt.", count
                )
                % {"count": count},
            )
            return redirect("desk:document", pk)
    return _redact_page(request, found, affected, elsewhere, error)


def _redact_page(
    request: HttpRequest,
    found: Document,
    affected: Sequence[Statement],
    elsewhere: Sequence[Statement],
    error: DomainError | None = None,
) -> HttpResponse:
    """Ask for the words; before anything is lost, show which values of entries hold them."""
    labels = Labels([*affected, *elsewhere])
    context = {
        "document": found,
        "error": error,
        "posted": request.POST,
        "affected": [_row(each, labels) for each in affected],
        "elsewhere": [_row(each, labels) for each in elsewhere],
        "crumbs": [
            (_("Redaktion"), "/redaktion/"),
            (found.title, f"/redaktion/dokumente/{found.pk}/"),
            (_("Schwärzen"), ""),
        ],
    }
    return render(request, "desk/redact.html", context, status=422 if error else 200)


def _row(statement: Statement, labels: Labels) -> tuple[Card | None, Statement, str, str]:
    card = statement.link.source if statement.link is not None else statement.card
    return card, statement, property_label(statement), labels.value(statement)
