"""Tables with observations by program: send one, say what its columns mean, see what became of it.

The same commands as the pages below ``/daten/hochladen/``. Columns are named by their headings, or
by their place from 0.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Annotated, Any

import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Path, Query, Router
from ninja.files import UploadedFile

from stadtwabe.hub.api.shapes import (
    Assignment,
    Meaning,
    Named,
    Reading,
    RefusedPage,
    Sending,
    UploadPage,
    UploadStatus,
)
from stadtwabe.hub.commands.uploads import (
    columns_of,
    delete_upload,
    map_upload,
    receive_upload,
    start_upload,
    table_of,
)
from stadtwabe.hub.models import Upload
from stadtwabe.hub.queries.uploads import uploads_of
from stadtwabe.hub.tables.mapping import Columns
from stadtwabe.hub.tables.table import Format, Table, Unreadable
from stadtwabe.hub.uploading import defer_upload
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import DomainError, Invalid, NotFound
from stadtwabe.kit.numbers import whole_number
from stadtwabe.kit.uploads import refused_files
from stadtwabe.people.actors import actor_of
from stadtwabe.people.api_access import party_meant
from stadtwabe.people.models import User
from stadtwabe.people.rules import Role

router = Router(tags=["uploads"])
TOKEN: dict[str, Any] = {"security": [{"token": []}]}
PER_PAGE = 20
REFUSED_PER_PAGE = 500
LARGEST = 2**31 - 1

Id = Annotated[int, Path(ge=1, le=LARGEST)]


@router.post(
    "/uploads",
    response={201: UploadStatus},
    summary="Tabelle mit Messwerten einliefern",
    description="Eine Tabelle (CSV oder .xlsx) mit Messwerten einliefern und speichern lassen.",
    openapi_extra=TOKEN,
)
def send(
    request: HttpRequest,
    sending: Annotated[Sending, Form()],
    file: Annotated[UploadedFile | None, File()] = None,
) -> tuple[int, dict[str, Any]]:
    """Keep a table; store it when ``start`` is set and its columns are known."""
    actor = actor_of(request)
    owner = party_meant(
        actor,
        sending.owner,
        Role.STEWARD,
        command="hub.receive_upload",
        question=_("Wessen Messwerte sind es?"),
    )
    mapping = _mapping(sending)
    if refused_files(request):
        limit = settings.UPLOAD_LIMIT_BYTES // 1024**2
        raise Invalid(
            _("Die Datei ist größer als %d MB. Teilen Sie sie auf.") % limit, field="file"
        )
    if file is None:
        raise Invalid(_("Es fehlt eine Datei."), field="file")
    upload = receive_upload(actor=actor, owner=owner, file=file, user=_user_of(actor), now=now())
    try:
        upload = _map(actor, upload, mapping)
        if sending.start and columns_of(upload).datastream_ids:
            upload = _start(actor, upload)
    except DomainError:
        # Whoever corrects the mapping sends the file again: nothing of the first is left lying.
        delete_upload(actor=actor, upload=upload, now=now())
        raise
    return 201, _status(upload)


@router.get(
    "/uploads",
    response=UploadPage,
    summary="Eingelieferte Tabellen",
    description="Eigene eingelieferte Tabellen mit Messwerten, die neuesten zuerst.",
    openapi_extra=TOKEN,
)
def uploads(
    request: HttpRequest, seite: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> dict[str, Any]:
    """List the files of the parties that the caller looks after."""
    found = uploads_of(actor_of(request))
    start = (seite - 1) * PER_PAGE
    return {
        "total": found.count(),
        "page": seite,
        "uploads": [_status(each, with_table=False) for each in found[start : start + PER_PAGE]],
    }


@router.get(
    "/uploads/{upload_id}",
    response=UploadStatus,
    summary="Stand einer Tabelle",
    description="Wie weit eine eingelieferte Tabelle gespeichert ist.",
    openapi_extra=TOKEN,
)
def status(request: HttpRequest, upload_id: Id) -> dict[str, Any]:
    """Return how far a file is; those of other owners are not found."""
    return _status(_upload_of(actor_of(request), upload_id))


@router.put(
    "/uploads/{upload_id}/mapping",
    response=UploadStatus,
    summary="Spalten einer Tabelle zuordnen",
    description="Sagen, wie eine Tabelle zu lesen ist und was in ihren Spalten steht.",
    openapi_extra=TOKEN,
)
def set_mapping(request: HttpRequest, upload_id: Id, mapping: Assignment) -> dict[str, Any]:
    """Correct what was found out, before the file is stored."""
    actor = actor_of(request)
    return _status(_map(actor, _upload_of(actor, upload_id), mapping))


@router.post(
    "/uploads/{upload_id}/start",
    response=UploadStatus,
    summary="Tabelle speichern",
    description="Die Werte einer zugeordneten Tabelle speichern; auch nach einem Abbruch weiter.",
    openapi_extra=TOKEN,
)
def start(request: HttpRequest, upload_id: Id) -> dict[str, Any]:
    """Hand the file to a worker."""
    actor = actor_of(request)
    return _status(_start(actor, _upload_of(actor, upload_id)))


@router.get(
    "/uploads/{upload_id}/refused",
    response=RefusedPage,
    summary="Was nicht gespeichert wurde",
    description="Zellen einer Tabelle, die nicht gespeichert wurden, mit Zeile und Grund.",
    openapi_extra=TOKEN,
)
def refused(
    request: HttpRequest, upload_id: Id, after: Annotated[int, Query(ge=0, le=LARGEST)] = 0
) -> dict[str, Any]:
    """List by line what was not stored, behind the line ``after``."""
    upload = _upload_of(actor_of(request), upload_id)
    rows = list(upload.refused_rows.filter(line__gt=after)[: REFUSED_PER_PAGE + 1])
    table = _table_of(upload)
    shown = rows[:REFUSED_PER_PAGE]
    return {
        "cells": [
            {
                "line": row.line,
                "column": _label(table, each["column"]),
                "cell": each["cell"],
                "reason": each["reason"],
            }
            for row in shown
            for each in row.reasons
        ],
        "next_after": shown[-1].line if len(rows) > len(shown) else None,
    }


@router.delete(
    "/uploads/{upload_id}",
    response={204: None},
    summary="Tabelle löschen",
    description="Eine Tabelle mit ihrem Bericht löschen; was aus ihr gespeichert wurde, bleibt.",
    openapi_extra=TOKEN,
)
def delete(request: HttpRequest, upload_id: Id) -> tuple[int, None]:
    """Delete a file and its report."""
    actor = actor_of(request)
    delete_upload(actor=actor, upload=_upload_of(actor, upload_id), now=now())
    return 204, None


def _upload_of(actor: Actor, pk: int) -> Upload:
    found = uploads_of(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Diese Datei gibt es nicht."))
    return found


def _user_of(actor: Actor) -> User | None:
    return User.objects.filter(number=actor.person).first() if actor.person else None


def _mapping(sending: Sending) -> Assignment:
    """Return what stands as JSON beside the file. Raises Invalid."""
    found: dict[str, Any] = {}
    for name, kind in (("format", Reading), ("columns", Meaning)):
        text = getattr(sending, name)
        if not text:
            continue
        try:
            found[name] = kind.model_validate(msgspec.json.decode(text))
        except (ValueError, RecursionError) as error:
            raise Invalid(
                _("Das ist nicht das JSON, das hier stehen kann: %s") % str(error)[:300], field=name
            ) from error
    return Assignment(**found)


def _map(actor: Actor, upload: Upload, mapping: Assignment) -> Upload:
    if mapping.format is not None:
        given = mapping.format.model_dump(exclude_none=True)
        format_ = Format.of({**upload.format, **given})
        upload = map_upload(actor=actor, upload=upload, format_=format_, now=now())
    if mapping.columns is not None:
        table = _readable(upload)
        columns = _columns(table, mapping.columns)
        upload = map_upload(actor=actor, upload=upload, columns=columns, now=now())
    return upload


def _start(actor: Actor, upload: Upload) -> Upload:
    try:
        started = start_upload(actor=actor, upload=upload, now=now())
    except Unreadable as error:
        raise Invalid(str(error)) from error
    defer_upload(started)
    return started


def _columns(table: Table, meaning: Meaning) -> Columns:
    def place(name: Named | None, field: str) -> int | None:
        return None if name is None else _place(table, name, field)

    time = _place(table, meaning.time, "columns.time")
    if meaning.series is None:
        streams = {
            _place(table, name, "columns.streams"): pk for name, pk in meaning.streams.items()
        }
        return Columns(time=time, clock=place(meaning.clock, "columns.clock"), streams=streams)
    if meaning.value is None:
        raise Invalid(_("In welcher Spalte steht der Wert?"), field="columns.value")
    return Columns(
        time=time,
        clock=place(meaning.clock, "columns.clock"),
        series=place(meaning.series, "columns.series"),
        value=place(meaning.value, "columns.value"),
        names=meaning.names,
    )


def _place(table: Table, name: Named, field: str) -> int:
    """Return the place of a column by its heading, or by its number. Raises Invalid."""
    places = [place for place, heading in enumerate(table.columns) if heading == name]
    if len(places) == 1:
        return places[0]
    number = whole_number(name)
    if not places and number is not None and number < len(table.columns):
        return number
    raise Invalid(
        _("Diese Überschrift gibt es mehrmals: %s") % name
        if places
        else _("Diese Spalte gibt es nicht: %s") % name,
        field=field,
        remedy=_("Die Datei hat: %(headings)s. Spalten lassen sich auch von 0 an zählen.")
        % {"headings": ", ".join(heading for heading in table.columns if heading)[:500]},
    )


def _readable(upload: Upload) -> Table:
    try:
        return table_of(upload)
    except Unreadable as error:
        raise Invalid(str(error), field="file") from error


def _table_of(upload: Upload) -> Table | None:
    try:
        return table_of(upload)
    except Unreadable:
        return None


def _label(table: Table | None, column: int | None) -> str | None:
    if column is None:
        return None
    return str(column) if table is None else table.label(column)


def _status(upload: Upload, *, with_table: bool = True) -> dict[str, Any]:
    meaning: Mapping[str, Any] = upload.columns or {}
    table = _table_of(upload) if with_table else None
    names = ("id", "file_name", "state", "failure", "format", "rows", "stored", "repeated")
    more = ("versioned", "refused", "blank", "created_at", "started_at", "ended_at")
    return {
        **{name: getattr(upload, name) for name in (*names, *more)},
        "owner": upload.owner_id,
        "path": f"/daten/hochladen/{upload.pk}/",
        "meaning": upload.columns,
        "columns": list(_shown(table, meaning.get("streams", {}))) if table else [],
    }


def _shown(table: Table, streams: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for place, heading in enumerate(islice(table.columns, 500)):
        yield {"place": place, "heading": heading, "datastream": streams.get(str(place))}
