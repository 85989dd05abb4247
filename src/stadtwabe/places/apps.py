"""The Django application of ``places``."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Wires the room to Django."""

    name = "stadtwabe.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
