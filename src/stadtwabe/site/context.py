"""What every page knows about the installation."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Return whether this is a demo, and who runs it."""
    return {"is_demo": settings.DEMO, "operator": settings.OPERATOR}
