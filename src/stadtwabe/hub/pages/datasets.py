"""The catalogue of data: the list, a dataset's page, and both as RDF for portals."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from stadtwabe.catalog.pages.lists import card_list
from stadtwabe.hub.dcat.about import about_catalogue
from stadtwabe.hub.dcat.describe import entry_of, offers_of, shown
from stadtwabe.hub.dcat.entries import Entry, Offer, digest_of
from stadtwabe.hub.dcat.graph import CataloguePage, graph_of
from stadtwabe.hub.dcat.structured import dataset_as_json_ld
from stadtwabe.hub.dcat.terms import FORMATS, write
from stadtwabe.hub.models import Dataset, Distribution
from stadtwabe.hub.models.dataset import licence_label
from stadtwabe.hub.queries.datasets import changed_at, datasets_visible_to, with_distributions
from stadtwabe.kit.actor import Actor
from stadtwabe.people.actors import actor_of
from stadtwabe.people.permissions import can
from stadtwabe.people.rules import Role

PER_PAGE = 25
"""Of a page of RDF: some 0.4 seconds with six distributions for each dataset."""
LANGUAGE = "de"
"""RDF is in German whatever language the asking person reads."""


@require_safe
def datasets(request: HttpRequest) -> HttpResponseBase:
    """List the datasets with filters."""
    actor = actor_of(request)
    return card_list(
        request,
        kinds=("dataset",),
        title=_("Datensätze"),
        lead=_("Was es an Daten gibt, wer sie herausgibt, und was man damit tun darf."),
        template="hub/datasets.html",
        context={
            "crumbs": [(_("Daten"), "/daten/"), (_("Datensätze"), "")],
            "may_create": actor.is_operator or actor.holds_anywhere(Role.STEWARD),
            "endings": list(FORMATS),
        },
    )


@require_safe
def dataset(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a dataset; a program that asks for RDF is led there."""
    ending = wanted_ending(request)
    if ending:
        return dataset_as_rdf(request, slug, ending=ending)
    actor = actor_of(request)
    found = _described(request, actor, slug)
    root = request.build_absolute_uri("/")[:-1]
    entry = entry_of(found, root=root)
    response = render(
        request,
        "hub/dataset.html",
        {
            "dataset": found,
            "card": found.card,
            "entry": entry,
            "ways": [_way(each, found) for each in shown(found)],
            "structured": dataset_as_json_ld(entry, licence=found.licence),
            "endings": [
                (ending.upper(), f"{found.card.path.rstrip('/')}.{ending}", media_type)
                for ending, (_name, media_type) in FORMATS.items()
            ],
            "may_edit": found.harvest_id is None and can(actor, "hub.edit_dataset", found),
            "may_withdraw": can(actor, "hub.withdraw_dataset", found),
            "crumbs": [
                (_("Daten"), "/daten/"),
                (_("Datensätze"), "/daten/datensaetze/"),
                (found.title, ""),
            ],
        },
    )
    patch_vary_headers(response, ["Accept", "Cookie"])
    return response


@require_safe
def dataset_as_rdf(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """Answer with one dataset as RDF."""
    found = _described(request, actor_of(request), slug)
    with override(LANGUAGE):
        entry = entry_of(found, root=request.build_absolute_uri("/")[:-1])
    return _answer(request, [entry], None, ending, found.card.changed_at)


@require_safe
def catalogue(request: HttpRequest, ending: str = "") -> HttpResponse:
    """Answer with a page of the catalogue as RDF; ``?page=`` counts from 1."""
    if not ending:
        ending = wanted_ending(request)
        if not ending:
            return redirect("/daten/datensaetze/")
    actor = actor_of(request)
    found = with_distributions(datasets_visible_to(actor), actor).order_by("card_id")
    pages = Paginator(found, PER_PAGE)
    try:
        page = pages.page(request.GET.get("page", 1))
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404 from error
    root = request.build_absolute_uri("/")[:-1]
    with override(LANGUAGE):
        entries = [entry_of(each, root=root) for each in page]
        modified = changed_at(actor)
        about = about_catalogue(
            root=root,
            ending=ending,
            modified=modified,
            total=pages.count,
            per_page=PER_PAGE,
            number=page.number,
        )
    return _answer(request, entries, about, ending, modified)


def dataset_at(request: HttpRequest, slug: str) -> Dataset:
    """Return the dataset at an address, if the person may see it.

    Raises Http404; the catalogue then looks for a redirect or a tombstone.
    """
    found = datasets_visible_to(actor_of(request)).select_related("card", "owner")
    return get_object_or_404(found, card__slug=slug)


def wanted_ending(request: HttpRequest) -> str:
    """Return which of ``FORMATS`` the Accept header asks for above HTML; empty: none."""
    offered = {media_type: ending for ending, (_name, media_type) in FORMATS.items()}
    preferred = request.get_preferred_type(["text/html", *offered])
    return offered.get(preferred or "", "")


def _described(request: HttpRequest, actor: Actor, slug: str) -> Dataset:
    wanted = dataset_at(request, slug)
    return with_distributions(datasets_visible_to(actor), actor).get(pk=wanted.pk)


def _way(distribution: Distribution, found: Dataset) -> Mapping[str, Any]:
    """Return a distribution as the page shows it: its addresses as paths of this very site."""
    offers: Sequence[Offer] = list(offers_of(distribution, found, root=""))
    datastream = distribution.datastream
    return {
        "distribution": distribution,
        "title": datastream.name if datastream else offers[0].title or offers[0].access_url,
        "description": datastream.description if datastream else offers[0].description,
        "offers": offers,
        "licence": licence_label(offers[0].licence),
    }


def _answer(
    request: HttpRequest,
    entries: Sequence[Entry],
    about: CataloguePage | None,
    ending: str,
    modified: datetime | None,
) -> HttpResponse:
    """Write the graph, unless the asking side has it already (RFC 9110, 13)."""
    etag = f'"{digest_of(entries)[:32]}-{ending}-{about.total if about else 1}"'
    stamp = int(modified.timestamp()) if modified else None
    known = get_conditional_response(request, etag=etag, last_modified=stamp)
    if known is not None:
        return _headed(known, etag, stamp)
    with override(LANGUAGE):
        body = write(graph_of(entries, page=about), ending)
    response = HttpResponse(body, content_type=f"{FORMATS[ending][1]}; charset=utf-8")
    if about and about.next:
        response["Link"] = f'<{about.next}>; rel="next"'
    return _headed(response, etag, stamp)


def _headed(response: HttpResponse, etag: str, stamp: int | None) -> HttpResponse:
    response["ETag"] = etag
    if stamp is not None:
        response["Last-Modified"] = http_date(stamp)
    response["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ["Accept", "Cookie"])
    return response
