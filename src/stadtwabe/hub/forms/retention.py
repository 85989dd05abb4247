"""The form for how long observations are kept."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.commands.retention import MOST_DAYS


class RetentionForm(forms.Form):
    """Days, or nothing: for good."""

    days = forms.IntegerField(
        label=_("Werte aufbewahren (Tage)"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        help_text=_("Leer lassen, um nichts zu löschen."),
    )
