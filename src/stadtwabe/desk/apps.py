"""The Django application of ``desk``."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Wires the room to Django."""

    name = "stadtwabe.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
