"""Creating, editing and deleting codecs; bringing those that come with Stadtwabe up to date."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from stadtwabe.hub.codecs.engine import SOURCE_CHARACTERS, Decoded, Encoded, decode, encode
from stadtwabe.hub.codecs.faults import CodecError, Fault
from stadtwabe.hub.codecs.shipped import ShippedCodec, shipped_codecs
from stadtwabe.hub.commands.codec_faults import explain
from stadtwabe.hub.commands.uplinks import decode_again
from stadtwabe.hub.commands.values import take
from stadtwabe.hub.models import Codec, CodecVersion, Uplink
from stadtwabe.kit.actor import SYSTEM, Actor
from stadtwabe.kit.errors import Conflict, Invalid, NotAllowed
from stadtwabe.people.audit import record
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require

COLUMNS = (
    "name",
    "vendor",
    "sensor_class",
    "description",
    "reference",
    "source",
    "outputs",
    "vectors",
)
OWN = "eigen-"
"""Begins the slug of a town's own codec, so that a shipped one can never meet it."""


@transaction.atomic
def create_codec(*, actor: Actor, owner: Party, values: Mapping[str, Any], now: datetime) -> Codec:
    """Keep a codec for ``owner`` alone; ``values`` as in ``COLUMNS``.

    Raises NotAllowed, and Invalid for a source that cannot run.
    """
    require(actor, "hub.create_codec", owner)
    codec = Codec(owner=owner, changed_at=now)
    take(codec, values, COLUMNS, required=("name", "source"))
    refuse_broken(codec.source, now=now)
    codec.slug = _free_slug(codec.name)
    codec.save()
    _keep_version(codec, actor=actor)
    record(actor=actor, command="hub.create_codec", subject=codec, now=now)
    return codec


@transaction.atomic
def edit_codec(*, actor: Actor, codec: Codec, values: Mapping[str, Any], now: datetime) -> int:
    """Change a codec; return how many kept messages will be decoded again with a new source.

    What they gave before stays as a former version, or is not replaced, as the datastream says.
    """
    require(actor, "hub.edit_codec", codec)
    _refuse_shipped(codec)
    changed = take(codec, values, COLUMNS, required=("name", "source"))
    again = 0
    if "source" in changed:
        refuse_broken(codec.source, now=now)
        again = _new_version(codec, actor=actor, now=now)
    codec.save()
    record(
        actor=actor, command="hub.edit_codec", subject=codec, now=now, details={"changed": changed}
    )
    return again


@transaction.atomic
def delete_codec(*, actor: Actor, codec: Codec, now: datetime) -> None:
    """Delete a codec that no device uses."""
    require(actor, "hub.delete_codec", codec)
    _refuse_shipped(codec)
    users = list(codec.devices.values_list("name", flat=True)[:3])
    if users:
        raise Conflict(
            _("Diesen Codec benutzen noch Geräte: %(names)s.") % {"names": ", ".join(users)},
            remedy=_("Geben Sie ihnen zuerst einen anderen."),
        )
    record(
        actor=actor,
        command="hub.delete_codec",
        subject=codec,
        now=now,
        details={"name": codec.name},
    )
    codec.delete()


def try_codec(*, actor: Actor, source: str, payload: bytes, f_port: int, now: datetime) -> Decoded:
    """Run a codec once on a payload and keep nothing. Raises NotAllowed, CodecError."""
    require(actor, "hub.try_codec")
    return decode(source, payload, f_port=f_port, received_at=now)


def try_downlink(*, actor: Actor, source: str, data: Mapping[str, Any]) -> Encoded:
    """Let a codec encode a message to a device; nothing is kept or sent.

    Raises NotAllowed, CodecError.
    """
    require(actor, "hub.try_codec")
    return encode(source, data)


def refuse_broken(source: str, *, now: datetime) -> None:
    """Raise Invalid for a source that is no JavaScript or lacks its function."""
    if len(source) > SOURCE_CHARACTERS:
        raise Invalid(
            _("Ein Codec darf höchstens %(count)d Zeichen haben.") % {"count": SOURCE_CHARACTERS},
            field="source",
        )
    try:
        decode(source, b"", f_port=1, received_at=now)
    except CodecError as error:
        # With an empty payload a good codec may well give up; only what never works is refused.
        if error.fault in (Fault.SYNTAX, Fault.NO_FUNCTION):
            raise Invalid(explain(error), field="source") from error


@transaction.atomic
def install_codecs(*, now: datetime) -> int:
    """Write the codecs that come with Stadtwabe; return how many are new or changed.

    Messages of devices whose codec has a new source are decoded again. Done at every start.
    """
    known = {codec.slug: codec for codec in Codec.objects.filter(owner__isnull=True)}
    return sum(_install(shipped, known.get(shipped.slug), now=now) for shipped in shipped_codecs())


def _install(shipped: ShippedCodec, codec: Codec | None, *, now: datetime) -> bool:
    values = {
        "name": shipped.name,
        "vendor": shipped.vendor,
        "sensor_class": shipped.sensor_class,
        "description": shipped.description,
        "reference": shipped.reference,
        "source": shipped.source,
        "outputs": [asdict(output) for output in shipped.outputs],
        "vectors": [
            *(_kept(asdict(vector)) for vector in shipped.vectors),
            *(_kept(asdict(downlink)) for downlink in shipped.downlinks),
        ],
    }
    if codec is None:
        codec = Codec.objects.create(slug=shipped.slug, changed_at=now, **values)
        _keep_version(codec, actor=SYSTEM)
        return True
    changed = take(codec, values, COLUMNS)
    if "source" in changed:
        _new_version(codec, actor=SYSTEM, now=now)
    if changed:
        codec.save()
    return bool(changed)


def _kept(vector: dict[str, Any]) -> dict[str, Any]:
    return {**vector, "payload": vector["payload"].hex().upper()}


def _new_version(codec: Codec, *, actor: Actor, now: datetime) -> int:
    codec.number += 1
    codec.changed_at = now
    _keep_version(codec, actor=actor)
    return decode_again(Uplink.objects.filter(device__codec=codec))


def _keep_version(codec: Codec, *, actor: Actor) -> None:
    CodecVersion.objects.create(
        codec=codec,
        number=codec.number,
        source=codec.source,
        at=codec.changed_at,
        person=actor.person,
    )


def _refuse_shipped(codec: Codec) -> None:
    """The next start would undo it: even operators change a copy."""
    if codec.owner_id is None:
        raise NotAllowed(
            _("Dieser Codec kommt mit Stadtwabe."),
            remedy=_("Probieren Sie ihn aus und behalten Sie eine eigene Fassung."),
        )


def _free_slug(name: str) -> str:
    stem = OWN + (slugify(name)[:60] or "codec")
    taken = set(
        Codec.objects.filter(Q(slug=stem) | Q(slug__startswith=f"{stem}-")).values_list(
            "slug", flat=True
        )
    )
    number = 1
    while (slug := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return slug
