"""The form of the rules of quality."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MINUTE = 60


class QualityForm(forms.Form):
    """What looks wrong in a datastream; an empty field switches its check off."""

    least = forms.FloatField(
        label=gettext_lazy("Kleinster möglicher Wert"), required=False, localize=True
    )
    most = forms.FloatField(
        label=gettext_lazy("Größter möglicher Wert"), required=False, localize=True
    )
    rate = forms.FloatField(
        label=gettext_lazy("Größte mögliche Änderung je Minute"), required=False, localize=True
    )
    stuck = forms.FloatField(
        label=gettext_lazy("Steht still nach so vielen Minuten ohne Änderung"),
        required=False,
        localize=True,
    )
    gap = forms.FloatField(
        label=gettext_lazy("Lücke ab so vielen Minuten ohne Wert"), required=False, localize=True
    )
    outlier_least = forms.FloatField(
        label=gettext_lazy("Ausreißer: ab so viel Abstand von seinen Nachbarn"),
        required=False,
        localize=True,
        help_text=gettext_lazy(
            "Verglichen wird mit dem mittleren von fünfzehn Werten ringsum, in der Einheit der"
            " Messreihe."
        ),
    )
    outlier_times = forms.FloatField(
        label=gettext_lazy("und mindestens so viel mal weiter als üblich"),
        required=False,
        localize=True,
        min_value=1,
        help_text=gettext_lazy(
            "Leer: fünfmal. Eine kleinere Zahl findet mehr, auch was in Ordnung ist."
        ),
    )
    review = forms.BooleanField(
        label=gettext_lazy("Auch vorhandene Werte neu prüfen"), required=False, initial=True
    )

    USUAL_TIMES = 5.0

    def clean(self) -> dict[str, Any]:
        """Check that the range is one and that lengths are above 0."""
        values: dict[str, Any] = super().clean() or {}
        least, most = values.get("least"), values.get("most")
        if least is not None and most is not None and least > most:
            self.add_error("most", _("Der größte Wert liegt unter dem kleinsten."))
        for name in ("rate", "stuck", "gap", "outlier_least"):
            value = values.get(name)
            if value is not None and value <= 0:
                self.add_error(name, _("Bitte eine Zahl über 0, oder nichts."))
        if values.get("outlier_times") is not None and values.get("outlier_least") is None:
            self.add_error("outlier_least", _("Ab welchem Abstand?"))
        return values

    @property
    def rules(self) -> dict[str, Any]:
        """The rules as the datastream keeps them; times in seconds."""
        given = self.cleaned_data
        rules: dict[str, Any] = {}
        if given["least"] is not None or given["most"] is not None:
            rules["range"] = [given["least"], given["most"]]
        if given["rate"] is not None:
            rules["rate"] = given["rate"] / MINUTE
        for name in ("stuck", "gap"):
            if given[name] is not None:
                rules[name] = given[name] * MINUTE
        if given["outlier_least"] is not None:
            rules["outlier"] = [given["outlier_times"] or self.USUAL_TIMES, given["outlier_least"]]
        return rules

    @classmethod
    def initial_of(cls, rules: dict[str, Any]) -> dict[str, Any]:
        """Return what the form shows for rules."""
        least, most = rules.get("range", (None, None))
        times, distance = rules.get("outlier", (None, None))
        initial = {"least": least, "most": most, "outlier_least": distance}
        initial["outlier_times"] = times
        if "rate" in rules:
            initial["rate"] = float(f"{rules['rate'] * MINUTE:.12g}")
        for name in ("stuck", "gap"):
            if name in rules:
                initial[name] = rules[name] / MINUTE
        return {name: _plain(value) for name, value in initial.items()}


def _plain(value: float | None) -> float | int | None:
    """Return a number without ".0" behind it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
