"""An address from which values are fetched again and again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.models.datastream import Datastream
from stadtwabe.people.models import Party


class PullEvery(models.IntegerChoices):
    """Minutes between two runs."""

    FIVE = 5, _("alle 5 Minuten")
    FIFTEEN = 15, _("alle 15 Minuten")
    HALF_HOUR = 30, _("jede halbe Stunde")
    HOUR = 60, _("jede Stunde")
    SIX_HOURS = 360, _("alle 6 Stunden")
    DAY = 1440, _("einmal am Tag")


class Pull(models.Model):
    """A fetch (Abruf) of JSON over HTTP, owned by a party.

    ``records`` finds the records in the answer, ``time`` the time within a record (empty: when it
    was fetched), both JSONPath (RFC 9535); ``values`` has a row for each value of a record.
    ``header_secret`` (sealed, see ``kit.sealed``) is sent as ``header_name`` to the address alone
    and shown nowhere.
    ``etag`` to ``digest`` tell whether an answer is new. ``failures`` counts those in a row.
    """

    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="pulls")
    name = models.CharField(_("Name"), max_length=200)
    address = models.CharField(_("Adresse"), max_length=1000)
    header_name = models.CharField(_("Name des Schlüsselfelds"), max_length=100, blank=True)
    header_secret = models.TextField(_("Schlüssel"), blank=True)
    every = models.PositiveSmallIntegerField(
        _("Abrufen"), choices=PullEvery.choices, default=PullEvery.FIFTEEN
    )
    records = models.CharField(max_length=300, default="$")
    time = models.CharField(max_length=300, blank=True)
    zone = models.CharField(max_length=40)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    running_since = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="hub_pulls_due",
                condition=Q(paused_at__isnull=True, ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PullValue(models.Model):
    """Where in a record (JSONPath) the value of a datastream stands."""

    pull = models.ForeignKey(Pull, on_delete=models.CASCADE, related_name="values")
    path = models.CharField(max_length=300)
    datastream = models.ForeignKey(Datastream, on_delete=models.CASCADE, related_name="pull_values")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["pull", "datastream"], name="hub_pull_stream_once"),
        ]

    def __str__(self) -> str:
        return self.path


class PullLog(models.Model):
    """One run: what became of the values, or why there was no answer (``failure``).

    ``problems`` is a list of ``{"path", "value", "problem"}``; the path is where it stood in the
    answer.
    """

    id = models.BigAutoField(primary_key=True)
    pull = models.ForeignKey(Pull, on_delete=models.CASCADE, related_name="logs")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    is_unchanged = models.BooleanField(default=False)
    stored = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    versioned = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    failure = models.TextField(blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["pull", "-started_at"], name="hub_pull_logs")]

    def __str__(self) -> str:
        return f"{self.pull_id} {self.started_at:%Y-%m-%d %H:%M}"
