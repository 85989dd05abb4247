"""/daten/zaehler/liste/: taking in all meters of a building at once."""

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from stadtwabe.evidence.pages.editing import errors_shown
from stadtwabe.hub.commands.meter_lists import RowsRefused, create_meters
from stadtwabe.hub.forms.meter_lists import MeterListForm
from stadtwabe.hub.metering.lists import ListRow, read_list
from stadtwabe.hub.pages.access import for_stewards
from stadtwabe.hub.queries.meter_lists import NewMeter, match_streams
from stadtwabe.hub.queries.meters import countable
from stadtwabe.hub.tables.table import Unreadable
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import now
from stadtwabe.kit.download import csv_download
from stadtwabe.kit.methods import get_or_post
from stadtwabe.kit.numbers import shown_number
from stadtwabe.people.actors import actor_of

LIST = "/daten/zaehler/"
TAKE_IN = "aufnehmen"
"""The name of the button that does what the preview has shown."""


@for_stewards
@get_or_post
def meter_list(request: HttpRequest) -> HttpResponse:
    """Read a list, show what would be taken in, and take it in when every row is right."""
    actor = actor_of(request)
    form = MeterListForm(request.POST or None, request.FILES or None)
    rows: list[ListRow] = []
    meters: list[NewMeter] = []
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        rows, meters = _read(actor, form)
        if rows and not _wrong(rows) and TAKE_IN in request.POST:
            with errors_shown(form):
                try:
                    create_meters(actor=actor, meters=meters, now=now())
                except RowsRefused as error:
                    for row in rows:
                        if row.line in error.problems:
                            row.problems.append(error.problems[row.line])
                else:
                    said = ngettext(
                        "%(count)d Zähler ist aufgenommen.",
                        "%(count)d Zähler sind aufgenommen.",
                        len(meters),
                    )
                    messages.success(request, said % {"count": len(meters)})
                    return redirect(LIST)
        # What came as a file stands in the field now.
        form.data = {**request.POST.dict(), "text": text}
    context = {
        "form": form,
        "rows": _shown(rows, meters),
        "wrong": _wrong(rows),
        "count": len(rows),
        "crumbs": [
            (_("Daten"), "/daten/"),
            (_("Zähler und Verbrauch"), LIST),
            (_("Viele aufnehmen"), ""),
        ],
    }
    is_wrong = bool(form.errors) or _wrong(rows) > 0
    return render(request, "hub/meter_list.html", context, status=422 if is_wrong else 200)


@for_stewards
@require_safe
def template(request: HttpRequest) -> HttpResponseBase:
    """Hand out a list of all datastreams that may become meters, to be filled in."""
    return csv_download(_columns(), _empty_rows(actor_of(request)), name="zaehlerliste")


def _read(actor: Actor, form: MeterListForm) -> tuple[list[ListRow], list[NewMeter]]:
    try:
        rows = read_list(form.cleaned_data["text"], now=now())
    except Unreadable as error:
        form.add_error("text", str(error))
        return [], []
    return rows, match_streams(actor, rows)


def _wrong(rows: Sequence[ListRow]) -> int:
    return sum(bool(row.problems) for row in rows)


def _shown(rows: Sequence[ListRow], meters: Sequence[NewMeter]) -> list[dict[str, object]]:
    streams = {each.row.line: each.datastream for each in meters}
    # What is wrong comes first: that is what there is to do.
    ordered = sorted(rows, key=lambda row: not row.problems)
    return [
        {
            "row": row,
            "stream": streams.get(row.line),
            "start": shown_number(row.first_reading or 0.0, decimals=3),
        }
        for row in ordered
    ]


def _columns() -> list[str]:
    return [
        _("Messreihe"),
        _("Gerät"),
        _("Bezeichnung"),
        _("Gebäude"),
        _("Einheit"),
        _("Art"),
        _("Zählernummer"),
        _("Stellen"),
        _("Anfangsstand"),
        _("Abgelesen am"),
    ]


def _empty_rows(actor: Actor) -> Iterator[list[object]]:
    for stream in countable(actor):
        yield [stream.pk, stream.thing.name, stream.name, *[""] * 7]
