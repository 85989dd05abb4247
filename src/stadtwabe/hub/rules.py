"""Words of the hub: types of observations, flags of quality, and who may write.

Names follow OGC SensorThings API 1.1 Part 1: Sensing (18-088).
"""

import enum
from datetime import datetime, time, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import GERMANY, day_of
from stadtwabe.people.rules import Role

GEOJSON = "application/geo+json"
"""The encoding of locations and features that everything here can draw and compare."""

OBSERVATION_TYPES = "http://www.opengis.net/def/observationType/OGC-OM/2.0/"


class ObservationType(models.TextChoices):
    """What the result of an observation is (18-088, table 12)."""

    MEASUREMENT = OBSERVATION_TYPES + "OM_Measurement", _("Messwert")
    COUNT = OBSERVATION_TYPES + "OM_CountObservation", _("Anzahl")
    TRUTH = OBSERVATION_TYPES + "OM_TruthObservation", _("ja oder nein")
    CATEGORY = OBSERVATION_TYPES + "OM_CategoryObservation", _("Kategorie")
    ANY = OBSERVATION_TYPES + "OM_Observation", _("beliebig")
    COMPLEX = OBSERVATION_TYPES + "OM_ComplexObservation", _("mehrere Werte zugleich")


class OnDiffering(models.TextChoices):
    """What happens when another result comes for a phenomenon time that has one."""

    VERSION = "version", _("neuen Wert übernehmen, den alten aufheben")
    ERROR = "error", _("zurückweisen")


class Quality(enum.IntFlag):
    """What looks wrong with a result; the raw value always stays."""

    RANGE = 1
    RATE = 2
    STUCK = 4
    GAP_BEFORE = 8
    OUTLIER = 16

    @property
    def words(self) -> list[str]:
        """What is wrong, in words for people; empty when nothing is."""
        return [str(words) for flag, words in _QUALITY_WORDS.items() if flag in self]


_QUALITY_WORDS = {
    Quality.RANGE: _("außerhalb des möglichen Bereichs"),
    Quality.RATE: _("ändert sich zu schnell"),
    Quality.STUCK: _("steht still"),
    Quality.GAP_BEFORE: _("nach einer Lücke"),
    Quality.OUTLIER: _("Ausreißer"),
}


class TokenReach(models.TextChoices):
    """For what a device token may send observations."""

    DATASTREAM = "datastream", _("eine Messreihe")
    THING = "thing", _("alle Messreihen eines Geräts")
    GATEWAY = "gateway", _("alle Geräte der Kommune oder Organisation")


class SensorClass(models.TextChoices):
    """What a radio device is for; the class of its codec."""

    CLIMATE = "climate", _("Temperatur und Luftfeuchte")
    CO2 = "co2", _("CO₂ und Raumluft")
    PARTICLES = "particles", _("Feinstaub")
    WATER_LEVEL = "water_level", _("Wasserstand")
    METER = "meter", _("Zähler")
    OTHER = "other", _("anderes")


class NetworkServer(models.TextChoices):
    """From which LoRaWAN network server a message came."""

    TTN = "ttn", "The Things Stack"
    CHIRPSTACK = "chirpstack", "ChirpStack"


class UplinkState(models.TextChoices):
    """How far a message of a radio device is."""

    RECEIVED = "received", _("wartet")
    DECODED = "decoded", _("gelesen")
    FAILED = "failed", _("nicht lesbar")


def kept_since(days: int, now: datetime) -> datetime:
    """Return the beginning of the day (in Germany) from which on observations are kept."""
    return datetime.combine(day_of(now) - timedelta(days=days), time.min, GERMANY)


def may_edit_codec(actor: Actor, codec: Any) -> bool:
    """Whether ``actor`` stewards the owner of ``codec``; nobody edits the shipped ones."""
    return codec.owner_id is not None and actor.holds(Role.STEWARD, codec.owner_id)


def may_try_codecs(actor: Actor, thing: object) -> bool:
    """Stewards of any party may run code in the sandbox."""
    return actor.holds_anywhere(Role.STEWARD)


def nobody(actor: Actor, thing: object) -> bool:
    """Operators and jobs of the installation may; nobody else."""
    return False


def stewards(actor: Actor, thing: Any) -> bool:
    """Stewards of the owner may; ``thing`` is of the hub, or the party that shall own one."""
    return actor.holds(Role.STEWARD, owner_id_of(thing))


def owner_id_of(thing: Any) -> int:
    """Return the id of the party that owns ``thing``; a party owns itself."""
    owner_id: int = getattr(thing, "owner_id", thing.pk)
    return owner_id


class AlertKind(models.TextChoices):
    """What a rule watches for."""

    ABOVE = "above", _("Wert liegt über einer Grenze")
    BELOW = "below", _("Wert liegt unter einer Grenze")
    RISE = "rise", _("Wert steigt schnell")
    FALL = "fall", _("Wert fällt schnell")
    SILENCE = "silence", _("es kommen keine Werte mehr")


class Occasion(models.TextChoices):
    """Of which moment of an alert somebody is told."""

    BEGAN = "began", _("Beginn")
    ENDED = "ended", _("Ende")


class Channel(models.TextChoices):
    """By which way."""

    MAIL = "mail", _("E-Mail")
    WEBHOOK = "webhook", _("Webhook")
    MQTT = "mqtt", _("MQTT")
    PUBLIC = "public", _("MQTT, öffentlich")


TOPICS = (Channel.MQTT.value, Channel.PUBLIC.value)
"""Published by who holds the connection to the broker; the others are sent by jobs."""


class DeliveryState(models.TextChoices):
    """How far a message is."""

    WAITING = "waiting", _("wartet")
    SENT = "sent", _("verschickt")
    DROPPED = "dropped", _("entfallen")
    FAILED = "failed", _("nicht zustellbar")
