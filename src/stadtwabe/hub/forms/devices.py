"""Registering a radio device, and saying where its values go."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.codecs.outputs import BATTERY_PERCENT, BATTERY_VOLTS, Output
from stadtwabe.hub.forms.owners import offer_owners
from stadtwabe.hub.models import Codec, Datastream, Device, Thing
from stadtwabe.people.models import Party

NEW = "neu"


class DeviceForm(forms.Form):
    """DevEUI, codec and thing; without a thing a new one is made for the device."""

    dev_eui = forms.CharField(
        label=gettext_lazy("DevEUI"),
        help_text=gettext_lazy("16 Zeichen, auf dem Gerät oder im Netzwerkserver."),
        max_length=40,
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    codec = forms.ModelChoiceField(label=gettext_lazy("Codec"), queryset=Codec.objects.none())
    thing = forms.ModelChoiceField(
        label=gettext_lazy("Messstelle"),
        queryset=Thing.objects.none(),
        empty_label=gettext_lazy("neu anlegen, mit dem Namen des Funkgeräts"),
        required=False,
    )
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Für wen?"), queryset=Party.objects.none(), required=False
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Wer soll die neue Messstelle sehen?"),
        choices=[
            (Audience.OWNER.value, gettext_lazy("nur wir")),
            (Audience.PUBLIC.value, gettext_lazy("alle")),
        ],
        initial=Audience.OWNER.value,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(
        self, *args: Any, codecs: Any, things: Any, owners: Any, is_new: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for name, queryset in (("codec", codecs), ("thing", things)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset
        offer_owners(self.fields["owner"], owners)
        if not is_new:
            self.fields["thing"].required = True
            del self.fields["owner"], self.fields["audience"]

    def clean(self) -> dict[str, Any]:
        """Ask for whom a new thing is."""
        values: dict[str, Any] = super().clean() or {}
        if "owner" in self.fields and not values.get("thing") and not values.get("owner"):
            raise ValidationError({"owner": _("Bitte wählen Sie, wem die Messstelle gehört.")})
        return values


class OutputForm(forms.Form):
    """Where one output goes, and how it is scaled."""

    target = forms.ChoiceField(label=gettext_lazy("Messreihe"), required=False)
    factor = forms.FloatField(label=gettext_lazy("Faktor"), initial=1, required=False)
    addend = forms.FloatField(label=gettext_lazy("Summand"), initial=0, required=False)

    def __init__(self, *args: Any, output: Output, datastreams: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.output = output
        field = self.fields["target"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("nicht speichern")),
            (NEW, _("neue Messreihe „%(label)s“") % {"label": output.label}),
            *((str(each.pk), each.name) for each in datastreams),
        ]


def output_forms(
    device: Device,
    outputs: Sequence[Output],
    datastreams: Sequence[Datastream],
    data: Any = None,
) -> list[OutputForm]:
    """Return one form for each output; while none is connected, all but the battery are new."""
    connected = {each.output: each for each in device.outputs.all()}
    forms_ = []
    for number, output in enumerate(outputs):
        known = connected.get(output.name)
        is_battery = output.name.lower() in {*BATTERY_PERCENT, *BATTERY_VOLTS}
        fresh = "" if connected or is_battery or output.label == output.name else NEW
        forms_.append(
            OutputForm(
                data,
                prefix=f"w{number}",
                output=output,
                datastreams=datastreams,
                initial={
                    "target": str(known.datastream_id) if known else fresh,
                    "factor": known.factor if known else 1,
                    "addend": known.addend if known else 0,
                },
            )
        )
    return forms_


class GatewayKeyForm(forms.Form):
    """A key for a network server."""

    label = forms.CharField(
        label=gettext_lazy("Wofür?"),
        help_text=gettext_lazy("Zum Beispiel: The Things Network, Anwendung Schulen"),
        max_length=80,
    )
    owner = forms.ModelChoiceField(label=gettext_lazy("Für wen?"), queryset=Party.objects.none())

    def __init__(self, *args: Any, owners: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_owners(self.fields["owner"], owners)
