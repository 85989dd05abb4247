"""One list for all kinds of things: as a page with facets, and in every format.

Domains call ``card_list`` from their own pages::

    def projects(request):
        return card_list(request, kinds=("project",), title=_("Projekte"))
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, ngettext

from stadtwabe.catalog.kinds import kind_of
from stadtwabe.catalog.pages.list_formats import list_in_format
from stadtwabe.catalog.queries.entries import facet_label, with_facets
from stadtwabe.catalog.rules import FacetName
from stadtwabe.catalog.search.counts import FacetCount
from stadtwabe.catalog.search.filters import LAST_PAGE, Filters, Sort, read_filters, refuse_problems
from stadtwabe.catalog.search.results import PAGE_SIZE, Results, search
from stadtwabe.kit.formats.negotiation import HTML, MEDIA_TYPES, wanted_format
from stadtwabe.people.actors import actor_of

FORMATS = ("json", "csv", "geojson", "rss")
CALENDAR_FORMATS = (*FORMATS, "ics")

SHOWN_FACETS = (
    FacetName.KIND,
    FacetName.PLACE,
    FacetName.TOPIC,
    FacetName.STAGE,
    FacetName.STATE,
    FacetName.FORMAT,
    FacetName.GOAL,
    FacetName.SIZE,
    FacetName.PERIOD,
    FacetName.NETWORK,
    FacetName.PARTY,
)
"""The facets of a list, in this order; those without values are left out."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet as the component ``facets.html`` shows it."""

    label: str
    count: int | None
    is_selected: bool
    address: str
    key: str
    """Names the link on its page, so that the focus stays with it when results are exchanged."""


@dataclass(frozen=True, slots=True)
class Group:
    """A facet as the component shows it."""

    label: str
    values: Sequence[Choice]
    is_open: bool


def card_list(
    request: HttpRequest,
    *,
    title: str,
    kinds: Sequence[str] = (),
    template: str = "catalog/list.html",
    lead: str = "",
    default_sort: str = "",
    formats: Sequence[str] = FORMATS,
    context: Mapping[str, Any] | None = None,
) -> HttpResponseBase:
    """Answer with the list of ``kinds`` (all, if none) that the query string asks for.

    ``template`` extends ``catalog/list.html``; ``context`` is what it needs besides. Pages leave
    out filters that make no sense and say so; formats raise Invalid for them.
    """
    actor = actor_of(request)
    wanted = wanted_format(request.GET, request.headers.get("Accept", ""), offered=formats)
    filters = read_filters(request.GET, kinds=kinds)
    if not filters.sort and not filters.text:
        filters = replace(filters, sort=default_sort)
    if wanted != HTML:
        refuse_problems(filters)
        link = _address(request, {})
        return list_in_format(request, wanted, filters, title=str(title), link=link)
    results = search(actor, filters)
    if not results.cards and results.total:
        filters = replace(filters, page=min(results.pages, LAST_PAGE))
        results = search(actor, filters)
    partial = (
        request.headers.get("HX-Target") == "results"
        and "HX-History-Restore-Request" not in request.headers
    )
    response = render(
        request,
        "catalog/_results.html" if partial else template,
        {
            "title": title,
            "lead": lead,
            "crumbs": [(title, "")],
            "formats": " ".join(formats),
            "alternates": [(name, MEDIA_TYPES[name].split(";")[0]) for name in formats],
            **list_context(request, results, kinds=kinds),
            **(context or {}),
        },
    )
    patch_vary_headers(response, ["HX-Target", "Accept", "Cookie"])
    return response


