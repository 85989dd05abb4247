"""The Django application of ``people``."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Wires the room to Django."""

    name = "stadtwabe.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
