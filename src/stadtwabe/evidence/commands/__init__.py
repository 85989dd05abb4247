"""Every write of evidence, and of the things that carry it."""

from stadtwabe.evidence.commands.statements import record_statements
from stadtwabe.evidence.commands.things import (
    create_thing,
    edit_thing,
    undo_change,
    withdraw_thing,
)

__all__ = [
    "create_thing",
    "edit_thing",
    "record_statements",
    "undo_change",
    "withdraw_thing",
]
