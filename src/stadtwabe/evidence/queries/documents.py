"""Reading documents: those a person works on, those that are sources in public, those alike."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from stadtwabe.evidence.labels import Labels, property_label
from stadtwabe.evidence.models import Document, Statement
from stadtwabe.evidence.passages import Segment, Span, segments, sentence_around
from stadtwabe.evidence.queries import statements
from stadtwabe.evidence.rules import OPEN_LICENCES, SuggestionState
from stadtwabe.evidence.similarity import NEAR, resemblance
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.prepared import prepared
from stadtwabe.people.rules import Role, Scope

PASSAGES = 200
"""The most passages that a page of a source lists."""


def handled_by(actor: Actor) -> QuerySet[Document]:
    """Return the documents of the parties whose editor ``actor`` is, newest first."""
    documents = Document.objects.select_related(
        "owner__place", "owner__network", "owner__organisation"
    ).order_by("-retrieved_at", "-pk")
    if actor.scopes is not None and Scope.DOCUMENTS not in actor.scopes:
        return documents.none()
    if actor.is_operator:
        return documents
    return documents.filter(owner__in=actor.parties_with(Role.EDITOR))


def with_counts(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Add how many suggestions are open, accepted and all together."""
    return documents.annotate(
        open_count=Count("suggestions", filter=Q(suggestions__state=SuggestionState.OPEN)),
        accepted_count=Count("suggestions", filter=Q(suggestions__state=SuggestionState.ACCEPTED)),
        all_count=Count("suggestions", filter=~Q(suggestions__state=SuggestionState.SUPERSEDED)),
    )


def sources_for(actor: Actor) -> QuerySet[Document]:
    """Return the documents that stand behind something ``actor`` may see, newest first."""
    behind = statements.visible_to(actor).filter(document=OuterRef("pk"))
    return (
        Document.objects.filter(Exists(behind))
        .select_related("owner__place", "owner__network", "owner__organisation")
        .order_by("-published_on", "-retrieved_at", "-pk")
    )


@dataclass(frozen=True, slots=True)
class QuotedPassage:
    """A passage that something quotes, in its sentence, with the statements that it bears."""

    segments: tuple[Segment, ...]
    start: int
    statements: tuple[statements.StatementRow, ...]


def may_show_text(actor: Actor, document: Document) -> bool:
    """Whether the full text may be shown: to the owner's editors, else by its licence."""
    return (
        document.licence in OPEN_LICENCES
        or actor.is_operator
        or actor.holds(Role.EDITOR, document.owner_id)
    )


def quoted_passages(actor: Actor, document: Document) -> list[QuotedPassage]:
    """Return what the things that ``actor`` may see quote, sentence by sentence."""
    found = _quoting(actor, document.pk)
    labels = Labels(found)
    by_sentence: dict[tuple[int, int], list[Statement]] = {}
    for statement in found:
        if statement.start is None or statement.end is None:
            continue
        bounds = sentence_around(document.text, statement.start, statement.end, document.layout)
        by_sentence.setdefault(bounds, []).append(statement)
    return [
        QuotedPassage(
            tuple(
                segments(
                    document.text[low:high],
                    [Span(s.start or 0, s.end or 0, str(s.pk)) for s in quoting],
                    offset=low,
                )
            ),
            low,
            tuple(
                statements.StatementRow(s, labels.value(s), property_label(s), labels.is_wording(s))
                for s in quoting
            ),
        )
        for (low, high), quoting in sorted(by_sentence.items())
    ]


@prepared
def _quoting(actor: Actor, document: int) -> QuerySet[Statement]:
    found = statements.visible_to(actor).filter(document=document)
    unused = [
        f"{path}__{name}"
        for path in ("card", "link__source", "link__target")
        for name in ("search", "search_text", "search_parts")
    ]
    found = found.select_related("card", "link__source", "link__target").defer(*unused)
    return found.order_by("start", "pk")[:PASSAGES]


@prepared
def source_at(actor: Actor, pk: int) -> QuerySet[Document]:
    """Return the document with that number, if ``actor`` may see or handle it."""
    return (sources_for(actor) | handled_by(actor)).filter(pk=pk).distinct()


def near_duplicates(actor: Actor, document: Document) -> list[tuple[Document, int]]:
    """Return documents of the same editors that nearly are this one, and by how many percent."""
    if not document.sketch:
        return []
    candidates = (
        handled_by(actor)
        .filter(sketch__overlap=document.sketch)
        .exclude(pk=document.pk)
        .defer("text", "layout", "original")[:200]
    )
    alike = [(each, resemblance(document.sketch, each.sketch)) for each in candidates]
    near = [(each, round(share * 100)) for each, share in alike if share >= NEAR]
    return sorted(near, key=lambda pair: -pair[1])
