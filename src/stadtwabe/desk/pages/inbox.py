"""The inbox: what came in, how far it is, and bringing in more."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stadtwabe.desk.commands import (
    Offered,
    Submitted,
    submit_address,
    submit_documents,
    too_large,
)
from stadtwabe.desk.forms import UploadForm
from stadtwabe.desk.pages.access import for_editors, owners_of
from stadtwabe.evidence.commands import Origin
from stadtwabe.evidence.queries.documents import handled_by, with_counts
from stadtwabe.evidence.rules import DocumentState
from stadtwabe.kit.clock import now
from stadtwabe.kit.methods import get_or_post
from stadtwabe.kit.uploads import refused_files
from stadtwabe.people.actors import actor_of

PER_PAGE = 25
UNDER_WAY = (DocumentState.RECEIVED, DocumentState.READING)


@for_editors
@get_or_post
def inbox(request: HttpRequest) -> HttpResponse:
    """List the documents; POST brings in files or an address."""
    owners = owners_of(actor_of(request))
    form = UploadForm(request.POST or None, owners=owners)
    submitted: list[Submitted] = []
    if request.method == "POST":
        submitted = _submit(request, form)
        if len(submitted) == 1 and submitted[0].document and submitted[0].was_there:
            messages.info(
                request,
                _("„%(name)s“ war schon da. Hier ist das Dokument.") % {"name": submitted[0].name},
            )
            return redirect("desk:document", submitted[0].document.pk)
        if submitted and all(each.is_received for each in submitted):
            count = len(submitted)
            messages.success(
                request,
                ngettext(
                    "%(count)d Dokument ist eingegangen und wird gelesen.",
                    "%(count)d Dokumente sind eingegangen und werden gelesen.",
                    count,
                )
                % {"count": count},
            )
            return redirect("desk:inbox")
        if not submitted and form.is_valid():
            form.add_error(
                "documents", _("Bitte wählen Sie Dateien aus, oder geben Sie eine Adresse an.")
            )
    template = "desk/_documents.html" if request.GET.get("teil") == "liste" else "desk/inbox.html"
    documents = with_counts(handled_by(actor_of(request))).defer("text", "layout", "original")
    state = request.GET.get("stand", "")
    if state in DocumentState.values:
        documents = documents.filter(state=state)
    page = Paginator(documents, PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "form": form,
        "submitted": submitted,
        "refused": [each for each in submitted if each.problem],
        "page": page,
        "is_under_way": any(document.state in UNDER_WAY for document in page),
        "states": DocumentState.choices,
        "state": state,
        "crumbs": [(_("Redaktion"), "")],
    }
    status = 422 if request.method == "POST" and not any(s.document for s in submitted) else 200
    return render(request, template, context, status=status)


def _submit(request: HttpRequest, form: UploadForm) -> list[Submitted]:
    """Take in what the form brings; a wrong file stops no other."""
    refused = [too_large(name) for name, _size in refused_files(request)]
    if not form.is_valid():
        return refused
    actor, owner, moment = actor_of(request), form.cleaned_data["owner"], now()
    files = [*request.FILES.getlist("documents"), *request.FILES.getlist("folder")]
    offered = (
        Offered(
            file.read(),
            Origin(file_name=file.name or "", media_type=file.content_type or ""),
        )
        for file in files
    )
    done = submit_documents(actor=actor, owner=owner, offered=offered, now=moment)
    if form.cleaned_data["address"]:
        done.append(
            submit_address(
                actor=actor,
                owner=owner,
                address=form.cleaned_data["address"],
                origin=Origin(),
                now=moment,
            )
        )
    return [*done, *refused]
