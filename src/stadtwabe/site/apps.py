"""The Django application of ``site``."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Wires the room to Django."""

    name = "stadtwabe.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"
