"""A form for any kind of thing, generated from the columns of its model."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stadtwabe.catalog.rules import Goal, PartyRole, Topic
from stadtwabe.evidence.forms.fields import KnownDayField, PartyField, PlaceField
from stadtwabe.evidence.forms.newer import newer_values, remember_base
from stadtwabe.evidence.forms.sources import SourceFields
from stadtwabe.evidence.things import PartyInRole, SourcedThing, ThingKind, column_of
from stadtwabe.kit.actor import Actor
from stadtwabe.people.queries import parties_with
from stadtwabe.people.rules import Role
from stadtwabe.places.models import Place

EMPTY_ROWS = 3
MOST_ROWS = 30
PARTIES = "parties"
DAY_EXAMPLE = gettext_lazy("Zum Beispiel 12.05.2021, Mai 2021 oder 2021.")
PLACE_EXAMPLE = gettext_lazy("Name aus dem Register; bei gleichen Namen mit Schlüssel.")


@dataclass(frozen=True, slots=True)
class Group:
    """Some fields behind one heading; open when one of them needs a look."""

    name: str
    label: str
    fields: Sequence[forms.BoundField]
    rows: Sequence[tuple[forms.BoundField, forms.BoundField]] = ()

    @property
    def is_open(self) -> bool:
        """Whether a field has an error."""
        return any(field.errors for field in (*self.fields, *(f for row in self.rows for f in row)))


class ThingForm(SourceFields):
    """Asks for the values of a thing, its parties, and one source for what is new.

    ``only`` leaves out all columns but those: what programs do who change one of many.
    """

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        kind: ThingKind,
        actor: Actor,
        today: date,
        thing: SourcedThing | None = None,
        only: Collection[str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.kind, self.actor, self.thing, self.today = kind, actor, thing, today
        self.known_parties = _known_parties(thing)
        initial = {**_initial(kind, thing, self.known_parties), **kwargs.pop("initial", {})}
        super().__init__(*args, actor=actor, today=today, initial=initial, **kwargs)
        for name in _asked(kind) if only is None else only:
            field = _field(kind, name)
            if field is not None:
                self.fields[name] = field
        if "title" in self.fields:
            self.fields["title"].required = True
        self.row_count = min(MOST_ROWS, self._rows_wanted())
        roles = [("", _("Rolle wählen")), *PartyRole.choices]
        for number in range(self.row_count):
            self.fields[f"party_{number}"] = PartyField(
                label=_("Beteiligte %s: Name") % (number + 1), required=False, max_length=200
            )
            self.fields[f"role_{number}"] = forms.ChoiceField(
                label=_("Beteiligte %s: Rolle") % (number + 1), required=False, choices=roles
            )
        if thing is None:
            self._add_owner(actor)
        else:
            remember_base(self, [name for name in self.fields if name in self._of_the_thing])
            self.fields["beside"] = forms.BooleanField(
                label=_("Bisherige Angaben stehen lassen und die neuen daneben zeigen"),
                help_text=_("Für Quellen, die sich widersprechen."),
                required=False,
            )

    @property
    def _of_the_thing(self) -> set[str]:
        """The fields that say something of the thing, not of the source."""
        rows = {f"{part}_{n}" for part in ("party", "role") for n in range(self.row_count)}
        return {*_asked(self.kind), *rows}

    @property
    def overtaken(self) -> dict[str, list[str]]:
        """What stands now in fields that this person and somebody else have both changed.

        The rows of the parties count as one field.
        """
        newer, typed = newer_values(self), set(self.changed_data)
        both = newer.keys() & typed
        if _rows(newer) and _rows(typed):
            both |= _rows(newer)
        return {name: newer[name] for name in self.fields if name in both}

    def _rows_wanted(self) -> int:
        sent = [name for name in self.data if name.startswith("party_")] if self.is_bound else []
        return max(len(self.known_parties) + EMPTY_ROWS, len(sent))

    def _add_owner(self, actor: Actor) -> None:
        self.fields["owner"] = forms.ModelChoiceField(
            parties_with(actor, Role.EDITOR),
            label=_("Wessen Redaktion pflegt den Eintrag?"),
            empty_label=None,
        )

    # What the template shows, in its order.

    @property
    def asked(self) -> list[forms.BoundField]:
        """What is asked first: at most three things."""
        return [self[name] for name in self.kind.asks if name in self.fields]

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The pairs of party and role."""
        return [(self[f"party_{n}"], self[f"role_{n}"]) for n in range(self.row_count)]

    @property
    def asks_parties_first(self) -> bool:
        """Whether the parties are among what is asked first."""
        return PARTIES in self.kind.asks

    @property
    def groups(self) -> Iterator[Group]:
        """The other fields, in groups."""
        first = set(self.kind.asks)
        facts = [name for name in self.kind.facts if name not in first]
        story = [name for name in self.kind.story if name not in first]
        themes = ["topics", "goals"]
        known = {*first, *facts, *story, *themes}
        facts += [name for name in self.kind.stated_elsewhere if name not in known]
        rest = [name for name in self.kind.shown_fields if name not in known]
        for key, label, names in (
            ("facts", _("Eckdaten"), facts),
            ("themes", _("Themen und Ziele"), themes),
            ("story", _("Beschreibung"), story),
            ("rest", _("Weitere Angaben"), rest),
        ):
            fields = [self[name] for name in names if name in self.fields]
            if fields:
                yield Group(key, label, fields)
        if not self.asks_parties_first:
            yield Group(PARTIES, _("Beteiligte"), (), self.rows)

    @property
    def source_fields(self) -> list[forms.BoundField]:
        """The questions about the source."""
        names = ["source_kind", "source_on", "source_document", "source_quote", "is_claim"]
        return [self[name] for name in [*names, "beside", "owner"] if name in self.fields]

    # What the commands need.

    def clean(self) -> dict[str, Any]:
        """Check the pairs of party and role."""
        data = super().clean()
        for number in range(self.row_count):
            party, role = data.get(f"party_{number}"), data.get(f"role_{number}")
            if party and not role:
                self.add_error(f"role_{number}", _("Wählen Sie, welche Rolle das ist."))
            if role and not party and f"party_{number}" not in self.errors:
                self.add_error(f"party_{number}", _("Nennen Sie, wer das ist."))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """The values to write: all given for a new thing, the changed ones for a known one."""
        values: dict[str, Any] = {}
        for name in _asked(self.kind):
            if name not in self.fields or (
                self.thing is not None and name not in self.changed_data
            ):
                continue
            value = self.cleaned_data.get(name)
            precision = self.kind.precision_of(name)
            if isinstance(value, tuple):
                value, how = value
                values[precision or ""] = how
            values[name] = _stored(value)
        values.pop("", None)
        if self.thing is None:
            return {name: value for name, value in values.items() if value not in (None, [], "")}
        return values

    @property
    def parties(self) -> list[PartyInRole] | None:
        """The parties to write, or None when nothing about them has changed."""
        rows = [
            (self.cleaned_data.get(f"party_{n}"), self.cleaned_data.get(f"role_{n}"))
            for n in range(self.row_count)
        ]
        wanted = [(party, str(role)) for party, role in rows if party and role]
        if self.thing is not None and (
            wanted == self.known_parties
            or (self.fields["party_0"].show_hidden_initial and not _rows(self.changed_data))
        ):
            return None
        return wanted


