"""Reading suggestions, and what earlier decisions teach about new ones."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from stadtwabe.evidence.models import Document, Suggestion
from stadtwabe.evidence.queries.documents import handled_by
from stadtwabe.evidence.rules import TEACHING, SuggestionState
from stadtwabe.evidence.similarity import form_of
from stadtwabe.kit.actor import Actor


def decidable_by(actor: Actor) -> QuerySet[Suggestion]:
    """Return the suggestions of the documents that ``actor`` works on."""
    return (
        Suggestion.objects.filter(document__in=handled_by(actor).values("pk"))
        .exclude(state=SuggestionState.SUPERSEDED)
        .select_related("document__owner", "became")
    )


def of_document(document: Document) -> QuerySet[Suggestion]:
    """Return the suggestions of a document in the order of its text."""
    return (
        document.suggestions.exclude(state=SuggestionState.SUPERSEDED)
        .select_related("became", "document__owner")
        .order_by("position", "pk")
    )


def distrust(names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], float]:
    """Return a factor for the confidence of each (kind, name) that was decided before.

    Names that were only ever rejected for what they are get the lower, the more often (1/2, 1/3,
    …); each acceptance weighs against a rejection. Names never rejected are left out.
    """
    wanted = {(kind, form_of(name)): (kind, name) for kind, name in names}
    forms = {form for _kind, form in wanted}
    decided = (
        Suggestion.objects.filter(form__in=forms)
        .values_list("kind", "form")
        .annotate(
            rejected=Count("pk", filter=Q(state=SuggestionState.REJECTED, rejection__in=TEACHING)),
            accepted=Count("pk", filter=Q(state=SuggestionState.ACCEPTED)),
        )
    )
    return {
        wanted[kind, form]: (1 + accepted) / (1 + accepted + rejected)
        for kind, form, rejected, accepted in decided
        if (kind, form) in wanted and rejected
    }
