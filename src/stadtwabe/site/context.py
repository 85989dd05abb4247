"""What every page knows about the installation."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from stadtwabe.site.demo.queries import progress_to_show
from stadtwabe.site.navigation import entries_for


def site(request: HttpRequest) -> dict[str, object]:
    """Return whether this is a demo and how far, who runs it, and the main navigation."""
    navigation = list(entries_for(request)) if hasattr(request, "user") else []
    return {
        "is_demo": settings.DEMO,
        "demo_progress": SimpleLazyObject(progress_to_show),
        "operator": settings.OPERATOR,
        "sign_up_is_open": settings.OPEN_SIGNUP,
        "navigation": navigation,
    }
