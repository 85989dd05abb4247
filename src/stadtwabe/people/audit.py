"""Writing the history: every command calls this once, in its own transaction."""

from datetime import datetime
from typing import Any

from django.db import models

from stadtwabe.kit.actor import Actor
from stadtwabe.people.models import AuditEntry


def record(
    *,
    actor: Actor,
    command: str,
    subject: models.Model,
    now: datetime,
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """Note that ``actor`` carried out ``command`` on ``subject``."""
    return AuditEntry.objects.create(
        at=now,
        person=actor.person,
        command=command,
        subject_kind=subject._meta.label_lower,
        subject_key=str(subject.pk),
        details=details or {},
    )
