"""One way to get at the data of a dataset."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.models.dataset import Dataset
from stadtwabe.hub.models.datastream import Datastream


class DistributionKind(models.TextChoices):
    """Where the data lie."""

    DATASTREAM = "datastream", _("Messreihe")
    FILE = "file", _("Datei")
    LINK = "link", _("Adresse")


class Distribution(models.Model):
    """A distribution of DCAT: a datastream, which comes in several formats, a file, or a link.

    A file lies below ``MEDIA_ROOT``; its size is in bytes, its checksum SHA-256 in hexadecimal
    digits. ``file_type`` is a code of the EU list. An empty licence is the dataset's.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="distributions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=DistributionKind.choices)
    title = models.CharField(_("Titel"), max_length=250, blank=True)
    description = models.TextField(_("Beschreibung"), blank=True)
    datastream = models.ForeignKey(
        Datastream, on_delete=models.CASCADE, null=True, blank=True, related_name="distributions"
    )
    file = models.FileField(max_length=200, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    byte_size = models.BigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    media_type = models.CharField(max_length=120, blank=True)
    file_type = models.CharField(max_length=20, blank=True)
    access_url = models.CharField(_("Adresse"), max_length=1000, blank=True)
    download_url = models.CharField(max_length=1000, blank=True)
    service = models.CharField(max_length=1000, blank=True)
    licence = models.CharField(max_length=1000, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="hub_distribution_is_one_thing",
                condition=Q(kind=DistributionKind.DATASTREAM, datastream__isnull=False)
                | Q(kind=DistributionKind.FILE, datastream__isnull=True) & ~Q(file="")
                | Q(kind=DistributionKind.LINK, datastream__isnull=True) & ~Q(access_url=""),
            ),
            models.UniqueConstraint(
                fields=["dataset", "datastream"], name="hub_distribution_stream_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.file_name or self.access_url or str(self.datastream)
