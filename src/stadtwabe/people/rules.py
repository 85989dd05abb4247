"""Roles, kinds of organisations, scopes of tokens."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stadtwabe.kit.actor import Actor


class Role(models.TextChoices):
    """What somebody may be at a party."""

    EDITOR = "editor", pgettext_lazy("role", "Redaktion")
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
    DATA = "data", _("Messwerte senden und Messreihen pflegen")


def may_create_organisation(actor: Actor, thing: object) -> bool:
    """Any editor or network administrator may: organisations belong to everybody."""
    return actor.holds_anywhere(Role.EDITOR, Role.NETWORK_ADMIN)


def may_grant_membership(actor: Actor, party: Any) -> bool:
    """The network administrator of the party itself may give roles there."""
    return actor.holds(Role.NETWORK_ADMIN, party.pk)


def is_oneself(actor: Actor, user: Any) -> bool:
    """Everybody manages their own account, but only when signed in, not with a token."""
    return actor.person == user.number and actor.scopes is None
