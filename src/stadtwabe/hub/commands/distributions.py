"""Offering data in a dataset: files, links, datastreams."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from stadtwabe.catalog.commands.cards import german_slug
from stadtwabe.hub.commands.dataset_cards import write_dataset_card
from stadtwabe.hub.dcat.entries import web_address
from stadtwabe.hub.models import Dataset, Datastream, Distribution, DistributionKind
from stadtwabe.hub.vocabularies import MEDIA_TYPE_OF, SERVICES, SUFFIXES, file_type_of
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict, Invalid
from stadtwabe.people.audit import record
from stadtwabe.people.permissions import require

BEGINNINGS = {
    "PDF": b"%PDF-",
    "PARQUET": b"PAR1",
    "XLSX": b"PK",
    "ODS": b"PK",
    "ZIP": b"PK",
    "GPKG": b"SQLite format 3\x00",
}
"""How files of a type begin; all other types are text."""

MOST_DISTRIBUTIONS = 1000
HEAD_BYTES = 4096


@transaction.atomic
def add_file(
    *, actor: Actor, dataset: Dataset, file: "File[bytes]", now: datetime, title: str = ""
) -> Distribution:
    """Keep a file and offer it in ``dataset``.

    Its name says what it is, and its content must fit. Raises NotAllowed, Conflict, or Invalid
    for what is no data file, empty, or over the installation's limit.
    """
    require(actor, "hub.edit_dataset", dataset)
    refuse_harvested(dataset)
    name = PurePath((file.name or "").replace("\\", "/")).name
    file_type = _checked_type(file, name)
    distribution = _new(dataset, DistributionKind.FILE, title=title, now=now)
    suffix = PurePath(name).suffix.lower()
    distribution.file_name = f"{german_slug(PurePath(name).stem)[:80] or 'daten'}{suffix}"
    distribution.title = distribution.title or name[:250]
    distribution.file_type = file_type
    distribution.media_type = MEDIA_TYPE_OF[file_type]
    distribution.sha256, distribution.byte_size = _measured(file)
    stored = f"hub/datasets/{dataset.pk}/{secrets.token_hex(12)}{suffix}"
    distribution.file.save(stored, file, save=False)
    try:
        with transaction.atomic():
            distribution.save()
            _done(actor, dataset, "hub.add_file", {"name": distribution.file_name}, now)
    except BaseException:
        distribution.file.delete(save=False)
        raise
    return distribution


@transaction.atomic
def add_link(
    *,
    actor: Actor,
    dataset: Dataset,
    address: str,
    file_type: str,
    now: datetime,
    title: str = "",
) -> Distribution:
    """Offer what lies at a web address. Raises NotAllowed, Conflict, Invalid."""
    require(actor, "hub.edit_dataset", dataset)
    refuse_harvested(dataset)
    if not web_address(address):
        raise Invalid(_("Das ist keine Internetadresse (https://…)."), field="address")
    if file_type and file_type not in MEDIA_TYPE_OF and file_type not in SERVICES:
        raise Invalid(_("Dieses Format kennen wir nicht."), field="file_type")
    distribution = _new(dataset, DistributionKind.LINK, title=title, now=now)
    distribution.access_url, distribution.file_type = web_address(address), file_type
    distribution.media_type = MEDIA_TYPE_OF.get(file_type, "")
    distribution.save()
    _done(actor, dataset, "hub.add_link", {"address": distribution.access_url}, now)
    return distribution


@transaction.atomic
def remove_distribution(*, actor: Actor, distribution: Distribution, now: datetime) -> None:
    """Take an offer away; its file is deleted once that is committed."""
    dataset = distribution.dataset
    require(actor, "hub.edit_dataset", dataset)
    refuse_harvested(dataset)
    storage, stored = distribution.file.storage, distribution.file.name
    details = {"distribution": distribution.pk, "name": str(distribution)}
    distribution.delete()
    if stored:
        transaction.on_commit(lambda: storage.delete(stored))
    _done(actor, dataset, "hub.remove_distribution", details, now)


def add_rows(dataset: Dataset, datastreams: Iterable[Datastream], *, now: datetime) -> int:
    """Add those of ``datastreams`` that ``dataset`` does not offer; return how many."""
    known = set(dataset.distributions.values_list("datastream_id", flat=True))
    rows = [
        Distribution(
            dataset=dataset, kind=DistributionKind.DATASTREAM, datastream=each, changed_at=now
        )
        for each in datastreams
        if each.pk not in known
    ]
    start = _next_position(dataset, len(rows))
    for position, row in enumerate(rows, start=start):
        row.position = position
    Distribution.objects.bulk_create(rows)
    return len(rows)


def refuse_harvested(dataset: Dataset) -> None:
    """Raise Conflict for a dataset of another catalogue: the next run would undo the change."""
    if dataset.harvest_id is not None:
        raise Conflict(
            _("Dieser Datensatz kommt aus einer anderen Quelle."),
            remedy=_("Ändern Sie ihn dort; die nächste Übernahme bringt die Änderung mit."),
        )


def _new(dataset: Dataset, kind: str, *, title: str, now: datetime) -> Distribution:
    return Distribution(
        dataset=dataset,
        kind=kind,
        title=re.sub(r"\s+", " ", title).strip()[:250],
        position=_next_position(dataset, 1),
        changed_at=now,
    )


def _next_position(dataset: Dataset, more: int) -> int:
    rows = dataset.distributions.all()
    if rows.count() + more > MOST_DISTRIBUTIONS:
        raise Invalid(
            _("Ein Datensatz hat höchstens %s Zugänge.") % MOST_DISTRIBUTIONS,
            remedy=_("Legen Sie einen weiteren Datensatz an."),
        )
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _checked_type(file: "File[bytes]", name: str) -> str:
    file_type = file_type_of(name)
    if not file_type:
        raise Invalid(
            _("„%s“ ist keine Datei, die wir als Daten annehmen.") % name,
            field="file",
            remedy=_("Möglich sind: %s.") % ", ".join(SUFFIXES),
        )
    if not file.size:
        raise Invalid(_("„%s“ ist leer.") % name, field="file")
    if file.size > settings.UPLOAD_LIMIT_BYTES:
        raise Invalid(
            _("„%(name)s“ ist mit %(size)d MB zu groß (höchstens %(limit)d MB).")
            % {
                "name": name,
                "size": -(-file.size // 1024**2),
                "limit": settings.UPLOAD_LIMIT_BYTES // 1024**2,
            },
            field="file",
            remedy=_("Packen Sie sie als ZIP oder Parquet, oder geben Sie eine Adresse an."),
        )
    file.seek(0)
    head: bytes = file.read(HEAD_BYTES)
    beginning = BEGINNINGS.get(file_type)
    fits = head.startswith(beginning) if beginning else b"\x00" not in head
    if not fits:
        raise Invalid(
            _("„%(name)s“ ist dem Inhalt nach kein %(type)s.") % {"name": name, "type": file_type},
            field="file",
            remedy=_("Speichern Sie die Datei noch einmal in diesem Format."),
        )
    return file_type


def _measured(file: "File[bytes]") -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    return digest.hexdigest(), size


def _done(
    actor: Actor, dataset: Dataset, command: str, details: dict[str, object], now: datetime
) -> None:
    write_dataset_card(dataset, now=now)
    record(actor=actor, command=command, subject=dataset, now=now, details=details)
