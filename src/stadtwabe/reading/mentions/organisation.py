"""What is known of an organisation where a text names it."""

from dataclasses import dataclass

from stadtwabe.reading.mentions.span import Span


@dataclass(frozen=True, slots=True)
class Organisation:
    """One mention; `name` as it stands, `alias` a short name defined beside it."""

    start: int
    end: int
    name: str
    alias: str
    alias_end: int
    rule: str
    confidence: float
    legal_form: str = ""


def spans_of(found: list[Organisation]) -> list[Span]:
    """Where organisations stand, with the short name defined beside them."""
    return [Span(one.start, one.alias_end) for one in found]
