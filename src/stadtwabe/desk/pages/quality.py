"""The quality board and the change log."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtwabe.desk.changes import changes_for, rows_of
from stadtwabe.desk.pages.access import for_editors
from stadtwabe.desk.quality import contradicting, dead_links, stale, unsourced
from stadtwabe.kit.clock import now
from stadtwabe.people.actors import actor_of

PER_PAGE = 50


@for_editors
@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """List what needs looking after."""
    actor = actor_of(request)
    sections = [
        ("unsourced", _("Angaben ohne Quelle"), unsourced(actor)),
        ("contradicting", _("Widersprüche zwischen Quellen"), contradicting(actor)),
        ("stale", _("Lange nicht bestätigt (über zwei Jahre)"), stale(actor, now())),
        ("dead", _("Adressen, die nicht mehr antworten"), dead_links(actor)),
    ]
    context = {
        "sections": sections,
        "crumbs": [(_("Redaktion"), "/redaktion/"), (_("Qualität"), "")],
    }
    return render(request, "desk/quality.html", context)


@for_editors
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """List what was done, newest first."""
    page = Paginator(changes_for(actor_of(request)), PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "page": page,
        "rows": rows_of(list(page.object_list)),
        "crumbs": [(_("Redaktion"), "/redaktion/"), (_("Änderungen"), "")],
    }
    return render(request, "desk/changes.html", context)
