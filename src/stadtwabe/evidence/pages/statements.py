"""The page of one statement: what is said, of what, by which sentence, and what speaks against."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtwabe.evidence.queries.statements import StatementView, statement_view, visible_to
from stadtwabe.people.actors import actor_of
from stadtwabe.people.permissions import can


@require_safe
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """Quote the source of one value."""
    found = (
        visible_to(actor_of(request))
        .select_related("card", "link__source", "link__target", "document__owner", "declared_by")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    view = statement_view(found)
    if request.GET.get("format") == "json":
        return JsonResponse(_as_json(view), json_dumps_params={"ensure_ascii": False})
    thing = found.card or (found.link.source if found.link else None)
    context = {
        "view": view,
        "statement": found,
        "may_withdraw": can(actor_of(request), "evidence.withdraw_statement", found),
        "thing": thing,
        "crumbs": [(_("Quellen"), "/quellen/"), (_("Aussage"), "")],
    }
    return render(request, "evidence/statement.html", context)


def _as_json(view: StatementView) -> dict[str, object]:
    found = view.statement
    return {
        "id": found.pk,
        "thing": found.card.path if found.card else None,
        "property": found.property,
        "value": found.value,
        "state": found.state,
        "is_claim": found.is_claim,
        "method": found.method,
        "document": found.document.get_absolute_url() if found.document else None,
        "start": found.start,
        "end": found.end,
        "quote": found.quote,
        "context": "".join(segment.text for segment in view.passage),
        "declared_by": str(found.declared_by) if found.declared_by else None,
        "declared_on": found.declared_on,
        "import": [found.import_name, found.import_row] if found.import_name else None,
        "confirmed_by": view.confirmed_by,
        "first_seen": found.first_seen,
        "last_seen": found.last_seen,
        "valid_from": found.valid_from,
        "valid_to": found.valid_to,
        "contradicting": [row.statement.get_absolute_url() for row in view.contradicting],
    }
