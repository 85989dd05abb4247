"""Money that towns can apply for."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.atlas.rules import FundingState
from stadtwabe.catalog.rules import Precision
from stadtwabe.evidence.things import SourcedThing


class FundingProgramme(SourcedThing):
    """A funding programme (Förderprogramm)."""

    funder = models.CharField(_("Fördergeber"), null=True, blank=True, max_length=300)
    what = models.TextField(_("Was gefördert wird"), null=True, blank=True)
    eligible = models.CharField(_("Wer sich bewerben kann"), null=True, blank=True, max_length=400)
    budget_eur = models.DecimalField(
        _("Fördermittel in Euro"), null=True, blank=True, max_digits=14, decimal_places=2
    )
    rate = models.CharField(_("Förderquote"), null=True, blank=True, max_length=200)
    own_share = models.CharField(_("Eigenanteil"), null=True, blank=True, max_length=200)
    deadline = models.DateField(_("Frist"), null=True, blank=True)
    state = models.CharField(
        _("Stand"), null=True, blank=True, max_length=20, choices=FundingState.choices
    )
    starts_on = models.DateField(_("Beginn"), null=True, blank=True)
    starts_precision = models.CharField(
        max_length=5, choices=Precision.choices, default=Precision.DAY
    )
    ends_on = models.DateField(_("Ende"), null=True, blank=True)
    website = models.URLField(_("Internetadresse"), null=True, blank=True, max_length=500)
    checked_on = models.DateField(_("geprüft am"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="funding_programme_ends_after_start",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="funding_programme_budget_is_not_negative",
                condition=Q(budget_eur__isnull=True) | Q(budget_eur__gte=0),
            ),
        ]
