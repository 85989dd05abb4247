"""Bringing documents in: received and queued for reading in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from stadtwabe.desk.queue import defer_reading
from stadtwabe.evidence.commands import (
    Origin,
    announce_document,
    fail_document,
    keep_original,
    receive_document,
    reopen_document,
)
from stadtwabe.evidence.models import Document
from stadtwabe.evidence.rules import DocumentState
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict, DomainError
from stadtwabe.kit.fetch import check_address
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that somebody brings: its bytes and where it comes from."""

    data: bytes
    origin: Origin


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of one file or address: a document, or why not and what helps."""

    name: str
    document: Document | None = None
    was_there: bool = False
    problem: str = ""
    remedy: str = ""

    @property
    def is_received(self) -> bool:
        """Whether a document was taken in now."""
        return self.document is not None and not self.was_there


@transaction.atomic
def submit_document(
    *,
    actor: Actor,
    owner: Party,
    data: bytes,
    origin: Origin,
    now: datetime,
    is_demo: bool = False,
) -> tuple[Document, bool]:
    """Take in a document and queue it for reading, both or neither.

    The second value says whether it was there already; it is then read again only if it could
    not be read before.
    """
    document, was_there = receive_document(
        actor=actor, owner=owner, data=data, origin=origin, now=now, is_demo=is_demo
    )
    if was_there and document.state == DocumentState.FAILED:
        keep_original(document, data)
        reopen_document(actor=actor, document=document, now=now)
        defer_reading(document)
    if not was_there:
        defer_reading(document)
    return document, was_there


def submit_documents(
    *,
    actor: Actor,
    owner: Party,
    offered: Iterable[Offered],
    now: datetime,
) -> list[Submitted]:
    """Take in several documents, each for itself: what is wrong with one stops no other."""
    require(actor, "evidence.receive_document", owner)
    return [_submitted(actor, owner, each, now) for each in offered]


@transaction.atomic
def submit_address(
    *, actor: Actor, owner: Party, address: str, origin: Origin, now: datetime
) -> Submitted:
    """Queue a web address to be fetched and read; ``origin`` says what is known besides.

    What comes of it stands at the document: nobody waits for a slow server.
    """
    require(actor, "evidence.receive_document", owner)
    try:
        known = replace(origin, address=check_address(address.strip()))
    except DomainError as error:
        return Submitted(address, problem=error.message, remedy=error.remedy)
    document, was_there = announce_document(actor=actor, owner=owner, origin=known, now=now)
    if was_there and document.state == DocumentState.FAILED:
        reopen_document(actor=actor, document=document, now=now)
        document.refresh_from_db()
        defer_reading(document)
        was_there = False
    elif not was_there:
        defer_reading(document)
    return Submitted(address, document, was_there)


def too_large(name: str) -> Submitted:
    """Return the answer for a file that was cut off while it came in, so its size is unknown."""
    return Submitted(
        name,
        problem=_("„%(name)s“ ist zu groß: mehr als %(limit)d MB.")
        % {"name": name, "limit": settings.UPLOAD_LIMIT_BYTES // 1024**2},
        remedy=_("Teilen Sie das Dokument, oder entfernen Sie Bilder daraus."),
    )


@transaction.atomic
def read_again(*, actor: Actor, document: Document, now: datetime) -> None:
    """Queue a document to be read again; decisions stay. Raises Conflict while it is read."""
    if document.original is None and not document.text and not document.is_at_its_address:
        raise Conflict(
            _("Von „%(title)s“ ist nichts mehr da, das gelesen werden könnte.")
            % {"title": document.title},
            remedy=_("Laden Sie die Datei noch einmal hoch."),
        )
    reopen_document(actor=actor, document=document, now=now)
    defer_reading(document)


def cancel_reading(*, actor: Actor, document: Document, now: datetime) -> None:
    """Stop reading a document: the running job sees it at its next step and writes nothing."""
    if document.state not in {DocumentState.RECEIVED, DocumentState.READING}:
        raise Conflict(_("Das Dokument wird gerade nicht gelesen."))
    # Kept in German, like everything that is stored.
    fail_document(
        actor=actor,
        document=document,
        problem=gettext_noop("Das Lesen wurde abgebrochen."),
        remedy=gettext_noop("Sie können das Dokument jederzeit erneut lesen lassen."),
        now=now,
    )


def _submitted(actor: Actor, owner: Party, offered: Offered, now: datetime) -> Submitted:
    try:
        document, was_there = submit_document(
            actor=actor, owner=owner, data=offered.data, origin=offered.origin, now=now
        )
    except DomainError as error:
        return Submitted(offered.origin.name, problem=error.message, remedy=error.remedy)
    return Submitted(offered.origin.name, document, was_there)
