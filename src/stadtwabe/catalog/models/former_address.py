"""Where a thing used to live."""

from django.db import models

from stadtwabe.catalog.models.card import Card


class FormerAddress(models.Model):
    """An earlier path of a card; it redirects for ever."""

    path = models.CharField(max_length=200, unique=True)
    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="former_addresses")

    class Meta:
        verbose_name_plural = "former addresses"

    def __str__(self) -> str:
        return self.path
