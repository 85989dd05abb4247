"""Every write of the catalogue. Domains call these inside their own commands' transactions.

The domain's command has asked ``can`` and writes the audit entry; these ask no second time.
"""

from stadtwabe.catalog.commands.cards import (
    german_slug,
    slug_of,
    withdraw_card,
    write_card,
    write_cards,
)
from stadtwabe.catalog.commands.links import link_cards, unlink_cards
from stadtwabe.catalog.commands.register import RegisterLoaded, load_register
from stadtwabe.catalog.commands.words import count_words

__all__ = [
    "RegisterLoaded",
    "count_words",
    "german_slug",
    "link_cards",
    "load_register",
    "slug_of",
    "unlink_cards",
    "withdraw_card",
    "write_card",
    "write_cards",
]
