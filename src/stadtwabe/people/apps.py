"""The Django application of ``people``."""

from django.apps import AppConfig

from stadtwabe.people import rules
from stadtwabe.people.permissions import register


class PeopleConfig(AppConfig):
    """Wires the room to Django."""

    name = "stadtwabe.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may do what."""
        edit, never_by_token = rules.Scope.EDIT, "session"
        register("people.create_organisation", rules.may_create_organisation, scope=edit)
        register("people.edit_organisation", rules.may_create_organisation, scope=edit)
        register("people.grant_membership", rules.may_grant_membership, scope=never_by_token)
        register("people.delete_account", rules.is_oneself, scope=never_by_token)
        register("people.manage_tokens", rules.is_oneself, scope=never_by_token)
