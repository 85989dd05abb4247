"""The Django application of the demo."""

from django.apps import AppConfig

from stadtwabe.kit.actor import Actor
from stadtwabe.people.permissions import register


class DemoConfig(AppConfig):
    """Wires the room to Django."""

    name = "stadtwabe.site.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may load the demo: the installation itself, and whoever operates it."""
        register("demo.load_demo", nobody_else, scope="session")


def nobody_else(actor: Actor, thing: object) -> bool:
    """Nobody but the operator, who is asked before any rule."""
    return False
