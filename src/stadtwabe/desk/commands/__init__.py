"""Every write of the desk: they call the commands of the domains below."""

from stadtwabe.desk.commands.decisions import (
    accept_safe_places,
    accept_suggestion,
    undo_decision,
)
from stadtwabe.desk.commands.submissions import (
    Offered,
    Submitted,
    cancel_reading,
    read_again,
    submit_address,
    submit_document,
    submit_documents,
    too_large,
)

__all__ = [
    "Offered",
    "Submitted",
    "accept_safe_places",
    "accept_suggestion",
    "cancel_reading",
    "read_again",
    "submit_address",
    "submit_document",
    "submit_documents",
    "too_large",
    "undo_decision",
]
