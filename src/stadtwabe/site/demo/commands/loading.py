"""Loading the demo: register, accounts, documents; whatever is there already is left alone."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.db import transaction

from stadtwabe.catalog.commands import load_register
from stadtwabe.desk.reading import read_document
from stadtwabe.evidence.commands import Origin, receive_document
from stadtwabe.evidence.models import Document
from stadtwabe.evidence.rules import DocumentState, Licence
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import DomainError
from stadtwabe.kit.locks import locked
from stadtwabe.people.actors import actor_for
from stadtwabe.people.models import Party, User
from stadtwabe.people.permissions import require
from stadtwabe.places.models import Place
from stadtwabe.site.demo.accounts import ACCOUNTS
from stadtwabe.site.demo.commands.accounts import newsroom, open_demo_accounts
from stadtwabe.site.demo.commands.entries import ScriptedEditor
from stadtwabe.site.demo.models import DemoDocument
from stadtwabe.site.demo.script import FACTS_BETWEEN, DocumentScript, inbox, script

PUBLISHER = "Stadtwabe (Demonstration)"

LOADING_LOCK = "demo"
"""Of several processes started at once, one loads the demo."""

log = logging.getLogger(__name__)


def load_demo(
    *,
    actor: Actor,
    now: datetime,
    say: Callable[[str], None] = log.info,
    documents: Sequence[DocumentScript] | None = None,
) -> int:
    """Load what is missing of the demo; return how many documents were worked through.

    ``documents``: only these of the script, in their order.

    Each document is one transaction: after a crash, the next call goes on with the document that
    was under way. Does nothing while another process loads. Raises NotAllowed.
    """
    require(actor, "demo.load_demo")
    documents = script() if documents is None else documents
    if not _is_anything_missing(documents):
        return 0
    with locked(LOADING_LOCK, wait=False) as is_ours:
        if not is_ours:
            say("Another process is loading the demo.")
            return 0
        if not Place.objects.exists():
            loaded = load_register(actor=actor, now=now)
            say(f"Register: {loaded.places} places, {loaded.networks} networks.")
        open_demo_accounts(actor=actor, now=now)
        editor = actor_for(User.objects.get(email=ACCOUNTS[0].email), now=now)
        owner = newsroom(actor=actor, now=now)
        done = set(DemoDocument.objects.values_list("file_name", flat=True))
        missing = [each for each in documents if each.file_name not in done]
        for document in missing:
            try:
                with transaction.atomic():
                    counted = work_through(actor=editor, owner=owner, document=document, now=now)
                    if document == missing[-1]:
                        _link_everything(documents, actor=editor, owner=owner, now=now)
            except (DomainError, LookupError) as error:
                # The others are worth showing all the same; the next start tries again.
                log.exception("Demo document %s", document.file_name)
                say(f"{document.file_name}: not loaded: {error}")
            else:
                say(_told(counted))
        for path in inbox():
            leave_in_inbox(actor=editor, owner=owner, path=path, now=now)
        return len(missing)


@transaction.atomic
def work_through(
    *, actor: Actor, owner: Party, document: DocumentScript, now: datetime
) -> DemoDocument:
    """Receive and read one document, write its entries, and count what reading had found."""
    origin = Origin(
        file_name=document.file_name,
        title=document.title,
        publisher=document.publisher,
        published_on=document.published_on,
        licence=document.licence,
    )
    received = _read(actor=actor, owner=owner, path=document.path, origin=origin, now=now)
    editor = ScriptedEditor(actor=actor, owner=owner, document=received, now=now)
    for entry in document.entries:
        editor.write(entry)
    editor.reject_the_rest()
    return DemoDocument.objects.create(
        file_name=document.file_name,
        document=received,
        finished_at=now,
        **asdict(editor.counts),
    )


def _link_everything(
    documents: Sequence[DocumentScript], *, actor: Actor, owner: Party, now: datetime
) -> None:
    """Link the entries of all documents: many name things that a later document brings."""
    received = {each.file_name: each.document for each in DemoDocument.objects.select_related()}
    for document in documents:
        if document.file_name not in received:
            continue
        source = received[document.file_name]
        editor = ScriptedEditor(actor=actor, owner=owner, document=source, now=now)
        for entry in document.entries:
            if entry.kind not in FACTS_BETWEEN:
                editor.link(entry)


@transaction.atomic
def leave_in_inbox(*, actor: Actor, owner: Party, path: Path, now: datetime) -> None:
    """Receive and read a document that nobody works through: it is there to try the desk with."""
    _read(
        actor=actor,
        owner=owner,
        path=path,
        origin=Origin(file_name=path.name, publisher=PUBLISHER, licence=Licence.EUPL),
        now=now,
    )


def _is_anything_missing(documents: Sequence[DocumentScript]) -> bool:
    """Whether there is anything to do at all: three small queries at every start."""
    done = DemoDocument.objects.filter(file_name__in=[each.file_name for each in documents])
    waiting = Document.objects.filter(is_demo=True, file_name__in=[p.name for p in inbox()])
    return (
        done.count() < len(documents)
        or waiting.count() < len(inbox())
        or User.objects.filter(is_demo=True, is_active=True).count() < len(ACCOUNTS)
    )


def _told(counted: DemoDocument) -> str:
    return (
        f"{counted.file_name}: {counted.found} entries found by reading"
        f" ({counted.corrected} corrected), {counted.added} written by hand,"
        f" {counted.unknown_to_reading} that reading does not propose,"
        f" {counted.rejected} suggestions rejected."
    )


def _read(*, actor: Actor, owner: Party, path: Path, origin: Origin, now: datetime) -> Document:
    data = path.read_bytes()
    document, _was_there = receive_document(
        actor=actor, owner=owner, data=data, origin=origin, now=now, is_demo=True
    )
    if document.state == DocumentState.RECEIVED:
        read_document(document=document, now=now)
        document.refresh_from_db()
    return document
