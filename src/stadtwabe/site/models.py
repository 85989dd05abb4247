"""What belongs to the installation as a whole."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BarrierReport(models.Model):
    """A barrier that somebody met (§ 12b BGG: a way to report barriers).

    The contact is given freely, only for the answer, and deleted when the report is closed.
    """

    at = models.DateTimeField()
    page = models.CharField(_("Welche Seite?"), max_length=500, blank=True)
    text = models.TextField(_("Was ist die Barriere?"), max_length=4000)
    contact = models.EmailField(_("E-Mail-Adresse für die Antwort"), blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="barrier_report_closed_keeps_no_contact",
                condition=models.Q(closed_at__isnull=True) | models.Q(contact=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}: {self.text[:60]}"
