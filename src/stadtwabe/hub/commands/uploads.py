"""Uploading tables with observations: receive, map, store, delete."""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path, PurePath

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from stadtwabe.hub.commands.observations import store_observations
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.models import RefusedRow, Upload, UploadState
from stadtwabe.hub.queries.uploads import fillable, observation_types
from stadtwabe.hub.tables.guess import guess_columns
from stadtwabe.hub.tables.mapping import Columns, Refused, Row, RowReader
from stadtwabe.hub.tables.opening import check_choice, find_format, open_table
from stadtwabe.hub.tables.table import Format, Table, Unreadable
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict, DomainError, Invalid, TooMany, our_fault
from stadtwabe.people.actors import actor_for
from stadtwabe.people.audit import record
from stadtwabe.people.models import Party, User
from stadtwabe.people.permissions import require

ROWS_PER_BATCH = 1000
SILENT_AFTER = timedelta(minutes=10)
"""A run that gave no sign of life for so long has died; it may be started again."""
KEPT = timedelta(days=30)
"""So long a file stays to be looked at; what was stored from it stays anyway."""
PER_HOUR = 120
"""So many files an account may send in an hour: each stays for ``KEPT``."""
COUNTS = ("rows", "stored", "repeated", "versioned", "refused", "blank")


def receive_upload(
    *, actor: Actor, owner: Party, file: "File[bytes]", user: User | None, now: datetime
) -> Upload:
    """Keep an uploaded table, and propose what its columns mean.

    A mapping that was made for the same columns before is taken again. Raises NotAllowed,
    TooMany, and Invalid for what is no table, damaged, empty or too large.
    """
    require(actor, "hub.receive_upload", owner)
    _check_count(user, now)
    name = PurePath((file.name or "").replace("\\", "/")).name[:200]
    _check_size(file)
    upload = Upload(
        owner=owner,
        created_by=user,
        file_name=name or _("Datei"),
        byte_size=file.size,
        created_at=now,
    )
    upload.file.save(f"hub/uploads/{secrets.token_hex(16)}", file, save=False)
    try:
        with Path(upload.file.path).open("rb") as kept:
            upload.sha256 = hashlib.file_digest(kept, "sha256").hexdigest()
        with transaction.atomic():
            _propose(actor, upload)
            upload.save()
            record(actor=actor, command="hub.receive_upload", subject=upload, now=now)
    except BaseException as error:
        upload.file.delete(save=False)
        if isinstance(error, Unreadable):
            raise Invalid(str(error), field="file") from error
        raise
    return upload


@transaction.atomic
def map_upload(
    *,
    actor: Actor,
    upload: Upload,
    now: datetime,
    format_: Format | None = None,
    columns: Columns | None = None,
) -> Upload:
    """Say how the file is to be read, or what its columns mean; the former guesses the latter.

    Raises NotAllowed, Conflict when it is being stored, Invalid, NotFound for a datastream that
    is not the owner's.
    """
    require(actor, "hub.map_upload", upload)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state != UploadState.DRAFT:
        raise Conflict(_("Diese Datei ist schon gespeichert oder wird es gerade."))
    if format_ is not None:
        try:
            check_choice(Format.of(upload.format), format_)
            table = open_table(Path(upload.file.path), format_)
        except Unreadable as error:
            raise Invalid(str(error)) from error
        upload.format = format_.as_dict()
        upload.headings_digest = _digest(table)
        upload.columns = _guess(actor, upload, table).as_dict()
    if columns is not None:
        _check_columns(actor, upload, columns)
        upload.columns = columns.as_dict()
    upload.save()
    record(actor=actor, command="hub.map_upload", subject=upload, now=now)
    return upload


@transaction.atomic
def start_upload(*, actor: Actor, upload: Upload, now: datetime) -> Upload:
    """Hand the file to a worker. One whose run has died goes on where it was.

    Raises NotAllowed, Conflict when it is done or under way, Invalid without a mapping.
    """
    require(actor, "hub.start_upload", upload)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state == UploadState.DONE or (upload.is_busy and not is_silent(upload, now)):
        raise Conflict(_("Diese Datei ist schon gespeichert oder wird es gerade."))
    _check_columns(actor, upload, columns_of(upload))
    upload.state, upload.failure, upload.ended_at = UploadState.WAITING, "", None
    upload.touched_at = now
    upload.started_at = upload.started_at or now
    upload.save()
    record(actor=actor, command="hub.start_upload", subject=upload, now=now)
    return upload


