"""What extraction gives to reading."""

from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block is in the layout of its document."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    ROW = "row"
    FIELD = "field"
    """A label, a colon and a value: ``Ort: Solingen``."""


@dataclass(frozen=True, slots=True)
class Block:
    """A unit of layout. `level` is a heading's depth (1 is the highest), `page` counts from 1."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An address behind words of the text (HTML, DOCX)."""

    start: int
    end: int
    address: str


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a document and its layout. Offsets count code points of `text`."""

    text: str
    blocks: tuple[Block, ...]
    media_type: str
    title: str = ""
    language: str = "de"
    links: tuple[Link, ...] = ()
    emphases: tuple[tuple[int, int], ...] = ()
    """Passages in bold or italics inside a paragraph, as pairs of start and end."""
    warnings: tuple[str, ...] = ()
