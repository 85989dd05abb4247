"""What open-data portals know of our data."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.catalog.models import Card
from stadtwabe.hub.models.harvest import Harvest
from stadtwabe.hub.vocabularies import DataLicence, Frequency, Theme
from stadtwabe.people.models import Party
from stadtwabe.places.models import Place


class Dataset(models.Model):
    """A dataset (Datensatz) of DCAT-AP.de: a description, and distributions to get at the data.

    Audience, networks and the days of entry and change stand on its card alone. ``publisher`` is
    the party that decided on its publication; what was harvested names it in ``publisher_name``,
    with its ADMS type.
    ``made_from`` says which thing or property it was published from, so that publishing again adds
    to it. A harvested dataset has ``harvest`` and ``source_address``; ``gone_at`` is when it
    vanished at its source.
    """

    card = models.OneToOneField(Card, on_delete=models.PROTECT, related_name="hub_dataset")
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="datasets")
    title = models.CharField(_("Titel"), max_length=250)
    description = models.TextField(_("Beschreibung"))
    publisher = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="published_datasets",
        verbose_name=_("Herausgegeben von"),
    )
    publisher_name = models.CharField(max_length=250, blank=True)
    publisher_page = models.CharField(max_length=1000, blank=True)
    publisher_type = models.CharField(max_length=200, blank=True)
    contact_name = models.CharField(_("Ansprechstelle"), max_length=200, blank=True)
    contact_email = models.CharField(_("E-Mail der Ansprechstelle"), max_length=254, blank=True)
    contact_page = models.CharField(_("Seite der Ansprechstelle"), max_length=1000, blank=True)
    licence = models.CharField(
        _("Lizenz"), max_length=1000, blank=True, help_text="DataLicence, or a stated address."
    )
    themes = ArrayField(
        models.CharField(max_length=4, choices=Theme.choices),
        default=list,
        blank=True,
        verbose_name=_("Kategorien"),
    )
    keywords = ArrayField(
        models.CharField(max_length=100),
        default=list,
        blank=True,
        verbose_name=_("Schlagwörter"),
    )
    starts_on = models.DateField(_("Daten von"), null=True, blank=True)
    ends_on = models.DateField(_("Daten bis"), null=True, blank=True)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Ort")
    )
    frequency = models.CharField(
        _("Wird aktualisiert"), max_length=20, choices=Frequency.choices, blank=True
    )
    contributor = models.CharField(
        _("Kennung als Datenbereitsteller"),
        max_length=1000,
        blank=True,
        help_text="dcatde:contributorID, an address.",
    )
    made_from = models.CharField(max_length=220, blank=True)
    harvest = models.ForeignKey(
        Harvest, on_delete=models.PROTECT, null=True, related_name="datasets"
    )
    source_address = models.CharField(max_length=1000, blank=True)
    source_identifier = models.CharField(max_length=1000, blank=True)
    source_page = models.CharField(max_length=1000, blank=True)
    source_issued = models.DateTimeField(null=True)
    source_modified = models.DateTimeField(null=True)
    fingerprint = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the entry.")
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="hub_dataset_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="hub_dataset_ends_after_start",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="hub_dataset_is_ours_or_harvested",
                condition=Q(harvest__isnull=True, publisher__isnull=False, source_address="")
                | Q(harvest__isnull=False) & ~Q(source_address=""),
            ),
            models.UniqueConstraint(
                fields=["harvest", "source_address"], name="hub_dataset_harvested_once"
            ),
            models.UniqueConstraint(
                fields=["owner", "made_from"],
                condition=~Q(made_from=""),
                name="hub_dataset_made_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def publisher_shown(self) -> str:
        """Who published it, by name; empty when a source does not say."""
        return str(self.publisher) if self.publisher else self.publisher_name

    @property
    def licence_shown(self) -> str:
        """The licence in words, or the address that a source states."""
        return licence_label(self.licence)


def licence_label(licence: str) -> str:
    """Return what people call a licence; an address that our list lacks stays as it is."""
    return str(DataLicence(licence).label) if licence in DataLicence.values else licence
