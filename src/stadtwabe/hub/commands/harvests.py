"""Taking over datasets from other catalogues."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.http.request import validate_host
from django.utils.translation import gettext as _

from stadtwabe.catalog.commands import withdraw_card
from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.commands.dataset_cards import write_dataset_card
from stadtwabe.hub.dcat.entries import Entry, Offer, web_address
from stadtwabe.hub.dcat.reader import Problem, ReadPage
from stadtwabe.hub.harvest.asking import SourceFailed
from stadtwabe.hub.harvest.sources import read_source
from stadtwabe.hub.models import (
    Dataset,
    Distribution,
    DistributionKind,
    Harvest,
    HarvestKind,
    HarvestLog,
    Rhythm,
)
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict, DomainError, Invalid, our_fault
from stadtwabe.people.audit import record
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require
from stadtwabe.places.models import Place

GIVEN_UP_AFTER = timedelta(hours=6)
"""A run that has not ended by then died; the next may begin."""

MOST_PROBLEMS = 1000
EVERY = {
    Rhythm.DAILY: timedelta(days=1),
    Rhythm.WEEKLY: timedelta(days=7),
    Rhythm.MONTHLY: timedelta(days=30),
}

Read = Callable[[str, str], ReadPage]
"""Reads a whole source of a kind at an address; raises SourceFailed."""


@transaction.atomic
def create_harvest(
    *,
    actor: Actor,
    owner: Party,
    name: str,
    kind: str,
    address: str,
    rhythm: str,
    now: datetime,
    is_demo: bool = False,
) -> Harvest:
    """Note a source of datasets; the first run is for somebody to ask for.

    Raises NotAllowed, Invalid, Conflict.
    """
    require(actor, "hub.create_harvest", owner)
    harvest = Harvest(owner=owner, created_at=now, is_demo=is_demo)
    _fill(harvest, name=name, kind=kind, address=address, rhythm=rhythm)
    _refuse_double(harvest)
    harvest.save()
    record(actor=actor, command="hub.create_harvest", subject=harvest, now=now)
    return harvest


@transaction.atomic
def edit_harvest(
    *, actor: Actor, harvest: Harvest, name: str, rhythm: str, now: datetime
) -> Harvest:
    """Change what a source is called and how often it is asked; its address stays."""
    require(actor, "hub.edit_harvest", harvest)
    _fill(harvest, name=name, kind=harvest.kind, address=harvest.address, rhythm=rhythm)
    harvest.save()
    record(actor=actor, command="hub.edit_harvest", subject=harvest, now=now)
    return harvest


@transaction.atomic
def end_harvest(*, actor: Actor, harvest: Harvest, now: datetime) -> int:
    """Stop asking a source and withdraw what came from it; return how many datasets that is."""
    require(actor, "hub.end_harvest", harvest)
    datasets = harvest.datasets.filter(card__withdrawn_at__isnull=True).select_related("card")
    for dataset in datasets:
        withdraw_card(card=dataset.card, because=_("Die Übernahme wurde beendet."), now=now)
    harvest.ended_at = now
    harvest.save(update_fields=["ended_at"])
    record(actor=actor, command="hub.end_harvest", subject=harvest, now=now)
    return len(datasets)


@transaction.atomic
def request_harvest(*, actor: Actor, harvest: Harvest, now: datetime) -> None:
    """Ask for a run as soon as a worker is free. Raises NotAllowed, Conflict."""
    require(actor, "hub.run_harvest", harvest)
    if harvest.running_since and harvest.running_since > now - GIVEN_UP_AFTER:
        raise Conflict(_("Diese Übernahme läuft gerade."))
    harvest.requested_at = now
    harvest.save(update_fields=["requested_at"])
    record(actor=actor, command="hub.request_harvest", subject=harvest, now=now)


def due_harvests(*, now: datetime) -> list[Harvest]:
    """Return the sources that are to be asked: requested, or by their rhythm."""
    waiting = Harvest.objects.filter(_idle(now), ended_at__isnull=True)
    due = []
    for harvest in waiting.prefetch_related("logs"):
        logs = harvest.logs.all()
        last = max((log.started_at for log in logs), default=None)
        pause = EVERY.get(Rhythm(harvest.rhythm))
        is_time = pause is not None and (last is None or last + pause <= now)
        is_asked = harvest.requested_at is not None and (
            last is None or harvest.requested_at > last
        )
        if is_time or is_asked:
            due.append(harvest)
    return due


def run_harvest(
    *, actor: Actor, harvest: Harvest, now: datetime, read: Read = read_source
) -> HarvestLog:
    """Ask a source and bring our datasets of it to what it says; return the log.

    Each entry is written or refused by itself. What vanished is withdrawn, but only when the
    source could be read as a whole. Nothing but the datasets of this very harvest is touched; one
    that a steward has withdrawn stays so. Raises NotAllowed, Conflict.
    """
    require(actor, "hub.run_harvest", harvest)
    mine = Harvest.objects.filter(_idle(now), pk=harvest.pk, ended_at__isnull=True)
    if not mine.update(running_since=now):
        raise Conflict(_("Diese Übernahme läuft gerade."))
    log = HarvestLog(harvest=harvest, started_at=now)
    try:
        _run(harvest, log, read, now)
    except Exception:
        log.failure = our_fault()
        raise
    finally:
        Harvest.objects.filter(pk=harvest.pk).update(running_since=None)
        log.problems = log.problems[:MOST_PROBLEMS]
        log.ended_at = max(now, log.ended_at or now)
        log.save()
    details = {name: getattr(log, name) for name in ("created", "updated", "gone", "failure")}
    record(actor=actor, command="hub.run_harvest", subject=harvest, now=now, details=details)
    harvest.refresh_from_db()
    return log


def _idle(now: datetime) -> Q:
    """No run is under way, or one that has died."""
    return Q(running_since__isnull=True) | Q(running_since__lt=now - GIVEN_UP_AFTER)


def _run(harvest: Harvest, log: HarvestLog, read: Read, now: datetime) -> None:
    try:
        found = read(harvest.kind, harvest.address)
    except SourceFailed as error:
        log.failure = str(error)
        return
    for problem in found.problems:
        _note(log, problem)
    known = {dataset.source_address: dataset for dataset in harvest.datasets.select_related("card")}
    places = _places(found.entries)
    for entry in found.entries:
        if _is_ours(entry):
            _note(log, Problem(entry.address, entry.title, _("Dieser Datensatz stammt von hier.")))
            continue
        try:
            with transaction.atomic():
                _take_over(harvest, log, entry, known.get(entry.address), places, now)
        except DomainError as error:
            _note(log, Problem(entry.address, entry.title, str(error)))
        except (DatabaseError, ValueError) as error:
            why = _("Der Eintrag ließ sich nicht speichern: %s") % error
            _note(log, Problem(entry.address, entry.title, why))
    seen = {entry.address for entry in found.entries} | {each.entry for each in found.problems}
    for address, dataset in known.items():
        if address not in seen and not dataset.card.is_withdrawn:
            _withdraw_gone(dataset, now)
            log.gone += 1


def _take_over(
    harvest: Harvest,
    log: HarvestLog,
    entry: Entry,
    dataset: Dataset | None,
    places: dict[str, Place],
    now: datetime,
) -> None:
    fingerprint = entry.fingerprint
    if dataset is not None:
        was_withdrawn_by_hand = dataset.card.is_withdrawn and dataset.gone_at is None
        is_the_same = dataset.fingerprint == fingerprint and not dataset.card.is_withdrawn
        if was_withdrawn_by_hand or is_the_same:
            log.unchanged += 1
            return
    is_new = dataset is None
    dataset = dataset or Dataset(owner=harvest.owner, harvest=harvest, source_address=entry.address)
    licences = {offer.licence for offer in entry.offers}
    dataset.title, dataset.description = entry.title, entry.description
    dataset.publisher_name, dataset.publisher_page = entry.publisher, entry.publisher_page
    dataset.publisher_type = entry.publisher_type
    dataset.contact_name, dataset.contact_email = entry.contact_name, entry.contact_email
    dataset.contact_page, dataset.contributor = entry.contact_page, entry.contributor
    dataset.licence = licences.pop() if len(licences) == 1 else ""
    dataset.themes, dataset.keywords = list(entry.themes), list(entry.keywords)
    dataset.starts_on, dataset.ends_on = _ordered(entry)
    dataset.place = places.get(entry.place_key)
    dataset.frequency, dataset.source_page = entry.frequency, entry.page
    dataset.source_identifier = entry.identifier
    dataset.source_issued, dataset.source_modified = entry.issued, entry.modified
    dataset.fingerprint, dataset.gone_at = fingerprint, None
    if is_new:
        _write_card(dataset, harvest, now)
    dataset.save()
    dataset.distributions.all().delete()
    Distribution.objects.bulk_create(
        _distribution(dataset, offer, position, now) for position, offer in enumerate(entry.offers)
    )
    _write_card(dataset, harvest, now)
    if is_new:
        log.created += 1
    else:
        log.updated += 1


def _write_card(dataset: Dataset, harvest: Harvest, now: datetime) -> None:
    write_dataset_card(
        dataset, now=now, audience=Audience.PUBLIC, networks=(), is_demo=harvest.is_demo
    )


def _distribution(dataset: Dataset, offer: Offer, position: int, now: datetime) -> Distribution:
    return Distribution(
        dataset=dataset,
        kind=DistributionKind.LINK,
        position=position,
        title=offer.title,
        description=offer.description,
        access_url=offer.access_url,
        download_url=offer.download_url,
        file_type=offer.file_type,
        media_type=offer.media_type[:120],
        byte_size=offer.byte_size,
        sha256=offer.sha256,
        service=offer.service,
        licence=offer.licence,
        changed_at=now,
    )


def _withdraw_gone(dataset: Dataset, now: datetime) -> None:
    with transaction.atomic():
        because = _("Die Quelle führt diesen Datensatz nicht mehr.")
        withdraw_card(card=dataset.card, because=because, now=now)
        dataset.gone_at = now
        dataset.save(update_fields=["gone_at"])


def _is_ours(entry: Entry) -> bool:
    """Whether a portal gives back what it has from us."""
    for address in (entry.address, entry.identifier):
        parts = urlsplit(web_address(address))
        hosts = [host for host in settings.ALLOWED_HOSTS if host != "*"]
        if parts.hostname and validate_host(parts.hostname, hosts):
            own = Dataset.objects.filter(card__path=parts.path, harvest__isnull=True)
            if own.exists():
                return True
    return False


def _places(entries: tuple[Entry, ...]) -> dict[str, Place]:
    return Place.objects.in_bulk({entry.place_key for entry in entries} - {""})


def _ordered(entry: Entry) -> tuple[date | None, date | None]:
    if entry.starts_on and entry.ends_on and entry.ends_on < entry.starts_on:
        return entry.starts_on, None
    return entry.starts_on, entry.ends_on


def _note(log: HarvestLog, problem: Problem) -> None:
    noted = {
        "entry": problem.entry[:1000],
        "title": problem.title[:250],
        "problem": problem.problem[:500],
    }
    log.problems.append({name: text.replace("\x00", "") for name, text in noted.items()})


def _fill(harvest: Harvest, *, name: str, kind: str, address: str, rhythm: str) -> None:
    address = address.strip()
    if not name.strip():
        raise Invalid(_("Bitte geben Sie der Quelle einen Namen."), field="name")
    if kind not in HarvestKind.values:
        raise Invalid(_("Diese Art von Quelle gibt es nicht."), field="kind")
    if rhythm not in Rhythm.values:
        raise Invalid(_("So oft lässt sich nicht übernehmen."), field="rhythm")
    if not web_address(address):
        raise Invalid(_("Das ist keine Internetadresse (https://…)."), field="address")
    harvest.name, harvest.kind = name.strip()[:200], kind
    harvest.address, harvest.rhythm = address, rhythm


def _refuse_double(harvest: Harvest) -> None:
    same = Harvest.objects.filter(
        owner=harvest.owner, address=harvest.address, ended_at__isnull=True
    )
    if same.exists():
        raise Conflict(_("Diese Quelle wird schon übernommen."), field="address")
