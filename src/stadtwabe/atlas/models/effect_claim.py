"""What somebody says that a project brought."""

from django.db import models
from django.db.models import F, Q
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from stadtwabe.atlas.models.project import Project
from stadtwabe.atlas.rules import EffectGrade


class EffectClaim(models.Model):
    """An effect (Wirkung) of a project, with a grade of how well it is shown.

    Its source is a statement of the project's card: property ``effects``, value ``str(claim)``.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="effects")
    indicator = models.CharField(_("Was sich ändert"), max_length=200)
    baseline = models.DecimalField(
        _("Wert vorher"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    value = models.DecimalField(
        _("Wert nachher"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    unit = models.CharField(_("Einheit"), max_length=40, null=True, blank=True)
    starts_on = models.DateField(_("gemessen ab"), null=True, blank=True)
    ends_on = models.DateField(_("gemessen bis"), null=True, blank=True)
    method = models.CharField(_("Methode"), max_length=300, null=True, blank=True)
    grade = models.CharField(
        _("Beleg"), max_length=12, choices=EffectGrade.choices, default=EffectGrade.CLAIMED
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="effect_claim_ends_after_start",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="effect_claim_measured_has_value_and_method",
                condition=~Q(grade__in=[EffectGrade.MEASURED, EffectGrade.EVALUATED])
                | Q(value__isnull=False, method__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        numbers = " → ".join(
            number_format(value.normalize())
            for value in (self.baseline, self.value)
            if value is not None
        )
        unit = f" {self.unit}" if numbers and self.unit else ""
        return f"{self.indicator}: {numbers}{unit}" if numbers else self.indicator
