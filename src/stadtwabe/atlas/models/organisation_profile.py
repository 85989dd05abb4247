"""What an organisation offers and seeks."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stadtwabe.evidence.things import SourcedThing
from stadtwabe.people.models import Organisation


class OrganisationProfile(SourcedThing):
    """The public page of an organisation; its identity stands in people."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="profile"
    )
    offers = models.TextField(_("bietet"), null=True, blank=True)
    seeks = models.TextField(_("sucht"), null=True, blank=True)
    website = models.URLField(_("Internetadresse"), null=True, blank=True, max_length=500)
