"""A file with observations that somebody has uploaded, and what became of its rows."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from stadtwabe.people.models import Party


class UploadState(models.TextChoices):
    """How far an upload is."""

    DRAFT = "draft", _("noch nicht zugeordnet")
    WAITING = "waiting", _("wartet")
    RUNNING = "running", _("wird gespeichert")
    DONE = "done", _("gespeichert")
    FAILED = "failed", _("abgebrochen")


class Upload(models.Model):
    """An uploaded table (Hochgeladene Datei) of a party.

    ``format`` and ``columns`` are of ``hub.tables`` (``Format``, ``Columns``) and are offered
    again for the next file whose headings have the same ``headings_digest``. ``last_line`` is the
    line up to which everything is stored, so that a run that was cut off goes on behind it;
    ``stored`` to ``blank`` count values, ``touched_at`` is when the run last gave a sign of life.
    """

    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="uploads")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    file = models.FileField(max_length=200)
    file_name = models.CharField(_("Datei"), max_length=200)
    byte_size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    headings_digest = models.CharField(max_length=64)
    format = models.JSONField(default=dict)
    columns = models.JSONField(null=True)
    state = models.CharField(
        _("Stand"), max_length=10, choices=UploadState.choices, default=UploadState.DRAFT
    )
    last_line = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    stored = models.PositiveBigIntegerField(default=0)
    repeated = models.PositiveBigIntegerField(default=0)
    versioned = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    blank = models.PositiveBigIntegerField(default=0)
    failure = models.TextField(blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="hub_uploads_of_owner"),
            models.Index(fields=["owner", "headings_digest"], name="hub_uploads_alike"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_busy(self) -> bool:
        """Whether it is being stored, or waits for that."""
        return self.state in {UploadState.WAITING, UploadState.RUNNING}


class RefusedRow(models.Model):
    """A row of an upload of which something was not stored.

    ``reasons`` is a list of ``{"column": number from 0 or null, "cell", "reason"}``.
    """

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="refused_rows")
    line = models.PositiveIntegerField()
    reasons = models.JSONField()

    class Meta:
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "line"], name="hub_refused_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}: {self.line}"
