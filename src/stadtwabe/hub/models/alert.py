"""Something that a rule has noticed."""

from django.db import models
from django.db.models import F, Q

from stadtwabe.hub.models.alert_rule import AlertRule


class Alert(models.Model):
    """From when to when a rule's condition held (Warnung); at most one of a rule is open.

    ``began_at`` and ``ended_at`` are times of the values (of silence: of the last value, and the
    next), ``noticed_at`` is when we did. ``value`` is the one that began it, ``extreme`` the
    furthest since, ``last_value`` the latest judged; of a rise or fall they are changes.
    """

    rule = models.ForeignKey(AlertRule, on_delete=models.CASCADE, related_name="alerts")
    began_at = models.DateTimeField()
    noticed_at = models.DateTimeField()
    value = models.FloatField(null=True)
    extreme = models.FloatField(null=True)
    last_value = models.FloatField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.PositiveIntegerField(
        null=True, blank=True, help_text="The number of an account."
    )
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule"],
                condition=Q(ended_at__isnull=True),
                name="hub_alert_one_open_of_a_rule",
            ),
            models.CheckConstraint(
                name="hub_alert_ends_after_it_began",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
            ),
        ]
        indexes = [models.Index(fields=["rule", "-began_at"], name="hub_alert_by_rule")]

    def __str__(self) -> str:
        return f"{self.rule} {self.began_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        """Whether it still goes on."""
        return self.ended_at is None
