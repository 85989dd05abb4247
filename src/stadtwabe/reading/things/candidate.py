"""A name that may become a thing, before facts are attached to it."""

from dataclasses import dataclass

from stadtwabe.reading.model import ThingKind


@dataclass(frozen=True, slots=True)
class Candidate:
    """`start` and `end` bound the name; `block` is the index of the block it stands in."""

    kind: ThingKind
    name: str
    start: int
    end: int
    block: int
    confidence: float
    rule: str
    dates: tuple[int, ...] = ()
    """Indices of the document's dates that the rule itself ties to the thing."""
    place_at: tuple[int, int] | None = None
    """Where the rule saw the place of the thing (cell or rest of a date line)."""
    online: bool = False
    extent: int = 0
    """How many blocks after its own tell of the thing too (a section under its heading)."""
