"""What is measured."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.people.models import Party


class ObservedProperty(models.Model):
    """An ObservedProperty of SensorThings; ``definition`` is the address of what is meant."""

    name = models.CharField(_("Name"), max_length=200)
    definition = models.CharField(_("Definition"), max_length=500, blank=True)
    description = models.TextField(_("Beschreibung"), blank=True)
    properties = models.JSONField(default=dict, blank=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="observed_properties")

    class Meta:
        verbose_name_plural = "observed properties"
        constraints = [
            models.CheckConstraint(name="hub_observed_property_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
