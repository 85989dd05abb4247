"""Making, changing and withdrawing datasets, and offering data in them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stadtwabe.evidence.forms.things import ReasonForm
from stadtwabe.evidence.pages.editing import errors_shown
from stadtwabe.hub.commands.datasets import (
    add_datastreams,
    create_dataset,
    edit_dataset,
    publish_datastreams,
    withdraw_dataset,
)
from stadtwabe.hub.commands.distributions import add_file, add_link, remove_distribution
from stadtwabe.hub.dcat.describe import shown
from stadtwabe.hub.forms.datasets import (
    DatasetForm,
    FileForm,
    LinkForm,
    NewDatasetForm,
    PublishForm,
    StreamsForm,
)
from stadtwabe.hub.models import Dataset, Distribution
from stadtwabe.hub.pages.access import for_stewards
from stadtwabe.hub.pages.datasets import dataset_at
from stadtwabe.hub.queries.datasets import (
    datasets_visible_to,
    distributions_visible_to,
    offerable,
    with_distributions,
)
from stadtwabe.kit.clock import now
from stadtwabe.kit.methods import get_or_post
from stadtwabe.kit.uploads import refused_files
from stadtwabe.people.actors import actor_of
from stadtwabe.people.permissions import require

LIST = "/daten/datensaetze/"


@for_stewards
@get_or_post
def new_dataset(request: HttpRequest) -> HttpResponse:
    """Describe a new dataset; what it offers comes next."""
    form = NewDatasetForm(request.POST or None, actor=actor_of(request))
    if request.method == "POST" and form.is_valid():
        with errors_shown(form):
            dataset = create_dataset(
                actor=actor_of(request),
                owner=form.cleaned_data["owner"],
                values=form.values,
                audience=form.cleaned_data["audience"],
                networks=form.cleaned_data["networks"],
                now=now(),
            )
            messages.success(request, _("„%s“ ist angelegt. Jetzt fehlen die Daten.") % dataset)
            return redirect(f"{dataset.card.path}daten/")
    return _form(request, form, _("Neuer Datensatz"), back=LIST)


@for_stewards
@get_or_post
def change_dataset(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what is said about a dataset."""
    actor, dataset = actor_of(request), dataset_at(request, slug)
    require(actor, "hub.edit_dataset", dataset)
    form = DatasetForm(request.POST or None, actor=actor, dataset=dataset)
    if request.method == "POST" and form.is_valid():
        with errors_shown(form):
            edit_dataset(
                actor=actor,
                dataset=dataset,
                values=form.values,
                audience=form.cleaned_data["audience"],
                networks=form.cleaned_data["networks"],
                now=now(),
            )
            messages.success(request, _("Gespeichert."))
            return redirect(dataset.card.path)
    title = _("%s bearbeiten") % dataset
    return _form(request, form, title, back=dataset.card.path, dataset=dataset)


@for_stewards
@get_or_post
def end_dataset(request: HttpRequest, slug: str) -> HttpResponse:
    """Withdraw a dataset, with a reason."""
    actor, dataset = actor_of(request), dataset_at(request, slug)
    require(actor, "hub.withdraw_dataset", dataset)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        withdraw_dataset(actor=actor, dataset=dataset, because=because, now=now())
        messages.success(request, _("„%s“ ist zurückgezogen.") % dataset)
        return redirect(LIST)
    context = {
        "title": _("%s zurückziehen") % dataset,
        "question": _("Soll dieser Datensatz nicht mehr zu sehen sein?"),
        "consequence": _(
            "An seiner Adresse steht dann, dass und warum er zurückgezogen wurde."
            " Portale nehmen ihn bei ihrem nächsten Abruf heraus."
        ),
        "action": _("Zurückziehen"),
        "is_danger": True,
        "back": dataset.card.path,
        "form": form,
        "crumbs": _crumbs(_("Zurückziehen"), dataset),
    }
    return render(request, "kit/confirm.html", context, status=422 if form.errors else 200)


