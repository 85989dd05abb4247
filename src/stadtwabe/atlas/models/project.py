"""A project of one or more towns."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.atlas.rules import CostBand, Stage
from stadtwabe.catalog.rules import Precision
from stadtwabe.evidence.things import SourcedThing


class Project(SourcedThing):
    """A project (Projekt) with at least one party, not necessarily a town."""

    problem = models.TextField(_("Ausgangslage"), null=True, blank=True)
    goal = models.TextField(_("Ziel"), null=True, blank=True)
    stage = models.CharField(
        _("Stand"), null=True, blank=True, max_length=20, choices=Stage.choices
    )
    stopped_because = models.TextField(_("Warum beendet"), null=True, blank=True)
    starts_on = models.DateField(_("Beginn"), null=True, blank=True)
    starts_precision = models.CharField(
        max_length=5, choices=Precision.choices, default=Precision.DAY
    )
    ends_on = models.DateField(_("Ende"), null=True, blank=True)
    ends_precision = models.CharField(
        max_length=5, choices=Precision.choices, default=Precision.DAY
    )
    cost_band = models.CharField(
        _("Kosten der Einführung"), null=True, blank=True, max_length=20, choices=CostBand.choices
    )
    running_cost = models.CharField(_("laufende Kosten"), null=True, blank=True, max_length=200)
    staff_effort = models.CharField(_("Personalaufwand"), null=True, blank=True, max_length=200)
    funding = models.CharField(_("Förderung"), null=True, blank=True, max_length=300)
    funding_rate = models.CharField(_("Förderquote"), null=True, blank=True, max_length=200)
    procurement = models.CharField(_("Vergabeweg"), null=True, blank=True, max_length=200)
    operator_model = models.CharField(_("Betriebsmodell"), null=True, blank=True, max_length=300)
    target_group = models.CharField(_("Zielgruppe"), null=True, blank=True, max_length=300)
    technology = models.CharField(_("Technik"), null=True, blank=True, max_length=300)
    data_needed = models.CharField(_("benötigte Daten"), null=True, blank=True, max_length=300)
    standards = models.CharField(_("Standards"), null=True, blank=True, max_length=300)
    licence = models.CharField(_("Lizenz"), null=True, blank=True, max_length=200)
    repository = models.URLField(_("Quelltext"), null=True, blank=True, max_length=500)
    website = models.URLField(_("Internetadresse"), null=True, blank=True, max_length=500)
    participation = models.TextField(_("Beteiligung"), null=True, blank=True)
    lessons = models.TextField(_("Erfahrungen und Rückschläge"), null=True, blank=True)
    contact_role = models.CharField(_("Ansprechstelle"), null=True, blank=True, max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="project_ends_after_start",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="project_stopped_has_a_reason_only_if_stopped",
                condition=Q(stopped_because__isnull=True) | Q(stage=Stage.STOPPED),
            ),
        ]
