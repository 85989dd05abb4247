"""The Django application of ``evidence``."""

from django.apps import AppConfig

from stadtwabe.evidence import rules
from stadtwabe.people.permissions import register
from stadtwabe.people.rules import Scope


class EvidenceConfig(AppConfig):
    """Wires the room to Django."""

    name = "stadtwabe.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may do what."""
        documents, edit = Scope.DOCUMENTS, Scope.EDIT
        register("evidence.receive_document", rules.may_submit_documents, scope=documents)
        register("evidence.see_document", rules.may_handle_document, scope=documents)
        register("evidence.store_reading", rules.may_handle_document, scope=edit)
        register("evidence.redact_document", rules.may_handle_document, scope=edit)
        register("evidence.decide_suggestion", rules.may_decide_suggestion, scope=edit)
        register("evidence.withdraw_statement", rules.may_withdraw_statement, scope=edit)