def _rows(names: Iterable[str]) -> set[str]:
    return {name for name in names if name.startswith(("party_", "role_"))}


def _stored(value: Any) -> Any:
    return None if value == "" else value


def _known_parties(thing: SourcedThing | None) -> list[PartyInRole]:
    if thing is None:
        return []
    pairs = thing.card.card_parties.select_related(
        "party__place", "party__network", "party__organisation"
    )
    return [(pair.party, str(pair.role)) for pair in pairs.order_by("pk")]


def _initial(
    kind: ThingKind, thing: SourcedThing | None, parties: Sequence[PartyInRole]
) -> dict[str, Any]:
    if thing is None:
        return {}
    initial: dict[str, Any] = {"version": thing.card.changed_at.isoformat()}
    for name in _asked(kind):
        row = getattr(thing, kind.elsewhere) if name in kind.stated_elsewhere else thing
        value = getattr(row, name)
        precision = kind.precision_of(name)
        if precision and value is not None:
            value = typed_day(value, getattr(thing, precision))
        elif isinstance(value, Place):
            value = f"{value.name} ({value.key})"
        elif isinstance(value, bool):
            value = {True: "ja", False: "nein"}[value]
        initial[name] = value
    for number, (party, role) in enumerate(parties):
        initial[f"party_{number}"] = PartyField().prepare_value(party)
        initial[f"role_{number}"] = role
    return initial


