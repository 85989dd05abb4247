"""Forms of the desk: bringing documents in, describing one, editing a suggestion."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from stadtwabe.catalog.rules import Topic
from stadtwabe.desk.columns import COLUMNS, PRECISION, day_of
from stadtwabe.desk.plans import filled_in, offered_values
from stadtwabe.evidence.models import Suggestion
from stadtwabe.evidence.rules import Licence
from stadtwabe.evidence.things import column_of, thing_kind, thing_kinds
from stadtwabe.people.models import Party

WRITTEN = "wert-"
"""Prefix of the fields that hold a thing's values."""
LEFT_OUT = frozenset({"place", "organisation", "goals", "checked_on", "confirmed_on"})
LONG = frozenset({"summary", "problem", "goal", "participation", "lessons", "what", "offers"})


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class UploadForm(forms.Form):
    """Files or an address, and for whom; the files themselves are read by the page."""

    documents = forms.FileField(
        label=_("Dokumente hierher ziehen oder auswählen"),
        help_text=_("Text, HTML, PDF oder Word (DOCX), auch mehrere auf einmal"),
        widget=_ManyFiles(attrs={"multiple": True}),
        required=False,
    )
    address = forms.CharField(
        label=_("oder Internetadresse"),
        help_text=_("zum Beispiel https://www.example.org/rundbrief.html"),
        widget=forms.URLInput,
        max_length=800,
        required=False,
    )
    owner = forms.ModelChoiceField(
        label=_("für"), queryset=Party.objects.none(), empty_label=None, required=True
    )

    def __init__(self, *args: Any, owners: Iterable[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = list(owners)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Party.objects.filter(pk__in=[party.pk for party in owners])
        if len(owners) == 1:
            field.widget = forms.HiddenInput()
            field.initial = owners[0].pk


class DescribeForm(forms.Form):
    """What is known about a document."""

    title = forms.CharField(label=_("Titel"), max_length=300)
    publisher = forms.CharField(label=_("Herausgegeben von"), max_length=200, required=False)
    published_on = forms.DateField(label=_("Veröffentlicht am"), required=False)
    address = forms.URLField(
        label=_("Internetadresse"), max_length=800, required=False, assume_scheme="https"
    )
    licence = forms.ChoiceField(
        label=_("Lizenz"),
        choices=Licence.choices,
        help_text=_("Nur bei offener Lizenz zeigt Stadtwabe öffentlich den ganzen Text."),
    )


class SuggestionForm(forms.Form):
    """The values of a suggestion for one kind of thing; meaning is checked by the command."""

    def __init__(self, *args: Any, suggestion: Suggestion, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        values = filled_in(suggestion, kind)
        offered = offered_values(suggestion, kind)
        first = [name for name in thing_kind(kind).fields if name in COLUMNS[kind].values()]
        self.main_names = [WRITTEN + name for name in first if name not in LEFT_OUT]
        for name in (*first, *(n for n in thing_kind(kind).fields if n not in first)):
            if name in LEFT_OUT or name in PRECISION.values():
                continue
            field = _field(kind, name)
            field.initial = _shown(values.get(name, ""))
            others = [v.value for v in offered.get(name, []) if v.value != values.get(name)]
            if others and name not in {"topics", "summary"}:
                field.help_text = _("Im Text auch: ") + ", ".join(dict.fromkeys(others))
            self.fields[WRITTEN + name] = field
        self.fields[WRITTEN + "title"].required = True
        self.fields[WRITTEN + "title"].widget.attrs["autofocus"] = True

    @property
    def main(self) -> list[forms.BoundField]:
        """The fields that reading fills in."""
        return [self[name] for name in self.main_names]

    @property
    def further(self) -> list[forms.BoundField]:
        """The fields that only a person fills in."""
        return [self[name] for name in self.fields if name not in self.main_names]


def kind_choices() -> list[tuple[str, Any]]:
    """Return what a suggestion can become."""
    return [(k.name, k.card_kind.label) for k in thing_kinds() if k.name in COLUMNS]


def _field(kind: str, name: str) -> forms.Field:
    column = column_of(thing_kind(kind).model, name)
    label = str(column.verbose_name)
    label = label[:1].upper() + label[1:]
    if name == "topics":
        return forms.MultipleChoiceField(
            label=label,
            choices=Topic.choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
    if column.choices:
        choices = [("", _("nicht bekannt")), *column.flatchoices]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    if isinstance(column, models.DateField):
        return forms.CharField(
            label=label, help_text=_("Tag, Monat, Jahr: 18.06.2021"), required=False
        )
    widget = forms.Textarea(attrs={"rows": 3}) if name in LONG else forms.TextInput()
    return forms.CharField(label=label, widget=widget, required=False, max_length=column.max_length)


def _shown(value: str | list[str]) -> str | list[str]:
    """Return a value as people write it: days in German order."""
    if isinstance(value, str) and len(value) == 10 and (found := day_of(value)):
        return date_format(found[0], "d.m.Y")
    return value
