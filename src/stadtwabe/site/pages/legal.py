"""Imprint, privacy, accessibility, plain language: reachable from every page."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import DomainError
from stadtwabe.kit.rate_limit import count_once
from stadtwabe.people.actors import actor_of
from stadtwabe.people.permissions import require
from stadtwabe.site.commands import close_barrier_report, report_barrier
from stadtwabe.site.models import BarrierReport

REPORTS_PER_HOUR = 5
"""Of barriers, from one connection: more than anybody writes, less than a program sends."""


def imprint(request: HttpRequest) -> HttpResponse:
    """Who is responsible (§ 5 DDG); the operator fills it in by settings."""
    return render(request, "site/imprint.html", {"crumbs": [(_("Impressum"), "")]})


def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of whom, why, and for how long."""
    return render(request, "site/privacy.html", {"crumbs": [(_("Datenschutz"), "")]})


def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (§ 12b BGG, BITV 2.0)."""
    return render(request, "site/accessibility.html", {"crumbs": [(_("Barrierefreiheit"), "")]})


def plain_language(request: HttpRequest) -> HttpResponse:
    """What this is, in plain language."""
    return render(request, "site/plain_language.html", {"crumbs": [(_("Leichte Sprache"), "")]})


class BarrierForm(forms.Form):
    """Three questions, two of them optional, and a trap for programs that fill in everything."""

    text = forms.CharField(
        label=_lazy("Was ist die Barriere?"), max_length=4000, widget=forms.Textarea({"rows": 5})
    )
    page = forms.CharField(label=_lazy("Welche Seite?"), max_length=500, required=False)
    contact = forms.EmailField(label=_lazy("E-Mail-Adresse für die Antwort"), required=False)
    website = forms.CharField(required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Take a report of a barrier, without an account."""
    form = BarrierForm(request.POST or None, initial={"page": request.GET.get("seite", "")})
    status = 200
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            count_once(request, "barrier", per_hour=REPORTS_PER_HOUR)
            if not answers.pop("website"):
                report_barrier(actor=actor_of(request), now=now(), **answers)
        except DomainError as error:
            form.add_error(error.field, str(error))
            status = error.status
        else:
            messages.success(request, _("Danke. Wir kümmern uns um die Barriere."))
            return redirect("accessibility")
    return render(
        request,
        "site/report_barrier.html",
        {
            "form": form,
            "crumbs": [(_("Barrierefreiheit"), "/barrierefreiheit/"), (_("Barriere melden"), "")],
        },
        status=status,
    )


@login_required
def barriers(request: HttpRequest) -> HttpResponse:
    """The reports, for the operator."""
    require(actor_of(request), "site.close_barrier_report")
    return render(
        request,
        "site/barriers.html",
        {
            "reports": BarrierReport.objects.filter(closed_at__isnull=True).order_by("at"),
            "crumbs": [(_("Verwaltung"), "/verwaltung/"), (_("Gemeldete Barrieren"), "")],
        },
    )


@login_required
@require_POST
def close(request: HttpRequest, report_id: int) -> HttpResponse:
    """Close a report."""
    actor = actor_of(request)
    found = get_object_or_404(BarrierReport, pk=report_id)
    close_barrier_report(actor=actor, report=found, now=now())
    messages.success(request, _("Erledigt. Die Kontaktadresse ist gelöscht."))
    return redirect("barriers")
