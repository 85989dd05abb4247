"""Roles, kinds of organisations, scopes of tokens."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody may be at a party."""

    EDITOR = "editor", _("Redaktion")
    STEWARD = "steward", _("Datenpflege")
    MODERATOR = "moderator", _("Moderation")
    OFFICE = "office", _("Fachamt")
    NETWORK_ADMIN = "network_admin", _("Verbundleitung")


class OrganisationKind(models.TextChoices):
    """Kind of an organisation that is no municipality."""

    UTILITY = "utility", _("Stadtwerke, kommunales Unternehmen")
    COMPANY = "company", _("Unternehmen")
    ASSOCIATION = "association", _("Verein, Verband")
    INSTITUTE = "institute", _("Forschung, Bildung")
    MINISTRY = "ministry", _("Ministerium, Behörde")
    FOUNDATION = "foundation", _("Stiftung")
    OTHER = "other", _("Sonstige")


class Scope(models.TextChoices):
    """What a token may be used for; never more than its owner may do."""

    READ = "read", _("lesen")
    DOCUMENTS = "documents", _("Dokumente einliefern")
    EDIT = "edit", _("Inhalte bearbeiten")
