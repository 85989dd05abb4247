"""A party: whoever can own, organise, fund, take part or be a member."""

from django.db import models
from django.db.models import Q

from stadtwabe.people.models.organisation import Organisation
from stadtwabe.places.models import Network, Place


class Party(models.Model):
    """Exactly one of a place (state, district, municipality), a network or an organisation."""

    place = models.OneToOneField(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="party"
    )
    network = models.OneToOneField(
        Network, on_delete=models.PROTECT, null=True, blank=True, related_name="party"
    )
    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="party"
    )

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.CheckConstraint(
                name="party_is_exactly_one",
                condition=Q(place__isnull=False, network__isnull=True, organisation__isnull=True)
                | Q(place__isnull=True, network__isnull=False, organisation__isnull=True)
                | Q(place__isnull=True, network__isnull=True, organisation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.subject)

    @property
    def subject(self) -> Place | Network | Organisation:
        """The thing that this party is."""
        found = self.place or self.network or self.organisation
        if found is None:  # the database forbids it
            message = f"Party {self.pk} is nothing"
            raise AssertionError(message)
        return found
