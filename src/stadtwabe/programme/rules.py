"""Formats of events."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventFormat(models.TextChoices):
    """How one takes part."""

    ON_SITE = "on_site", _("vor Ort")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("vor Ort und online")


class EventState(models.TextChoices):
    """Whether it takes place."""

    PLANNED = "planned", _("geplant")
    HELD = "held", _("hat stattgefunden")
    CANCELLED = "cancelled", _("abgesagt")
