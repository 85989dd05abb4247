"""The change log: who did what to the documents and things of one's own cells."""

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from stadtwabe.catalog.models import Card
from stadtwabe.desk.quality import own_cards
from stadtwabe.evidence.models import Document, Suggestion
from stadtwabe.evidence.queries.documents import handled_by
from stadtwabe.kit.actor import Actor
from stadtwabe.people.models import AuditEntry

VERBS = {
    "receive_document": _("Dokument eingegangen"),
    "store_reading": _("Dokument gelesen"),
    "fail_document": _("Dokument nicht lesbar"),
    "reopen_document": _("Dokument erneut zum Lesen gegeben"),
    "redact_document": _("Stelle geschwärzt"),
    "describe_document": _("Angaben zum Dokument geändert"),
    "accept_suggestion": _("Vorschlag übernommen"),
    "reject_suggestion": _("Vorschlag verworfen"),
    "reopen_suggestion": _("Entscheidung zurückgenommen"),
    "accept_safe_places": _("sichere Orte bestätigt"),
    "create": _("angelegt"),
    "edit": _("geändert"),
    "withdraw": _("zurückgezogen"),
    "undo": _("Änderung zurückgenommen"),
}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One entry of the log in words."""

    entry: AuditEntry
    verb: str
    title: str
    path: str


def changes_for(actor: Actor) -> QuerySet[AuditEntry]:
    """Return the history of what ``actor`` looks after, newest first."""
    documents = handled_by(actor)
    cards = Card.objects.filter(own_cards(actor))
    suggestions = Suggestion.objects.filter(document__in=documents.order_by().values("pk"))
    return AuditEntry.objects.filter(
        Q(subject_kind="evidence.document", subject_key__in=_keys(documents))
        | Q(subject_kind="catalog.card", subject_key__in=_keys(cards))
        | Q(subject_kind="evidence.suggestion", subject_key__in=_keys(suggestions))
    ).order_by("-at", "-pk")


def rows_of(entries: list[AuditEntry]) -> list[ChangeRow]:
    """Return entries in words, with the names of their things read once."""

    def ids(kind: str) -> list[int]:
        return [int(e.subject_key) for e in entries if e.subject_kind == kind]

    names = {
        ("catalog.card", str(card.pk)): (card.title, card.path)
        for card in Card.objects.filter(pk__in=ids("catalog.card"))
    }
    suggestions = Suggestion.objects.filter(pk__in=ids("evidence.suggestion"))
    for each in suggestions.select_related("document").defer("document__text"):
        path = f"/redaktion/dokumente/{each.document_id}/#vorschlag-{each.pk}"
        names["evidence.suggestion", str(each.pk)] = (str(each.proposal["name"]), path)
    documents = Document.objects.filter(pk__in=ids("evidence.document"))
    for document in documents.only("pk", "title"):
        path = f"/redaktion/dokumente/{document.pk}/"
        names["evidence.document", str(document.pk)] = (document.title, path)
    return [
        ChangeRow(
            entry,
            str(_verb(entry.command)),
            *names.get((entry.subject_kind, entry.subject_key), (entry.subject_key, "")),
        )
        for entry in entries
    ]


def _verb(command: str) -> object:
    word = command.partition(".")[2]
    return VERBS.get(word) or VERBS.get(word.partition("_")[0]) or command


def _keys(rows: "QuerySet[Any]") -> Any:
    """Return the keys of rows as the history writes them: a subquery of one text column."""
    return rows.annotate(key=Cast("pk", CharField())).order_by().values("key")
