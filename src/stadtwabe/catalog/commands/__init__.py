"""Every write of the catalogue. Domains call these inside their own commands' transactions.

The domain's command has asked ``can`` and writes the audit entry; these ask no second time.
"""

from stadtwabe.catalog.commands.cards import withdraw_card, write_card
from stadtwabe.catalog.commands.links import link_cards, unlink_cards

__all__ = ["link_cards", "unlink_cards", "withdraw_card", "write_card"]
