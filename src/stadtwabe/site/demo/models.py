"""What became of each demo document: counted while the scripted editor works through it."""

from django.db import models

from stadtwabe.evidence.models import Document


class DemoDocument(models.Model):
    """One demo document that has been worked through; written last, so it says: done.

    *Things* are entries (projects, events, …). The reader ``found`` some of them, ``corrected``
    counts those of them that the editor had to rename or to turn into something else, ``added``
    are written by hand. ``unknown_to_reading`` counts what the reader does not propose at all:
    portraits, deployments, reuses, grants, effects, members of networks. ``rejected`` are
    suggestions that were no entries. *Values* count the single facts of the things found.
    """

    file_name = models.CharField(max_length=120, unique=True)
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="demo")
    finished_at = models.DateTimeField()
    found = models.PositiveIntegerField(default=0)
    corrected = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    unknown_to_reading = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    values_found = models.PositiveIntegerField(default=0)
    values_corrected = models.PositiveIntegerField(default=0)
    values_added = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="demo_document_corrected_was_found",
                condition=models.Q(corrected__lte=models.F("found")),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