def typed_day(day: date, precision: str) -> str:
    """Return a day as its field shows it."""
    return str(KnownDayField().prepare_value((day, precision)))


def _asked(kind: ThingKind) -> tuple[str, ...]:
    """Return the columns of a kind that are values of their own, wherever they stand."""
    return (*kind.shown_fields, *kind.stated_elsewhere)


def _field(kind: ThingKind, name: str) -> forms.Field | None:
    model = kind.model_elsewhere if name in kind.stated_elsewhere else kind.model
    column = column_of(model, name)
    label = column.verbose_name
    if isinstance(column, ArrayField):
        choices: Any = Topic.choices
        if name == "goals":
            choices = [(value, f"{value} {label}") for value, label in Goal.choices]
        return forms.TypedMultipleChoiceField(
            choices=choices,
            coerce=int if name == "goals" else str,
            label=label,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    if isinstance(column, models.ForeignKey):
        if column.related_model is not Place:
            return None
        return PlaceField(
            label=label, required=not column.null, max_length=160, help_text=PLACE_EXAMPLE
        )
    if isinstance(column, models.BooleanField):
        return forms.TypedChoiceField(
            label=label,
            required=False,
            choices=[("", _("nicht bekannt")), ("ja", _("ja")), ("nein", _("nein"))],
            coerce=lambda value: value == "ja",
            empty_value=None,
        )
    if isinstance(column, models.DateField):
        if kind.precision_of(name):
            return KnownDayField(label=label, required=False, help_text=DAY_EXAMPLE)
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(label=label, required=False, widget=widget)
    if isinstance(column, models.TimeField):
        clock = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        return forms.TimeField(label=label, required=False, widget=clock)
    return plain_field(column)


def plain_field(column: "models.Field[Any, Any]") -> forms.Field:
    """Return the optional field of a column that is text, a number, a choice or an address."""
    label = column.verbose_name
    if column.choices:
        return forms.TypedChoiceField(
            label=label,
            required=False,
            choices=[("", _("nicht bekannt")), *column.flatchoices],
            empty_value=None,
        )
    if isinstance(column, models.DecimalField):
        return forms.DecimalField(
            label=label,
            required=False,
            min_value=0,
            max_digits=column.max_digits,
            decimal_places=column.decimal_places,
            localize=True,
        )
    if isinstance(column, models.PositiveIntegerField):
        return forms.IntegerField(label=label, required=False, min_value=0, localize=True)
    if isinstance(column, models.URLField):
        return forms.URLField(
            label=label, required=False, max_length=column.max_length, assume_scheme="https"
        )
    if isinstance(column, models.TextField):
        return forms.CharField(
            label=label, required=False, widget=forms.Textarea(attrs={"rows": 4})
        )
    return forms.CharField(label=label, required=False, max_length=column.max_length)


class ReasonForm(forms.Form):
    """Asks why something is taken back."""

    because = forms.CharField(
        label=gettext_lazy("Grund"),
        max_length=300,
        help_text=gettext_lazy("Der Grund steht öffentlich an der Stelle des Eintrags."),
    )
