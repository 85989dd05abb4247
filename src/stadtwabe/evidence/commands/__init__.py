"""Every write of evidence, and of the things that carry it."""

from stadtwabe.evidence.commands.addresses import announce_document, take_in_document
from stadtwabe.evidence.commands.answers import undo_fact
from stadtwabe.evidence.commands.documents import (
    Origin,
    begin_reading,
    check_size,
    describe_document,
    fail_document,
    note_progress,
    receive_document,
    reopen_document,
)
from stadtwabe.evidence.commands.merging import merge_things, unmerge_things
from stadtwabe.evidence.commands.originals import keep_original
from stadtwabe.evidence.commands.readings import Proposal, StoredText, store_reading
from stadtwabe.evidence.commands.redaction import redact_document
from stadtwabe.evidence.commands.statements import record_statements
from stadtwabe.evidence.commands.suggestions import (
    keep_draft,
    note_accepted,
    open_suggestion,
    reject_suggestion,
    reopen_suggestion,
)
from stadtwabe.evidence.commands.things import (
    create_thing,
    edit_thing,
    undo_change,
    withdraw_thing,
)
from stadtwabe.evidence.commands.withdrawing import withdraw_statement

__all__ = [
    "Origin",
    "Proposal",
    "StoredText",
    "announce_document",
    "begin_reading",
    "check_size",
    "create_thing",
    "describe_document",
    "edit_thing",
    "fail_document",
    "keep_draft",
    "keep_original",
    "merge_things",
    "note_accepted",
    "note_progress",
    "open_suggestion",
    "receive_document",
    "record_statements",
    "redact_document",
    "reject_suggestion",
    "reopen_document",
    "reopen_suggestion",
    "store_reading",
    "take_in_document",
    "undo_change",
    "undo_fact",
    "unmerge_things",
    "withdraw_statement",
    "withdraw_thing",
]
