"""Money given to somebody."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.atlas.models.funding_programme import FundingProgramme
from stadtwabe.atlas.models.project import Project
from stadtwabe.catalog.models import Link
from stadtwabe.people.models import Party


class Grant(models.Model):
    """A grant (Zuwendung) of a programme to a recipient, for a project if one is known."""

    programme = models.ForeignKey(FundingProgramme, on_delete=models.CASCADE, related_name="grants")
    recipient = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="grants")
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, null=True, blank=True, related_name="grants"
    )
    link = models.OneToOneField(Link, on_delete=models.CASCADE, related_name="grant")
    amount_eur = models.DecimalField(
        _("Betrag in Euro"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    starts_on = models.DateField(_("ab"), null=True, blank=True)
    ends_on = models.DateField(_("bis"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "recipient", "project"],
                name="grant_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="grant_amount_is_not_negative",
                condition=Q(amount_eur__isnull=True) | Q(amount_eur__gte=0),
            ),
            models.CheckConstraint(
                name="grant_ends_after_start",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme}: {self.recipient}"
