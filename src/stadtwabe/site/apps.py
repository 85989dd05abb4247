"""The Django application of ``site``."""

from django.apps import AppConfig

from stadtwabe.kit.actor import Actor
from stadtwabe.people.permissions import register


class SiteConfig(AppConfig):
    """Wires the room to Django."""

    name = "stadtwabe.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may do what with the installation itself."""
        register("site.report_barrier", anybody, scope="session")
        register("site.close_barrier_report", nobody_else, scope="session")


def anybody(actor: Actor, thing: object) -> bool:
    """Everybody may, signed in or not."""
    return True


def nobody_else(actor: Actor, thing: object) -> bool:
    """Nobody but the operator, who is asked before any rule."""
    return False
