"""/daten/abrufe/: addresses from which values are fetched; trying them out before."""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stadtwabe.evidence.pages.editing import errors_shown
from stadtwabe.hub.commands.pulls import (
    create_pull,
    edit_pull,
    end_pull,
    pause_pull,
    prepare_pull,
    resume_pull,
    secret_of,
    wanted_of,
)
from stadtwabe.hub.forms.pulls import PullForm
from stadtwabe.hub.models import Datastream, Pull
from stadtwabe.hub.pages.access import for_stewards
from stadtwabe.hub.pull.asking import NoAnswer, ask, read_json
from stadtwabe.hub.pull.queue import defer_pull
from stadtwabe.hub.pull.reading import PullProblem, read_answer
from stadtwabe.hub.queries.pulls import pulls_of, with_last_run
from stadtwabe.hub.queries.readings import AS_STORED, shown_value
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import TooMany
from stadtwabe.kit.fetch import origin_of
from stadtwabe.kit.methods import get_or_post
from stadtwabe.kit.rate_limit import is_too_often
from stadtwabe.people.actors import actor_of

LIST = "/daten/abrufe/"
PER_PAGE = 30
TRIALS_PER_MINUTE = 10
EXCERPT = 3000
SHOWN = 20


@dataclass(slots=True)
class Trial:
    """What an address says now, and what would be stored of it."""

    excerpt: str
    is_cut: bool
    records: int
    values: list[dict[str, Any]]
    value_count: int
    problems: list[PullProblem]
    problem_count: int


@for_stewards
@require_safe
def pulls(request: HttpRequest) -> HttpResponse:
    """List the addresses that one answers for, with what their last run did."""
    found = with_last_run(pulls_of(actor_of(request)))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "title": _("Abrufe"),
        "lead": _("Werte, die Stadtwabe regelmäßig von anderen Servern holt."),
        "page": page,
        "rows": page,
        "crumbs": _crumbs(),
    }
    return render(request, "hub/pulls.html", context)


@for_stewards
@get_or_post
def new_pull(request: HttpRequest) -> HttpResponse:
    """Describe a new pull; try it out, or keep it."""
    return _edit(request, None)


@for_stewards
@get_or_post
def change_pull(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a pull; try it out, or keep it."""
    return _edit(request, _pull_at(request, pk))


@for_stewards
@require_safe
def pull(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a pull with the log of its runs."""
    found = _pull_at(request, pk)
    context = {
        "pull": found,
        "values": found.values.select_related("datastream__thing"),
        "page": Paginator(found.logs.all(), PER_PAGE).get_page(request.GET.get("seite")),
        "crumbs": _crumbs((found.name, "")),
    }
    return render(request, "hub/pull.html", context)


@for_stewards
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause a pull, or let it go on."""
    found = _pull_at(request, pk)
    if found.paused_at is None:
        pause_pull(actor=actor_of(request), pull=found, now=now())
        messages.success(request, _("Es wird nichts mehr abgerufen, bis Sie fortsetzen."))
    else:
        resume_pull(actor=actor_of(request), pull=found, now=now())
        defer_pull(found)
        messages.success(request, _("Es wird wieder abgerufen."))
    return redirect("hub:pull", pk)


@for_stewards
@get_or_post
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a pull, after a question."""
    found = _pull_at(request, pk)
    if request.method == "POST":
        end_pull(actor=actor_of(request), pull=found, now=now())
        messages.success(request, _("„%s“ ist beendet.") % found)
        return redirect(LIST)
    context = {
        "title": _("Abruf beenden: %s") % found,
        "question": _("Soll von dieser Adresse nichts mehr abgerufen werden?"),
        "consequence": _("Gespeicherte Werte bleiben, der Schlüssel wird gelöscht."),
        "action": _("Beenden"),
        "is_danger": True,
        "back": f"{LIST}{pk}/",
        "crumbs": _crumbs((found.name, f"{LIST}{pk}/"), (_("Beenden"), "")),
    }
    return render(request, "kit/confirm.html", context)


def _edit(request: HttpRequest, pull: Pull | None) -> HttpResponse:
    """Ask what is fetched from where: of ``pull``, or of a new one."""
    form = PullForm(request.POST or None, actor=actor_of(request), pull=pull)
    trial = None
    if request.method == "POST" and form.is_valid():
        try:
            with errors_shown(form):
                if "try" not in request.POST:
                    saved = _save(request, form, pull)
                    defer_pull(saved)
                    return redirect("hub:pull", saved.pk)
                trial = _try(request, form, pull)
        except NoAnswer as error:
            form.add_error("address", str(error))
    if pull is None:
        title, back = _("Werte von einer Adresse abrufen"), LIST
        crumbs = _crumbs((_("Neuer Abruf"), ""))
    else:
        title, back = _("Abruf ändern"), f"{LIST}{pull.pk}/"
        crumbs = _crumbs((pull.name, back), (_("Ändern"), ""))
    context = {"form": form, "trial": trial, "title": title, "back": back, "crumbs": crumbs}
    return render(request, "hub/pull_form.html", context, status=422 if form.errors else 200)


def _save(request: HttpRequest, form: PullForm, pull: Pull | None) -> Pull:
    given: dict[str, Any] = {
        "actor": actor_of(request),
        "values": form.values,
        "streams": form.streams,
        "secret": form.cleaned_data["header_secret"],
        "now": now(),
    }
    if pull is None:
        return create_pull(owner=form.cleaned_data["owner"], **given)
    return edit_pull(pull=pull, **given)


def _try(request: HttpRequest, form: PullForm, pull: Pull | None) -> Trial:
    """Ask the address as the form has it. Raises NoAnswer, DomainError."""
    if is_too_often("pull-trial", request.user.pk, most=TRIALS_PER_MINUTE, seconds=60):
        raise TooMany(_("Das war zu oft hintereinander. Warten Sie eine Minute."))
    owner = pull.owner if pull is not None else form.cleaned_data["owner"]
    tried, kinds = prepare_pull(
        actor=actor_of(request), owner=owner, values=form.values, streams=form.streams, now=now()
    )
    secret = form.cleaned_data["header_secret"]
    if not secret and pull is not None and origin_of(pull.address) == origin_of(tried.address):
        secret = secret_of(pull)
    answer = read_json(ask(tried.address, secret=(tried.header_name, secret)).data)
    pulled = read_answer(answer, wanted_of(tried, form.streams), kinds, now=now())
    streams = Datastream.objects.select_related("thing").in_bulk(list(form.streams))
    text = json.dumps(answer, ensure_ascii=False, indent=2)
    return Trial(
        text[:EXCERPT],
        len(text) > EXCERPT,
        pulled.records,
        [
            {
                "path": each.path,
                "at": each.at,
                "value": shown_value(each.result, decimals=AS_STORED),
                "stream": streams[each.datastream_id],
            }
            for each in pulled.found[:SHOWN]
        ],
        len(pulled.found),
        pulled.problems[:SHOWN],
        len(pulled.problems),
    )


def _pull_at(request: HttpRequest, pk: int) -> Pull:
    return get_object_or_404(pulls_of(actor_of(request)), pk=pk)


def _crumbs(*below: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Daten"), "/daten/"), (_("Abrufe"), LIST if below else ""), *below]
