"""Another catalogue whose datasets we take over."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.people.models import Party


class HarvestKind(models.TextChoices):
    """What the other side speaks."""

    DCAT = "dcat", _("DCAT (RDF)")
    CKAN = "ckan", _("CKAN")
    SENSORTHINGS = "sensorthings", _("SensorThings")


class Rhythm(models.TextChoices):
    """How often it is asked by itself."""

    NEVER = "never", _("nur von Hand")
    DAILY = "daily", _("täglich")
    WEEKLY = "weekly", _("wöchentlich")
    MONTHLY = "monthly", _("monatlich")


class Harvest(models.Model):
    """A source of datasets (Übernahme): its address, who answers for it, how often it is asked.

    ``requested_at`` is when somebody asked for a run, ``running_since`` when one began that has
    not ended.
    """

    name = models.CharField(_("Name der Quelle"), max_length=200)
    kind = models.CharField(_("Art der Quelle"), max_length=12, choices=HarvestKind.choices)
    address = models.CharField(_("Adresse"), max_length=1000)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="harvests")
    rhythm = models.CharField(
        _("Übernehmen"), max_length=10, choices=Rhythm.choices, default=Rhythm.DAILY
    )
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    requested_at = models.DateTimeField(null=True)
    running_since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "address"],
                condition=Q(ended_at__isnull=True),
                name="hub_harvest_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_waiting(self) -> bool:
        """Whether a run is under way, or asked for and not begun."""
        if self.running_since is not None:
            return True
        last = self.logs.first()
        return self.requested_at is not None and (
            last is None or last.started_at < self.requested_at
        )
