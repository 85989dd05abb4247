"""One suggestion: accept, edit, reject, undo; each as a part of the page or as a page."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stadtwabe.desk.columns import COLUMNS
from stadtwabe.desk.commands import accept_suggestion, undo_decision
from stadtwabe.desk.forms import WRITTEN, SuggestionForm, kind_choices
from stadtwabe.desk.pages.access import for_editors, suggestion_for
from stadtwabe.desk.views import choice_of, views_of
from stadtwabe.evidence.commands import reject_suggestion
from stadtwabe.evidence.models import Document, Suggestion
from stadtwabe.evidence.passages import Span, segments, sentence_around
from stadtwabe.evidence.queries.suggestions import of_document
from stadtwabe.evidence.rules import Rejection, SuggestionState
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import DomainError
from stadtwabe.people.actors import actor_of


@for_editors
@require_safe
def suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one suggestion with its form; for htmx only the part of the page."""
    return _form(request, suggestion_for(request, pk))


@for_editors
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept with what was chosen."""
    found = suggestion_for(request, pk)
    try:
        accept_suggestion(
            actor=actor_of(request),
            suggestion=found,
            choice=choice_of(request.POST, found),
            now=now(),
        )
    except DomainError as error:
        return _form(request, found, error)
    found.refresh_from_db()
    return _decided(request, found, list(found.undo.get("also", [])))


@for_editors
@require_POST
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Reject with a reason."""
    found = suggestion_for(request, pk)
    try:
        reject_suggestion(
            actor=actor_of(request),
            suggestion=found,
            rejection=request.POST.get("grund", ""),
            because=request.POST.get("worte", ""),
            now=now(),
        )
    except DomainError as error:
        return _form(request, found, error)
    return _decided(request, found, [])


@for_editors
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back."""
    found = suggestion_for(request, pk)
    also = list(found.undo.get("also", []))
    undo_decision(actor=actor_of(request), suggestion=found, now=now())
    if is_htmx(request):
        return render_changed(request, found.document, [found.pk, *also])
    return redirect(f"/redaktion/dokumente/{found.document_id}/#vorschlag-{found.pk}")


def is_htmx(request: HttpRequest) -> bool:
    """Whether a part of a page is asked for."""
    return request.headers.get("HX-Request") == "true"


def context_of(document: Document) -> dict[str, Any]:
    """Return what every part with suggestions needs."""
    open_count = of_document(document).filter(state=SuggestionState.OPEN).count()
    return {
        "document": document,
        "open_count": open_count,
        "rejections": Rejection.choices,
        "kinds": kind_choices(),
    }


def render_changed(
    request: HttpRequest, document: Document, pks: Sequence[int], said: str = ""
) -> HttpResponse:
    """Return the parts of all suggestions that changed, each to be put where it stands."""
    views = views_of(of_document(document).filter(pk__in=pks))
    return render(
        request, "desk/_changed.html", {**context_of(document), "views": views, "said": said}
    )


def _decided(request: HttpRequest, found: Suggestion, also: Sequence[int]) -> HttpResponse:
    document = found.document
    if is_htmx(request):
        return render_changed(request, document, [found.pk, *also])
    following = (
        of_document(document)
        .filter(state=SuggestionState.OPEN, position__gte=found.position)
        .first()
    )
    if "einzeln" in request.POST and following:
        return redirect("desk:suggestion", following.pk)
    anchor = f"#vorschlag-{following.pk}" if following else ""
    return redirect(f"/redaktion/dokumente/{document.pk}/{anchor}")


def _form(
    request: HttpRequest, found: Suggestion, error: DomainError | None = None
) -> HttpResponse:
    asked = (request.POST or request.GET).get("art", "")
    kind = asked if asked in COLUMNS else found.kind
    data = None
    if request.method == "POST" and "werte" in request.POST:
        data = request.POST
    form = SuggestionForm(data, suggestion=found, kind=kind)
    if error is not None and data is not None:
        field = f"{WRITTEN}{error.field}"
        form.add_error(field if field in form.fields else None, str(error))
    low, high = sentence_around(found.document.text, found.start, found.end, found.document.layout)
    view = views_of([found], kind=kind)[0]
    context = {
        **context_of(found.document),
        "view": view,
        "form": form,
        "error": error,
        "passage": segments(
            found.document.text[low:high],
            [Span(p["start"], p["end"], "x") for p in found.proposal["properties"][:1]],
            offset=low,
        ),
        "crumbs": [
            (_("Redaktion"), "/redaktion/"),
            (found.document.title, f"/redaktion/dokumente/{found.document_id}/"),
            (view.title, ""),
        ],
    }
    if is_htmx(request):
        return render(request, "desk/_suggestion_form.html", context)
    status = error.status if error else 200
    return render(request, "desk/suggestion.html", context, status=status)
