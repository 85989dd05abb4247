"""When the owner of a datastream wants to be told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.models.datastream import Datastream
from stadtwabe.hub.models.device_token import DeviceToken
from stadtwabe.hub.rules import AlertKind
from stadtwabe.people.models import Party


class AlertRule(models.Model):
    """A rule for one datastream (Warnregel), and how far it has been followed.

    ``threshold`` and ``clear_at`` are in the unit of the datastream: of the value, or for a rise
    or fall of its change within ``period_minutes``. An alert begins beyond ``threshold``, once that
    has lasted ``minimum_minutes``, and ends at ``clear_at``, not before: values that swing around
    the threshold make one alert, not many. Silence has no threshold: ``period_minutes`` without a
    value. Nothing is sent between ``quiet_from`` and ``quiet_until`` (Europe/Berlin).

    ``accounts`` are told by MQTT; ``webhook_secret`` is sealed (``kit.sealed``).

    ``owner`` is whose datastream it was when the rule was made: with another owner it rests.
    ``seen_time`` is the phenomenon time up to which values have been judged, ``seen_result`` the
    value there, ``exceeded_since`` and ``exceeded_extreme`` since when and how far
    the threshold is exceeded without an alert so far.
    """

    datastream = models.ForeignKey(Datastream, on_delete=models.CASCADE, related_name="alert_rules")
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("Name"), max_length=120)
    kind = models.CharField(_("Warnen, wenn"), max_length=10, choices=AlertKind.choices)
    threshold = models.FloatField(_("Grenze"), null=True, blank=True)
    clear_at = models.FloatField(_("Entwarnung bei"), null=True, blank=True)
    minimum_minutes = models.PositiveIntegerField(_("Mindestdauer in Minuten"), default=0)
    period_minutes = models.PositiveIntegerField(_("Zeitraum in Minuten"), null=True, blank=True)
    quiet_from = models.TimeField(_("Ruhe von"), null=True, blank=True)
    quiet_until = models.TimeField(_("Ruhe bis"), null=True, blank=True)
    advice = models.CharField(_("Was ist zu tun?"), max_length=300, blank=True)
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    accounts = models.ManyToManyField(DeviceToken, blank=True, related_name="alert_rules")
    webhook_address = models.CharField(_("Webhook"), max_length=1000, blank=True)
    webhook_secret = models.TextField(blank=True)
    is_shown = models.BooleanField(_("auf der Seite des Geräts zeigen"), default=False)
    is_active = models.BooleanField(_("eingeschaltet"), default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    seen_time = models.DateTimeField()
    seen_result = models.FloatField(null=True)
    exceeded_since = models.DateTimeField(null=True)
    exceeded_extreme = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hub_alertrule_has_its_limits",
                condition=Q(kind=AlertKind.SILENCE, threshold__isnull=True, clear_at__isnull=True)
                | ~Q(kind=AlertKind.SILENCE) & Q(threshold__isnull=False, clear_at__isnull=False),
            ),
            models.CheckConstraint(
                name="hub_alertrule_has_a_period",
                condition=Q(kind__in=[AlertKind.ABOVE, AlertKind.BELOW]) | Q(period_minutes__gt=0),
            ),
            models.CheckConstraint(
                name="hub_alertrule_is_quiet_from_and_until",
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
