"""News of this floor, for higher floors."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ThingWritten:
    """A thing with sources was created, edited, merged or withdrawn."""

    card_id: int
    kind: str
    verb: str
