"""The Django application of ``atlas``."""

from django.apps import AppConfig


class AtlasConfig(AppConfig):
    """Wires the room to Django."""

    name = "stadtwabe.atlas"
    label = "atlas"
    default_auto_field = "django.db.models.BigAutoField"
