"""What a town or region has resolved to do."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.atlas.rules import StrategyKind, StrategyStatus
from stadtwabe.catalog.rules import Precision
from stadtwabe.evidence.things import SourcedThing


class Strategy(SourcedThing):
    """A strategy (Digitalisierungsstrategie, Smart-City-Strategie, …) of one or more towns."""

    kind = models.CharField(
        _("Art"), null=True, blank=True, max_length=20, choices=StrategyKind.choices
    )
    parts = models.CharField(_("Teile"), null=True, blank=True, max_length=300)
    status = models.CharField(
        _("Stand"), null=True, blank=True, max_length=20, choices=StrategyStatus.choices
    )
    adopted_on = models.DateField(_("beschlossen am"), null=True, blank=True)
    adopted_precision = models.CharField(
        max_length=5, choices=Precision.choices, default=Precision.DAY
    )
    adopted_by = models.CharField(_("beschlossen durch"), null=True, blank=True, max_length=200)
    starts_on = models.DateField(_("gilt ab"), null=True, blank=True)
    ends_on = models.DateField(_("gilt bis"), null=True, blank=True)
    website = models.URLField(_("Internetadresse"), null=True, blank=True, max_length=500)

    class Meta:
        verbose_name_plural = "strategies"
        constraints = [
            models.CheckConstraint(
                name="strategy_ends_after_start",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
        ]
