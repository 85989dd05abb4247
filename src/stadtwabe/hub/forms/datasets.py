"""Forms of the catalogue of data."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stadtwabe.evidence.forms.fields import PartyField, PlaceField
from stadtwabe.hub.commands.datasets import COLUMNS, Grouping
from stadtwabe.hub.forms.owners import AudienceFields, OwnerFields
from stadtwabe.hub.models import Dataset, Datastream
from stadtwabe.hub.vocabularies import (
    MEDIA_TYPE_OF,
    SUFFIXES,
    DataLicence,
    Frequency,
    Theme,
)
from stadtwabe.kit.actor import Actor

ASKED = ("title", "description", "licence")


@dataclass(frozen=True, slots=True)
class Group:
    """Some fields behind one heading; open when one of them needs a look."""

    label: Any
    fields: Sequence[forms.BoundField]

    @property
    def is_open(self) -> bool:
        """Whether a field has an error."""
        return any(field.errors for field in self.fields)


class DatasetForm(AudienceFields):
    """Describes a dataset; three things first, the rest when one likes."""

    title = forms.CharField(label=_("Titel"), max_length=250)
    description = forms.CharField(
        label=_("Beschreibung"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
        help_text=_("Was steht in den Daten, woher kommen sie, was ist zu beachten?"),
    )
    licence = forms.ChoiceField(
        label=_("Lizenz"),
        choices=[("", _("Lizenz wählen")), *DataLicence.choices],
        help_text=_("Empfohlen: Datenlizenz Deutschland Zero oder Namensnennung."),
    )
    themes = forms.MultipleChoiceField(
        label=_("Kategorien"),
        choices=Theme.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    keywords = forms.CharField(
        label=_("Schlagwörter"),
        max_length=1000,
        required=False,
        help_text=_("Durch Kommas getrennt."),
    )
    place = PlaceField(label=_("Ort"), max_length=120, required=False)
    starts_on = forms.DateField(
        label=_("Daten von"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ends_on = forms.DateField(
        label=_("Daten bis"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    frequency = forms.ChoiceField(
        label=_("Wird aktualisiert"),
        choices=[("", _("nicht angegeben")), *Frequency.choices],
        required=False,
    )
    publisher = PartyField(
        label=_("Herausgegeben von"),
        max_length=200,
        required=False,
        help_text=_("Wer hat über die Veröffentlichung entschieden? Leer: wer zuständig ist."),
    )
    contact_name = forms.CharField(label=_("Ansprechstelle"), max_length=200, required=False)
    contact_email = forms.EmailField(label=_("E-Mail der Ansprechstelle"), required=False)
    contact_page = forms.URLField(
        label=_("Seite der Ansprechstelle"),
        required=False,
        max_length=1000,
        assume_scheme="https",
    )
    contributor = forms.URLField(
        label=_("Kennung als Datenbereitsteller"),
        required=False,
        max_length=1000,
        assume_scheme="https",
        help_text=_("Adresse aus der Liste von GovData, wenn Sie dorthin liefern."),
    )

    def __init__(
        self, *args: Any, actor: Actor, dataset: Dataset | None = None, **kwargs: Any
    ) -> None:
        initial = _initial(dataset) | kwargs.pop("initial", {})
        super().__init__(*args, actor=actor, initial=initial, **kwargs)

    def clean_keywords(self) -> list[str]:
        """Split at commas, semicolons and lines."""
        words = re.split(r"[,;\n]", self.cleaned_data["keywords"])
        return [word.strip()[:100] for word in words if word.strip()]

    @property
    def asked(self) -> list[forms.BoundField]:
        """What is asked first."""
        names = ["owner"] if "owner" in self.fields else []
        return [self[name] for name in (*ASKED, *names)]

    @property
    def groups(self) -> Iterator[Group]:
        """The other fields, in groups."""
        for label, names in (
            (_("Worum geht es?"), ("themes", "keywords", "place")),
            (_("Zeitraum"), ("starts_on", "ends_on", "frequency")),
            (
                _("Herausgabe und Ansprechstelle"),
                ("publisher", "contact_name", "contact_email", "contact_page", "contributor"),
            ),
            (_("Sichtbarkeit"), ("audience", "networks")),
        ):
            yield Group(label, [self[name] for name in names])

    @property
    def values(self) -> dict[str, Any]:
        """What the command takes; an empty publisher is left to it."""
        values = {name: self.cleaned_data[name] for name in COLUMNS}
        if values["publisher"] is None:
            del values["publisher"]
        return values


class NewDatasetForm(OwnerFields, DatasetForm):
    """The same for a new dataset: whose it is."""


class FileForm(forms.Form):
    """A file to offer."""

    file = forms.FileField(
        label=_("Datei"),
        help_text=_("Möglich sind: %s.") % ", ".join(SUFFIXES),
        allow_empty_file=True,
    )
    file_title = forms.CharField(label=_("Bezeichnung"), max_length=250, required=False)


class LinkForm(forms.Form):
    """An address to offer."""

    address = forms.URLField(label=_("Internetadresse"), max_length=1000, assume_scheme="https")
    file_type = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=[("", _("nicht angegeben")), *((code, code) for code in MEDIA_TYPE_OF)],
    )
    link_title = forms.CharField(label=_("Bezeichnung"), max_length=250, required=False)


class _StreamsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # in the stubs
    def label_from_instance(self, obj: Datastream) -> str:
        return f"{obj.thing.name}: {obj.name}"


class StreamsForm(forms.Form):
    """Datastreams to offer."""

    datastreams = _StreamsField(
        Datastream.objects.none(), label=_("Messreihen"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, streams: QuerySet[Datastream], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["datastreams"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = streams


class PublishForm(OwnerFields):
    """Publishing everything public at once."""

    grouping = forms.ChoiceField(
        label=_("Wie sollen die Datensätze geschnitten sein?"),
        choices=Grouping.choices,
        widget=forms.RadioSelect,
        initial=Grouping.THING,
    )
    licence = forms.ChoiceField(
        label=_("Lizenz"),
        choices=[("", _("Lizenz wählen")), *DataLicence.choices],
        help_text=_("Gilt für Messreihen, die selbst keine nennen."),
    )
    themes = forms.MultipleChoiceField(
        label=_("Kategorien"),
        choices=Theme.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def _initial(dataset: Dataset | None) -> dict[str, Any]:
    if dataset is None:
        return {}
    values = {name: getattr(dataset, name) for name in COLUMNS}
    return {
        **values,
        "keywords": ", ".join(dataset.keywords),
        "audience": dataset.card.audience,
        "networks": dataset.card.networks.all(),
    }
