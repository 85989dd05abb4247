"""Keeping the vocabulary that "Meinten Sie" draws from.

It is made of public cards alone. Writing a card only adds words; ``count_words`` counts all of
them anew and drops those that are gone. In between a word may linger, so the search offers only
words by which the asking person really finds something.
"""

from collections.abc import Sequence

from django.db import connection, transaction

from stadtwabe.catalog.models import Card, Word
from stadtwabe.catalog.rules import Audience

WORD = "^[[:alpha:]][[:alpha:]-]{3,39}$"
"""What counts as a word: a regular expression of PostgreSQL."""

_ADD = """
INSERT INTO catalog_word (word, cards)
SELECT DISTINCT word, 1
FROM catalog_card, unnest(tsvector_to_array(to_tsvector('simple', title || ' ' || summary))) word
WHERE catalog_card.id = ANY(%s) AND word ~ %s
ON CONFLICT DO NOTHING
"""

_COUNT = """
INSERT INTO catalog_word (word, cards)
SELECT word, ndoc FROM ts_stat(
    $$SELECT to_tsvector('simple', title || ' ' || summary) FROM catalog_card
      WHERE audience = 'public' AND withdrawn_at IS NULL$$
) WHERE word ~ %s
"""


def add_words(cards: Sequence[Card]) -> None:
    """Add the words of those of ``cards`` that are public."""
    public = [card.pk for card in cards if card.audience == Audience.PUBLIC]
    if public:
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [public, WORD])


@transaction.atomic
def count_words() -> int:
    """Count the words of all public cards anew; return how many there are."""
    Word.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [WORD])
    return Word.objects.count()
