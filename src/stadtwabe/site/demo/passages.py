"""Finding the words of the script in the text that extraction made of a document."""

import re
from dataclasses import dataclass

from stadtwabe.evidence.models import Document
from stadtwabe.evidence.sources import Passage


class QuoteNotFound(LookupError):
    """The script quotes words that do not stand in the document."""


@dataclass(frozen=True, slots=True)
class Passages:
    """The passages of one document."""

    document: Document

    def quoting(self, words: str) -> Passage:
        """Return where ``words`` stand, line breaks counted as spaces. Raises QuoteNotFound."""
        found = self._search(words)
        if found is None:
            raise QuoteNotFound(f"{self.document.file_name}: „{words}“")
        return found

    def naming(self, name: str, *, otherwise: Passage) -> Passage:
        """Return where ``name`` stands, or ``otherwise`` when it is written differently."""
        return self._search(name) or otherwise

    def block_around(self, passage: Passage) -> Passage:
        """Return the whole paragraph or bullet in which ``passage`` stands."""
        for block in self.document.layout:
            if block["start"] <= passage.start and passage.end <= block["end"]:
                return Passage(self.document, block["start"], block["end"])
        return passage

    def _search(self, words: str) -> Passage | None:
        pattern = r"\s+".join(re.escape(word) for word in words.split())
        # Beginning inside a longer word, a name would be another one: „DIPAS“, „INKAR“.
        found = re.search(rf"(?<!\w){pattern}", self.document.text) or re.search(
            pattern, self.document.text
        )
        return Passage(self.document, *found.span()) if found else None
