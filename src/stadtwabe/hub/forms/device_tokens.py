"""What is asked of a new key of a device."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.rules import TokenReach


class KeyForm(forms.Form):
    """A key for one datastream, for all of its thing, or for all things of the owner."""

    label = forms.CharField(
        label=_("Wofür ist der Schlüssel?"),
        help_text=_("Damit Sie ihn später wiedererkennen, zum Beispiel: Station am Markt"),
        max_length=80,
    )
    reach = forms.ChoiceField(
        label=_("Was darf er?"),
        choices=(
            (TokenReach.DATASTREAM.value, _("nur Werte dieser Messreihe senden")),
            (TokenReach.THING.value, _("Werte aller Messreihen dieses Geräts senden")),
            (TokenReach.GATEWAY.value, _("Werte aller Ihrer Geräte senden (für Gateways)")),
        ),
        initial=TokenReach.DATASTREAM,
        widget=forms.RadioSelect,
        help_text=_("Ein Schlüssel kann nur senden: nichts lesen, nichts ändern."),
    )
