"""That two entries turned out to be the same thing."""

from django.db import models
from django.db.models import F, Q

from stadtwabe.catalog.models import Card


class Merge(models.Model):
    """What merging ``duplicate`` into ``survivor`` moved, so that it can be taken back.

    ``moved`` holds ``{"before": {column: value}, "parties": [[party, role]], "statements": [[id,
    state]], "links": [[id, source, target]], "rows": [[table, id, column]], "because": text}``.
    """

    survivor = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="merges")
    duplicate = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="merged_into")
    merged_at = models.DateTimeField()
    merged_by = models.PositiveIntegerField(null=True, help_text="User.number; NULL: the system.")
    undone_at = models.DateTimeField(null=True)
    moved = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="merge_joins_two_cards", condition=~Q(survivor=F("duplicate"))
            ),
            models.UniqueConstraint(
                fields=["duplicate"],
                condition=Q(undone_at__isnull=True),
                name="merge_of_a_duplicate_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate} → {self.survivor}"
