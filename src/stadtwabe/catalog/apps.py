"""The Django application of ``catalog``."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Wires the room to Django."""

    name = "stadtwabe.catalog"
    label = "catalog"
    default_auto_field = "django.db.models.BigAutoField"
