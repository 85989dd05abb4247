"""Trying out a codec, and keeping it."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stadtwabe.hub.codecs.engine import SOURCE_CHARACTERS
from stadtwabe.hub.codecs.outputs import Output
from stadtwabe.hub.forms.owners import offer_owners
from stadtwabe.hub.rules import SensorClass
from stadtwabe.people.models import Party

PAYLOAD_BYTES = 255
SEPARATOR = "|"


class PayloadField(forms.CharField):
    """Bytes in hexadecimal digits, with or without spaces, colons and ``0x``; gives bytes."""

    def clean(self, value: Any) -> bytes:
        """Read the digits."""
        text = "".join(str(super().clean(value)).replace("0x", "").split())
        try:
            payload = bytes.fromhex(text.replace(":", "").replace("-", "").replace(",", ""))
        except ValueError:
            raise ValidationError(
                _("Bitte nur die Ziffern 0–9 und A–F, immer zwei für ein Byte.")
            ) from None
        if len(payload) > PAYLOAD_BYTES:
            raise ValidationError(
                _("Eine Nachricht hat höchstens %(count)d Bytes.") % {"count": PAYLOAD_BYTES}
            )
        return payload


class DataField(forms.CharField):
    """An object in JSON; gives a mapping."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "code-input"})

    def clean(self, value: Any) -> dict[str, Any]:
        """Read the object; without one it is empty."""
        text = str(super().clean(value))
        if not text.strip():
            return {}
        try:
            found = json.loads(text, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            line = getattr(error, "lineno", None)
            raise ValidationError(
                _("Das ist kein JSON; der Fehler steht in Zeile %(line)d.") % {"line": line}
                if line
                else _("Das ist kein JSON.")
            ) from error
        if not isinstance(found, dict):
            raise ValidationError(_("Hier steht ein Objekt: {…}."))
        return found


def _no_number(name: str) -> None:
    message = f"{name} is no JSON"
    raise ValueError(message)


class OutputsField(forms.CharField):
    """One output per line: name, label, UCUM code, separated by a bar."""

    widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "code-input"})

    def clean(self, value: Any) -> list[dict[str, str]]:
        """Read the lines."""
        text = str(super().clean(value))
        outputs = []
        for line in filter(None, (line.strip() for line in text.splitlines())):
            name, *more = (part.strip() for part in line.split(SEPARATOR))
            if not name or len(more) > 2:
                raise ValidationError(
                    _("Diese Zeile ist nicht zu lesen: %(line)s") % {"line": line[:100]}
                )
            label, ucum = (*more, "", "")[:2]
            outputs.append(asdict(Output(name=name, label=label or name, symbol=ucum, ucum=ucum)))
        return outputs


class TrialForm(forms.Form):
    """A codec and a message."""

    source = forms.CharField(
        label=gettext_lazy("Quelltext des Codecs"),
        help_text=gettext_lazy("JavaScript mit der Funktion decodeUplink(input), wie TS013."),
        max_length=SOURCE_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 20, "spellcheck": "false", "class": "code-input"}),
    )
    payload = PayloadField(
        label=gettext_lazy("Nachricht in Hexadezimalziffern"),
        help_text=gettext_lazy("Zum Beispiel aus dem Handbuch: 01 75 64 03 67 10 01"),
        max_length=2000,
    )
    f_port = forms.IntegerField(label=gettext_lazy("Port"), min_value=0, max_value=255, initial=1)
    downlink = DataField(
        label=gettext_lazy("Daten für eine Nachricht an das Gerät"),
        help_text=gettext_lazy(
            "Nur für Codecs mit der Funktion encodeDownlink(input). JSON, wie das Handbuch es"
            ' nennt: {"interval": 600}. Gesendet wird nichts; Sie sehen die Bytes.'
        ),
        max_length=4000,
        required=False,
    )


class CodecForm(forms.Form):
    """What is kept of a codec besides its source."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    vendor = forms.CharField(label=gettext_lazy("Hersteller"), max_length=120, required=False)
    sensor_class = forms.ChoiceField(
        label=gettext_lazy("Art des Sensors"), choices=SensorClass.choices, initial="other"
    )
    owner = forms.ModelChoiceField(label=gettext_lazy("Für wen?"), queryset=Party.objects.none())
    reference = forms.CharField(
        label=gettext_lazy("Quelle"),
        help_text=gettext_lazy("Handbuch oder Adresse, aus der das Format stammt."),
        max_length=500,
        required=False,
    )
    outputs = OutputsField(
        label=gettext_lazy("Ausgaben"),
        help_text=gettext_lazy("Je Zeile: Name | Bezeichnung | Einheit als UCUM-Code"),
        required=False,
    )

    def __init__(self, *args: Any, owners: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_owners(self.fields["owner"], owners)


def lines_of(outputs: Iterable[Output]) -> str:
    """Return outputs as one types them."""
    return "\n".join(f" {SEPARATOR} ".join((each.name, each.label, each.ucum)) for each in outputs)
