"""Forms of meters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.commands.meters import COLUMNS
from stadtwabe.hub.forms.owners import ActorForm
from stadtwabe.hub.forms.uploads import grouped
from stadtwabe.hub.models import MeterKind
from stadtwabe.hub.queries.meters import countable
from stadtwabe.kit.actor import Actor


class MeterForm(forms.Form):
    """Of which unit a meter is."""

    building = forms.CharField(
        label=_("Gebäude"), max_length=200, help_text=_("Straße und Hausnummer oder Name")
    )
    unit = forms.CharField(
        label=_("Einheit"), max_length=200, help_text=_("Zum Beispiel: Wohnung 3, 1. OG links")
    )
    kind = forms.ChoiceField(label=_("Was wird gezählt?"), choices=MeterKind.choices)
    serial = forms.CharField(label=_("Zählernummer"), max_length=60, required=False)
    digits = forms.IntegerField(
        label=_("Stellen vor dem Komma"),
        min_value=3,
        max_value=12,
        required=False,
        help_text=_("Damit zählt der Verbrauch weiter, wenn der Zähler wieder bei 0 beginnt."),
    )

    @property
    def values(self) -> dict[str, Any]:
        """What the command takes."""
        return {name: self.cleaned_data[name] for name in COLUMNS}


class NewMeterForm(ActorForm, MeterForm):
    """The same, with the datastream that has the readings."""

    datastream = forms.TypedChoiceField(
        label=_("Messreihe mit den Zählerständen"),
        coerce=int,
        help_text=_("Nur Messreihen, die allein die eigene Kommune sieht."),
    )
    field_order = ("datastream", "building", "unit", "kind", "serial", "digits")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.streams = {each.pk: each for each in countable(actor)}
        field = self.fields["datastream"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("bitte wählen")), *grouped(self.streams.values())]


class MeterChangeForm(forms.Form):
    """When a meter was exchanged, and what it said."""

    at = forms.DateTimeField(
        label=_("Wann wurde gewechselt?"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M"],
    )
    last_reading = forms.FloatField(
        label=_("Endstand des alten Zählers"), min_value=0, localize=True
    )
    first_reading = forms.FloatField(
        label=_("Anfangsstand des neuen Zählers"), min_value=0, initial=0, localize=True
    )
