"""Words that somebody may have meant: "Meinten Sie …?"."""

from collections.abc import Iterable

from django.contrib.postgres.search import TrigramSimilarity
from rapidfuzz.distance import OSA

from stadtwabe.catalog.models import Word

MOST_EDITS = 2
CANDIDATES = 12


def similar_words(word: str) -> list[str]:
    """Return words of public cards that differ from ``word`` by at most two slips, nearest first.

    A slip is a letter too many, too few, wrong, or swapped with its neighbour; short words may
    differ by one.
    """
    word = word.lower()
    allowed = MOST_EDITS if len(word) > 5 else 1
    candidates = (
        Word.objects.filter(word__trigram_similar=word)
        .annotate(similarity=TrigramSimilarity("word", word))
        .order_by("-similarity", "-cards")
        .values_list("word", "cards")[:CANDIDATES]
    )
    near = [
        (OSA.distance(word, known), -cards, known)
        for known, cards in candidates
        if known != word and OSA.distance(word, known) <= allowed
    ]
    return [known for _distance, _cards, known in sorted(near)]


def unknown_words(words: Iterable[str]) -> list[str]:
    """Return those of ``words`` that stand in no public card, in their order."""
    wanted = [word.lower() for word in words]
    known = set(Word.objects.filter(word__in=wanted).values_list("word", flat=True))
    return [word for word in wanted if word not in known]
