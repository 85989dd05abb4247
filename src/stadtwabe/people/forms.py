"""Forms of people: shape only; the commands check meaning."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stadtwabe.people.rules import Role, Scope


class TokenForm(forms.Form):
    """A new token."""

    label = forms.CharField(label=_("Wofür?"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("Was darf das Programm?"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
    )


class MembershipForm(forms.Form):
    """A role for somebody."""

    email = forms.EmailField(label=_("E-Mail-Adresse"))
    role = forms.ChoiceField(label=_("Rolle"), choices=Role.choices)


class DeleteAccountForm(forms.Form):
    """The confirmation that one means it."""

    email_typed = forms.CharField(label=_("Ihre E-Mail-Adresse zur Bestätigung"))
