"""Deciding suggestions: the state of each, and of the document when none is left.

What accepting means for the things themselves is the desk's business; these are called inside
its transaction.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from stadtwabe.catalog.models import Card
from stadtwabe.evidence.models import Document, Suggestion
from stadtwabe.evidence.rules import DocumentState, Rejection, SuggestionState
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict, Invalid
from stadtwabe.people.audit import record
from stadtwabe.people.permissions import require


def open_suggestion(*, actor: Actor, suggestion: Suggestion) -> Suggestion:
    """Return the suggestion, locked. Raises Conflict when somebody has decided it already."""
    require(actor, "evidence.decide_suggestion", suggestion)
    locked = (
        Suggestion.objects.select_for_update(of=("self",))
        .select_related("document__owner")
        .get(pk=suggestion.pk)
    )
    if locked.state != SuggestionState.OPEN:
        raise Conflict(
            _("Dieser Vorschlag ist schon entschieden: %(state)s.")
            % {"state": locked.get_state_display()},
            remedy=_("Laden Sie die Seite neu."),
        )
    return locked


@transaction.atomic
def note_accepted(
    *, actor: Actor, suggestion: Suggestion, became: Card, undo: dict[str, Any], now: datetime
) -> None:
    """Note what a suggestion has become, and how to take that back."""
    suggestion = open_suggestion(actor=actor, suggestion=suggestion)
    suggestion.state, suggestion.became = SuggestionState.ACCEPTED, became
    suggestion.decided_at, suggestion.decided_by = now, actor.person
    suggestion.undo = undo
    suggestion.save()
    _report(actor, suggestion, "accept_suggestion", now, {"became": became.pk})


@transaction.atomic
def reject_suggestion(
    *,
    actor: Actor,
    suggestion: Suggestion,
    rejection: str,
    because: str = "",
    now: datetime,
) -> None:
    """Reject a suggestion with a reason; some reasons teach later readings (rules.TEACHING)."""
    if rejection not in Rejection.values:
        raise Invalid(_("Bitte nennen Sie einen Grund."), field="rejection")
    if rejection == Rejection.OTHER and not because.strip():
        raise Invalid(_("Bitte nennen Sie den Grund in Worten."), field="because")
    suggestion = open_suggestion(actor=actor, suggestion=suggestion)
    suggestion.state, suggestion.rejection = SuggestionState.REJECTED, rejection
    suggestion.rejected_because = because.strip()[:200]
    suggestion.decided_at, suggestion.decided_by = now, actor.person
    suggestion.save()
    _report(actor, suggestion, "reject_suggestion", now, {"rejection": rejection})


@transaction.atomic
def reopen_suggestion(*, actor: Actor, suggestion: Suggestion, now: datetime) -> None:
    """Make a decided suggestion open again; a rejection then teaches nothing any more."""
    require(actor, "evidence.decide_suggestion", suggestion)
    suggestion.state = SuggestionState.OPEN
    suggestion.became, suggestion.undo = None, {}
    suggestion.rejection = suggestion.rejected_because = ""
    suggestion.decided_at = suggestion.decided_by = None
    suggestion.save()
    _report(actor, suggestion, "reopen_suggestion", now, {})


@transaction.atomic
def keep_draft(*, actor: Actor, suggestion: Suggestion, draft: dict[str, Any]) -> None:
    """Keep what somebody has chosen in an open suggestion so far."""
    suggestion = open_suggestion(actor=actor, suggestion=suggestion)
    suggestion.draft = draft
    suggestion.save(update_fields=["draft"])


def _report(
    actor: Actor, suggestion: Suggestion, verb: str, now: datetime, details: dict[str, Any]
) -> None:
    document = Document.objects.select_for_update().get(pk=suggestion.document_id)
    is_left = document.suggestions.filter(state=SuggestionState.OPEN).exists()
    state = DocumentState.READ if is_left else DocumentState.DONE
    if document.state in {DocumentState.READ, DocumentState.DONE} and document.state != state:
        document.state = state
        document.save(update_fields=["state"])
    record(actor=actor, command=f"evidence.{verb}", subject=suggestion, now=now, details=details)
