"""A series of observations of one thing by one sensor."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.catalog.rules import Audience
from stadtwabe.evidence.rules import Licence
from stadtwabe.hub.models.observed_property import ObservedProperty
from stadtwabe.hub.models.sensor import Sensor
from stadtwabe.hub.models.thing import Thing
from stadtwabe.hub.rules import ObservationType, OnDiffering
from stadtwabe.people.models import Party
from stadtwabe.places.models import Network


class Datastream(models.Model):
    """A Datastream or MultiDatastream of SensorThings (Messreihe); both share one space of ids.

    ``units`` is a list of ``{"name", "symbol", "definition"}`` with the UCUM code as definition,
    one for a Datastream, one for each property of a MultiDatastream. ``multi_types`` are the
    observation types of the latter. ``owner``, ``audience`` and ``networks`` are what is in
    force: the thing's, narrowed if ``narrowed_to`` says so (to ``narrowed_networks``), never
    widened. ``quality_rules`` are those of ``ingest.quality``. What ingest keeps stands in
    ``state`` (``DatastreamState``).
    """

    thing = models.ForeignKey(Thing, on_delete=models.CASCADE, related_name="datastreams")
    sensor = models.ForeignKey(Sensor, on_delete=models.PROTECT, related_name="datastreams")
    is_multi = models.BooleanField(default=False)
    observed_property = models.ForeignKey(
        ObservedProperty, on_delete=models.PROTECT, null=True, related_name="datastreams"
    )
    multi_properties = models.ManyToManyField(
        ObservedProperty,
        through="hub.MultiDatastreamProperty",
        related_name="multi_datastreams",
    )
    name = models.CharField(_("Name"), max_length=200)
    description = models.TextField(_("Beschreibung"), blank=True)
    observation_type = models.CharField(
        _("Art der Werte"),
        max_length=120,
        choices=ObservationType.choices,
        default=ObservationType.MEASUREMENT,
    )
    units = models.JSONField(_("Einheiten"), default=list)
    multi_types = models.JSONField(default=list, blank=True)
    properties = models.JSONField(default=dict, blank=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="datastreams")
    narrowed_to = models.CharField(
        _("engere Sichtbarkeit"), max_length=10, choices=Audience.choices, null=True, blank=True
    )
    narrowed_networks = models.ManyToManyField(
        Network, blank=True, related_name="+", verbose_name=_("Verbünde")
    )
    audience = models.CharField(max_length=10, choices=Audience.choices)
    networks = models.ManyToManyField(Network, blank=True)
    licence = models.CharField(
        _("Lizenz"), max_length=20, choices=Licence.choices, default=Licence.UNKNOWN
    )
    retention_days = models.PositiveIntegerField(_("Aufbewahrung in Tagen"), null=True, blank=True)
    on_differing = models.CharField(
        _("bei anderem Wert zur gleichen Zeit"),
        max_length=10,
        choices=OnDiffering.choices,
        default=OnDiffering.VERSION,
    )
    quality_rules = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="hub_datastream_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="hub_datastream_has_one_property_or_is_multi",
                condition=Q(is_multi=True, observed_property__isnull=True)
                | Q(is_multi=False, observed_property__isnull=False),
            ),
            models.CheckConstraint(
                name="hub_datastream_keeps_a_day_at_least",
                condition=Q(retention_days__isnull=True) | Q(retention_days__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"/daten/reihen/{self.pk}/"

    @property
    def sta_path(self) -> str:
        """The address of the entity of SensorThings."""
        return f"/sta/v1.1/{'MultiDatastreams' if self.is_multi else 'Datastreams'}({self.pk})"

    @property
    def symbol(self) -> str:
        """The symbol of the unit; empty without one, and for several values at once."""
        return self.units[0].get("symbol", "") if len(self.units) == 1 else ""
