"""Bringing documents in by program, and asking how far they are."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Path, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from stadtwabe.desk.commands import submit_address, submit_document, too_large
from stadtwabe.evidence.commands import Origin
from stadtwabe.evidence.models import Document
from stadtwabe.evidence.queries.documents import handled_by, with_counts
from stadtwabe.evidence.rules import Licence
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import Invalid, NotFound
from stadtwabe.kit.uploads import refused_files
from stadtwabe.people.actors import actor_of
from stadtwabe.people.api_access import party_meant
from stadtwabe.people.rules import Role

router = Router(tags=["documents"])


class Submission(Schema):
    """What is known of a document; either a file or an address comes with it."""

    owner: int | None = Field(None, description="Nummer der Stelle, der das Dokument gehören soll")
    address: str = Field("", max_length=800, description="Internetadresse, falls keine Datei")
    title: str = Field("", max_length=300)
    publisher: str = Field("", max_length=200)
    licence: str = Field(Licence.UNKNOWN.value, description=", ".join(Licence.values))


class DocumentStatus(Schema):
    """How far a document is."""

    id: int
    title: str
    path: str
    state: str = Field(description="received, reading, read, failed, done")
    progress: int = Field(description="Prozent")
    problem: str
    remedy: str
    warnings: list[str]
    was_there: bool = Field(False, description="Dasselbe Dokument war schon da")
    open_suggestions: int
    accepted_suggestions: int
    file_sha256: str
    retrieved_at: datetime


@router.post(
    "/documents",
    response={201: DocumentStatus, 200: DocumentStatus},
    summary="Dokument einliefern",
    description="Eine Datei oder Adresse einliefern; 201: neu, 200: war schon da.",
    openapi_extra={"security": [{"token": []}]},
)
def receive(
    request: HttpRequest,
    submission: Annotated[Submission, Form()],
    file: Annotated[UploadedFile | None, File()] = None,
) -> tuple[int, dict[str, Any]]:
    """Take in one file or address; it is queued for reading before the answer is given.

    201 when it is new, 200 when the same document was there already.
    """
    actor = actor_of(request)
    owner = party_meant(
        actor,
        submission.owner,
        Role.EDITOR,
        command="evidence.receive_document",
        question=_("Für wen ist das Dokument?"),
    )
    if submission.licence not in Licence.values:
        raise Invalid(_("Diese Lizenz ist nicht bekannt."), field="licence")
    known = Origin(
        title=submission.title, publisher=submission.publisher, licence=submission.licence
    )
    if refused := refused_files(request):
        cut = too_large(refused[0][0])
        raise Invalid(cut.problem, field="file", remedy=cut.remedy)
    if file is not None:
        document, was_there = submit_document(
            actor=actor,
            owner=owner,
            data=file.read(),
            origin=Origin(
                file_name=file.name or "",
                media_type=file.content_type or "",
                title=known.title,
                publisher=known.publisher,
                licence=known.licence,
            ),
            now=now(),
        )
    elif submission.address:
        done = submit_address(
            actor=actor, owner=owner, address=submission.address, origin=known, now=now()
        )
        if done.document is None:
            raise Invalid(done.problem, field="address", remedy=done.remedy)
        document, was_there = done.document, done.was_there
    else:
        raise Invalid(
            _("Es fehlt ein Dokument."), field="file", remedy=_("Senden Sie Datei oder Adresse.")
        )
    return (200 if was_there else 201), _status(actor, document.pk, was_there=was_there)


@router.get(
    "/documents/{document_id}",
    response=DocumentStatus,
    summary="Stand eines Dokuments",
    description="Wie weit ein eigenes Dokument gelesen und abgearbeitet ist.",
    openapi_extra={"security": [{"token": []}]},
)
def status(
    request: HttpRequest,
    document_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
) -> dict[str, Any]:
    """Return how far a document is; those of other owners are not found."""
    return _status(actor_of(request), document_id)


def _status(actor: Actor, pk: int, *, was_there: bool = False) -> dict[str, Any]:
    document: Any = (
        with_counts(handled_by(actor)).defer("text", "layout", "original").filter(pk=pk).first()
    )
    if document is None:
        raise NotFound(_("Dieses Dokument gibt es nicht."))
    assert isinstance(document, Document)
    return {
        **{
            name: getattr(document, name)
            for name in (
                "id",
                "title",
                "state",
                "progress",
                "problem",
                "remedy",
                "warnings",
                "file_sha256",
                "retrieved_at",
            )
        },
        "path": f"/redaktion/dokumente/{document.pk}/",
        "was_there": was_there,
        "open_suggestions": getattr(document, "open_count", 0),
        "accepted_suggestions": getattr(document, "accepted_count", 0),
    }
