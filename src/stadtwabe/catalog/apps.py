"""The Django application of ``catalog``."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CatalogConfig(AppConfig):
    """Wires the room to Django."""

    name = "stadtwabe.catalog"
    label = "catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import every domain's kinds of cards and subscriptions; they register themselves."""
        autodiscover_modules("cards", "subscriptions")
