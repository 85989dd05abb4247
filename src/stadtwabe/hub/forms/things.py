"""What is asked of a thing: its name, where it stands, who may see it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.forms.audiences import SharedForm, thing_choices
from stadtwabe.hub.forms.owners import offer_owners
from stadtwabe.hub.forms.positions import DECIMALS, Position, PositionField
from stadtwabe.hub.geometry import box_of
from stadtwabe.hub.models import Location, Thing
from stadtwabe.hub.queries.stewarding import stewarded_parties
from stadtwabe.hub.rules import GEOJSON
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Invalid
from stadtwabe.people.models import Party


class ThingForm(SharedForm):
    """Makes a thing (with an owner to choose, if there are several), or changes ``thing``."""

    owner = forms.ModelChoiceField(Party.objects.none(), label=_("Für wen?"), empty_label=None)
    name = forms.CharField(
        label=_("Wie heißt das Gerät?"),
        help_text=_("Zum Beispiel: Wetterstation Marktplatz"),
        max_length=200,
    )
    where = forms.CharField(
        label=_("Wo steht es?"),
        help_text=_("In Worten, zum Beispiel: Rathaus, Nordwand"),
        max_length=200,
        required=False,
    )
    position = PositionField(
        label=_("Koordinaten"),
        help_text=_("Breite und Länge, wie eine Karten-App sie kopiert: 51,4430 7,7780"),
        max_length=60,
        required=False,
    )
    audience = forms.ChoiceField(
        label=_("Wer darf die Werte sehen?"),
        help_text=_("Das gilt für alles, was dieses Gerät misst. Sie können es später ändern."),
        widget=forms.RadioSelect,
        initial=Audience.OWNER,
    )
    description = forms.CharField(
        label=_("Beschreibung"),
        help_text=_("Was ist das, worauf ist bei den Werten zu achten?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5000,
        required=False,
    )

    field_order = ("owner", "name", "where", "position", "audience", "networks", "description")

    def __init__(
        self, *args: Any, actor: Actor, thing: Thing | None = None, **options: Any
    ) -> None:
        self.thing = thing
        self.location = thing.locations.order_by("pk").first() if thing is not None else None
        initial = _initial(thing, self.location) | options.pop("initial", {})
        chosen = thing.networks.all() if thing is not None else ()
        super().__init__(*args, actor=actor, chosen=chosen, initial=initial, **options)
        field = self.fields["audience"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = thing_choices(actor)
        if thing is not None:
            del self.fields["owner"]
        else:
            offer_owners(self.fields["owner"], stewarded_parties(actor))

    @property
    def values(self) -> dict[str, Any]:
        """What goes to the command, without the place."""
        return {name: self.cleaned_data[name] for name in ("name", "description", "audience")}

    @property
    def asked(self) -> list[forms.BoundField]:
        """What is asked first."""
        return [field for field in self if field.name != "description"]

    @property
    def location_values(self) -> dict[str, Any] | None:
        """The values of the location, in words alone without a position; None: not told."""
        position: Position | None = self.cleaned_data["position"]
        where = self.cleaned_data["where"]
        if position is not None:
            return {
                "name": where or self.cleaned_data["name"],
                "encoding_type": GEOJSON,
                "location": {"type": "Point", "coordinates": list(position)},
            }
        return {"name": where, "encoding_type": "text/plain", "location": where} if where else None


def _initial(thing: Thing | None, location: Location | None) -> dict[str, Any]:
    if thing is None:
        return {}
    known: dict[str, Any] = {
        "name": thing.name,
        "description": thing.description,
        "audience": thing.audience,
        "networks": [network.pk for network in thing.networks.all()],
    }
    if location is not None:
        known |= {"where": location.name, "position": point_of(location)}
    return known


def point_of(location: Location) -> Position | None:
    """Return the position of a location that is a point, as exactly as the form has it.

    Others are left to SensorThings.
    """
    try:
        box = box_of(location.location, location.encoding_type, field="location")
    except Invalid:
        return None
    if box is None or box[0] != box[2] or box[1] != box[3]:
        return None
    return round(box[0], DECIMALS), round(box[1], DECIMALS)