def store_upload(*, upload: Upload, clock: Callable[[], datetime]) -> None:
    """Store what the file says, batch by batch; for the worker.

    Acts with the rights that the person who started it has now. Each batch is stored, counted and
    noted before the next is read; a run after a broken one goes on behind the last. Raises
    Conflict when the database cannot take more now: then it is to be run again later.
    """
    now = clock()
    mine = Upload.objects.filter(pk=upload.pk).filter(
        Q(state=UploadState.WAITING)
        | Q(state=UploadState.RUNNING, touched_at__lt=now - SILENT_AFTER)
    )
    if not mine.update(state=UploadState.RUNNING, touched_at=now):
        return
    upload.refresh_from_db()
    try:
        _store(upload, clock)
    except Conflict:
        Upload.objects.filter(pk=upload.pk).update(state=UploadState.WAITING)
        raise
    except (Unreadable, DomainError) as error:
        upload.state, upload.failure = UploadState.FAILED, str(error)
    except Exception:
        Upload.objects.filter(pk=upload.pk).update(
            state=UploadState.FAILED, failure=our_fault(), ended_at=clock()
        )
        raise
    else:
        upload.state = UploadState.DONE
    upload.ended_at = clock()
    upload.save(update_fields=["state", "failure", "ended_at"])


@transaction.atomic
def delete_upload(*, actor: Actor, upload: Upload, now: datetime) -> None:
    """Delete a file with its report; what was stored from it stays."""
    require(actor, "hub.delete_upload", upload)
    if upload.is_busy and not is_silent(upload, now):
        raise Conflict(_("Diese Datei wird gerade gespeichert."))
    record(actor=actor, command="hub.delete_upload", subject=upload, now=now)
    _forget_file(upload)
    upload.delete()


def forget_old_uploads(*, now: datetime) -> int:
    """Delete files and refused rows of uploads from long ago; counts and mappings stay."""
    old = Upload.objects.filter(created_at__lt=now - KEPT).exclude(file="")
    old = old.exclude(state__in=[UploadState.WAITING, UploadState.RUNNING])
    for upload in old:
        with transaction.atomic():
            upload.refused_rows.all().delete()
            _forget_file(upload)
            upload.file = ""
            upload.save(update_fields=["file"])
    return len(old)


def is_silent(upload: Upload, now: datetime) -> bool:
    """Whether the run of ``upload`` has given no sign of life for long."""
    return upload.touched_at is None or upload.touched_at < now - SILENT_AFTER


def table_of(upload: Upload) -> Table:
    """Return the table in the file. Raises Unreadable."""
    if not upload.file:
        raise Unreadable(_("Die Datei ist nicht mehr da; sie wird nach 30 Tagen gelöscht."))
    return open_table(Path(upload.file.path), Format.of(upload.format))


def columns_of(upload: Upload) -> Columns:
    """Return what the columns mean. Raises Invalid while nobody has said."""
    if upload.columns is None:
        raise Invalid(_("Sagen Sie zuerst, was in den Spalten steht."))
    return Columns.of(upload.columns)


def kinds_of(actor: Actor, upload: Upload, columns: Columns) -> dict[int, str]:
    """Return the observation types of the datastreams that get values. Raises NotFound."""
    return observation_types(actor, upload.owner, columns.datastream_ids)


def _store(upload: Upload, clock: Callable[[], datetime]) -> None:
    if upload.created_by is None or not upload.created_by.is_active:
        raise Invalid(_("Das Konto, mit dem die Datei hochgeladen wurde, gibt es nicht mehr."))
    actor = actor_for(upload.created_by, now=clock())
    require(actor, "hub.start_upload", upload)
    table, columns = table_of(upload), columns_of(upload)
    reader = RowReader(table, columns, kinds_of(actor, upload, columns))
    for batch in _batches(reader.rows(table.lines()), ROWS_PER_BATCH):
        fresh = [row for row in batch if row.line.number > upload.last_line]
        if fresh:
            _store_batch(actor, upload, fresh, clock())


def _store_batch(actor: Actor, upload: Upload, rows: Sequence[Row], now: datetime) -> None:
    found = [(row, each) for row in rows for each in row.found]
    outcomes = store_observations(
        actor=actor,
        observations=[
            NewObservation(
                datastream_id=each.datastream_id, phenomenon_time=each.at, result=each.result
            )
            for _row, each in found
        ],
    )
    for position, refusal in outcomes.refused.items():
        row, each = found[position]
        row.refused.append(Refused(each.column, str(each.result), refusal.reason))
    refused = [
        RefusedRow(
            upload=upload,
            line=row.line.number,
            reasons=[
                {"column": each.column, "cell": each.cell, "reason": each.reason}
                for each in row.refused
            ],
        )
        for row in rows
        if row.refused
    ]
    upload.rows += len(rows)
    upload.repeated += len(outcomes.repeated)
    upload.versioned += len(outcomes.versioned)
    upload.stored += outcomes.stored
    upload.refused += sum(len(row.refused) for row in rows)
    upload.blank += sum(row.blank for row in rows)
    upload.last_line = rows[-1].line.number
    upload.touched_at = now
    with transaction.atomic():
        RefusedRow.objects.bulk_create(_without_nul(refused), ignore_conflicts=True)
        upload.save(update_fields=[*COUNTS, "last_line", "touched_at"])


