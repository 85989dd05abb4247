"""The Django application of ``programme``."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """Wires the room to Django."""

    name = "stadtwabe.programme"
    label = "programme"
    default_auto_field = "django.db.models.BigAutoField"
