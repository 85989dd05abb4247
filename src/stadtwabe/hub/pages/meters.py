"""/daten/zaehler/: meters of units, what they have counted in a month, and as CSV for bills."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stadtwabe.evidence.pages.editing import errors_shown
from stadtwabe.hub.commands.meters import (
    create_meter,
    delete_meter,
    edit_meter,
    record_meter_change,
    remove_meter_change,
)
from stadtwabe.hub.forms.meters import MeterChangeForm, MeterForm, NewMeterForm
from stadtwabe.hub.metering.consumption import UNKNOWN, MeterReading, Remark, Told
from stadtwabe.hub.metering.months import Month
from stadtwabe.hub.models import Meter
from stadtwabe.hub.pages.access import for_stewards
from stadtwabe.hub.queries.meters import Used, meters_of, used_by
from stadtwabe.kit.clock import GERMANY, now
from stadtwabe.kit.download import csv_download
from stadtwabe.kit.methods import get_or_post
from stadtwabe.kit.numbers import shown_number
from stadtwabe.people.actors import actor_of

LIST = "/daten/zaehler/"
PER_PAGE = 50
MOST_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Shown:
    """What a meter has counted, in words."""

    meter: Meter
    start_reading: str
    end_reading: str
    amount: str
    unit: str
    remarks: list[str]
    is_unknown: bool


@for_stewards
@require_safe
def meters(request: HttpRequest) -> HttpResponse:
    """Show what each meter has counted in a month, with warnings."""
    month = _month(request, "monat")
    page = Paginator(meters_of(actor_of(request)), PER_PAGE).get_page(request.GET.get("seite"))
    rows = [_shown(used) for used in used_by(page.object_list, month.start, month.end)]
    context = {
        "month": month,
        "before": month.later(-1),
        "after": month.later(1) if month.end <= now() else None,
        "is_over": month.end <= now(),
        "page": page,
        "rows": rows,
        "warnings": sum(row.is_unknown for row in rows),
        "crumbs": _crumbs(),
    }
    return render(request, "hub/meters.html", context)


@for_stewards
@require_safe
def consumption_csv(request: HttpRequest) -> HttpResponseBase:
    """Hand out what all meters have counted month by month, from ``monat`` to ``bis``."""
    first = _month(request, "monat")
    last = Month.read(request.GET.get("bis", "")) or first
    months = [first]
    while months[-1].start < last.start and len(months) < MOST_MONTHS:
        months.append(months[-1].later(1))
    columns = [
        _("Gebäude"),
        _("Einheit"),
        _("Zähler"),
        _("Art"),
        _("von"),
        _("bis"),
        _("Anfangsstand"),
        _("Endstand"),
        _("Verbrauch"),
        _("Maßeinheit"),
        _("Bemerkung"),
    ]
    found = list(meters_of(actor_of(request)))
    name = f"verbrauch-{first}" if len(months) == 1 else f"verbrauch-{first}-{months[-1]}"
    return csv_download(columns, _csv_rows(found, months), name=name)


def _csv_rows(found: list[Meter], months: list[Month]) -> Iterator[list[object]]:
    for month in months:
        for first in range(0, len(found), PER_PAGE):
            for used in used_by(found[first : first + PER_PAGE], month.start, month.end):
                row, counted = _shown(used), used.consumption
                numbers = (counted.start_reading, counted.end_reading, counted.amount)
                # German spreadsheets read the file, in whatever language its page is.
                with translation.override("de"):
                    cells = [_number(each) for each in numbers]
                yield [
                    used.meter.building,
                    used.meter.unit,
                    used.meter.serial or used.meter.datastream.name,
                    used.meter.get_kind_display(),
                    month.start.date(),
                    (month.end - timedelta(days=1)).date(),
                    *cells,
                    row.unit,
                    " ".join(row.remarks),
                ]


@for_stewards
@get_or_post
def new_meter(request: HttpRequest) -> HttpResponse:
    """Say that a datastream has the readings of a unit's meter."""
    actor = actor_of(request)
    form = NewMeterForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        datastream = form.streams[form.cleaned_data["datastream"]]
        with errors_shown(form):
            create_meter(actor=actor, datastream=datastream, values=form.values, now=now())
            messages.success(request, _("Der Zähler ist aufgenommen."))
            return redirect(LIST)
    context = {
        "title": _("Zähler aufnehmen"),
        "lead": _("Zu welcher Wohnung oder welchem Raum gehören die Zählerstände?"),
        "form": form,
        "back": LIST,
        "action": _("Aufnehmen"),
        "crumbs": _crumbs((_("Aufnehmen"), "")),
    }
    return render(request, "hub/simple_form.html", context, status=422 if form.errors else 200)


