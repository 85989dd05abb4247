"""A document: the text that facts are taken from."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.evidence.rules import DocumentState, Licence
from stadtwabe.people.models import Party


class Document(models.Model):
    """A text with its origin. The text changes only by ``redact`` and then keeps its length."""

    title = models.CharField(_("Titel"), max_length=300)
    address = models.URLField(_("Internetadresse"), max_length=800, blank=True)
    publisher = models.CharField(_("herausgegeben von"), max_length=200, blank=True)
    published_on = models.DateField(_("veröffentlicht am"), null=True, blank=True)
    retrieved_at = models.DateTimeField(_("abgerufen am"))
    language = models.CharField(_("Sprache"), max_length=8, blank=True)
    licence = models.CharField(
        _("Lizenz"), max_length=20, choices=Licence.choices, default=Licence.UNKNOWN
    )
    media_type = models.CharField(max_length=100)
    file_name = models.CharField(max_length=255, blank=True)
    file_sha256 = models.CharField(
        max_length=64,
        blank=True,
        help_text="SHA-256 of the bytes received, hex; empty until the address is fetched.",
    )
    original = models.BinaryField(help_text="The bytes received, until they are read.", null=True)
    text = models.TextField(blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    layout = models.JSONField(
        default=list, help_text="Blocks: kind, start, end, page or element, as reading found them."
    )
    warnings = models.JSONField(default=list, help_text="What reading noticed, in German.")
    sketch = ArrayField(
        models.BigIntegerField(),
        default=list,
        help_text="Sample of the text's shingles, to find near-duplicates (evidence.similarity).",
    )
    extractor_version = models.CharField(max_length=20, blank=True)
    reader_version = models.CharField(max_length=20, blank=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="documents")
    is_demo = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=DocumentState.choices, default=DocumentState.RECEIVED
    )
    problem = models.CharField(max_length=500, blank=True)
    remedy = models.CharField(max_length=500, blank=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Percent.")
    redactions = models.JSONField(
        default=list, help_text="Start, end, reason and day of what was blacked out."
    )

    class Meta:
        indexes = [GinIndex(fields=["sketch"], name="document_sketch")]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "file_sha256"],
                condition=~Q(file_sha256=""),
                name="document_received_once_per_owner",
            ),
            models.CheckConstraint(
                name="document_read_has_text",
                condition=~Q(state__in=["read", "done"]) | ~Q(text=""),
            ),
            models.CheckConstraint(
                name="document_failed_says_why", condition=~Q(state="failed") | ~Q(problem="")
            ),
            models.CheckConstraint(
                name="document_has_file_or_address", condition=~Q(file_sha256="") | ~Q(address="")
            ),
            models.CheckConstraint(
                name="document_progress_percent", condition=Q(progress__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the public page of the document as a source."""
        return f"/quellen/{self.pk}/"

    @property
    def is_at_its_address(self) -> bool:
        """Whether it is still to be fetched."""
        return not self.file_sha256
