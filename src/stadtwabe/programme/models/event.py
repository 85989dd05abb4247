"""Something that takes place."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.evidence.things import SourcedThing
from stadtwabe.places.models import Place
from stadtwabe.programme.rules import EventFormat, EventState


class Event(SourcedThing):
    """An event (Veranstaltung) with a place or an address of the stream, or both."""

    format = models.CharField(
        _("Form"), max_length=10, choices=EventFormat.choices, null=True, blank=True
    )
    state = models.CharField(
        _("Stand"), max_length=10, choices=EventState.choices, null=True, blank=True
    )
    starts_on = models.DateField(_("Beginn"), null=True, blank=True)
    ends_on = models.DateField(_("Ende"), null=True, blank=True)
    starts_at = models.TimeField(_("Uhrzeit"), null=True, blank=True)
    ends_at = models.TimeField(_("bis Uhrzeit"), null=True, blank=True)
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("Ort"),
    )
    venue = models.CharField(_("Veranstaltungsort"), max_length=300, null=True, blank=True)
    stream = models.URLField(_("Adresse der Übertragung"), max_length=500, null=True, blank=True)
    series = models.CharField(_("Reihe"), max_length=200, null=True, blank=True)
    audience_group = models.CharField(_("Zielgruppe"), max_length=200, null=True, blank=True)
    language = models.CharField(_("Sprache"), max_length=60, null=True, blank=True)
    cost = models.CharField(_("Kosten"), max_length=200, null=True, blank=True)
    registration = models.CharField(_("Anmeldung"), max_length=300, null=True, blank=True)
    accessibility = models.TextField(_("Barrierefreiheit"), null=True, blank=True)
    documentation = models.URLField(_("Dokumentation"), max_length=500, null=True, blank=True)
    website = models.URLField(_("Internetadresse"), max_length=500, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="event_ends_after_start",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
        ]