def list_context(
    request: HttpRequest, results: Results, *, kinds: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what ``catalog/_results.html`` needs to show ``results``."""
    hidden = {FacetName.KIND.value} if len(kinds) == 1 else set()
    groups = [
        group
        for name in SHOWN_FACETS
        if name.value not in hidden
        for group in _group(request, name, results)
    ]
    pages = Paginator(range(min(results.total, LAST_PAGE * PAGE_SIZE)), PAGE_SIZE)
    return {
        "results": results,
        "is_one_kind": len(kinds) == 1,
        "listed": with_facets(results.cards),
        "named_places": with_facets(results.places),
        "facets": groups,
        "chosen": [value for group in groups for value in group.values if value.is_selected],
        "reset": _address(request, {name.value: [] for name in FacetName}),
        "sorts": list(_sorts(request, results.filters, kinds)),
        "page": pages.get_page(results.filters.page),
        "count_text": ngettext("%(count)s Treffer", "%(count)s Treffer", results.total)
        % {"count": f"{results.total:,}".replace(",", "." if get_language() == "de" else ",")},
        "kept": [
            (name, value)
            for name, values in request.GET.lists()
            for value in values
            if name not in {"q", "seite", "format", "ort"}
        ],
        "place_value": _place_value(request, results),
        "suggestion_address": _address(request, {"q": [results.suggestion]}),
        "map_points": _address(request, {"format": ["geojson"]}),
    }


def _group(request: HttpRequest, name: FacetName, results: Results) -> Iterator[Group]:
    values = results.facets.values.get(name.value, ())
    if name is FacetName.PLACE:
        values = _places_around(values)
    if not any(value.is_selected for value in values) and len(values) < 2:
        return
    own = [(value, _pair(name, value)) for value in request.GET.getlist(name.value)]
    rest = _address(request, {name.value: []})
    yield Group(
        label=str(name.label),
        values=[_choice(name, value, own, rest) for value in values],
        is_open=any(value.is_selected for value in values),
    )


def _places_around(values: Sequence[FacetCount]) -> list[FacetCount]:
    """Return the states; or, below what is chosen, the way down to it and what lies in it."""
    chosen = [value.value for value in values if value.is_selected]
    if not chosen:
        return list(values)
    return [
        value
        for value in values
        if any(key.startswith(value.value) or value.value.startswith(key) for key in chosen)
    ]


def _pair(name: FacetName, value: str) -> str:
    """Return a choice as it stands in an address."""
    return f"{name.value}={quote_plus(value)}"


def _choice(
    name: FacetName, value: FacetCount, own: Sequence[tuple[str, str]], rest: str
) -> Choice:
    """Return a value as a link.

    ``rest`` is the address without this facet, ``own`` its choices with how they stand there.
    """
    wanted = [] if name is FacetName.PLACE else [pair for each, pair in own if each != value.value]
    if not value.is_selected:
        wanted.append(_pair(name, value.value))
    pairs = "&".join(wanted)
    address = f"{rest}&{pairs}" if rest.startswith("?") else f"?{pairs}"
    return Choice(
        label=facet_label(name, value.label),
        count=value.count,
        is_selected=value.is_selected,
        address=address if pairs else rest,
        key=f"{name.value}-{value.value}",
    )


def _sorts(request: HttpRequest, filters: Filters, kinds: Sequence[str]) -> Iterator[Choice]:
    current = filters.sort or (Sort.RELEVANCE if filters.text else Sort.NEWEST)
    is_dated = any(kind_of(name).is_dated for name in kinds) or not kinds
    makes_sense = {
        Sort.RELEVANCE: bool(filters.text),
        Sort.DISTANCE: filters.near is not None,
        Sort.DATE: is_dated,
        Sort.SOONEST: is_dated,
    }
    for sort in Sort:
        if not makes_sense.get(sort, True) and sort != current:
            continue
        address = _address(request, {"sort": [sort]})
        yield Choice(str(sort.label), None, sort == current, address, f"sort-{sort.value}")


def _place_value(request: HttpRequest, results: Results) -> str:
    """Return what stands in the field for the place: the chosen one's name and key."""
    chosen = results.filters.chosen(FacetName.PLACE)
    for value in results.facets.values.get(FacetName.PLACE, ()):
        if chosen == (value.value,):
            return f"{value.label} ({value.value})"
    return request.GET.get("ort", "")


def _address(request: HttpRequest, changes: Mapping[str, Sequence[str]]) -> str:
    """Return the address of this list with ``changes``, from its first page."""
    left_out = {"seite", "format", *changes}
    pairs = [(n, v) for n, values in request.GET.lists() if n not in left_out for v in values]
    pairs += [(name, str(value)) for name, values in changes.items() for value in values]
    return f"?{urlencode(pairs)}" if pairs else request.path
