"""The tables of evidence, one noun per file."""

from stadtwabe.evidence.models.document import Document
from stadtwabe.evidence.models.link_check import LinkCheck
from stadtwabe.evidence.models.merge import Merge
from stadtwabe.evidence.models.statement import Statement
from stadtwabe.evidence.models.suggestion import Suggestion

__all__ = ["Document", "LinkCheck", "Merge", "Statement", "Suggestion"]
