"""Documents that are still at their web address: announced at once, taken in when fetched."""

import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath

from django.db import transaction
from django.utils.translation import gettext as _

from stadtwabe.evidence.commands.documents import Origin, check_size
from stadtwabe.evidence.commands.originals import keep_original
from stadtwabe.evidence.models import Document
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict, Invalid
from stadtwabe.kit.visible_text import visible
from stadtwabe.people.audit import record
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require


@transaction.atomic
def announce_document(
    *, actor: Actor, owner: Party, origin: Origin, now: datetime
) -> tuple[Document, bool]:
    """Note that a document is to be fetched from ``origin.address``.

    The second value says whether it was announced already and nothing has come of it yet; it is
    the same document then. Raises NotAllowed.
    """
    require(actor, "evidence.receive_document", owner)
    address = origin.address[:800]
    waiting = Document.objects.select_for_update().filter(
        owner=owner, address=address, file_sha256=""
    )
    if known := waiting.first():
        return known, True
    document = Document.objects.create(
        owner=owner,
        title=visible(origin.title or address)[:300],
        address=address,
        publisher=visible(origin.publisher)[:200],
        licence=origin.licence,
        retrieved_at=now,
    )
    record(actor=actor, command="evidence.receive_document", subject=document, now=now)
    return document, False


@transaction.atomic
def take_in_document(
    *, actor: Actor, document: Document, data: bytes, origin: Origin, now: datetime
) -> Document:
    """Keep what an announced document's address gave; ``origin.address`` is where it ended.

    Raises Invalid for nothing at all and for more than the limit, Conflict when the same owner
    has the very same bytes already.
    """
    require(actor, "evidence.store_reading", document)
    document = Document.objects.select_for_update().get(pk=document.pk)
    check_size(len(data), origin.address)
    if not data.strip():
        raise Invalid(
            _("Unter „%(address)s“ steht nichts.") % {"address": origin.address},
            remedy=_("Öffnen Sie die Adresse im Browser, und prüfen Sie, was dort steht."),
        )
    digest = hashlib.sha256(data).hexdigest()
    same = Document.objects.filter(owner=document.owner, file_sha256=digest).first()
    if same is not None:
        raise Conflict(
            _("Was unter „%(address)s“ steht, ist schon da: „%(title)s“.")
            % {"address": origin.address, "title": same.title},
            remedy=_(
                "Öffnen Sie jenes Dokument. Hat sich die Seite geändert, rufen Sie sie neu ab."
            ),
        )
    if document.title == document.address:
        known = replace(origin, title="")
        document.title = visible(PurePath(known.name).stem or known.name)[:300]
    document.address = origin.address[:800]
    document.file_name = visible(origin.file_name)[:255]
    document.media_type = visible(origin.media_type)[:100]
    document.file_sha256, document.retrieved_at = digest, now
    document.save()
    keep_original(document, data)
    return document
