"""The Django application of ``catalog``."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from stadtwabe.kit.actor import Actor
from stadtwabe.people.permissions import register
from stadtwabe.people.rules import Scope


class CatalogConfig(AppConfig):
    """Wires the room to Django."""

    name = "stadtwabe.catalog"
    label = "catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import every domain's kinds of cards, panels, subscriptions; they register themselves."""
        autodiscover_modules("cards", "panels", "subscriptions")
        register("catalog.load_register", only_operators, scope=Scope.EDIT)


def only_operators(actor: Actor, thing: object) -> bool:
    """Allow nobody but operators, who may do everything anyway."""
    return False
