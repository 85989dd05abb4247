"""Documents: receiving, redacting, giving up. What reading found is stored by ``readings``."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from stadtwabe.evidence.commands.originals import keep_original
from stadtwabe.evidence.models import Document
from stadtwabe.evidence.rules import DocumentState, Licence
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict, Invalid
from stadtwabe.kit.visible_text import visible
from stadtwabe.kit.web_address import check_web_address
from stadtwabe.people.audit import record
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require

BLACK = "█"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a document comes from, as far as it is known."""

    file_name: str = ""
    media_type: str = ""
    address: str = ""
    title: str = ""
    publisher: str = ""
    published_on: date | None = None
    licence: str = Licence.UNKNOWN

    @property
    def name(self) -> str:
        """What people recognise the document by: its file, else its address."""
        return self.file_name or self.address


@transaction.atomic
def receive_document(
    *,
    actor: Actor,
    owner: Party,
    data: bytes,
    origin: Origin,
    now: datetime,
    is_demo: bool = False,
) -> tuple[Document, bool]:
    """Take in a document, unread; the second value says whether it was there already.

    The same bytes again for the same owner, also at the same moment, are the document that is
    there. Raises NotAllowed, or Invalid for nothing at all and for more than the limit.
    """
    require(actor, "evidence.receive_document", owner)
    check_size(len(data), origin.name)
    if not data.strip():
        raise Invalid(
            _("„%(name)s“ ist leer.") % {"name": origin.name},
            field="file",
            remedy=_("Prüfen Sie, ob die Datei vollständig gespeichert wurde."),
        )
    document, is_new = Document.objects.get_or_create(
        owner=owner,
        file_sha256=hashlib.sha256(data).hexdigest(),
        defaults={
            "title": visible(origin.title or PurePath(origin.name).stem or origin.name)[:300],
            "file_name": visible(origin.file_name)[:255],
            "media_type": origin.media_type.replace("\x00", "")[:100],
            "address": origin.address[:800],
            "publisher": visible(origin.publisher)[:200],
            "published_on": origin.published_on,
            "licence": origin.licence,
            "retrieved_at": now,
            "is_demo": is_demo,
        },
    )
    if is_new:
        keep_original(document, data)
        record(actor=actor, command="evidence.receive_document", subject=document, now=now)
    return document, not is_new


def check_size(size: int, name: str) -> None:
    """Raise Invalid when a file of ``size`` bytes is over the installation's limit."""
    limit = settings.UPLOAD_LIMIT_BYTES
    if size > limit:
        raise Invalid(
            _("„%(name)s“ ist mit %(size)d MB zu groß (höchstens %(limit)d MB).")
            % {"name": name, "size": -(-size // 1024**2), "limit": limit // 1024**2},
            field="file",
            remedy=_("Teilen Sie das Dokument, oder entfernen Sie Bilder daraus."),
        )


@transaction.atomic
def describe_document(
    *,
    actor: Actor,
    document: Document,
    now: datetime,
    title: str,
    publisher: str,
    published_on: date | None,
    address: str,
    licence: str,
) -> None:
    """Correct what is known about a document; its text stays as it is."""
    require(actor, "evidence.redact_document", document)
    title, publisher = visible(title).strip(), visible(publisher).strip()
    if not title:
        raise Invalid(_("Bitte geben Sie einen Titel an."), field="title")
    if address:
        check_web_address(address, field="address")
    document.title, document.publisher = title, publisher
    document.published_on, document.address, document.licence = published_on, address, licence
    document.save(update_fields=["title", "publisher", "published_on", "address", "licence"])
    record(actor=actor, command="evidence.describe_document", subject=document, now=now)


@transaction.atomic
def begin_reading(*, actor: Actor, document: Document) -> bool:
    """Note that reading begins; False when there is nothing to read (cancelled meanwhile)."""
    require(actor, "evidence.store_reading", document)
    return bool(
        Document.objects.filter(
            pk=document.pk, state__in=[DocumentState.RECEIVED, DocumentState.READING]
        ).update(state=DocumentState.READING, progress=5)
    )


def note_progress(*, actor: Actor, document: Document, percent: int) -> bool:
    """Note how far reading has come; False when somebody has cancelled it."""
    require(actor, "evidence.store_reading", document)
    return bool(
        Document.objects.filter(pk=document.pk, state=DocumentState.READING).update(
            progress=percent
        )
    )


@transaction.atomic
def fail_document(
    *, actor: Actor, document: Document, problem: str, remedy: str, now: datetime
) -> None:
    """Note that a document cannot be read, why, and what helps. What was read before stays."""
    require(actor, "evidence.store_reading", document)
    document = Document.objects.select_for_update().get(pk=document.pk)
    document.problem, document.remedy = problem[:500], remedy[:500]
    document.state = DocumentState.READ if document.text else DocumentState.FAILED
    document.save(update_fields=["state", "problem", "remedy"])
    record(
        actor=actor,
        command="evidence.fail_document",
        subject=document,
        now=now,
        details={"problem": problem[:500]},
    )


@transaction.atomic
def reopen_document(*, actor: Actor, document: Document, now: datetime) -> None:
    """Send a document back to be read (again). Raises Conflict while it is being read."""
    require(actor, "evidence.store_reading", document)
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.state in {DocumentState.RECEIVED, DocumentState.READING}:
        raise Conflict(_("Das Dokument wird gerade gelesen."))
    document.state, document.progress = DocumentState.RECEIVED, 0
    document.problem = document.remedy = ""
    document.save(update_fields=["state", "progress", "problem", "remedy"])
    record(actor=actor, command="evidence.reopen_document", subject=document, now=now)


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def blackened(words: str) -> str:
    """Return ``words`` blacked out, line ends kept so that the layout stays."""
    return "".join("\n" if letter == "\n" else BLACK for letter in words)
