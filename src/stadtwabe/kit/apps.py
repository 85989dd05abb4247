"""The kit as a Django application: templates, template tags and static files, no tables."""

from django.apps import AppConfig
from django.core.checks import register

from stadtwabe.kit.assets import check_front_end_is_built


class KitConfig(AppConfig):
    """Registers the kit's templates and static files."""

    name = "stadtwabe.kit"
    label = "kit"

    def ready(self) -> None:
        """Register the system check of the front end."""
        register(check_front_end_is_built)