@for_stewards
@get_or_post
def meter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a meter with its exchanges; POST changes what is said about it."""
    found = _meter_at(request, pk)
    initial = {name: getattr(found, name) for name in ("building", "unit", "kind", "serial")}
    form = MeterForm(request.POST or None, initial={**initial, "digits": found.digits})
    if request.method == "POST" and form.is_valid():
        with errors_shown(form):
            edit_meter(actor=actor_of(request), meter=found, values=form.values, now=now())
            messages.success(request, _("Gespeichert."))
            return redirect("hub:meter", pk)
    month = Month.of(now())
    past = [month.later(-number) for number in range(12)]
    context = {
        "meter": found,
        "form": form,
        "months": [(each, _shown(_used(found, each))) for each in past],
        "crumbs": _crumbs((str(found), "")),
    }
    return render(request, "hub/meter.html", context, status=422 if form.errors else 200)


@for_stewards
@get_or_post
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a meter was exchanged or reset."""
    found = _meter_at(request, pk)
    form = MeterChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with errors_shown(form):
            record_meter_change(
                actor=actor_of(request), meter=found, now=now(), **form.cleaned_data
            )
            messages.success(request, _("Der Zählerwechsel ist eingetragen."))
            return redirect("hub:meter", pk)
    context = {
        "title": _("Zählerwechsel eintragen"),
        "lead": _("Auch wenn ein Zähler zurückgesetzt wurde. Der Verbrauch läuft dann weiter."),
        "form": form,
        "back": f"{LIST}{pk}/",
        "action": _("Eintragen"),
        "crumbs": _crumbs((str(found), f"{LIST}{pk}/"), (_("Zählerwechsel"), "")),
    }
    return render(request, "hub/simple_form.html", context, status=422 if form.errors else 200)


@for_stewards
@require_POST
def remove_change(request: HttpRequest, pk: int, change_pk: int) -> HttpResponse:
    """Take an exchange back."""
    found = get_object_or_404(_meter_at(request, pk).changes.all(), pk=change_pk)
    remove_meter_change(actor=actor_of(request), change=found, now=now())
    messages.success(request, _("Der Zählerwechsel ist gelöscht."))
    return redirect("hub:meter", pk)


@for_stewards
@get_or_post
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no more that a datastream is a meter, after a question."""
    found = _meter_at(request, pk)
    if request.method == "POST":
        delete_meter(actor=actor_of(request), meter=found, now=now())
        messages.success(request, _("Der Zähler ist aus der Verbrauchsabrechnung genommen."))
        return redirect(LIST)
    context = {
        "title": _("Zähler herausnehmen: %s") % found,
        "question": _("Soll dieser Zähler nicht mehr zur Verbrauchsabrechnung gehören?"),
        "consequence": _(
            "Seine Stände bleiben in der Messreihe; eingetragene Wechsel werden gelöscht."
        ),
        "action": _("Herausnehmen"),
        "is_danger": True,
        "back": f"{LIST}{pk}/",
        "crumbs": _crumbs((str(found), f"{LIST}{pk}/"), (_("Herausnehmen"), "")),
    }
    return render(request, "kit/confirm.html", context)


def _used(meter: Meter, month: Month) -> Used:
    return used_by([meter], month.start, month.end)[0]


def _shown(used: Used) -> Shown:
    found = used.consumption
    return Shown(
        used.meter,
        _number(found.start_reading),
        _number(found.end_reading),
        _number(found.amount),
        used.meter.datastream.symbol,
        [_words(told) for told in found.told],
        any(told.remark in UNKNOWN for told in found.told),
    )


def _number(value: float | None) -> str:
    """A reading as bills have it: three decimals at most."""
    return "" if value is None else shown_number(value, decimals=3)


def _words(told: Told) -> str:
    around: dict[str, Any] = {"before": _said(told.before), "after": _said(told.after)}
    return {
        Remark.NO_START: _("Kein Stand zum Monatsanfang: davor %(before)s, danach %(after)s."),
        Remark.NO_END: _("Kein Stand zum Monatsende: davor %(before)s, danach %(after)s."),
        Remark.START_BETWEEN: _("Anfangsstand errechnet aus %(before)s und %(after)s."),
        Remark.END_BETWEEN: _("Endstand errechnet aus %(before)s und %(after)s."),
        Remark.EXCHANGED: _("Zählerwechsel zwischen %(before)s und %(after)s."),
        Remark.ROLLED_OVER: _("Der Zähler ist übergelaufen: von %(before)s auf %(after)s."),
        Remark.FELL: _(
            "Der Stand fiel von %(before)s auf %(after)s: Tragen Sie den Zählerwechsel ein."
        ),
    }[told.remark] % around


def _said(reading: MeterReading | None) -> str:
    if reading is None:
        return _("nichts in zwei Tagen")
    at = reading.at.astimezone(GERMANY)
    return _("%(value)s (%(at)s)") % {
        "value": _number(reading.value),
        "at": date_format(at, "d.m.Y H:i"),
    }


def _month(request: HttpRequest, name: str) -> Month:
    """The month that was asked for; else the last that is over."""
    return Month.read(request.GET.get(name, "")) or Month.of(now()).later(-1)


def _meter_at(request: HttpRequest, pk: int) -> Meter:
    return get_object_or_404(meters_of(actor_of(request)), pk=pk)


def _crumbs(*below: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Daten"), "/daten/"), (_("Zähler und Verbrauch"), LIST if below else ""), *below]
