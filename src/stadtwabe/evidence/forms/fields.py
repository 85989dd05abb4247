"""Fields of forms that know days, places and parties."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stadtwabe.catalog.search.places import places_called
from stadtwabe.evidence.queries.parties import Subject, subjects_called
from stadtwabe.kit.dates import read_date, typed_date
from stadtwabe.kit.errors import Invalid
from stadtwabe.people.commands import (
    party_for_network,
    party_for_organisation,
    party_for_place,
)
from stadtwabe.people.models import Party
from stadtwabe.places.models import Network, Place

DayAndPrecision = tuple[date, str]


class KnownDayField(forms.CharField):
    """A day as exactly as it is known; gives the first day and the precision, or None."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)

    def clean(self, value: Any) -> DayAndPrecision | None:
        """Read what was typed."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_date(text)
        except Invalid as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        """Show a known day as one would type it."""
        return typed_date(*value) if isinstance(value, tuple) else value


class PlaceField(forms.CharField):
    """A place by its name or official key; what may mean several is asked back."""

    def clean(self, value: Any) -> Place | None:
        """Find the one place."""
        text = super().clean(value)
        if not text:
            return None
        found = places_called(text)
        if len(found) == 1:
            return found[0]
        raise ValidationError(_ask_back(text, found))

    def prepare_value(self, value: Any) -> Any:
        """Show a place by name and key."""
        return f"{value.name} ({value.key})" if isinstance(value, Place) else value


class PartyField(forms.CharField):
    """A town, district, state, network or organisation by its name."""

    def clean(self, value: Any) -> Party | None:
        """Find the one party."""
        text = super().clean(value)
        if not text:
            return None
        found = subjects_called(text)
        if len(found) == 1:
            return _party_of(found[0])
        raise ValidationError(_ask_back(text, found))

    def prepare_value(self, value: Any) -> Any:
        """Show a party by its name, a place with its key."""
        if not isinstance(value, Party):
            return value
        return f"{value.place.name} ({value.place_id})" if value.place else str(value)


def _party_of(subject: Subject) -> Party:
    if isinstance(subject, Place):
        return party_for_place(subject)
    if isinstance(subject, Network):
        return party_for_network(subject)
    return party_for_organisation(subject)


def _ask_back(text: str, found: list[Any]) -> str:
    if not found:
        return _("„%s“ kennen wir nicht. Prüfen Sie die Schreibweise, oder legen Sie es an.") % text
    names = "; ".join(
        f"{each.name} ({each.key}), {each.kind}" if isinstance(each, Place) else str(each)
        for each in found[:6]
    )
    return _("„%(text)s“ kann mehreres sein. Schreiben Sie eines davon: %(names)s.") % {
        "text": text,
        "names": names,
    }
