"""The figures of the atlas as a page, as JSON and as CSV."""

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtwabe.atlas.queries.statistics import Figure, Statistics, statistics
from stadtwabe.kit.clock import day_of
from stadtwabe.kit.clock import now as clock_now
from stadtwabe.kit.download import csv_download
from stadtwabe.kit.drawing.bars import Bar
from stadtwabe.kit.formats.negotiation import HTML, wanted_format
from stadtwabe.people.actors import actor_of
from stadtwabe.places.register import editions

COLUMNS = (
    "tabelle",
    "wert",
    "bezeichnung",
    "anzahl",
    "staedte",
    "von_staedten",
    "anteil_prozent",
    "liste",
)


@require_safe
def figures(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Show how many towns have a digital agenda, and what the others numbers are."""
    found = statistics(actor_of(request))
    wanted = wanted_format(request.GET, request.headers.get("Accept", ""), offered=("json", "csv"))
    today = day_of(clock_now())
    if wanted == "json":
        root = request.build_absolute_uri("/")[:-1]
        about = {
            "as_of": today.isoformat(),
            "towns_in_register": found.towns,
            "territorial_status": dict(_territorial_status(found)),
        }
        tables = {key: [_as_json(f, root) for f in of_one] for key, of_one in _all(found)}
        return JsonResponse({**about, "tables": tables}, json_dumps_params={"ensure_ascii": False})
    if wanted != HTML:
        rows = ([key, *_row(figure)] for key, of_one in _all(found) for figure in of_one)
        return csv_download(COLUMNS, rows, name="stadtwabe-statistik")
    context = {
        "crumbs": [(_("Atlas"), "/atlas/"), (_("Statistik"), "")],
        "statistics": found,
        "head": [(figure, _shown(figure)) for figure in found.head],
        "tables": [(table, [_bar(figure) for figure in table.figures]) for table in found.tables],
        "today": today,
        "editions": _territorial_status(found),
    }
    return render(request, "atlas/statistics.html", context)


def _all(found: Statistics) -> list[tuple[str, list[Figure]]]:
    tables = [(table.key, list(table.figures)) for table in found.tables]
    return [("all", list(found.head)), *tables]


def _territorial_status(found: Statistics) -> list[tuple[str, int]]:
    """Return the years of the territories that are counted, with the number of towns of each."""
    known = editions()
    return [
        (known.get(edition, {}).get("territorial_status", edition), towns)
        for edition, towns in sorted(found.towns_by_edition.items())
    ]


def _bar(figure: Figure) -> Bar:
    return Bar(figure.label, figure.count, figure.address, _shown(figure))


def _shown(figure: Figure) -> str:
    count = number_format(figure.count, force_grouping=True)
    if figure.share is None or figure.of is None or figure.towns is None:
        return count
    return _("%(count)s (%(towns)s von %(of)s Städten: %(share)s %%)") % {
        "count": count,
        "towns": number_format(figure.towns, force_grouping=True),
        "share": number_format(round(figure.share, 1), 1),
        "of": number_format(figure.of, force_grouping=True),
    }


def _as_json(figure: Figure, root: str) -> dict[str, object]:
    return {
        "key": figure.key,
        "label": figure.label,
        "count": figure.count,
        "towns": figure.towns,
        "of_towns": figure.of,
        "share_percent": None if figure.share is None else round(figure.share, 2),
        "list": root + figure.address if figure.address else None,
    }


def _row(figure: Figure) -> list[object]:
    share = None if figure.share is None else round(figure.share, 2)
    return [figure.key, figure.label, figure.count, figure.towns, figure.of, share, figure.address]
