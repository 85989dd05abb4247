"""The public list of sources, and the page of each."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtwabe.evidence.models import Document
from stadtwabe.evidence.queries.documents import (
    handled_by,
    may_show_text,
    quoted_passages,
    source_at,
    sources_for,
)
from stadtwabe.people.actors import actor_of

PER_PAGE = 50


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """List the documents that stand behind something in public."""
    found = sources_for(actor_of(request)).defer("text", "layout", "original", "sketch")
    query = request.GET.get("q", "").strip()
    if query:
        found = found.filter(title__icontains=query) | found.filter(publisher__icontains=query)
    if request.GET.get("format") == "json":
        rows = [_as_json(document) for document in found]
        return JsonResponse({"sources": rows}, json_dumps_params={"ensure_ascii": False})
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("seite")),
        "query": query,
        "crumbs": [(_("Quellen"), "")],
    }
    return render(request, "evidence/sources.html", context)


@require_safe
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where a document comes from and what of it is quoted; all of it if it is open."""
    actor = actor_of(request)
    document = next(iter(source_at(actor, pk)), None)
    if document is None:
        raise Http404
    passages = quoted_passages(actor, document)
    if request.GET.get("format") == "json":
        quotes = [{"start": p.start, "text": "".join(s.text for s in p.segments)} for p in passages]
        answer = {**_as_json(document), "passages": quotes}
        return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})
    context = {
        "document": document,
        "passages": passages,
        "shows_text": bool(document.text) and may_show_text(actor, document),
        "is_handled": handled_by(actor).filter(pk=pk).exists(),
        "crumbs": [(_("Quellen"), "/quellen/"), (document.title, "")],
    }
    return render(request, "evidence/source.html", context)


def _as_json(document: Document) -> dict[str, object]:
    return {
        "id": document.pk,
        "path": document.get_absolute_url(),
        "title": document.title,
        "publisher": document.publisher,
        "published_on": document.published_on,
        "address": document.address,
        "retrieved_at": document.retrieved_at,
        "licence": document.licence,
        "language": document.language,
        "owner": str(document.owner),
        "text_sha256": document.text_sha256,
        "is_demo": document.is_demo,
    }
