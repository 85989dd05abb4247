"""Something in the world that measures, or that sensors hang on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.rules import Audience
from stadtwabe.people.models import Party
from stadtwabe.places.models import Network


class Thing(models.Model):
    """A Thing (Gerät, Messstelle) of SensorThings; it belongs to a party and has a card.

    ``audience`` holds for everything that hangs below; a datastream may only narrow it.
    ``locations`` are where it is now, ``historical_locations`` where it has been.
    """

    name = models.CharField(_("Name"), max_length=200)
    description = models.TextField(_("Beschreibung"), blank=True)
    properties = models.JSONField(default=dict, blank=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="things")
    audience = models.CharField(
        _("Sichtbarkeit"), max_length=10, choices=Audience.choices, default=Audience.PUBLIC
    )
    networks = models.ManyToManyField(Network, blank=True, verbose_name=_("Verbünde"))
    locations = models.ManyToManyField("hub.Location", blank=True, related_name="things")
    card = models.OneToOneField(Card, on_delete=models.PROTECT, related_name="hub_thing")
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="hub_thing_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
