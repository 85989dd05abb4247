"""What is asked of a datastream: what it measures, in which unit, with what."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stadtwabe.evidence.rules import Licence
from stadtwabe.hub.forms.audiences import AS_THING, SharedForm, stream_choices
from stadtwabe.hub.measures import BY_CODE, MEASURES, UNITS, Unit, unit_of
from stadtwabe.hub.models import Datastream, Thing
from stadtwabe.hub.rules import ObservationType, OnDiffering
from stadtwabe.kit.actor import Actor

LICENCES = (
    ("unknown", _("noch nicht festgelegt")),
    *(
        (licence.value, licence.label)
        for licence in (Licence.DL_DE_ZERO, Licence.DL_DE_BY, Licence.CC0, Licence.CC_BY)
    ),
)
"""What open data in Germany comes under; the API takes the others too."""

KINDS = tuple(
    (each.value, each.label)
    for each in ObservationType
    if each not in {ObservationType.COMPLEX, ObservationType.ANY}
)
DETAILS = (
    "name",
    "unit_code",
    "observation_type",
    "description",
    "licence",
    "retention_days",
    "on_differing",
)


class DatastreamForm(SharedForm):
    """Makes a datastream of ``thing``, or changes ``stream``; several values at once stay as is."""

    measure = forms.CharField(
        label=_("Was wird gemessen?"),
        help_text=_("Wählen Sie aus den Vorschlägen, oder schreiben Sie etwas Eigenes."),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "known-measures"}),
    )
    unit = forms.CharField(
        label=_("In welcher Einheit?"),
        help_text=_("Zum Beispiel °C, µg/m³ oder kWh; leer bei ja/nein und Kategorien."),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"list": "known-units"}),
    )
    sensor = forms.CharField(
        label=_("Mit welchem Sensor?"),
        help_text=_("Hersteller und Typ, zum Beispiel: Milesight AM103"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "known-sensors"}),
    )
    audience = forms.ChoiceField(
        label=_("Wer darf die Werte sehen?"),
        widget=forms.RadioSelect,
        initial=AS_THING,
    )
    name = forms.CharField(
        label=_("Name der Messreihe"),
        help_text=_("Leer: wie das, was gemessen wird."),
        max_length=200,
        required=False,
    )
    unit_code = forms.CharField(
        label=_("UCUM-Code der Einheit"),
        help_text=_(
            "Damit Programme die Einheit verstehen. Bei bekannten Einheiten setzen wir ihn ein."
        ),
        max_length=60,
        required=False,
    )
    observation_type = forms.ChoiceField(
        label=_("Art der Werte"), choices=KINDS, initial=ObservationType.MEASUREMENT
    )
    description = forms.CharField(
        label=_("Beschreibung"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5000,
        required=False,
    )
    licence = forms.ChoiceField(
        label=_("Lizenz"),
        choices=LICENCES,
        help_text=_("Empfohlen für offene Daten: Datenlizenz Deutschland Zero."),
    )
    retention_days = forms.IntegerField(
        label=_("Aufbewahrung in Tagen"),
        help_text=_("Leer: für immer. Ältere Werte werden sonst gelöscht."),
        min_value=1,
        max_value=36_500,
        required=False,
    )
    on_differing = forms.ChoiceField(
        label=_("Kommt zur gleichen Zeit ein anderer Wert"),
        choices=OnDiffering.choices,
        initial=OnDiffering.VERSION,
    )

    field_order = ("measure", "unit", "sensor", "audience", "networks", *DETAILS)

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        thing: Thing,
        stream: Datastream | None = None,
        **options: Any,
    ) -> None:
        self.thing, self.stream = thing, stream
        initial = _initial(stream) | options.pop("initial", {})
        chosen = stream.narrowed_networks.all() if stream is not None else ()
        super().__init__(*args, actor=actor, chosen=chosen, initial=initial, **options)
        field = self.fields["audience"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = stream_choices(actor, thing, stream)
        if len(field.choices) == 1:
            del self.fields["audience"]
            self.fields.pop("networks", None)
        licence = self.fields["licence"]
        assert isinstance(licence, forms.ChoiceField)
        if stream is not None and stream.licence not in dict(LICENCES):
            licence.choices = [*LICENCES, (stream.licence, stream.get_licence_display())]
        if stream is not None:
            # Has a page of its own, which shows beforehand what it deletes.
            del self.fields["retention_days"]
        if stream is not None and stream.is_multi:
            for name in ("measure", "unit", "unit_code", "observation_type"):
                del self.fields[name]
            self.fields["name"].required = True

    @property
    def asked(self) -> list[forms.BoundField]:
        """What is asked first."""
        return [field for field in self if field.name not in DETAILS]

    @property
    def details(self) -> list[forms.BoundField]:
        """What has a sensible value already."""
        return [self[name] for name in DETAILS if name in self.fields]

    @property
    def details_are_open(self) -> bool:
        """Whether one of the details needs a look."""
        return any(field.errors for field in self.details)

    @property
    def wish(self) -> str | None:
        """Who may see it, if fewer than the thing."""
        chosen: str | None = self.cleaned_data.get("audience")
        return None if chosen == AS_THING else chosen

    @property
    def values(self) -> dict[str, Any]:
        """What goes to the command, without sensor and measure."""
        given = self.cleaned_data
        names = ("description", "licence", "retention_days", "on_differing", "observation_type")
        values = {name: given[name] for name in names if name in given}
        values["name"] = given["name"] or given.get("measure", "")
        if "audience" in self.fields:
            values["narrowed_to"] = self.wish
        changed = {"unit", "unit_code"} & set(self.changed_data)
        if "unit" in self.fields and (changed or self.stream is None):
            # Another unit under the former one's code would be a lie.
            code = "" if changed == {"unit"} else given["unit_code"]
            values["units"] = [_unit(given["unit"], code)]
        return values


def _unit(text: str, code: str) -> dict[str, str]:
    """Return a unit for SensorThings: a common one, or what was typed."""
    known = unit_of(text) or BY_CODE.get(code)
    if not text and not code:
        return {"name": "", "symbol": "", "definition": ""}
    if known is None:
        return {"name": text or code, "symbol": text or code, "definition": code or text}
    return {"name": known.name, "symbol": known.symbol, "definition": code or known.code}


def _initial(stream: Datastream | None) -> dict[str, Any]:
    if stream is None:
        return {}
    known: dict[str, Any] = {
        "name": stream.name,
        "description": stream.description,
        "sensor": stream.sensor.name,
        "audience": stream.narrowed_to or AS_THING,
        "networks": [network.pk for network in stream.narrowed_networks.all()],
        "licence": stream.licence,
        "on_differing": stream.on_differing,
        "observation_type": stream.observation_type,
    }
    if stream.observed_property is not None:
        known["measure"] = stream.observed_property.name
    unit = stream.units[0] if len(stream.units) == 1 else {}
    known["unit"] = unit.get("symbol") or unit.get("name", "")
    known["unit_code"] = unit.get("definition", "")
    return known


def known_units() -> list[tuple[str, str]]:
    """Return what one may type as a unit, and what it means."""
    return [(unit.typed, _named(unit)) for unit in UNITS]


def known_measures() -> list[str]:
    """Return what is commonly measured."""
    return list(MEASURES)


def _named(unit: Unit) -> str:
    return f"{unit.name} (UCUM: {unit.code})"
