"""Reading one document from its bytes to stored suggestions: what the worker does."""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from stadtwabe import __version__
from stadtwabe.desk.proposals import proposals_of
from stadtwabe.evidence.commands import (
    Origin,
    StoredText,
    begin_reading,
    fail_document,
    note_progress,
    store_reading,
    take_in_document,
)
from stadtwabe.evidence.models import Document
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.errors import Conflict, Invalid
from stadtwabe.kit.fetch import Unfetchable, fetch
from stadtwabe.reading.extract.document import extract
from stadtwabe.reading.extract.extracted import Block, BlockKind, Extracted
from stadtwabe.reading.extract.unreadable import Unreadable
from stadtwabe.reading.reading import read

logger = logging.getLogger(__name__)

FETCH_SECONDS = 20.0
"""How long an address may take to answer in full."""


def read_document(*, document: Document, now: datetime) -> bool:
    """Read a document and store what is proposed; False when it was cancelled or unreadable.

    Doing it twice is doing it once, so a job whose worker died is simply done again.
    """
    if not begin_reading(actor=SYSTEM, document=document):
        return False
    try:
        return _read(_at_hand(document, now), now)
    except (Unreadable, Unfetchable, Invalid) as error:
        fail_document(
            actor=SYSTEM, document=document, problem=error.message, remedy=error.remedy, now=now
        )
    except Conflict as error:
        if document.is_at_its_address:
            fail_document(
                actor=SYSTEM, document=document, problem=error.message, remedy=error.remedy, now=now
            )
        logger.info("Reading of document %s was cancelled", document.pk)
    except Exception:
        logger.exception("Reading of document %s failed", document.pk)
        fail_document(
            actor=SYSTEM,
            document=document,
            problem=_("Beim Lesen von „%(name)s“ ist ein Fehler aufgetreten.")
            % {"name": document.file_name or document.title},
            remedy=_("Lassen Sie es erneut lesen; hilft das nicht, fragen Sie den Betrieb."),
            now=now,
        )
    return False


def _read(document: Document, now: datetime) -> bool:
    extracted = _extracted(document)
    if not note_progress(actor=SYSTEM, document=document, percent=30):
        return False
    reading = read(extracted)
    if not note_progress(actor=SYSTEM, document=document, percent=70):
        return False
    proposals = proposals_of(reading)
    if not note_progress(actor=SYSTEM, document=document, percent=90):
        return False
    store_reading(
        actor=SYSTEM,
        document=document,
        text=_stored(extracted),
        proposals=proposals,
        reader_version=reading.reader_version,
        now=now,
    )
    return True


def _at_hand(document: Document, now: datetime) -> Document:
    """Return the document with its bytes: fetched from its address if they are still there."""
    if not document.is_at_its_address:
        return document
    fetched = fetch(
        document.address, limit_bytes=settings.UPLOAD_LIMIT_BYTES, seconds=FETCH_SECONDS
    )
    origin = Origin(
        address=fetched.address, file_name=fetched.file_name, media_type=fetched.media_type
    )
    return take_in_document(
        actor=SYSTEM, document=document, data=fetched.data, origin=origin, now=now
    )


def _extracted(document: Document) -> Extracted:
    """Return the text: from the bytes the first time, afterwards as it was stored."""
    if not document.text:
        return extract(
            bytes(document.original or b""),
            document.file_name or document.address,
            document.media_type or None,
        )
    return Extracted(
        text=document.text,
        blocks=tuple(
            Block(BlockKind(b["kind"]), b["start"], b["end"], b["level"], b.get("page"))
            for b in document.layout
        ),
        media_type=document.media_type,
        title=document.title,
        language=document.language or "de",
        warnings=tuple(document.warnings),
    )


def _stored(extracted: Extracted) -> StoredText:
    return StoredText(
        text=extracted.text,
        layout=[_block(block) for block in extracted.blocks],
        title=extracted.title,
        language=extracted.language,
        media_type=extracted.media_type,
        warnings=extracted.warnings,
        extractor_version=__version__,
    )


def _block(block: Block) -> dict[str, Any]:
    return {
        "kind": block.kind.value,
        "start": block.start,
        "end": block.end,
        "level": block.level,
        "page": block.page,
    }
