"""The tables of the catalogue, one noun per file."""

from stadtwabe.catalog.models.card import Card
from stadtwabe.catalog.models.card_party import CardParty
from stadtwabe.catalog.models.facet import Facet
from stadtwabe.catalog.models.former_address import FormerAddress
from stadtwabe.catalog.models.link import Link
from stadtwabe.catalog.models.word import Word

__all__ = ["Card", "CardParty", "Facet", "FormerAddress", "Link", "Word"]
