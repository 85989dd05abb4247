"""The vocabulary that "Meinten Sie" draws from."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Word(models.Model):
    """A word of a public card in lower case, with how many cards hold it."""

    word = models.CharField(max_length=60, primary_key=True)
    cards = models.PositiveIntegerField()

    class Meta:
        indexes = [GinIndex(fields=["word"], name="word_trigram", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word
