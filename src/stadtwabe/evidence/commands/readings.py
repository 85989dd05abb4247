"""Storing what reading found: a re-run never overwrites what a person has decided."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from stadtwabe.evidence.commands.documents import text_hash
from stadtwabe.evidence.models import Document, Suggestion
from stadtwabe.evidence.rules import DocumentState, SuggestionState
from stadtwabe.evidence.similarity import form_of, sketch_of
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict
from stadtwabe.kit.visible_text import visible
from stadtwabe.people.audit import record
from stadtwabe.people.permissions import require

DECIDED = frozenset({SuggestionState.ACCEPTED, SuggestionState.REJECTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One thing that a reading proposes; ``content`` is what ``Suggestion.proposal`` holds."""

    kind: str
    start: int
    end: int
    content: dict[str, Any]
    confidence: float
    reasons: tuple[str, ...] = ()
    matches: tuple[dict[str, Any], ...] = ()

    @property
    def name(self) -> str:
        """The name of the thing."""
        return str(self.content["name"])


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredText:
    """The text of a document with its layout, as extraction gave it."""

    text: str
    layout: list[dict[str, Any]]
    title: str = ""
    language: str = ""
    media_type: str = ""
    warnings: tuple[str, ...] = ()
    extractor_version: str = ""


@dataclass(slots=True)
class Stored:
    """How many suggestions a reading brought."""

    new: int = 0
    known: int = 0
    superseded: int = 0
    kept_decisions: int = field(default=0)


def fingerprint_of(proposal: Proposal) -> str:
    """Return what tells the same proposal again: kind, name, and where its passage begins."""
    return sha256(f"{proposal.kind}|{form_of(proposal.name)}|{proposal.start}".encode()).hexdigest()


@transaction.atomic
def store_reading(
    *,
    actor: Actor,
    document: Document,
    text: StoredText,
    proposals: Sequence[Proposal],
    reader_version: str,
    now: datetime,
) -> Stored:
    """Write the text (the first time) and the suggestions of a reading.

    Suggestions that a person has decided stay as they are, also when a later reading names the
    thing a little differently; open ones are brought up to date, with what was chosen in them;
    open ones that are not found again are superseded. Raises Conflict when the text is not the
    one that was read before, or when reading was cancelled meanwhile.
    """
    require(actor, "evidence.store_reading", document)
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.state not in {DocumentState.RECEIVED, DocumentState.READING}:
        raise Conflict(_("Das Lesen wurde inzwischen abgebrochen."))
    _write_text(document, text, reader_version)
    stored = _write_suggestions(document, proposals, reader_version)
    record(
        actor=actor,
        command="evidence.store_reading",
        subject=document,
        now=now,
        details={"new": stored.new, "known": stored.known, "superseded": stored.superseded},
    )
    return stored


def _write_text(document: Document, text: StoredText, reader_version: str) -> None:
    if document.text and document.text_sha256 != text_hash(text.text):
        raise Conflict(_("Der Text des Dokuments darf sich nicht ändern."))
    if not document.text:
        document.text = text.text
        document.text_sha256 = text_hash(text.text)
        document.sketch = sketch_of(text.text)
        document.layout = text.layout
        document.extractor_version = text.extractor_version
        document.language = text.language[:8]
        document.media_type = (text.media_type or document.media_type)[:100]
        document.warnings = list(text.warnings)
        # "1. Projekte" is the first chapter, not the title.
        if text.title and not text.title[0].isdigit() and _is_named_by_file(document):
            document.title = visible(text.title)[:300]
    document.original = None
    document.reader_version = reader_version
    document.state, document.progress = DocumentState.READ, 100
    document.problem = document.remedy = ""
    document.save()


def _is_named_by_file(document: Document) -> bool:
    """Whether nobody has given the document a better title than its file's name."""
    name = document.file_name or document.address
    return name.startswith(document.title) or name.endswith(document.title)


def _write_suggestions(
    document: Document, proposals: Sequence[Proposal], reader_version: str
) -> Stored:
    stored = Stored()
    known = {s.fingerprint: s for s in Suggestion.objects.filter(document=document)}
    decided = [s for s in known.values() if s.state in DECIDED]
    seen: set[str] = set()
    for position, proposal in enumerate(proposals):
        fingerprint = fingerprint_of(proposal)
        if fingerprint in seen:
            continue
        seen.add(fingerprint)
        earlier = known.get(fingerprint)
        if (earlier and earlier.state in DECIDED) or any(_same(s, proposal) for s in decided):
            stored.kept_decisions += 1
            continue
        stored.known += earlier is not None
        stored.new += earlier is None
        suggestion = earlier or Suggestion(document=document, fingerprint=fingerprint)
        suggestion.kind, suggestion.position = proposal.kind, position
        suggestion.start, suggestion.end = proposal.start, proposal.end
        suggestion.quote = document.text[proposal.start : proposal.end]
        suggestion.proposal = proposal.content
        suggestion.confidence = proposal.confidence
        suggestion.reasons = list(proposal.reasons)
        suggestion.matches = list(proposal.matches)
        suggestion.form = form_of(proposal.name)
        suggestion.reader_version = reader_version
        suggestion.state = SuggestionState.OPEN
        suggestion.save()
    for fingerprint, suggestion in known.items():
        if fingerprint not in seen and suggestion.state == SuggestionState.OPEN:
            suggestion.state = SuggestionState.SUPERSEDED
            suggestion.save(update_fields=["state"])
            stored.superseded += 1
    return stored


def _same(decided: Suggestion, proposal: Proposal) -> bool:
    """Whether a decision was about this very thing, though its name was read differently."""
    if decided.kind != proposal.kind:
        return False
    if decided.form == form_of(proposal.name):
        return decided.start < proposal.end and decided.end > proposal.start
    one, other = _name_span(decided.proposal), _name_span(proposal.content)
    return bool(one and other and one[0] < other[1] and one[1] > other[0])


def _name_span(content: dict[str, Any]) -> tuple[int, int] | None:
    for entry in content.get("properties", []):
        if entry["name"] == "name":
            return entry["start"], entry["end"]
    return None
