"""The Django application of ``evidence``."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Wires the room to Django."""

    name = "stadtwabe.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
