"""A study, survey, guide or atlas."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stadtwabe.atlas.rules import PublicationKind
from stadtwabe.catalog.rules import Precision
from stadtwabe.evidence.things import SourcedThing


class Publication(SourcedThing):
    """A publication; its authors and publisher are parties or, where they are none, text."""

    kind = models.CharField(
        _("Art"), null=True, blank=True, max_length=20, choices=PublicationKind.choices
    )
    publisher = models.CharField(_("herausgegeben von"), null=True, blank=True, max_length=300)
    authors = models.CharField(_("verfasst von"), null=True, blank=True, max_length=300)
    published_on = models.DateField(_("erschienen"), null=True, blank=True)
    published_precision = models.CharField(
        max_length=5, choices=Precision.choices, default=Precision.DAY
    )
    sample_size = models.PositiveIntegerField(_("Stichprobe (n)"), null=True, blank=True)
    method = models.CharField(_("Methode"), null=True, blank=True, max_length=300)
    website = models.URLField(_("Internetadresse"), null=True, blank=True, max_length=500)
    licence = models.CharField(_("Lizenz"), null=True, blank=True, max_length=200)
