"""The kit as a Django application: templates, template tags and static files, no tables."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """Registers the kit's templates and static files."""

    name = "stadtwabe.kit"
    label = "kit"
