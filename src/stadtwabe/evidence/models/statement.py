"""A statement: one value of one thing, and why."""

from django.db import models
from django.db.models import F, Q

from stadtwabe.catalog.models import Card, Link
from stadtwabe.evidence.models.document import Document
from stadtwabe.evidence.rules import Method, StatementState
from stadtwabe.people.models import Party


class Statement(models.Model):
    """That one property of one card or link has a value, by exactly one source.

    The source is a passage of a document (``document``, ``start``, ``end``, ``quote``), a
    declaration by a party (``declared_by``, ``declared_role``, ``declared_on``) or a row of an
    import (``import_name``, ``import_row``).
    """

    card = models.ForeignKey(Card, on_delete=models.CASCADE, null=True, related_name="statements")
    link = models.ForeignKey(Link, on_delete=models.CASCADE, null=True, related_name="statements")
    property = models.CharField(max_length=60)
    value = models.JSONField()
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="statements"
    )
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    quote = models.TextField(blank=True)
    declared_by = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, related_name="declarations"
    )
    declared_role = models.CharField(max_length=120, blank=True)
    declared_on = models.DateField(null=True)
    import_name = models.CharField(max_length=120, blank=True)
    import_row = models.CharField(max_length=120, blank=True)
    method = models.CharField(max_length=20, choices=Method.choices)
    is_claim = models.BooleanField(
        default=False, help_text="Shown as somebody's claim, not as a fact."
    )
    confidence = models.FloatField(default=1)
    state = models.CharField(
        max_length=12, choices=StatementState.choices, default=StatementState.CURRENT
    )
    stated_by = models.PositiveIntegerField(null=True, help_text="User.number; NULL: the system.")
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="statement_about_exactly_one",
                condition=Q(card__isnull=False, link__isnull=True)
                | Q(card__isnull=True, link__isnull=False),
            ),
            models.CheckConstraint(
                name="statement_has_exactly_one_source",
                condition=Q(
                    document__isnull=False,
                    start__isnull=False,
                    end__gt=F("start"),
                    declared_by__isnull=True,
                    import_name="",
                )
                & ~Q(quote="")
                | Q(
                    document__isnull=True,
                    declared_by__isnull=False,
                    declared_on__isnull=False,
                    import_name="",
                )
                | Q(document__isnull=True, declared_by__isnull=True)
                & ~Q(import_name="")
                & ~Q(import_row=""),
            ),
            models.CheckConstraint(
                name="statement_confidence_is_a_share",
                condition=Q(confidence__gte=0, confidence__lte=1),
            ),
            models.CheckConstraint(
                name="statement_seen_in_order", condition=Q(last_seen__gte=F("first_seen"))
            ),
        ]
        indexes = [models.Index(fields=["card", "property"], name="statement_card_property")]

    def __str__(self) -> str:
        return f"{self.card or self.link}: {self.property} = {self.value}"

    def get_absolute_url(self) -> str:
        """Return the page that quotes the source."""
        return f"/quellen/aussage/{self.pk}/"
