"""Which values hold words that are to be blacked out in a document."""

from stadtwabe.evidence.models import Document, Statement

SHORT = 3
"""A value of fewer letters may stand in any words by chance."""


def values_with(document: Document, words: str) -> list[Statement]:
    """Return the statements from ``document`` whose value holds the words, or a part of them.

    Also those that are no longer current: what the history keeps can be read as well.
    """
    found = Statement.objects.filter(document=document).select_related(
        "card", "link__source", "link__target", "document"
    )
    return [each for each in found.order_by("pk") if _holds(each, words)]


def also_elsewhere(document: Document, words: str) -> list[Statement]:
    """Return what other sources say with the same words of the things taken from ``document``.

    Redacting this document leaves them: their own source has to be redacted, or they withdrawn.
    """
    cards = document.statements.filter(card__isnull=False).values("card")
    others = (
        Statement.objects.filter(card__in=cards)
        .exclude(document=document)
        .select_related("card", "link__source", "link__target", "document", "declared_by")
    )
    return [each for each in others.order_by("pk") if _holds(each, words)]


def _holds(statement: Statement, words: str) -> bool:
    wanted, value = words.strip().casefold(), str(statement.value).casefold()
    if not wanted or not isinstance(statement.value, str):
        return False
    is_part = len(value) > SHORT and value in wanted and value in statement.quote.casefold()
    return wanted in value or is_part
