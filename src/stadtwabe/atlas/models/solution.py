"""What several towns run."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stadtwabe.evidence.things import SourcedThing


class Solution(SourcedThing):
    """A reusable solution (Lösung), such as an app or a platform."""

    licence = models.CharField(_("Lizenz"), null=True, blank=True, max_length=200)
    repository = models.URLField(_("Quelltext"), null=True, blank=True, max_length=500)
    website = models.URLField(_("Internetadresse"), null=True, blank=True, max_length=500)
    technology = models.CharField(_("Technik"), null=True, blank=True, max_length=300)
    operator_model = models.CharField(_("Betriebsmodell"), null=True, blank=True, max_length=300)
    reach = models.CharField(_("Verbreitung"), null=True, blank=True, max_length=300)
