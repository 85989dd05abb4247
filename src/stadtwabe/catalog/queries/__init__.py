"""Every read of the catalogue; each starts at what the actor may see."""

from stadtwabe.catalog.queries.cards import PUBLIC, card_at, card_of_place, visible_to

__all__ = ["PUBLIC", "card_at", "card_of_place", "visible_to"]
