"""Fetching values from other servers: create, edit, try, run, pause, end."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from stadtwabe.hub.commands.kept_secrets import PULL
from stadtwabe.hub.commands.observations import store_observations
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.models import Datastream, Pull, PullEvery, PullLog, PullValue
from stadtwabe.hub.pull.asking import Get, NoAnswer, ask, get_json, read_json
from stadtwabe.hub.pull.reading import PullProblem, Wanted, compile_path, read_answer
from stadtwabe.hub.queries.uploads import observation_types
from stadtwabe.hub.tables.moments import ZONES
from stadtwabe.kit.actor import SYSTEM, Actor
from stadtwabe.kit.errors import DomainError, Invalid, our_fault
from stadtwabe.kit.fetch import Unfetchable, check_address, origin_of
from stadtwabe.kit.sealed import Unsealable, seal, unseal
from stadtwabe.people.audit import record
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require

COLUMNS = ("name", "address", "header_name", "every", "records", "time", "zone")
GIVEN_UP_AFTER = timedelta(minutes=30)
LONGEST_PAUSE = timedelta(days=1)
MOST_PROBLEMS = 100
LOGS_KEPT = 200
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_NOT_OURS = frozenset({"host", "content-length", "connection", "transfer-encoding", "cookie"})


@transaction.atomic
def create_pull(
    *,
    actor: Actor,
    owner: Party,
    values: Mapping[str, Any],
    streams: Mapping[int, str],
    now: datetime,
    secret: str = "",
) -> Pull:
    """Fetch values from an address from now on.

    ``values`` as in ``COLUMNS``; ``streams`` gives the path of the value for each datastream id.
    Raises NotAllowed, Invalid, NotFound for a datastream that is not the owner's.
    """
    require(actor, "hub.create_pull", owner)
    pull = Pull(owner=owner, created_at=now, next_at=now, header_secret=seal(secret, purpose=PULL))
    _fill(actor, pull, values, streams)
    pull.save()
    _set_values(pull, streams)
    record(actor=actor, command="hub.create_pull", subject=pull, now=now)
    return pull


@transaction.atomic
def edit_pull(
    *,
    actor: Actor,
    pull: Pull,
    values: Mapping[str, Any],
    streams: Mapping[int, str],
    now: datetime,
    secret: str = "",
) -> Pull:
    """Change a pull; the next run comes at once. An empty ``secret`` leaves the one there is.

    At another server it must be given again: nobody may have it sent somewhere else.
    """
    require(actor, "hub.edit_pull", pull)
    former = pull.address
    _fill(actor, pull, values, streams)
    if secret:
        pull.header_secret = seal(secret, purpose=PULL)
    elif not pull.header_name or origin_of(former) != origin_of(pull.address):
        pull.header_secret = ""
    pull.etag = pull.last_modified = pull.digest = ""
    pull.failures, pull.next_at = 0, now
    pull.save()
    _set_values(pull, streams)
    record(actor=actor, command="hub.edit_pull", subject=pull, now=now)
    return pull


@transaction.atomic
def pause_pull(*, actor: Actor, pull: Pull, now: datetime) -> None:
    """Fetch nothing until somebody goes on."""
    require(actor, "hub.edit_pull", pull)
    pull.paused_at = now
    pull.save(update_fields=["paused_at"])
    record(actor=actor, command="hub.pause_pull", subject=pull, now=now)


@transaction.atomic
def resume_pull(*, actor: Actor, pull: Pull, now: datetime) -> None:
    """Fetch again, at once and then by its rhythm."""
    require(actor, "hub.edit_pull", pull)
    pull.paused_at, pull.failures, pull.next_at = None, 0, now
    pull.save(update_fields=["paused_at", "failures", "next_at"])
    record(actor=actor, command="hub.resume_pull", subject=pull, now=now)


@transaction.atomic
def end_pull(*, actor: Actor, pull: Pull, now: datetime) -> None:
    """Fetch no more, and forget the secret; what was stored stays."""
    require(actor, "hub.end_pull", pull)
    pull.ended_at, pull.header_secret = now, ""
    pull.save(update_fields=["ended_at", "header_secret"])
    record(actor=actor, command="hub.end_pull", subject=pull, now=now)


def due_pulls(*, now: datetime) -> list[Pull]:
    """Return the pulls whose time has come; also those that a leaping clock put far ahead."""
    waiting = Pull.objects.filter(_idle(now), paused_at__isnull=True, ended_at__isnull=True)
    is_time = Q(next_at__lte=now) | Q(next_at__gt=now + 2 * LONGEST_PAUSE)
    return list(waiting.filter(is_time).order_by("next_at"))


def run_pull(*, pull: Pull, now: datetime, get: Get = get_json) -> PullLog | None:
    """Ask once and store what is new; return the log, None when another run is under way.

    After a failure the next run waits twice as long each time, a day at most.
    """
    mine = Pull.objects.filter(_idle(now), pk=pull.pk, ended_at__isnull=True)
    if not mine.update(running_since=now):
        return None
    log = PullLog(pull=pull, started_at=now, ended_at=now)
    try:
        _run(pull, log, now, get)
    except (NoAnswer, DomainError) as error:
        log.failure = str(error)
    except Exception:
        log.failure = our_fault()
        raise
    finally:
        _finish(pull, log, now)
    return log


def _idle(now: datetime) -> Q:
    """No run is under way, or one that has died."""
    return Q(running_since__isnull=True) | Q(running_since__lt=now - GIVEN_UP_AFTER)


def _run(pull: Pull, log: PullLog, now: datetime, get: Get) -> None:
    answer = ask(
        pull.address,
        secret=(pull.header_name, secret_of(pull)),
        etag=pull.etag,
        last_modified=pull.last_modified,
        get=get,
    )
    digest = hashlib.sha256(answer.data).hexdigest()
    # An answer without a time of its own is new whenever it is fetched.
    if answer.is_unchanged or (pull.time and digest == pull.digest):
        log.is_unchanged = True
        return
    streams = {each.datastream_id: each.path for each in pull.values.all()}
    kinds = observation_types(SYSTEM, pull.owner, streams)
    pulled = read_answer(read_json(answer.data), wanted_of(pull, streams), kinds, now=now)
    problems = list(pulled.problems)
    outcomes = store_observations(
        actor=SYSTEM,
        observations=[
            NewObservation(
                datastream_id=each.datastream_id, phenomenon_time=each.at, result=each.result
            )
            for each in pulled.found
        ],
    )
    for position, refusal in outcomes.refused.items():
        each = pulled.found[position]
        problems.append(PullProblem(each.path, str(each.result), refusal.reason))
    log.repeated, log.versioned = len(outcomes.repeated), len(outcomes.versioned)
    log.refused = len(problems)
    log.stored = outcomes.stored
    log.problems = [
        {
            name: getattr(each, name).replace("\x00", "")[:500]
            for name in ("path", "value", "problem")
        }
        for each in problems[:MOST_PROBLEMS]
    ]
    if not problems:
        pull.etag, pull.last_modified, pull.digest = answer.etag, answer.last_modified, digest


def _finish(pull: Pull, log: PullLog, now: datetime) -> None:
    pull.failures = pull.failures + 1 if log.failure else 0
    pause = timedelta(minutes=pull.every) * 2 ** min(pull.failures, 10)
    pull.next_at = now + (min(pause, max(LONGEST_PAUSE, timedelta(minutes=pull.every))))
    pull.running_since = None
    with transaction.atomic():
        pull.save(
            update_fields=[
                *("failures", "next_at", "running_since", "etag", "last_modified", "digest")
            ]
        )
        log.save()
        kept = pull.logs.values_list("pk", flat=True)[:LOGS_KEPT]
        pull.logs.exclude(pk__in=list(kept)).delete()


def secret_of(pull: Pull) -> str:
    """Return the secret that is sent. Raises NoAnswer when no key of ours opens it any more."""
    try:
        return unseal(pull.header_secret, purpose=PULL)
    except Unsealable as error:
        raise NoAnswer(
            _("Der gespeicherte Schlüssel lässt sich nicht mehr öffnen. Geben Sie ihn neu ein.")
        ) from error


def wanted_of(pull: Pull, streams: Mapping[int, str]) -> Wanted:
    """Return what is looked for in an answer."""
    values = [(path, pk) for pk, path in streams.items()]
    return Wanted(pull.records, pull.time, pull.zone, values)


def prepare_pull(
    *,
    actor: Actor,
    owner: Party,
    values: Mapping[str, Any],
    streams: Mapping[int, str],
    now: datetime,
) -> tuple[Pull, dict[int, str]]:
    """Check what would be created, save nothing; return it with the types of its datastreams."""
    require(actor, "hub.create_pull", owner)
    pull = Pull(owner=owner, created_at=now, next_at=now)
    _fill(actor, pull, values, streams, is_complete=False)
    return pull, observation_types(actor, owner, streams)


def _fill(
    actor: Actor,
    pull: Pull,
    values: Mapping[str, Any],
    streams: Mapping[int, str],
    *,
    is_complete: bool = True,
) -> None:
    for name in COLUMNS:
        setattr(pull, name, values[name])
    if not pull.name.strip():
        raise Invalid(_("Bitte geben Sie dem Abruf einen Namen."), field="name")
    try:
        pull.address = check_address(pull.address.strip())
    except Unfetchable as error:
        raise Invalid(error.message, field="address", remedy=error.remedy) from error
    if pull.header_name and (
        not _HEADER.fullmatch(pull.header_name) or pull.header_name.lower() in _NOT_OURS
    ):
        raise Invalid(
            _("So kann das Schlüsselfeld nicht heißen."),
            field="header_name",
            remedy=_("Üblich sind Authorization und X-API-Key."),
        )
    if pull.every not in PullEvery.values or pull.zone not in ZONES:
        raise Invalid(_("So oft lässt sich nicht abrufen."), field="every")
    compile_path(pull.records, "records")
    if pull.time:
        compile_path(pull.time, "time")
    for path in streams.values():
        compile_path(path, "values")
    if is_complete and not streams:
        raise Invalid(_("Ordnen Sie mindestens eine Messreihe zu."))
    observation_types(actor, pull.owner, streams)


def _set_values(pull: Pull, streams: Mapping[int, str]) -> None:
    pull.values.all().delete()
    known = Datastream.objects.in_bulk(list(streams))
    PullValue.objects.bulk_create(
        PullValue(pull=pull, path=path, datastream=known[pk]) for pk, path in streams.items()
    )
