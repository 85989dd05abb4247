"""Forms of uploads: the file, how it is read, what its columns mean."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from stadtwabe.hub.forms.owners import OwnerFields
from stadtwabe.hub.models import Datastream
from stadtwabe.hub.tables.csv_file import SEPARATORS
from stadtwabe.hub.tables.mapping import Columns
from stadtwabe.hub.tables.moments import ZONES, DateOrder
from stadtwabe.hub.tables.table import Format, Table

IGNORE = ""
ZONE_NAMES = (
    (ZONES[0], _("deutsche Ortszeit (mit Sommerzeit)")),
    (ZONES[2], _("immer Winterzeit (MEZ)")),
    (ZONES[1], "UTC"),
)


class UploadForm(OwnerFields):
    """A table to upload."""

    file = forms.FileField(
        label=_("Datei"),
        help_text=_("CSV oder Excel (.xlsx), mit einer Spalte für die Zeit."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        allow_empty_file=True,
    )

    field_order = ("file", "owner")


class FormatForm(forms.Form):
    """What was found out about the file, to be corrected."""

    sheet = forms.ChoiceField(label=_("Tabellenblatt"), required=False)
    separator = forms.ChoiceField(
        label=_("Zellen sind getrennt durch"), choices=list(SEPARATORS.items()), required=False
    )
    header_line = forms.IntegerField(
        label=_("Zeile mit den Überschriften"),
        min_value=0,
        max_value=1000,
        help_text=_("0, wenn die Datei keine hat."),
    )
    decimal = forms.ChoiceField(
        label=_("Dezimalzeichen"), choices=((",", _("Komma: 12,5")), (".", _("Punkt: 12.5")))
    )
    zone = forms.ChoiceField(label=_("Zeiten ohne Zeitzone sind"), choices=ZONE_NAMES)
    date_order = forms.ChoiceField(
        label=_("Datum mit Schrägstrichen"),
        choices=(
            (DateOrder.NONE.value, _("kommt nicht vor")),
            (DateOrder.DAY_FIRST.value, _("Tag zuerst: 24/12/2026")),
            (DateOrder.MONTH_FIRST.value, _("Monat zuerst: 12/24/2026")),
        ),
        required=False,
    )

    def __init__(self, data: QueryDict | None, *, table: Table) -> None:
        super().__init__(data, initial=table.format.as_dict())
        self.table = table
        if table.sheets:
            del self.fields["separator"]
            sheet = self.fields["sheet"]
            assert isinstance(sheet, forms.ChoiceField)
            sheet.choices = [(name, name) for name in table.sheets]
        else:
            del self.fields["sheet"]

    @property
    def format(self) -> Format:
        """What was chosen."""
        return Format.of(self.table.format.as_dict() | self.cleaned_data)


class ColumnsForm(forms.Form):
    """What the columns mean: a field for the time, and one for each column or name.

    ``names`` are those in the column that names the datastream; with None each column is one.
    """

    time = forms.TypedChoiceField(label=_("Datum oder Zeit"), coerce=int)
    clock = forms.TypedChoiceField(
        label=_("Uhrzeit"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Nur wenn sie in einer eigenen Spalte steht."),
    )

    def __init__(
        self,
        *args: Any,
        table: Table,
        columns: Columns,
        streams: Sequence[Datastream],
        names: Sequence[str] | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.table, self.names = table, names
        choices = [(place, table.label(place)) for place in range(len(table.columns))]
        self._choose("time", choices, columns.time)
        self._choose("clock", [(IGNORE, _("keine eigene Spalte")), *choices], columns.clock)
        targets = [(IGNORE, _("nicht übernehmen")), *grouped(streams)]
        if names is None:
            for place, label in choices:
                if place != columns.time:
                    self._target(f"column_{place}", label, targets, columns.streams.get(place))
            return
        self.fields["series"] = forms.TypedChoiceField(label=_("Name der Messreihe"), coerce=int)
        self._choose("series", choices, columns.series)
        self.fields["value"] = forms.TypedChoiceField(label=_("Wert"), coerce=int)
        self._choose("value", choices, columns.value)
        for number, each in enumerate(names):
            self._target(f"name_{number}", f"„{each}“", targets, columns.names.get(each))

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]], initial: int | None) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices, field.initial = list(choices), initial

    def _target(
        self, name: str, label: str, targets: Sequence[tuple[Any, Any]], initial: int | None
    ) -> None:
        self.fields[name] = forms.TypedChoiceField(
            label=label,
            coerce=int,
            empty_value=None,
            choices=targets,
            initial=initial,
            required=False,
        )

    @property
    def asked(self) -> list[forms.BoundField]:
        """Where time and value stand."""
        return [self[name] for name in ("time", "clock", "series", "value") if name in self.fields]

    @property
    def targets(self) -> list[forms.BoundField]:
        """Where the values go; without the column that has the time."""
        return [self[name] for name in self.fields if name.startswith(("column_", "name_"))]

    @property
    def columns(self) -> Columns:
        """What was chosen."""
        chosen = self.cleaned_data
        if self.names is not None:
            found = {
                name: pk
                for number, name in enumerate(self.names)
                if (pk := chosen[f"name_{number}"]) is not None
            }
            return Columns(
                time=chosen["time"],
                clock=chosen["clock"],
                series=chosen["series"],
                value=chosen["value"],
                names=found,
            )
        places = range(len(self.table.columns))
        streams = {
            place: pk for place in places if (pk := chosen.get(f"column_{place}")) is not None
        }
        return Columns(time=chosen["time"], clock=chosen["clock"], streams=streams)


def grouped(streams: Iterable[Datastream]) -> list[tuple[Any, Any]]:
    """Return the datastreams in groups by thing, as a select shows them."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for each in streams:
        label = f"{each.name} ({each.symbol})" if each.symbol else each.name
        groups.setdefault(each.thing.name, []).append((each.pk, label))
    return list(groups.items())
