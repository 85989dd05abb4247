"""A named relation between two things."""

from django.db import models
from django.db.models import F, Q

from stadtwabe.catalog.models.card import Card
from stadtwabe.catalog.rules import LinkKind


class Link(models.Model):
    """``source`` implements, uses, reuses, … ``target``.

    A relation that has facts of its own (a deployment since when, a reuse with its changes) is a
    model of its domain, which writes the link as things write their card.
    """

    source = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=12, choices=LinkKind.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="link_once"),
            models.CheckConstraint(name="link_joins_two_cards", condition=~Q(source=F("target"))),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_kind_display()} {self.target}"