def _without_nul(rows: list[RefusedRow]) -> list[RefusedRow]:
    for row in rows:
        for reason in row.reasons:
            reason["cell"] = reason["cell"].replace("\x00", "")
    return rows


def _propose(actor: Actor, upload: Upload) -> None:
    found = find_format(Path(upload.file.path))
    upload.format = found.as_dict()
    table = open_table(Path(upload.file.path), found)
    upload.headings_digest = _digest(table)
    known = (
        Upload.objects.filter(owner=upload.owner, headings_digest=upload.headings_digest)
        .exclude(state=UploadState.DRAFT)
        .order_by("-created_at")
        .first()
    )
    if known is not None and known.columns is not None:
        former = Format.of(known.format)
        upload.format |= {
            "zone": former.zone,
            "date_order": former.date_order,
            "decimal": former.decimal,
        }
        columns = Columns.of(known.columns)
        left = set(
            fillable(actor, upload.owner)
            .filter(pk__in=columns.datastream_ids)
            .values_list("pk", flat=True)
        )
        upload.columns = Columns(
            time=columns.time,
            clock=columns.clock,
            streams={key: pk for key, pk in columns.streams.items() if pk in left},
            series=columns.series,
            value=columns.value,
            names={key: pk for key, pk in columns.names.items() if pk in left},
        ).as_dict()
    else:
        upload.columns = _guess(actor, upload, table).as_dict()


def _guess(actor: Actor, upload: Upload, table: Table) -> Columns:
    streams = fillable(actor, upload.owner).values_list("pk", "thing__name", "name")
    return guess_columns(table, streams)


def _check_columns(actor: Actor, upload: Upload, columns: Columns) -> None:
    width = len(table_of(upload).columns)
    used = [
        each
        for each in (
            columns.time,
            columns.clock,
            columns.series,
            columns.value,
            *columns.streams,
        )
        if each is not None
    ]
    if any(not 0 <= each < width for each in used):
        raise Invalid(_("Diese Spalte gibt es nicht."))
    if len(used) != len(set(used)):
        raise Invalid(_("Eine Spalte kann nur eines bedeuten: die Zeit oder eine Messreihe."))
    if not columns.datastream_ids:
        raise Invalid(_("Ordnen Sie mindestens eine Messreihe zu."))
    pks = list(columns.names.values() if columns.is_long else columns.streams.values())
    if len(pks) != len(set(pks)):
        raise Invalid(_("Zwei Spalten oder Namen können nicht in dieselbe Messreihe gehen."))
    kinds_of(actor, upload, columns)


def _check_count(user: User | None, now: datetime) -> None:
    recent = Upload.objects.filter(created_by=user, created_at__gt=now - timedelta(hours=1))
    if user is not None and recent.count() >= PER_HOUR:
        raise TooMany(
            _("Das waren %d Dateien in einer Stunde.") % PER_HOUR,
            remedy=_("Warten Sie ein wenig, oder fassen Sie Dateien zusammen."),
        )


def _check_size(file: "File[bytes]") -> None:
    if not file.size:
        raise Invalid(_("Die Datei ist leer."), field="file")
    if file.size > settings.UPLOAD_LIMIT_BYTES:
        raise Invalid(
            _("Die Datei ist größer als %d MB. Teilen Sie sie auf.")
            % (settings.UPLOAD_LIMIT_BYTES // 1024**2),
            field="file",
        )


def _digest(table: Table) -> str:
    headings = json.dumps(table.columns, ensure_ascii=False)
    return hashlib.sha256(headings.encode("utf-8", "replace")).hexdigest()


def _forget_file(upload: Upload) -> None:
    storage, name = upload.file.storage, upload.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Yield the rows in lists; those before a place where the file breaks off come, too."""
    batch: list[Row] = []
    try:
        for row in rows:
            batch.append(row)
            if len(batch) == size:
                yield batch
                batch = []
    except Unreadable:
        if batch:
            yield batch
        raise
    if batch:
        yield batch
