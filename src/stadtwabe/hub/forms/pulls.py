"""Forms of pulls."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.forms.owners import OwnerFields
from stadtwabe.hub.forms.uploads import ZONE_NAMES, grouped
from stadtwabe.hub.models import Datastream, Pull, PullEvery
from stadtwabe.hub.queries.uploads import fillable
from stadtwabe.kit.actor import Actor

ROWS = 4
"""So many empty rows for values wait at the end."""
MOST_ROWS = 40


class PullForm(OwnerFields):
    """What is fetched from where, and where its values go."""

    name = forms.CharField(label=_("Name"), max_length=200)
    address = forms.URLField(
        label=_("Adresse"),
        max_length=1000,
        assume_scheme="https",
        help_text=_("Sie muss JSON liefern."),
    )
    every = forms.TypedChoiceField(
        label=_("Abrufen"), choices=PullEvery.choices, coerce=int, initial=PullEvery.FIFTEEN
    )
    records = forms.CharField(
        label=_("Wo stehen die Einträge?"),
        max_length=300,
        initial="$",
        help_text=_("JSONPath, zum Beispiel $.data[*]. Nur $: Die Antwort ist ein Eintrag."),
    )
    time = forms.CharField(
        label=_("Wo steht im Eintrag die Zeit?"),
        max_length=300,
        required=False,
        help_text=_("Zum Beispiel $.time. Leer: Es gilt die Zeit des Abrufs."),
    )
    zone = forms.ChoiceField(label=_("Zeiten ohne Zeitzone sind"), choices=ZONE_NAMES)
    header_name = forms.CharField(
        label=_("Name des Schlüsselfelds"),
        max_length=100,
        required=False,
        help_text=_("Nur wenn die Adresse einen Schlüssel verlangt: Authorization, X-API-Key …"),
    )
    header_secret = forms.CharField(
        label=_("Schlüssel"),
        max_length=1000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Er wird nirgends mehr gezeigt. Leer: Der gespeicherte bleibt."),
    )

    def __init__(self, *args: Any, actor: Actor, pull: Pull | None = None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {}
        streams: dict[int, str] = {}
        if pull is not None:
            names = ("name", "address", "every", "records", "time", "zone", "header_name")
            initial = {name: getattr(pull, name) for name in names}
            streams = {each.datastream_id: each.path for each in pull.values.all()}
        super().__init__(*args, actor=actor, initial=initial, **kwargs)
        if pull is not None:
            del self.fields["owner"]
        targets = fillable(actor, pull.owner if pull is not None else None)
        self._add_rows(targets, list(streams.items()))

    def _add_rows(self, streams: Iterable[Datastream], known: list[tuple[int, str]]) -> None:
        sent = sum(name.startswith("path_") for name in self.data)
        choices = [("", _("nicht übernehmen")), *grouped(streams)]
        self.row_count = min(max(len(known) + ROWS, sent), MOST_ROWS)
        for number in range(self.row_count):
            pk, path = known[number] if number < len(known) else (None, "")
            self.fields[f"path_{number}"] = forms.CharField(
                label=_("Wo steht der Wert?"), max_length=300, required=False, initial=path
            )
            self.fields[f"stream_{number}"] = forms.TypedChoiceField(
                label=_("Messreihe"),
                coerce=int,
                empty_value=None,
                choices=choices,
                required=False,
                initial=pk,
            )

    @property
    def asked(self) -> list[forms.BoundField]:
        """What is asked first."""
        names = ["name", "address", "owner", "every", "records", "time"]
        return [self[name] for name in names if name in self.fields]

    @property
    def more(self) -> list[forms.BoundField]:
        """What few need."""
        return [self[name] for name in ("zone", "header_name", "header_secret")]

    @property
    def has_problem_in_more(self) -> bool:
        """Whether one of those needs a look."""
        return any(field.errors for field in self.more)

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Pairs of a path and where its value goes."""
        return [(self[f"path_{n}"], self[f"stream_{n}"]) for n in range(self.row_count)]

    def clean(self) -> dict[str, Any]:
        """Half a row is a mistake, and so is a datastream twice."""
        chosen: dict[str, Any] = self.cleaned_data
        seen = set[int]()
        for number in range(self.row_count):
            path = chosen.get(f"path_{number}", "").strip()
            pk = chosen.get(f"stream_{number}")
            if path and pk is None and f"stream_{number}" in chosen:
                self.add_error(f"stream_{number}", _("In welche Messreihe soll der Wert?"))
            if pk is not None and not path:
                self.add_error(f"path_{number}", _("Wo steht der Wert, zum Beispiel $.temp?"))
            if pk in seen:
                self.add_error(f"stream_{number}", _("Diese Messreihe bekommt schon einen Wert."))
            if pk is not None:
                seen.add(pk)
        return chosen

    @property
    def values(self) -> dict[str, Any]:
        """What the command takes."""
        names = ("name", "address", "header_name", "every", "records", "time", "zone")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def streams(self) -> Mapping[int, str]:
        """The path of the value by datastream."""
        chosen = self.cleaned_data
        return {
            chosen[f"stream_{n}"]: chosen[f"path_{n}"].strip()
            for n in range(self.row_count)
            if chosen[f"stream_{n}"] is not None
        }
