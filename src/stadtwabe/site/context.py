"""What every page knows about the installation."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from stadtwabe.catalog.models import Card
from stadtwabe.site.demo.queries import progress_to_show
from stadtwabe.site.navigation import entries_for

MINUTE_SECONDS = 60


def site(request: HttpRequest) -> dict[str, object]:
    """Return whether this is a demo and how far, who runs it, and the main navigation."""
    navigation = list(entries_for(request)) if hasattr(request, "user") else []
    return {
        "is_demo": settings.DEMO,
        "shows_examples": settings.DEMO or SimpleLazyObject(_holds_examples),
        "demo_progress": SimpleLazyObject(progress_to_show),
        "operator": settings.OPERATOR,
        "sign_up_is_open": settings.OPEN_SIGNUP,
        "navigation": navigation,
    }


def _holds_examples() -> bool:
    """Whether entries of a demonstration are left here; asked once a minute."""
    return bool(
        cache.get_or_set(
            "holds_examples", lambda: Card.objects.filter(is_demo=True).exists(), MINUTE_SECONDS
        )
    )
