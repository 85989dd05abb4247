"""The part of every form that asks where the values come from."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stadtwabe.evidence.models import Document
from stadtwabe.evidence.rules import DocumentState
from stadtwabe.evidence.sources import Declaration, Passage, Source
from stadtwabe.kit.actor import Actor
from stadtwabe.people.models import Party

MOST_DOCUMENTS = 100


class SourceKind(TextChoices):
    """What a value can rest on."""

    DECLARATION = "declaration", gettext_lazy("Angabe der Redaktion")
    PASSAGE = "passage", gettext_lazy("Stelle in einem Dokument")


class SourceFields(forms.Form):
    """Asks for one source of all values that the form changes."""

    source_kind = forms.ChoiceField(
        label=gettext_lazy("Woher stammen diese Angaben?"),
        choices=SourceKind.choices,
        widget=forms.RadioSelect,
        initial=SourceKind.DECLARATION,
    )
    source_on = forms.DateField(
        label=gettext_lazy("Stand der Angabe der Redaktion"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    source_document = forms.ModelChoiceField(
        Document.objects.none(), label=gettext_lazy("Dokument"), required=False
    )
    source_quote = forms.CharField(
        label=gettext_lazy("Wortlaut im Dokument"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kopieren Sie die Stelle so, wie sie im Dokument steht."),
    )
    is_claim = forms.BooleanField(
        label=gettext_lazy("Die Quelle behauptet das über sich selbst (Eigenangabe)"),
        required=False,
    )

    def __init__(self, *args: Any, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        documents = Document.objects.defer("original", "layout").filter(
            state__in=[DocumentState.READ, DocumentState.DONE]
        )
        if not actor.is_operator:
            documents = documents.filter(owner__in=actor.party_ids)
        field = self.fields["source_document"]
        newest = documents.order_by("-pk").values("pk")[:MOST_DOCUMENTS]
        field.queryset = documents.filter(pk__in=newest).order_by("-pk")  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["source_on"].initial = today

    def clean(self) -> dict[str, Any]:
        """Check that the chosen sort of source is complete, and find the quote."""
        data: dict[str, Any] = super().clean() or {}
        kind = data.get("source_kind")
        if kind == SourceKind.DECLARATION and not (
            data.get("source_on") or "source_on" in self.errors
        ):
            self.add_error("source_on", _("Nennen Sie den Tag, an dem das galt."))
        if kind == SourceKind.PASSAGE:
            self._find_passage(data)
        return data

    def _find_passage(self, data: dict[str, Any]) -> None:
        document, quote = data.get("source_document"), (data.get("source_quote") or "").strip()
        if document is None:
            if "source_document" not in self.errors:
                self.add_error("source_document", _("Wählen Sie das Dokument."))
            return
        start = document.text.find(quote) if quote else -1
        if start < 0:
            self.add_error(
                "source_quote",
                _("Diese Stelle steht so nicht im Dokument. Kopieren Sie sie wörtlich."),
            )
            return
        data["passage"] = Passage(document, start, start + len(quote))

    def source(self, party: Party) -> Source:
        """Return the source; a declaration is that of ``party``'s editors."""
        passage = self.cleaned_data.get("passage")
        if isinstance(passage, Passage):
            return passage
        return Declaration(party, "Redaktion", self.cleaned_data["source_on"])
