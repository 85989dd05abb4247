"""Municipalities, districts, states and networks: identity by official key, and nothing else."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from stadtwabe.places.rules import KEY_PATTERNS, Level


class Place(models.Model):
    """A municipality (Gemeinde), district (Kreis) or state (Land) of the official register.

    The key is the AGS: 8, 5 or 2 digits; a place lies in every place whose key begins its own.
    """

    key = models.CharField(_("amtlicher Schlüssel"), max_length=8, primary_key=True)
    level = models.CharField(max_length=12, choices=Level.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    ars = models.CharField(_("Regionalschlüssel"), max_length=12, blank=True)
    name = models.CharField(_("Name"), max_length=120)
    official_name = models.CharField(_("amtliche Bezeichnung"), max_length=160)
    kind = models.CharField(_("Art"), max_length=60)
    slug = models.SlugField(max_length=140)
    is_town = models.BooleanField(
        _("Stadt"), default=False, help_text="Whether it holds the title of a town (Stadtrecht)."
    )
    population = models.PositiveIntegerField(_("Einwohnerzahl"), null=True)
    population_on = models.DateField(null=True)
    population_source = models.CharField(max_length=120, blank=True)
    area_km2 = models.DecimalField(_("Fläche"), max_digits=9, decimal_places=2, null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    geonames_id = models.PositiveIntegerField(null=True)
    wikidata_id = models.CharField(max_length=16, blank=True)
    edition = models.CharField(
        _("Gebietsstand"), max_length=40, help_text="Which edition of which source holds it."
    )
    previous_keys = models.JSONField(
        default=list, help_text="Keys of places that were merged into this one."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="place_key_has_the_length_of_its_level",
                condition=Q(level=Level.STATE, key__regex=KEY_PATTERNS[Level.STATE])
                | Q(level=Level.DISTRICT, key__regex=KEY_PATTERNS[Level.DISTRICT])
                | Q(level=Level.MUNICIPALITY, key__regex=KEY_PATTERNS[Level.MUNICIPALITY]),
            ),
            models.CheckConstraint(
                name="place_population_has_date_and_source",
                condition=Q(population__isnull=True)
                | (Q(population_on__isnull=False) & ~Q(population_source="")),
            ),
            models.CheckConstraint(
                name="place_position_is_whole",
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__isnull=False, latitude__isnull=False),
            ),
        ]
        indexes = [
            GinIndex(OpClass(Lower("name"), name="gin_trgm_ops"), name="place_name_trigram"),
            models.Index(fields=["level", "name"], name="place_level_name"),
            models.Index(fields=["latitude", "longitude"], name="place_position"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the permanent address of the place's cell."""
        return f"/orte/{self.key}-{self.slug}/"


class Network(models.Model):
    """A network of towns (Verbund), such as "5 für Südwestfalen"."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("Name"), max_length=160)
    description = models.TextField(_("Beschreibung"), blank=True)
    website = models.URLField(_("Internetadresse"), blank=True)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the network's permanent address."""
        return f"/orte/verbund/{self.slug}/"


class NetworkMember(models.Model):
    """That a place belongs to a network, since when and until when (NULL: unknown or open)."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="members")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="network_members")
    since = models.DateField(_("seit"), null=True, blank=True)
    until = models.DateField(_("bis"), null=True, blank=True)
    source = models.CharField(_("Quelle"), max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "place", "since"],
                name="network_member_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="network_member_ends_after_start",
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} – {self.network}"
