"""Forms of rules of alerts."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stadtwabe.hub.forms.owners import ActorForm
from stadtwabe.hub.models import AlertRule, Datastream, DeviceToken
from stadtwabe.hub.queries.alerts import recipients_for
from stadtwabe.hub.queries.mqtt import mqtt_accounts_of
from stadtwabe.hub.rules import AlertKind
from stadtwabe.kit.clock import now

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class AlertRuleForm(ActorForm):
    """What to watch for, whom to tell, and when not."""

    name = forms.CharField(
        label=gettext_lazy("Name der Regel"),
        max_length=120,
        help_text=gettext_lazy("Steht in jeder Nachricht, zum Beispiel: Bitte lüften."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Warnen, wenn"),
        choices=AlertKind.choices,
        widget=forms.RadioSelect,
        initial=AlertKind.ABOVE,
    )
    threshold = forms.FloatField(label=gettext_lazy("Grenze"), required=False, localize=True)
    clear_at = forms.FloatField(
        label=gettext_lazy("Entwarnung bei"),
        required=False,
        localize=True,
        help_text=gettext_lazy(
            "Liegt sie ein Stück von der Grenze weg, macht ein schwankender Wert eine Warnung"
            " und nicht viele. Leer: an der Grenze."
        ),
    )
    minimum_minutes = forms.IntegerField(
        label=gettext_lazy("Erst warnen nach so vielen Minuten"),
        min_value=0,
        initial=0,
        required=False,
    )
    period_minutes = forms.IntegerField(
        label=gettext_lazy("Zeitraum in Minuten"),
        min_value=1,
        required=False,
        help_text=gettext_lazy(
            "In welcher Zeit er steigt oder fällt, oder wie lange kein Wert kommt."
        ),
    )
    advice = forms.CharField(
        label=gettext_lazy("Was ist zu tun?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Ein Satz, der in jeder Nachricht steht."),
    )
    emails = forms.CharField(
        label=gettext_lazy("E-Mail an"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    quiet_from = forms.TimeField(label=gettext_lazy("Ruhe von"), required=False, widget=TIME)
    quiet_until = forms.TimeField(
        label=gettext_lazy("Ruhe bis"),
        required=False,
        widget=TIME,
        help_text=gettext_lazy("Was danach noch andauert, wird dann gemeldet."),
    )
    webhook_address = forms.CharField(
        label=gettext_lazy("Webhook: Adresse eines Programms"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Bekommt Beginn und Ende als JSON, unterschrieben."),
    )
    accounts = forms.ModelMultipleChoiceField(
        label=gettext_lazy("MQTT: Zugänge, die es erfahren"),
        queryset=DeviceToken.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Leuchten, Sirenen und Programme lesen es beim Broker unter ihrem eigenen Namen;"
            " niemand sonst kann es dort lesen."
        ),
    )
    is_shown = forms.BooleanField(
        label=gettext_lazy("Auf der Seite des Geräts zeigen, solange die Warnung andauert"),
        required=False,
        help_text=gettext_lazy(
            "Sichtbar für alle, die auch die Messreihe sehen; ist sie öffentlich, auch beim"
            " MQTT-Broker."
        ),
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("Eingeschaltet"), required=False, initial=True
    )

    GROUPS = (
        ("", ("name", "kind")),
        (
            gettext_lazy("Grenzen"),
            ("threshold", "clear_at", "minimum_minutes", "period_minutes"),
        ),
        (gettext_lazy("Nachricht"), ("advice", "emails", "quiet_from", "quiet_until")),
        (gettext_lazy("Außerdem"), ("is_shown", "accounts", "webhook_address", "is_active")),
    )

    def __init__(
        self,
        *args: Any,
        datastream: Datastream,
        rule: AlertRule | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.datastream, self.rule = datastream, rule
        for name in ("threshold", "clear_at"):
            if datastream.symbol:
                self.fields[name].label = f"{self.fields[name].label} ({datastream.symbol})"
        self.fields["emails"].help_text = _(
            "Ihre eigene Adresse oder Adressen von Mitgliedern von %(owner)s, mit Komma getrennt."
        ) % {"owner": datastream.owner}
        accounts = self.fields["accounts"]
        assert isinstance(accounts, forms.ModelMultipleChoiceField)
        accounts.queryset = mqtt_accounts_of(datastream.owner).order_by("label", "pk")
        if settings.MQTT_BROKER is None or not accounts.queryset:
            del self.fields["accounts"]
        if datastream.is_multi:
            kind = self.fields["kind"]
            assert isinstance(kind, forms.ChoiceField)
            kind.choices = [(AlertKind.SILENCE.value, AlertKind.SILENCE.label)]
            kind.initial = AlertKind.SILENCE

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [
            (str(title), [self[name] for name in names if name in self.fields])
            for title, names in self.GROUPS
        ]

    def clean_minimum_minutes(self) -> int:
        """Take nothing for none."""
        return self.cleaned_data["minimum_minutes"] or 0

    def clean_emails(self) -> str:
        """Find the accounts; the same words whether there is no such account or not one of ours."""
        text: str = self.cleaned_data["emails"]
        wanted = {each.lower() for each in text.replace(",", " ").replace(";", " ").split()}
        allowed = recipients_for(self.datastream.owner, self.actor, now=now())
        found = {user.email: user for user in allowed.filter(email__in=wanted)}
        unknown = sorted(wanted - found.keys())
        if unknown:
            raise forms.ValidationError(
                _("%(address)s gehört weder Ihnen noch einem Mitglied von %(owner)s.")
                % {"address": unknown[0], "owner": self.datastream.owner}
            )
        self.recipients = list(found.values())
        return text

    @property
    def values(self) -> dict[str, Any]:
        """The columns of the rule."""
        told = ("emails", "accounts")
        return {name: value for name, value in self.cleaned_data.items() if name not in told}

    @property
    def told_accounts(self) -> Iterable[DeviceToken] | None:
        """Who is told by MQTT; None when it was not asked."""
        return self.cleaned_data.get("accounts")


class AcknowledgeForm(forms.Form):
    """Saying that somebody sees to it."""

    note = forms.CharField(
        label=gettext_lazy("Was tun Sie, oder was war der Grund?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
