"""Who has which part in a thing."""

from django.db import models

from stadtwabe.catalog.models.card import Card
from stadtwabe.catalog.rules import PartyRole
from stadtwabe.people.models import Party


class CardParty(models.Model):
    """That a party leads, funds, provides, … the thing of a card."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="card_parties")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="card_parties")
    role = models.CharField(max_length=12, choices=PartyRole.choices)

    class Meta:
        verbose_name_plural = "card parties"
        constraints = [
            models.UniqueConstraint(fields=["card", "party", "role"], name="card_party_once"),
        ]

    def __str__(self) -> str:
        return f"{self.party} ({self.get_role_display()}): {self.card}"
