"""What ingest tells whoever sent something: it knows no Django, hence no catalogue of words."""

from typing import NamedTuple


class Said(NamedTuple):
    """A sentence in German for pages, and in English for programs: the standard's language."""

    german: str
    english: str

    def __str__(self) -> str:
        return self.german


class BadValue(ValueError):
    """A value cannot be stored; ``said`` is why."""

    def __init__(self, german: str, english: str) -> None:
        super().__init__(german)
        self.said = Said(german, english)
