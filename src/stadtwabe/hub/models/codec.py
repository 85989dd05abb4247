"""How the payloads of a kind of device are read."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.codecs.outputs import Output
from stadtwabe.hub.rules import SensorClass
from stadtwabe.people.models import Party


class Codec(models.Model):
    """A codec (Decoder) after TS013 of the LoRa Alliance, in its newest version.

    Without an owner it comes with Stadtwabe and is for all; otherwise it is for its owner alone.
    ``outputs`` are as ``codecs.outputs.Output``; ``vectors`` a list of ``{"payload": hex,
    "f_port", "outputs": {name: value}, "origin", "note"}``, those of messages to devices with
    ``data`` (what is encoded) instead of ``outputs``. ``number`` counts the versions.
    """

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    vendor = models.CharField(_("Hersteller"), max_length=120, blank=True)
    sensor_class = models.CharField(
        _("Art des Sensors"),
        max_length=20,
        choices=SensorClass.choices,
        default=SensorClass.OTHER,
    )
    description = models.TextField(_("Beschreibung"), blank=True)
    reference = models.CharField(_("Quelle"), max_length=500, blank=True)
    owner = models.ForeignKey(
        Party, on_delete=models.CASCADE, null=True, blank=True, related_name="codecs"
    )
    source = models.TextField(_("Quelltext"))
    outputs = models.JSONField(default=list, blank=True)
    vectors = models.JSONField(default=list, blank=True)
    number = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="hub_codec_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="hub_codec_has_a_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def described_outputs(self) -> Iterator[Output]:
        """What the codec says of its outputs."""
        return (Output(**each) for each in self.outputs)

    @property
    def uplink_vectors(self) -> list[dict[str, Any]]:
        """Messages of devices, and what is to come out of them."""
        return [each for each in self.vectors if "data" not in each]

    @property
    def downlink_vectors(self) -> list[dict[str, Any]]:
        """Messages to devices; ``data_text`` is what is encoded, as JSON."""
        return [
            {**each, "data_text": json.dumps(each["data"], ensure_ascii=False)}
            for each in self.vectors
            if "data" in each
        ]


class CodecVersion(models.Model):
    """A codec's source as it was from ``at`` on, by the person of that number (None: shipped)."""

    codec = models.ForeignKey(Codec, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.TextField()
    at = models.DateTimeField()
    person = models.IntegerField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["codec", "number"], name="hub_codec_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.codec} {self.number}"
