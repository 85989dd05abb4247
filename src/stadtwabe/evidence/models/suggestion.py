"""A suggestion: one thing that a reader proposes."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.catalog.models import Card
from stadtwabe.evidence.models.document import Document
from stadtwabe.evidence.rules import Rejection, SuggestionState


class Suggestion(models.Model):
    """One proposed thing with its properties, each of which quotes the document.

    ``proposal`` holds, as reading gave it: ``{"name", "properties": [{"name", "value", "start",
    "end", "quote", "confidence", "reasons"}], "places": [{"start", "end", "surface", "role",
    "candidates": [{"key", "name", "score", "reasons"}]}], "facts": [{"kind", "other", "start",
    "end"}]}``. ``fingerprint`` tells the same
    proposal again in a later reading, so that a decision is never asked for twice. ``form`` is
    the name folded for comparison: what was rejected under it lowers the confidence of later
    proposals. ``draft`` is what a person has chosen so far (``{"places": {"<start>": key},
    "values": {name: value}}``), ``matches`` the known things it may be
    (``[{"card", "title", "path", "score"}]``).
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="suggestions")
    kind = models.CharField(max_length=20)
    position = models.PositiveIntegerField(help_text="Order within the document.")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    proposal = models.JSONField()
    confidence = models.FloatField()
    reasons = models.JSONField(default=list)
    form = models.CharField(max_length=200, db_index=True, default="")
    draft = models.JSONField(default=dict)
    matches = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64)
    reader_version = models.CharField(max_length=20)
    state = models.CharField(
        max_length=12, choices=SuggestionState.choices, default=SuggestionState.OPEN
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.PositiveIntegerField(null=True, help_text="User.number")
    rejection = models.CharField(max_length=12, choices=Rejection.choices, blank=True)
    rejected_because = models.CharField(_("Grund"), max_length=200, blank=True)
    became = models.ForeignKey(
        Card, on_delete=models.SET_NULL, null=True, related_name="suggestions"
    )
    undo = models.JSONField(default=dict, help_text="What accepting it changed, to take it back.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "fingerprint"], name="suggestion_once_per_document"
            ),
            models.CheckConstraint(name="suggestion_passage", condition=Q(end__gt=F("start"))),
            models.CheckConstraint(
                name="suggestion_confidence_is_a_share",
                condition=Q(confidence__gte=0, confidence__lte=1),
            ),
            models.CheckConstraint(
                name="suggestion_rejected_says_why",
                condition=~Q(state="rejected") | ~Q(rejection=""),
            ),
            models.CheckConstraint(
                name="suggestion_decided_has_a_date",
                condition=~Q(state__in=["accepted", "rejected"]) | Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.proposal.get('name', self.quote[:60])}"
