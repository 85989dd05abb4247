"""Forms of harvests."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.forms.owners import OwnerFields
from stadtwabe.hub.models import HarvestKind, Rhythm


class RhythmForm(forms.Form):
    """What a source is called, and how often it is asked."""

    name = forms.CharField(
        label=_("Name der Quelle"),
        max_length=200,
        help_text=_("So heißt sie auf den Seiten ihrer Datensätze."),
    )
    rhythm = forms.ChoiceField(label=_("Übernehmen"), choices=Rhythm.choices, initial=Rhythm.DAILY)


class HarvestForm(OwnerFields, RhythmForm):
    """A new source."""

    kind = forms.ChoiceField(
        label=_("Art der Quelle"), choices=HarvestKind.choices, widget=forms.RadioSelect
    )
    address = forms.URLField(
        label=_("Adresse"),
        max_length=1000,
        assume_scheme="https",
        help_text=_(
            "DCAT: die Adresse des Katalogs (….ttl). CKAN: die Startseite des Portals."
            " SensorThings: der Anfang der Schnittstelle (…/v1.1)."
        ),
    )

    field_order = ("name", "kind", "address", "rhythm", "owner")
