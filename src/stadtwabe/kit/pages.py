"""The style page: every component with an example, shown in the demo and while developing."""

from dataclasses import dataclass, field
from datetime import date

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stadtwabe.kit.drawing.bars import Bar
from stadtwabe.kit.drawing.honeycomb import Cell
from stadtwabe.kit.drawing.timeline import Span

MODULES = ("places", "atlas", "hub", "participation", "programme", "guide", "agenda", "exchange")


@dataclass(frozen=True, slots=True)
class _Sample:
    """One object that answers to the names a component asks for."""

    label: str | Promise
    value: str | Promise = ""
    values: tuple[str | None, ...] = ()
    source: str = ""
    address: str = "#"
    icon: str = ""
    count: int = 0
    key: str = ""
    is_current: bool = False
    is_selected: bool = False
    differs: bool = False


@dataclass(frozen=True, slots=True)
class _Facet:
    label: str | Promise
    values: tuple[_Sample, ...]
    is_open: bool = field(default=False)


class ExampleForm(forms.Form):
    """One field of each sort."""

    title = forms.CharField(label=_("Titel"), help_text=_("Ein Satz, der für sich steht."))
    email = forms.EmailField(label=_("E-Mail-Adresse"), required=False)
    summary = forms.CharField(label=_("Zusammenfassung"), widget=forms.Textarea, required=False)
    stage = forms.ChoiceField(
        label=_("Stand"), choices=[("planned", _("geplant")), ("running", _("läuft"))]
    )
    audience = forms.ChoiceField(
        label=_("Sichtbar für"),
        widget=forms.RadioSelect,
        choices=[("public", _("alle")), ("owner", _("die eigene Kommune"))],
        initial="public",
    )
    topics = forms.MultipleChoiceField(
        label=_("Themen"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("mobility", _("Mobilität")), ("education", _("Bildung"))],
        required=False,
    )
    confirmed = forms.BooleanField(label=_("Ich habe die Angaben geprüft"))
    document = forms.FileField(label=_("Dokument"), required=False)


STATES = (
    # Official key, letters, name, column, row: neighbours lie beside each other.
    ("01", "SH", "Schleswig-Holstein", 2, 0),
    ("13", "MV", "Mecklenburg-Vorpommern", 3, 1),
    ("02", "HH", "Hamburg", 2, 1),
    ("04", "HB", "Bremen", 1, 1),
    ("03", "NI", "Niedersachsen", 2, 2),
    ("12", "BB", "Brandenburg", 4, 2),
    ("11", "BE", "Berlin", 4, 3),
    ("15", "ST", "Sachsen-Anhalt", 3, 2),
    ("05", "NW", "Nordrhein-Westfalen", 1, 3),
    ("06", "HE", "Hessen", 2, 4),
    ("16", "TH", "Thüringen", 2, 3),
    ("14", "SN", "Sachsen", 3, 3),
    ("07", "RP", "Rheinland-Pfalz", 1, 4),
    ("10", "SL", "Saarland", 0, 5),
    ("08", "BW", "Baden-Württemberg", 1, 5),
    ("09", "BY", "Bayern", 2, 5),
)


def style(request: HttpRequest) -> HttpResponse:
    """Show all components; 404 in an ordinary installation."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    messages.success(request, _("Gespeichert. Die Änderung steht in der Versionsgeschichte."))
    form = ExampleForm({"title": "", "email": "keine Adresse", "stage": "planned"})
    page = Paginator(range(200), 10).get_page(request.GET.get("seite", 5))
    context = {
        "crumbs": [(_("Atlas"), "/atlas/"), (_("Gestaltung"), "")],
        "modules": MODULES,
        "topics": TOPICS,
        "form": form,
        "page": page,
        "cells": [
            Cell(key, name, column, row, value=int(key) * 7 % 23, href="#", text=letters)
            for key, letters, name, column, row in STATES
        ],
        "bars": [
            Bar("Mobilität", 41, href="#"),
            Bar("Energie und Umwelt", 33),
            Bar("Bildung", 12, low=8, high=17),
            Bar("Sicherheit und Datenschutz", 0),
        ],
        "spans": [
            Span("Digitale Agenda beschlossen", date(2018, 3, 1), date(2018, 3, 1), href="#"),
            Span("Freies WLAN in der Innenstadt", date(2019, 5, 1), date(2021, 8, 31)),
            Span("Sensoren für Grundwasserpegel", date(2021, 2, 1)),
        ],
        "facts": [
            _Sample(_("Stand"), "läuft", source="#"),
            _Sample(_("Zeitraum"), "Mai 2019 bis August 2021", source="#"),
            _Sample(_("Kosten"), ""),
            _Sample(_("Beteiligte"), values=("Stadtwerke", "Hochschule"), source="#"),
        ],
        "tabs": [
            _Sample(_("Überblick"), is_current=True),
            _Sample(_("Projekte"), icon="kind-project"),
            _Sample(_("Daten"), icon="module-hub"),
        ],
        "facets": [
            _Facet(
                _("Thema"),
                (
                    _Sample(_("Mobilität"), key="mobility", count=41, is_selected=True),
                    _Sample(_("Energie und Umwelt"), key="energy", count=33),
                    _Sample(_("Bildung"), key="education", count=12),
                ),
            ),
            _Facet(
                _("Stand"),
                (
                    _Sample("läuft", key="running", count=50),
                    _Sample("geplant", key="planned", count=9),
                ),
            ),
        ],
        "chosen": [_Sample(_("Mobilität"))],
        "things": [("Musterstadt", "#"), ("Beispielheim", "#")],
        "rows": [
            _Sample(_("Einwohnerzahl"), values=("48.213", "21.007"), differs=True),
            _Sample(_("Digitale Agenda"), values=("beschlossen", None)),
        ],
        "stages": [
            ("idea", _("Idee")),
            ("planned", _("geplant")),
            ("pilot", _("Pilot")),
            ("running", _("läuft")),
            ("permanent", _("dauerhaft")),
            ("stopped", _("beendet")),
        ],
        "towns": [
            ("05958040", "Schmallenberg"),
            ("05970004", "Bad Berleburg"),
            ("05962032", "Menden (Sauerland)"),
            ("06412000", "Frankfurt am Main"),
            ("08421000", "Ulm"),
            ("14628060", "Dohna"),
        ],
    }
    return render(request, "kit/style.html", context)


TOPICS = (
    ("administration", _("Verwaltung")),
    ("mobility", _("Mobilität")),
    ("energy_environment", _("Energie und Umwelt")),
    ("society_participation", _("Gesellschaft und Beteiligung")),
    ("education", _("Bildung")),
    ("health_care", _("Gesundheit und Pflege")),
    ("economy_retail", _("Wirtschaft und Handel")),
    ("data_infrastructure", _("Daten und Infrastruktur")),
    ("security_privacy", _("Sicherheit und Datenschutz")),
    ("planning_building", _("Planen und Bauen")),
)
