"""The history of every command."""

from django.db import models


class AuditEntry(models.Model):
    """That somebody did something to something: the person as a pseudonymous number.

    ``subject_kind`` and ``subject_key`` name the thing in words that outlive it. ``details``
    holds what changed, never personal data.
    """

    at = models.DateTimeField(db_index=True)
    person = models.PositiveIntegerField(null=True, help_text="User.number; NULL: the system.")
    command = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_key = models.CharField(max_length=120)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["subject_kind", "subject_key", "-at"], name="audit_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.command} {self.subject_kind} {self.subject_key}"
