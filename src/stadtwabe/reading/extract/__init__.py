"""Bytes of a document to text with blocks; anything unreadable says why and what helps."""

from stadtwabe.reading.extract.document import extract
from stadtwabe.reading.extract.extracted import Block, BlockKind, Extracted, Link
from stadtwabe.reading.extract.unreadable import Unreadable

__all__ = ["Block", "BlockKind", "Extracted", "Link", "Unreadable", "extract"]