@for_stewards
@get_or_post
def dataset_offers(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer files, addresses and datastreams in a dataset; each has a form of its own."""
    actor, found = actor_of(request), dataset_at(request, slug)
    require(actor, "hub.edit_dataset", found)
    dataset = with_distributions(datasets_visible_to(actor), actor).get(pk=found.pk)
    wanted = request.POST.get("art", "")
    forms = {
        "file": FileForm(*(_sent(request) if wanted == "file" else ())),
        "link": LinkForm(*(_sent(request) if wanted == "link" else ())),
        "streams": StreamsForm(
            *(_sent(request) if wanted == "streams" else ()), streams=offerable(actor, dataset)
        ),
    }
    form = forms.get(wanted)
    if form is not None and wanted == "file" and refused_files(request):
        form.add_error("file", _("Die Datei ist größer, als diese Stadtwabe annimmt."))
    if form is not None and form.is_valid():
        with errors_shown(form):
            _offer(request, wanted, form, dataset)
            messages.success(request, _("Hinzugefügt."))
            return redirect(f"{dataset.card.path}daten/")
    context = {
        "dataset": dataset,
        "forms": forms,
        "form": form,
        "shown": shown(dataset),
        "crumbs": _crumbs(_("Daten"), dataset),
    }
    status = 422 if form is not None else 200
    return render(request, "hub/dataset_offers.html", context, status=status)


@for_stewards
@get_or_post
def end_distribution(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take one offer away."""
    actor, dataset = actor_of(request), dataset_at(request, slug)
    require(actor, "hub.edit_dataset", dataset)
    distribution: Distribution = get_object_or_404(
        distributions_visible_to(actor), dataset=dataset, pk=pk
    )
    back = f"{dataset.card.path}daten/"
    if request.method == "POST":
        remove_distribution(actor=actor, distribution=distribution, now=now())
        messages.success(request, _("Entfernt."))
        return redirect(back)
    context = {
        "title": _("%s entfernen") % distribution,
        "question": _("Soll der Datensatz das nicht mehr anbieten?"),
        "consequence": _("Eine hochgeladene Datei wird gelöscht. Messwerte bleiben."),
        "action": _("Entfernen"),
        "is_danger": True,
        "back": back,
        "crumbs": _crumbs(_("Entfernen"), dataset),
    }
    return render(request, "kit/confirm.html", context)


@for_stewards
@get_or_post
def publish(request: HttpRequest) -> HttpResponse:
    """Publish all public datastreams of an owner at once."""
    form = PublishForm(request.POST or None, actor=actor_of(request))
    if request.method == "POST" and form.is_valid():
        with errors_shown(form):
            done = publish_datastreams(
                actor=actor_of(request),
                owner=form.cleaned_data["owner"],
                grouping=form.cleaned_data["grouping"],
                values={name: form.cleaned_data[name] for name in ("licence", "themes")},
                now=now(),
            )
            text = ngettext(
                "%(streams)s Messreihe veröffentlicht: %(created)s neue Datensätze,"
                " %(extended)s ergänzt.",
                "%(streams)s Messreihen veröffentlicht: %(created)s neue Datensätze,"
                " %(extended)s ergänzt.",
                done.datastreams,
            )
            values = {
                "streams": done.datastreams,
                "created": done.created,
                "extended": done.extended,
            }
            messages.success(request, text % values)
            return redirect(LIST)
    context = {
        "title": _("Messreihen veröffentlichen"),
        "lead": _("Alle öffentlichen Messreihen, die noch in keinem Datensatz stehen, auf einmal."),
        "form": form,
        "back": LIST,
        "action": _("Veröffentlichen"),
        "crumbs": _crumbs(_("Messreihen veröffentlichen")),
    }
    return render(request, "hub/simple_form.html", context, status=422 if form.errors else 200)


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return request.POST, request.FILES


def _offer(request: HttpRequest, wanted: str, form: Any, dataset: Dataset) -> None:
    actor, values = actor_of(request), form.cleaned_data
    if wanted == "file":
        file, title = values["file"], values["file_title"]
        add_file(actor=actor, dataset=dataset, file=file, title=title, now=now())
    elif wanted == "link":
        add_link(
            actor=actor,
            dataset=dataset,
            address=values["address"],
            file_type=values["file_type"],
            title=values["link_title"],
            now=now(),
        )
    else:
        streams = values["datastreams"]
        add_datastreams(actor=actor, dataset=dataset, datastreams=streams, now=now())


def _form(
    request: HttpRequest,
    form: DatasetForm,
    title: str,
    *,
    back: str,
    dataset: Dataset | None = None,
) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "crumbs": _crumbs(title, dataset)}
    return render(request, "hub/dataset_form.html", context, status=422 if form.errors else 200)


def _crumbs(label: str, dataset: Dataset | None = None) -> list[tuple[str, str]]:
    between = [(dataset.title, dataset.card.path)] if dataset else []
    return [(_("Daten"), "/daten/"), (_("Datensätze"), LIST), *between, (label, "")]
