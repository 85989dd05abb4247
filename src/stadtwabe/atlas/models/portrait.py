"""What is known of a town on its way."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stadtwabe.atlas.rules import StrategyStatus
from stadtwabe.evidence.things import SourcedThing
from stadtwabe.places.models import Place


class Portrait(SourcedThing):
    """The portrait of a place, after the three entry criteria of the Smart-City-Atlas.

    Source: Bitkom, Smart-City-Atlas 2019 (integrated strategy, cross-department unit, local
    partner network).
    """

    place = models.OneToOneField(
        Place, on_delete=models.PROTECT, related_name="portrait", verbose_name=_("Ort")
    )
    integrated_strategy = models.BooleanField(
        _("integrierte Digitalstrategie"), null=True, blank=True
    )
    cross_department_unit = models.BooleanField(
        _("ressortübergreifende Stelle"), null=True, blank=True
    )
    partner_network = models.BooleanField(_("lokales Partnernetz"), null=True, blank=True)
    digital_agenda = models.CharField(
        _("Digitale Agenda"), null=True, blank=True, max_length=20, choices=StrategyStatus.choices
    )
    responsible_unit = models.CharField(
        _("zuständige Stelle"), null=True, blank=True, max_length=300
    )
    contact_role = models.CharField(_("Ansprechstelle"), null=True, blank=True, max_length=300)
    priorities = models.TextField(_("Schwerpunkte"), null=True, blank=True)
    challenges = models.TextField(_("Herausforderungen"), null=True, blank=True)
    lead_projects = models.TextField(_("Leuchtturmprojekte"), null=True, blank=True)
    partner_company = models.CharField(
        _("Digitalgesellschaft"), null=True, blank=True, max_length=300
    )
    open_data_portal = models.URLField(_("Open-Data-Portal"), null=True, blank=True, max_length=500)
    website = models.URLField(_("Internetadresse"), null=True, blank=True, max_length=500)
    confirmed_on = models.DateField(_("zuletzt bestätigt am"), null=True, blank=True)
