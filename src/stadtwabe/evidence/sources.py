"""Where a value comes from: exactly one of a passage, a declaration, a row of an import."""

from dataclasses import dataclass
from datetime import date

from stadtwabe.evidence.models import Document
from stadtwabe.people.models import Party


@dataclass(frozen=True, slots=True)
class Passage:
    """Characters ``start`` to ``end`` (code points, end exclusive) of a document's text."""

    document: Document
    start: int
    end: int

    @property
    def quote(self) -> str:
        """The words of the passage."""
        return self.document.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a party said of itself or as the editor in charge, in which role, on which day."""

    party: Party
    role: str
    on: date


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row of a named import, such as the register of municipalities."""

    name: str
    row: str


Source = Passage | Declaration | ImportRow
