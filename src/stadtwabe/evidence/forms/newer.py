"""When somebody else has saved first: what stands in the fields now, and whose change is whose.

A form that edits a thing sends along what it was opened with (hidden fields, ``initial-…``). So
three versions are known: what was there, what was typed, and what is there now.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

Raw = list[str]
"""A value as a browser sends it: one text, or several for boxes."""


def remember_base(form: forms.Form, names: list[str]) -> None:
    """Let ``form`` send along what each field was opened with.

    Programs that do not send it back are taken to have seen what is there now.
    """
    if form.is_bound and not any(name.startswith("initial-") for name in form.data):
        return
    for name in names:
        form.fields[name].show_hidden_initial = True


def newer_values(form: forms.Form) -> dict[str, Raw]:
    """Return what stands now in the fields that somebody else has changed meanwhile."""
    found = {}
    for name, field in form.fields.items():
        if field.show_hidden_initial:
            now = _now(form, name)
            if now != _sent(form, form[name].html_initial_name):
                found[name] = now
    return found


def with_newer_values(form: forms.Form, version: str) -> QueryDict:
    """Return what was sent, as if it had been typed into the form as it would open now.

    What the person has not touched is what somebody else has made of it.
    """
    assert isinstance(form.data, QueryDict)
    data = form.data.copy()
    typed = set(form.changed_data)
    for name, field in form.fields.items():
        if field.show_hidden_initial:
            now = _now(form, name)
            data.setlist(form[name].html_initial_name, now)
            if name not in typed:
                data.setlist(name, now)
    data["version"] = version
    return data


def say_newer_values(form: forms.Form, newer: Mapping[str, Raw]) -> None:
    """Say in each of the fields what stands there now; what was typed stays in them."""
    for name, raw in newer.items():
        words = ", ".join(_in_words(form.fields[name], value) for value in raw if value)
        form.add_error(
            name,
            _("Inzwischen steht hier „%s“. Gespeichert wird, was Sie im Feld lassen.") % words
            if words
            else _("Inzwischen steht hier nichts mehr. Gespeichert wird, was Sie im Feld lassen."),
        )


def _now(form: forms.Form, name: str) -> Raw:
    field = form.fields[name]
    value: Any = field.prepare_value(form.get_initial_for_field(field, name))
    if isinstance(value, list | tuple):
        return sorted(str(each) for each in value)
    widget = field.hidden_widget()
    widget.is_localized = field.localize
    shown = widget.format_value(value)
    return [_lines(str(shown))] if shown else []


def _sent(form: forms.Form, name: str) -> Raw:
    assert isinstance(form.data, QueryDict)
    values = [_lines(value) for value in form.data.getlist(name) if value]
    return sorted(values)


def _lines(text: str) -> str:
    """Browsers send other line ends than are stored."""
    return text.replace("\r\n", "\n")


def _in_words(field: forms.Field, value: str) -> str:
    choices = getattr(field, "choices", ())
    return str({str(key): label for key, label in choices}.get(value, value))
